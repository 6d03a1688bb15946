"""From image, settings and perhaps points to a result: one path for window and command line."""

import math
from dataclasses import replace
from typing import TypeVar

import numpy as np

from calibtool.errors import NoAnswerError
from calibtool.model.circle import Circle
from calibtool.model.finding import find_ring
from calibtool.model.image import Image
from calibtool.model.points.circle_fit import fit_circle
from calibtool.model.results import Cancelled, CircleFit, FitWarning, Progress, RingFit
from calibtool.model.rings.order import RingOrder, identify
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.settings import Settings
from calibtool.model.state.session import Point, Result

Near = tuple[float, float, float]
Fit = TypeVar("Fit", RingFit, CircleFit)


def find(image: Image, settings: Settings, *, near: Near | None = None) -> Result:
    """Find and fit the ring of an image without a click.

    Parameters
    ----------
    image : Image
        The image.
    settings : Settings
        Calibrant, instrument, fixed centre.
    near : (float, float, float), optional
        Centre x, y and radius in px of the ring to stay on.

    Raises
    ------
    RingNotFoundError
        No ring that could be trusted.
    """
    ring = find_ring(
        image.data,
        mask=image.mask,
        variance=image.variance,
        near=near,
        seed=settings.options.seed,
    )
    return _finish(Result(ring=ring), settings)


def fit_points(
    image: Image | None,
    points: tuple[Point, ...],
    settings: Settings,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Fit the circle to points, then the whole ring of the image from there.

    Where the image shows no ring along the circle, the circle of the points is the result,
    with a warning.

    Raises
    ------
    TooFewPointsError, FitError
        The points do not determine a circle.
    JobCancelledError
        ``cancelled`` said so.
    """
    options = settings.options
    chosen = {
        name: value
        for name in ("population", "generations", "starts")
        if (value := getattr(options, name)) is not None
    }
    xy = np.array([(p.x, p.y) for p in points], dtype=np.float64).reshape(-1, 2)
    circle = fit_circle(
        xy,
        seed=options.seed,
        threshold=options.threshold,
        image_shape=None if image is None else image.data.shape,
        progress=progress,
        cancelled=cancelled,
        **chosen,
    )
    ring: RingFit | None = None
    warnings: tuple[FitWarning, ...] = ()
    if image is not None:
        ring, warnings = _ring_along(image, circle)
    if image is not None and ring is not None and len(settings.d_spacings_nm) > 1:
        ring = replace(ring, rings=_rings_seen(image, ring, options.seed))
    return _finish(
        Result(points=points, circle=circle, ring=ring, extra_warnings=warnings), settings
    )


def _ring_along(
    image: Image, circle: CircleFit
) -> tuple[RingFit | None, tuple[FitWarning, ...]]:
    """Ring under the points' circle, unless there is none or the fit left the points."""
    try:
        ring = refine_ring(
            image.data, circle, mask=image.mask, variance=image.variance
        )
    except NoAnswerError as error:
        return None, (_not_used(f"no ring was measured along it ({error})"),)
    moved = max(
        abs(ring.radius_px - circle.radius_px),
        abs(ring.center_x_px - circle.center_x_px),
        abs(ring.center_y_px - circle.center_y_px),
    )
    spread = max(circle.sigma_center_x_px, circle.sigma_center_y_px, circle.sigma_radius_px)
    # Clicks scatter by about the ring's width; a ring farther away is another ring.
    if moved > max(5.0 * spread, 3.0 * ring.width_px, 3.0):
        return None, (_not_used(f"the ring found from it lies {moved:.1f} px from the points"),)
    return ring, ()


def _rings_seen(image: Image, ring: RingFit, seed: int) -> tuple[Circle, ...]:
    """All rings around the centre, which tell the ring's number by the ratios of their radii."""
    near = (ring.center_x_px, ring.center_y_px, ring.radius_px)
    try:
        return find_ring(image.data, mask=image.mask, near=near, seed=seed).rings
    except NoAnswerError:
        return ()


def _not_used(reason: str) -> FitWarning:
    return FitWarning(
        "ring_not_used",
        f"The result is the circle of the points alone: {reason}. Check that the points are on "
        "the ring.",
    )


def _finish(result: Result, settings: Settings) -> Result:
    """Apply the fixed centre and say which ring of the calibrant it is."""
    fixed = settings.fixed_xy
    if fixed is not None:
        result = replace(
            result,
            extra_warnings=(*result.extra_warnings, *_far_from_fixed(result, fixed)),
            ring=None if result.ring is None else at_fixed_center(result.ring, fixed),
            circle=None if result.circle is None else at_fixed_center(result.circle, fixed),
            center_source="fixed",
        )
    return replace(result, order=_order(result, settings))


def _far_from_fixed(result: Result, fixed: tuple[float, float]) -> tuple[FitWarning, ...]:
    """Say when the ring's own centre is not the fixed one."""
    fit = result.best
    off = math.hypot(fit.center_x_px - fixed[0], fit.center_y_px - fixed[1])
    sigma = math.hypot(fit.sigma_center_x_px, fit.sigma_center_y_px)
    if off <= max(5.0 * sigma, 1.0):
        return ()
    text = (
        f"The ring's own centre ({fit.center_x_px:.2f}, {fit.center_y_px:.2f}) lies {off:.1f} px "
        "from the fixed one: release the fixed centre, or check that this is the same set-up."
    )
    return (FitWarning("fixed_center_off", text),)


def _order(result: Result, settings: Settings) -> RingOrder | None:
    if not settings.d_spacings_nm:
        return None
    best = result.best
    rings: tuple[Circle, ...] = result.ring.rings if result.ring is not None else ()
    return identify(
        best.radius_px,
        [ring.radius_px for ring in rings],
        settings.d_spacings_nm,
        wavelength_nm=settings.wavelength.value,
        distance_mm=settings.distance.value,
        pixel_size_mm=settings.pixel_size.value,
    )


def at_fixed_center(fit: Fit, center: tuple[float, float]) -> Fit:
    """Radius of a fit given that the centre is known: the conditional mean of its Gaussian."""
    covariance = fit.covariance
    offset = np.array([center[0] - fit.center_x_px, center[1] - fit.center_y_px])
    gain = np.linalg.solve(covariance[:2, :2], covariance[:2, 2])
    variance = covariance[2, 2] - gain @ covariance[:2, 2]
    return replace(
        fit,
        center_x_px=center[0],
        center_y_px=center[1],
        radius_px=float(fit.radius_px + gain @ offset),
        sigma_center_x_px=0.0,
        sigma_center_y_px=0.0,
        sigma_radius_px=float(np.sqrt(max(variance, 0.0))),
    )
