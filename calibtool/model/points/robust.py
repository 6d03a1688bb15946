"""Circles that most points agree on: triples of points, and a loss that ignores the rest.

Least median of squares over triples and its small-sample factor 1 + 5/(N − 3): P. J. Rousseeuw
and A. M. Leroy, Robust Regression and Outlier Detection, Wiley 1987, ch. 5. Biweight loss:
J. W. Tukey; 4.685 is its usual tuning (95 % efficient on Gaussian errors).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.points.three_points import circles_through, residuals_of_circles

MAD_TO_SIGMA = 1.4826
"""σ of a Gaussian is 1.4826 times its median absolute deviation."""

BIWEIGHT = 4.685

MAX_TRIPLES = 600

SCALE_FLOOR_PX = 1e-3
"""Below this scatter points count as exact, far below what a click or a pixel can tell."""


def robust_scale(
    residuals: FloatArray, floor: float = SCALE_FLOOR_PX, rank: int | None = None
) -> FloatArray:
    """σ of the residuals' good half.

    Parameters
    ----------
    residuals : ndarray, shape (..., N)
        Deviations from a circle fitted to these N points (or from triples of them).
    floor : float
        Least scale, in the unit of the residuals.
    rank : int, optional
        How many of the N smallest deviations to span; the median where not given.

    Returns
    -------
    ndarray, shape (...)
        1.4826 times the median absolute deviation from the circle (whose own residual is 0),
        times 1 + 5/(N − 3) for the three parameters taken from few points.
    """
    n = residuals.shape[-1]
    deviations = np.abs(residuals)
    if rank is None:
        middle = np.median(deviations, axis=-1)
    else:
        middle = np.partition(deviations, rank - 1, axis=-1)[..., rank - 1]
    factor = MAD_TO_SIGMA * (1.0 + 5.0 / max(n - 3, 1))
    return np.asarray(np.maximum(middle * factor, floor))


def biweight_loss(residuals: FloatArray, scale: float) -> FloatArray:
    """Mean robust loss, shape (...), of residuals (..., N): r² where small, constant where large.

    In the square of the residuals' unit; NaN residuals (no circle) give infinity.
    """
    cut = BIWEIGHT * scale
    ratio = residuals / cut
    inside = np.maximum(1.0 - ratio * ratio, 0.0)
    loss = (cut * cut / 3.0) * (1.0 - np.mean(inside * inside * inside, axis=-1))
    return np.where(np.isnan(loss), np.inf, loss)


@dataclass(frozen=True)
class Consensus:
    """The best triples of a set of points.

    ``circles`` (3, K) in px, best first; ``scale`` is the σ estimated beside the best one,
    in px (or in σ where the points have their own).
    """

    circles: FloatArray
    scale: float


def best_triples(
    points: FloatArray,
    rng: np.random.Generator,
    weights: FloatArray | None = None,
    floor: float = SCALE_FLOOR_PX,
) -> Consensus | None:
    """Circles through three of the points, ordered by how well the others agree.

    All triples where there are at most 600, random ones otherwise.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        Positions (x, y) in px.
    rng : numpy.random.Generator
        Draws the triples when there are too many.
    weights : ndarray, shape (N,), optional
        1/σ of each point.
    floor : float
        Least scale.

    Returns
    -------
    Consensus or None
        None where every triple lies on a line.
    """
    chosen = _triples(len(points), rng)
    circles = circles_through(*(points[chosen[:, k]] for k in range(3)))
    circles = circles[:, np.isfinite(circles[2])]
    if circles.shape[1] == 0:
        return None
    residuals = residuals_of_circles(points, circles)
    if weights is not None:
        residuals = residuals * weights
    rank = min((len(points) + 4) // 2, len(points))
    scale = float(robust_scale(residuals, floor, rank).min())
    order = np.argsort(biweight_loss(residuals, scale), kind="stable")
    return Consensus(circles[:, order], scale)


def _triples(n: int, rng: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    """Indices (K, 3) of different points."""
    if n <= 16:
        return _all_triples(n)
    count = max(100, min(MAX_TRIPLES, 3_000_000 // n))
    first = rng.integers(0, n, count)
    second = (first + rng.integers(1, n, count)) % n
    # The third is drawn from the n − 2 left, counted past the two taken.
    low, high = np.minimum(first, second), np.maximum(first, second)
    third = rng.integers(0, n - 2, count)
    third = third + (third >= low)
    third = third + (third >= high)
    return np.column_stack([first, second, third])


@lru_cache(maxsize=16)
def _all_triples(n: int) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    triples = np.array(list(combinations(range(n), 3)), dtype=np.intp)
    triples.setflags(write=False)
    return triples
