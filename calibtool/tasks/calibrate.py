"""From image, settings and perhaps points to a result: one path for window and command line."""

import math
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from calibtool.errors import FixedBeamError, NoAnswerError, RingNotFoundError
from calibtool.model.image import Image
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.results import (
    Cancelled,
    CircleFit,
    FitWarning,
    Progress,
    RingFit,
    read_only,
)
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.settings import Settings
from calibtool.model.state.session import Point, Result
from calibtool.tasks.pattern import pattern_of

FARTHEST = 0.05
"""Share of its radius by which a fixed centre may change a ring."""

Fit = TypeVar("Fit", RingFit, CircleFit)


def find(image: Image, settings: Settings, *, near: Any = None) -> Result:
    """Find and fit the pattern of an image without a click, and the ring that tells most.

    Parameters
    ----------
    image : Image
        The image.
    settings : Settings
        Calibrant, instrument, fixed centre.
    near : (float, float, float), Geometry or TiltedGeometry, optional
        Centre x, y and radius in px of a ring, or a geometry, to begin from.

    Raises
    ------
    RingNotFoundError
        No ring that could be trusted.
    FixedBeamError
        The rings contradict the fixed centre.
    """
    pattern = pattern_of(image, settings, near)
    ring = _shown_ring(image, pattern, settings)
    return _finish(Result(ring=ring, pattern=pattern), settings)


def _shown_ring(image: Image, pattern: PatternFit, settings: Settings) -> RingFit:
    """The ring of the pattern that tells most about the centre, fitted by itself."""
    try:
        ring = refine_ring(image.data, pattern.circle, mask=image.mask, variance=image.variance)
    except RingNotFoundError:
        from calibtool.model.finding import find_ring

        circle = pattern.circle
        near = (circle.center_x_px, circle.center_y_px, circle.radius_px)
        try:
            ring = find_ring(image.data, mask=image.mask, variance=image.variance, near=near)
        except RingNotFoundError:
            spotty = any(warning.code == "only_spots" for warning in pattern.warnings)
            if not (pattern.certain or spotty):
                raise
            ring = _as_in(pattern)
    around = replace(pattern.circle, radius_px=ring.radius_px)
    others = (r.radius_px for r in pattern.rings if r is not pattern.shown_ring)
    circles = [replace(around, radius_px=radius) for radius in others]
    return replace(ring, rings=tuple(sorted((around, *circles), key=lambda c: c.radius_px)))


def _as_in(pattern: PatternFit) -> RingFit:
    """The shown ring as the whole pattern has it: of single spots no ring can be fitted alone."""
    ring, circle = pattern.shown_ring, pattern.circle
    sigma = np.array([pattern.sigma_beam_x_px, pattern.sigma_beam_y_px, ring.sigma_radius_px])
    nothing = read_only(())
    return RingFit(
        center_x_px=circle.center_x_px,
        center_y_px=circle.center_y_px,
        radius_px=circle.radius_px,
        sigma_center_x_px=float(sigma[0]),
        sigma_center_y_px=float(sigma[1]),
        sigma_radius_px=float(sigma[2]),
        rms_residual_px=abs(ring.residual_px),
        coverage=ring.coverage,
        snr=ring.snr,
        width_px=ring.width_px,
        sigma_width_px=ring.width_px / ring.snr,
        goodness=math.nan,
        covariance=read_only(np.diag(sigma**2)),
        sector_azimuth_rad=nothing,
        sector_residual_px=nothing,
        sector_sigma_px=nothing,
    )


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
    from calibtool.model.points.circle_fit import fit_circle

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
    pattern = None if image is None or ring is None else _pattern_around(image, ring, settings)
    return _finish(
        Result(
            points=points, circle=circle, ring=ring, pattern=pattern, extra_warnings=warnings
        ),
        settings,
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


def _pattern_around(image: Image, ring: RingFit, settings: Settings) -> PatternFit | None:
    """The pattern that the ring along the points belongs to, None where there is none."""
    try:
        return pattern_of(image, settings, (ring.center_x_px, ring.center_y_px, ring.radius_px))
    except RingNotFoundError:
        return None


def _not_used(reason: str) -> FitWarning:
    return FitWarning(
        "ring_not_used",
        f"The result is the circle of the points alone: {reason}. Check that the points are on "
        "the ring.",
    )


def _finish(result: Result, settings: Settings) -> Result:
    """Apply the fixed centre to the circles.

    Raises
    ------
    FixedBeamError
        No circle lies around it.
    """
    fixed = settings.fixed_xy
    if fixed is None:
        return result
    return replace(
        result,
        extra_warnings=(*result.extra_warnings, *_far_from_fixed(result, fixed)),
        ring=None if result.ring is None else at_fixed_center(result.ring, fixed),
        circle=None if result.circle is None else at_fixed_center(result.circle, fixed),
        center_source="fixed",
    )


def _far_from_fixed(result: Result, fixed: tuple[float, float]) -> tuple[FitWarning, ...]:
    """Say when the ring's own centre is not the fixed one."""
    fit = result.best
    off = math.hypot(fit.center_x_px - fixed[0], fit.center_y_px - fixed[1])
    sigma = math.hypot(fit.sigma_center_x_px, fit.sigma_center_y_px)
    if off <= max(5.0 * sigma, 1.0):
        return ()
    text = (
        f"The ring's own centre ({fit.center_x_px:.2f}, {fit.center_y_px:.2f}) lies {off:.1f} px "
        "from the fixed one: release the fixed beam, or check that this is the same set-up."
    )
    return (FitWarning("fixed_center_off", text),)


def at_fixed_center(fit: Fit, center: tuple[float, float]) -> Fit:
    """Radius of a fit given that the centre is known: the conditional mean of its Gaussian."""
    covariance = fit.covariance
    offset = np.array([center[0] - fit.center_x_px, center[1] - fit.center_y_px])
    gain = np.linalg.solve(covariance[:2, :2], covariance[:2, 2])
    variance = covariance[2, 2] - gain @ covariance[:2, 2]
    radius = float(fit.radius_px + gain @ offset)
    if abs(radius - fit.radius_px) > FARTHEST * fit.radius_px:
        raise FixedBeamError(
            f"The ring has its centre at ({fit.center_x_px:.2f}, {fit.center_y_px:.2f}), too far "
            "from the fixed one: release the fixed beam, or check that this is the same set-up."
        )
    return replace(
        fit,
        center_x_px=center[0],
        center_y_px=center[1],
        radius_px=radius,
        sigma_center_x_px=0.0,
        sigma_center_y_px=0.0,
        sigma_radius_px=float(np.sqrt(max(variance, 0.0))),
    )
