"""Geometric least squares: the circle with the least sum of squared orthogonal distances."""

from collections.abc import Callable

import numpy as np

from calibtool.model.circle import Circle, CircleLike, FloatArray, azimuths, radial_residuals
from calibtool.model.points.three_points import as_circle, displaced, reference_azimuths

MAX_ITERATIONS = 50
HALVINGS = 12


def jacobian(azimuth_rad: FloatArray) -> FloatArray:
    """Derivative of the distance *along the radius* of the circle by (x, y, R).

    A circle moved by (dx, dy) and grown by dR passes ``cos φ·dx + sin φ·dy + dR`` further out
    at azimuth φ; the residuals change by the opposite. Shape (N, 3), without unit.
    """
    return np.array([np.cos(azimuth_rad), np.sin(azimuth_rad), np.ones_like(azimuth_rad)]).T


def geometric_fit(
    points: FloatArray,
    start: CircleLike,
    weights: FloatArray | None = None,
    on_step: Callable[[Circle], None] | None = None,
    tolerance: float = 1e-10,
) -> Circle:
    """Gauss-Newton on the orthogonal distances, with step halving.

    Each step solves for the offsets at three places of the arc and takes the circle through
    the three moved places, so the step is as good on a short arc as on a full ring.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        At least three positions (x, y) in px.
    start : CircleLike
        Where to begin.
    weights : ndarray, shape (N,), optional
        1/σ of each point, 1 where not given.
    on_step : callable, optional
        Called with the circle after each step.
    tolerance : float
        Relative to the radius.

    Returns
    -------
    Circle
        Where a step moves the arc by less than ``tolerance`` times its radius or improves nothing.
    """
    w = np.ones(len(points)) if weights is None else weights
    circle = Circle(start.center_x_px, start.center_y_px, start.radius_px)
    residuals = radial_residuals(points, circle) * w
    for _ in range(MAX_ITERATIONS):
        azimuth = azimuths(points, circle)
        places = reference_azimuths(azimuth)
        design = jacobian(azimuth) * w[:, None]
        change = np.linalg.lstsq(design, residuals, rcond=None)[0]
        offsets = jacobian(places) @ change
        last = bool(np.max(np.abs(offsets)) <= tolerance * circle.radius_px)
        square = float(residuals @ residuals)
        # The last step is too small to be worth shortening.
        moved = _best_step(points, w, circle, places, offsets, square, 1 if last else HALVINGS)
        if moved is None:
            break
        circle, residuals = moved
        if on_step is not None:
            on_step(circle)
        if last:
            break
    return circle


def _best_step(
    points: FloatArray,
    weights: FloatArray,
    circle: Circle,
    places: FloatArray,
    offsets: FloatArray,
    square: float,
    trials: int,
) -> tuple[Circle, FloatArray] | None:
    """Circle and residuals after the longest of ``trials`` halved steps that improves, or None."""
    for halving in range(trials):
        parameters = displaced(circle, places, offsets * 0.5**halving)
        if not np.all(np.isfinite(parameters)):
            continue
        trial = as_circle(parameters)
        residuals = radial_residuals(points, trial) * weights
        if float(residuals @ residuals) < square:
            return trial, residuals
    return None


def unit_covariance(
    points: FloatArray, circle: CircleLike, weights: FloatArray | None = None
) -> FloatArray:
    """Covariance (3, 3) of (x, y, R) for residuals of σ = 1 (or of σ = 1/weights), in px².

    (JᵀJ)⁻¹: with Gaussian errors along the radius this is the Cramér-Rao bound
    (N. Chernov, Circular and Linear Regression, CRC 2010, ch. 7).
    """
    design = jacobian(azimuths(points, circle))
    if weights is not None:
        design = design * weights[:, None]
    triangle = np.linalg.qr(design, mode="r")
    try:
        inverse = np.linalg.inv(triangle)
    except np.linalg.LinAlgError:
        inverse = np.linalg.pinv(triangle)
    return np.asarray(inverse @ inverse.T)


def leverages(points: FloatArray, circle: CircleLike, covariance: FloatArray) -> FloatArray:
    """Variance (N,) of the fitted circle at each point, in units of the points' own variance."""
    design = jacobian(azimuths(points, circle))
    return np.asarray(np.einsum("ij,jk,ik->i", design, covariance, design))
