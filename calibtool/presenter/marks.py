"""What is drawn on the image: circles, centres, points."""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from calibtool.model.circle import CircleLike, azimuths, radial_residuals, reach_px
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.results import RingFit
from calibtool.model.scale import ring_radius_px
from calibtool.model.settings import Settings
from calibtool.model.state.session import Result, Session
from calibtool.scene import (
    CrossMark,
    CrossRole,
    PointMark,
    PointRole,
    RingMark,
    RingRole,
)

MAX_ORDERS = 12
CONIC = 361
"""Positions along a ring: the chords stay a tenth of a pixel of the screen from it."""
SPOTS = "AB"
"""Names of the measured spots; points have numbers."""
MIN_RESIDUALS = 5
"""From so many points on residuals mean something: three define the circle."""


def rings(session: Session) -> tuple[RingMark, ...]:
    """Return the fitted, live and stale circles and the other rings of the calibrant."""
    marks: list[RingMark] = []
    result = session.result
    if result is not None and (session.fresh or not session.picking):
        marks.append(_fitted(result, "fit" if session.fresh else "stale"))
        marks += orders(session)
    elif result is not None:
        marks.append(_fitted(result, "stale"))
    if session.live is not None and not session.fresh:
        marks.append(_ring(session.live, "live"))
    return tuple(marks)


def orders(session: Session) -> list[RingMark]:
    """Return the other rings of the calibrant, as the result and settings predict them."""
    result, settings = session.result, session.settings
    if result is None or settings.ring is None or not settings.d_spacings_nm:
        return []
    if is_unknown(result, settings):
        return []
    best = result.best
    marks = []
    image = session.image
    limit = math.inf if image is None else reach_px(image.data.shape, best)
    seen = {} if result.pattern is None else {
        ring.index: ring.radius_px for ring in result.pattern.rings if ring.index is not None
    }
    for number, predicted in predicted_radii(best.radius_px, settings, result.pattern):
        # One ring says less of the others than the fit of all of them.
        radius = seen.get(number, predicted)
        if number == settings.ring or not 0.0 < radius < limit:
            continue
        around = _conic(result.pattern, radius)
        marks.append(RingMark(
            best.center_x_px, best.center_y_px, radius, "order", ordinal(number), points=around,
        ))
    return marks[:max(MAX_ORDERS, len(seen))]


def is_unknown(result: Result, settings: Settings) -> bool:
    """Whether the rings are those of no calibrant that is known, and nobody has chosen one."""
    nameless = result.pattern is not None and result.pattern.calibrant is None
    return nameless and not settings.calibrant_chosen


@lru_cache(maxsize=64)
def _conic(pattern: PatternFit | None, radius_px: float) -> tuple[tuple[float, float], ...]:
    """Positions along a ring on a tilted detector; none where it is a circle."""
    if pattern is None or pattern.tilt_deg is None:
        return ()
    return tuple(map(tuple, pattern.geometry.conic(radius_px, CONIC)[:-1].tolist()))


def ordinal(number: int) -> str:
    """1st, 2nd and so on: rings are counted so, that nobody takes them for numbers of points."""
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def predicted_radii(
    radius_px: float, settings: Settings, pattern: PatternFit | None = None
) -> list[tuple[int, float]]:
    """Radius in px of each ring of the calibrant when ring ``settings.ring`` has ``radius_px``.

    Exact where the pattern tells the wavelength, or it and the pixel size are known (the
    distance follows from the ring), small-angle otherwise.
    """
    spacings, ring = settings.d_spacings_nm, settings.ring or 1
    own_d = settings.d_spacing.value or spacings[min(ring, len(spacings)) - 1]
    wavelength = None if settings.pixel_size.value is None else settings.wavelength.value
    if pattern is not None:
        wavelength = pattern.wavelength_nm or wavelength
    out = []
    for number, d in enumerate(spacings, 1):
        radius: float | None = radius_px * own_d / d
        if wavelength is not None:
            radius = _exact_radius(d, radius_px, own_d, wavelength)
        if radius is not None:
            out.append((number, radius))
    return out


def _exact_radius(d: float, radius_px: float, own_d: float, wavelength: float) -> float | None:
    # The distance in pixels follows from the ring itself, so the pixel size cancels.
    unit = ring_radius_px(own_d, wavelength_nm=wavelength, distance_mm=1.0, pixel_size_mm=1.0)
    if unit is None:
        return None
    return ring_radius_px(
        d, wavelength_nm=wavelength, distance_mm=radius_px / unit, pixel_size_mm=1.0
    )


def crosses(session: Session) -> tuple[CrossMark, ...]:
    """Return the centre of the result or of the live circle, the fixed centre, measured spots."""
    marks = []
    fixed = session.settings.fixed_xy
    if fixed is not None:
        marks.append(CrossMark(*fixed, "fixed", "fixed beam"))
    elif session.result is not None:
        best = session.result.best
        state: CrossRole = "fit" if session.fresh else "stale"
        marks.append(CrossMark(best.center_x_px, best.center_y_px, state))
    if session.live is not None and not session.fresh:
        marks.append(CrossMark(session.live.center_x_px, session.live.center_y_px, "live"))
    spots = zip(SPOTS, session.measured, strict=False)
    marks += [CrossMark(x, y, "measure", name) for name, (x, y) in spots]
    return tuple(marks)


def points(session: Session) -> tuple[PointMark, ...]:
    """Return the selected points with their residuals, from the fifth point on."""
    if not session.points:
        return ()
    circle = session.circle
    xy = session.xy()
    residuals = angles = [None] * len(xy)
    if circle is not None and (len(xy) >= MIN_RESIDUALS or session.fresh):
        residuals = radial_residuals(xy, circle).tolist()
        angles = np.degrees(azimuths(xy, circle)).tolist()
    roles = _roles(session)
    return tuple(
        PointMark(
            number=number,
            clicked_x=point.clicked_x,
            clicked_y=point.clicked_y,
            x=point.x,
            y=point.y,
            refined=point.refined,
            role=role,
            residual_px=residual,
            azimuth_deg=angle,
            note="" if point.refined else "no ring found here, the click stays",
        )
        for number, (point, role, residual, angle) in enumerate(
            zip(session.points, roles, residuals, angles, strict=True), 1
        )
    )


def _roles(session: Session) -> list[PointRole]:
    result = session.result
    if session.fresh and result is not None and result.circle is not None and session.points:
        return ["inlier" if ok else "outlier" for ok in result.circle.inliers]
    return ["new"] * len(session.points)


def _fitted(result: Result, role: RingRole) -> RingMark:
    ring, pattern = _ring(result.best, role), result.pattern
    return ring if pattern is None else replace(
        ring, points=_conic(pattern, pattern.shown_ring.radius_px)
    )


def _ring(circle: CircleLike, role: RingRole) -> RingMark:
    width = circle.width_px if isinstance(circle, RingFit) else 0.0
    return RingMark(circle.center_x_px, circle.center_y_px, circle.radius_px, role, width=width)
