"""Which points belong to the circle: rejection by the median absolute deviation.

A threshold of 3 means what it means for many Gaussian points: one good point in 370 is lost.
With few points a σ taken from their own scatter is uncertain, and 3 of *those* would throw
away several good points in a hundred; the cut is then the value of Student's t that is
exceeded as rarely. For few points of unknown σ even that is not enough, see ``evidence``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, Circle, FloatArray, radial_residuals
from calibtool.model.points.geometric import leverages, unit_covariance
from calibtool.model.points.robust import robust_scale

MIN_INLIERS = 5
MAX_ROUNDS = 20


@dataclass(frozen=True)
class Rule:
    """When a point is set aside.

    ``threshold`` in σ; ``floor`` is the least σ of the weighted residuals, so that exact
    points do not reject each other; ``sigma_known`` says that the weights carry σ.
    """

    threshold: float
    floor: float
    sigma_known: bool = False

    def cut(self, scatter: float, freedom: int) -> float:
        """Largest deviation of a point that stays, for the inliers' scatter."""
        if self.sigma_known or scatter <= self.floor:
            return self.threshold * max(scatter, self.floor)
        return student_cut(self.threshold, freedom) * scatter


def student_cut(threshold: float, freedom: int) -> float:
    """Value that |t| with ``freedom`` degrees exceeds as rarely as |Gaussian| exceeds threshold."""
    from scipy.special import stdtrit

    tail = 0.5 * math.erfc(threshold / math.sqrt(2.0))
    if freedom < 1 or tail == 0.0:
        return math.inf
    return float(-stdtrit(freedom, tail))


def first_inliers(weighted: FloatArray, rule: Rule) -> BoolArray:
    """Points (N,) within the threshold times 1.4826·MAD of their residuals, at least five."""
    scale = float(robust_scale(weighted, rule.floor))
    return _at_least_five(np.abs(weighted), rule.threshold * scale)


def _at_least_five(deviation: FloatArray, cut: float) -> BoolArray:
    keep = deviation <= cut
    if np.count_nonzero(keep) < MIN_INLIERS:
        keep = np.zeros(len(deviation), dtype=bool)
        keep[np.argsort(deviation, kind="stable")[:MIN_INLIERS]] = True
    return keep


def scatter(weighted: FloatArray, inliers: BoolArray) -> float:
    """Square root of the residual sum of squares over N − 3, of the inliers."""
    kept = weighted[inliers]
    freedom = len(kept) - 3
    return math.sqrt(float(kept @ kept) / freedom) if freedom > 0 else 0.0


def settle(
    points: FloatArray,
    weights: FloatArray,
    circle: Circle,
    rule: Rule,
    refit: Callable[[Circle, BoolArray], Circle],
) -> tuple[Circle, BoolArray]:
    """Reject, refit and readmit until the set of inliers stays the same.

    The first cut is by the MAD about the robust circle. Then the circle is refitted by least
    squares and every point is held against the scatter of the inliers, allowing for what the
    fit itself takes from (inliers) or adds to (others) the residual.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        Positions in px.
    weights : ndarray, shape (N,)
        1/σ of each point, or ones.
    circle : Circle
        Robust circle to begin with.
    rule : Rule
        When a point is set aside.
    refit : callable
        ``refit(circle, inliers)`` fits the inliers, starting at ``circle``.

    Returns
    -------
    (Circle, ndarray of bool, shape (N,))
        The fitted circle and its inliers.
    """
    inliers = first_inliers(radial_residuals(points, circle) * weights, rule)
    for _ in range(MAX_ROUNDS):
        circle = refit(circle, inliers)
        again = _held_against(points, weights, circle, inliers, rule)
        if np.array_equal(again, inliers):
            return circle, inliers
        inliers = again
    return refit(circle, inliers), inliers


def _held_against(
    points: FloatArray,
    weights: FloatArray,
    circle: Circle,
    inliers: BoolArray,
    rule: Rule,
) -> BoolArray:
    weighted = radial_residuals(points, circle) * weights
    covariance = unit_covariance(points[inliers], circle, weights[inliers])
    leverage = leverages(points, circle, covariance) * weights**2
    spread = np.sqrt(np.where(inliers, np.clip(1.0 - leverage, 0.02, 1.0), 1.0 + leverage))
    own = scatter(weighted, inliers)
    freedom = int(np.count_nonzero(inliers)) - 3
    return _at_least_five(np.abs(weighted) / spread, rule.cut(own, freedom))
