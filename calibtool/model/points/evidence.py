"""How many of a few points to set aside, most often not knowing how well they were placed.

Of eight points six often agree by luck far better than the eight do, and a cut at a number of
σ, taken from the six, then throws good points away and makes the σ far too small. So sets of
points are compared whole: each by the chance of its residuals, an unknown σ integrated out,
and a price for the points that are called bad. The sets grow from the half that agrees best
(forward search: A. C. Atkinson and M. Riani, Robust Diagnostic Regression Analysis, Springer
2000), from several circles.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from calibtool.model.circle import BoolArray, Circle, FloatArray, radial_residuals
from calibtool.model.points.geometric import geometric_fit, leverages, unit_covariance
from calibtool.model.points.outliers import MIN_INLIERS, Rule
from calibtool.model.points.robust import MAD_TO_SIGMA

ALL_GOOD = 7.0
"""That no point is bad is so many times as likely, before looking, as that some are."""

NEAREST_BAD = 5.0
"""A bad point is expected to be off by at least this many σ."""

BEST_SCATTER = 5e-5
"""Agreement closer than this part of the extent of all points (0.05 px on a ring of 1000 px) is
luck, not a reason to believe a few out of many. A part, so that a larger image has the same bad
points."""

WORST_SCATTER = 0.015
"""Good points scatter by less than this part of the extent of all points."""


@dataclass
class _Sets:
    """Sets of points weighed so far, and the best of them."""

    points: FloatArray
    weights: FloatArray
    rule: Rule
    extent: float
    seen: set[bytes] = field(default_factory=set)
    best: tuple[float, Circle, BoolArray] | None = None

    def add(self, circle: Circle, inliers: BoolArray) -> Circle | None:
        """Weigh a set; its circle, or None where it was weighed before."""
        key = inliers.tobytes()
        if key in self.seen:
            return None
        self.seen.add(key)
        fitted = geometric_fit(
            self.points[inliers], circle, self.weights[inliers], tolerance=1e-3
        )
        deviation = np.abs(radial_residuals(self.points, fitted)) * self.weights
        chance, sigma = self._chance(deviation[inliers])
        score = chance - self._price(deviation[~inliers], sigma)
        # On a tie the larger set, which comes later, is to be believed.
        if self.best is None or score >= self.best[0]:
            self.best = score, fitted, inliers
        return fitted

    def _chance(self, kept: FloatArray) -> tuple[float, float]:
        """Log of the chance of the kept points' deviations, and their σ."""
        square, freedom = float(kept @ kept), len(kept) - 3
        if self.rule.sigma_known:
            return -0.5 * (square + freedom * math.log(2.0 * math.pi)), 1.0
        square += freedom * max(BEST_SCATTER * self.extent, self.rule.floor) ** 2
        worst = WORST_SCATTER * self.extent
        return log_chance(square, freedom, worst), math.sqrt(square / freedom)

    def _price(self, deviation: FloatArray, sigma: float) -> float:
        """Of the points called bad, by how far they are from the circle of the others.

        Where some are bad, any share of them is as likely as any other beforehand, so that k
        of N cost ``log C(N, k)``. A bad point is off by any order of magnitude from 5 σ to the
        extent of the points, ``1/(2·d·log(extent/5σ))``; nearer ones are the rarer the nearer
        they are. A higher threshold makes all dearer.
        """
        near = NEAREST_BAD * sigma
        d = np.maximum(deviation, sigma)
        orders = max(math.log(self.extent / near), 1.0)
        density = 1.0 / (2.0 * orders * np.maximum(d, near * (near / d) ** 2))
        n, bad = len(self.points), len(deviation)
        more = 0.5 * (self.rule.threshold**2 - 9.0)
        share = math.log(ALL_GOOD * math.comb(n, bad)) if bad else 0.0
        return share + bad * more - float(np.sum(np.log(density)))


def log_chance(square: float, freedom: int, worst: float) -> float:
    """Log of the chance of residuals whose σ is unknown.

    ``∫ (2π)^(−f/2) σ^(−f−1) exp(−Q/2σ²) dσ`` over σ from 0 to ``worst``, that is a σ of any
    order of magnitude.

    Parameters
    ----------
    square : float
        Sum Q of squared residuals in px².
    freedom : int
        Degrees of freedom f of the residuals.
    worst : float
        Largest σ that good points have, in px.

    Returns
    -------
    float
    """
    from scipy.special import gammaincc, gammaln

    half, x = 0.5 * freedom, square / (2.0 * worst**2)
    upper = float(gammaincc(half, x))
    if upper > 1e-280:
        log_gamma = math.log(upper) + float(gammaln(half))
    else:
        log_gamma = (half - 1.0) * math.log(x) - x
    return log_gamma - half * math.log(square / 2.0) - half * math.log(2.0 * math.pi)


def weigh(
    points: FloatArray,
    weights: FloatArray,
    circles: list[Circle],
    rule: Rule,
    refit: Callable[[Circle, BoolArray], Circle],
) -> tuple[Circle, BoolArray]:
    """Find the set of points that is most believable as the good ones.

    A point is set aside only where the best set leaves it out *and* it lies further from the
    circle than the threshold times 1.4826·MAD.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        Positions in px, at least five.
    weights : ndarray, shape (N,)
        1/σ of each point, or ones where σ is not known.
    circles : list of Circle
        Circles to grow the sets from.
    rule : Rule
        Threshold (3 makes bad points as dear as said above) and floor.
    refit : callable
        ``refit(circle, inliers)`` makes the final fit.

    Returns
    -------
    (Circle, ndarray of bool, shape (N,))
        The fitted circle and its inliers.
    """
    everyone: BoolArray = np.ones(len(points), dtype=bool)
    extent = float(np.sqrt(np.mean(np.sum((points - points.mean(axis=0)) ** 2, axis=1))))
    sets = _Sets(points, weights, rule, extent * float(np.median(weights)))
    if math.isfinite(rule.threshold):
        for circle in circles:
            _grow(sets, circle)
    best = sets.best
    if best is None:
        return refit(circles[0], everyone), everyone
    _, circle, inliers = best
    deviation = np.abs(radial_residuals(points, circle)) * weights
    scale = max(MAD_TO_SIGMA * float(np.median(deviation)), rule.floor)
    inliers = inliers | (deviation <= rule.threshold * scale)
    return refit(circle, inliers), inliers


def _grow(sets: _Sets, circle: Circle) -> None:
    """From the closest half of the points on, add the next best point until all are in."""
    points, weights = sets.points, sets.weights
    n = len(points)
    start = min(n, max(MIN_INLIERS, (n + 4) // 2))
    inliers: BoolArray = np.zeros(n, dtype=bool)
    deviation = np.abs(radial_residuals(points, circle)) * weights
    inliers[np.argsort(deviation, kind="stable")[:start]] = True
    while True:
        fitted = sets.add(circle, inliers)
        if fitted is None or inliers.all():
            return
        circle = fitted
        covariance = unit_covariance(points[inliers], circle, weights[inliers])
        leverage = leverages(points, circle, covariance) * weights**2
        deviation = np.abs(radial_residuals(points, circle)) * weights
        deviation /= np.sqrt(np.maximum(1.0 + leverage, 1e-9))
        deviation[inliers] = np.inf
        inliers = inliers.copy()
        inliers[int(np.argmin(deviation))] = True
