"""Whether a fitted circle can be believed, and what to do where it cannot."""

import math

import numpy as np

from calibtool.errors import FitError
from calibtool.model import warnings
from calibtool.model.circle import BoolArray, Circle, CircleLike, FloatArray, azimuths
from calibtool.model.circle import radial_residuals as residuals_of
from calibtool.model.points.harmonics import harmonics
from calibtool.model.points.marked import MarkedPoints
from calibtool.model.points.three_points import arc_and_gap
from calibtool.model.points.uncertainty import Uncertainty
from calibtool.model.results import Ellipse, FitWarning

COMFORTABLE_POINTS = 8
OUTLIER_SHARE = 0.25
SHORT_ARC_DEG = 120.0
LARGE_GAP_DEG = 120.0
ELLIPSE_CHANCE = 1e-4


def check_curved(points: FloatArray, circle: Circle, covariance: FloatArray) -> None:
    """Refuse a circle whose curvature is lost in the scatter of its points.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        The points that were fitted.
    circle : Circle
        Their circle.
    covariance : ndarray, shape (3, 3)
        Of x, y, R in px².

    Raises
    ------
    FitError
        Over less than a quarter of the ring the points are as well on a straight line, or a
        number is not finite.
    """
    numbers = [circle.center_x_px, circle.center_y_px, circle.radius_px, float(covariance.sum())]
    if not np.all(np.isfinite(numbers)):
        raise FitError(
            "The fit found no circle through these points: check that they lie on one ring."
        )
    extent = arc_and_gap(azimuths(points, circle))[1]
    if extent < 0.5 * math.pi and circle.radius_px < 2.0 * math.sqrt(covariance[2, 2]):
        raise FitError(
            "The points lie on a straight line within their scatter, so the circle is not "
            "determined: add points further along the ring."
        )


def warnings_of(
    marked: MarkedPoints,
    circle: Circle,
    inliers: BoolArray,
    sigma: Uncertainty,
    image_shape: tuple[int, int] | None,
) -> tuple[FitWarning, ...]:
    """All warnings about a circle through points.

    Parameters
    ----------
    marked : MarkedPoints
        The points, M different ones.
    circle : Circle
        The result, in index pixels.
    inliers : ndarray of bool, shape (M,)
        Which of the different points carry it.
    sigma : Uncertainty
        How far the points scatter.
    image_shape : (int, int) or None
        Rows and columns.

    Returns
    -------
    tuple of FitWarning
    """
    kept = marked.xy[inliers]
    found = [
        _count_warning(inliers),
        _coverage_warning(kept, circle),
        _scatter_warning(circle, sigma),
        _ellipse_warning(kept, circle),
        _centre_warning(circle, image_shape),
    ]
    return tuple(warning for warning in found if warning is not None)


def _count_warning(inliers: BoolArray) -> FitWarning | None:
    kept, n = int(np.count_nonzero(inliers)), len(inliers)
    if n - kept >= OUTLIER_SHARE * n:
        return warnings.many_outliers(n - kept, n)
    return warnings.too_few_points(kept) if kept < COMFORTABLE_POINTS else None


def _coverage_warning(points: FloatArray, circle: Circle) -> FitWarning | None:
    _, extent, gap_middle = arc_and_gap(azimuths(points, circle))
    arc_deg, middle_deg = math.degrees(extent), math.degrees(gap_middle)
    if arc_deg < SHORT_ARC_DEG:
        return warnings.short_arc(arc_deg)
    if 360.0 - arc_deg > LARGE_GAP_DEG:
        return warnings.large_gap(360.0 - arc_deg, middle_deg)
    return None


def _scatter_warning(circle: Circle, sigma: Uncertainty) -> FitWarning | None:
    """Scatter beyond the σ given, or beyond what clicks on a ring of this size can be off."""
    if sigma.excess > 1.0:
        return warnings.poor_fit(sigma.point_sigma_px * sigma.excess, sigma.point_sigma_px)
    expected = min(max(0.02 * circle.radius_px, 1.5), 5.0)
    if sigma.point_sigma_px > expected:
        return warnings.poor_fit(sigma.point_sigma_px, expected)
    return None


def _ellipse_warning(points: FloatArray, circle: Circle) -> FitWarning | None:
    from scipy.special import ndtri

    second = harmonics(
        residuals_of(points, circle), azimuths(points, circle), np.ones(len(points), dtype=bool)
    ).second
    if second is None or second.chance > ELLIPSE_CHANCE or second.amplitude_px < 0.05:
        return None
    ellipse = Ellipse(
        semi_major_px=circle.radius_px + second.amplitude_px,
        semi_minor_px=circle.radius_px - second.amplitude_px,
        orientation_deg=math.degrees(second.azimuth_rad),
    )
    return warnings.elliptical(ellipse, float(-ndtri(0.5 * max(second.chance, 1e-300))))


def _centre_warning(circle: CircleLike, shape: tuple[int, int] | None) -> FitWarning | None:
    """The centre further outside than the image is large."""
    if shape is None:
        return None
    rows, columns = shape
    away_x = max(-0.5 - circle.center_x_px, circle.center_x_px - (columns - 0.5), 0.0)
    away_y = max(-0.5 - circle.center_y_px, circle.center_y_px - (rows - 0.5), 0.0)
    distance = math.hypot(away_x, away_y)
    return warnings.centre_far_outside(distance) if distance > max(rows, columns) else None
