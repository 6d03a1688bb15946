"""What a position on the image tells: the status line and the magnifier's profile."""

import math
from dataclasses import replace

import numpy as np

from calibtool.controller.angles import Place, place, ring_at
from calibtool.model.circle import CircleLike
from calibtool.model.image import Image
from calibtool.model.pixels.reasons import WORDS, Reason, why_masked
from calibtool.model.rings.point_refinement import HALF_WIDTH_PX
from calibtool.model.scale import d_spacing_nm
from calibtool.model.state.consistency import fitted_distance_mm
from calibtool.model.state.session import Session
from calibtool.scene import LensProfile

PROFILE_PX, BEYOND_PX = 20.0, 5.0
"""Half the length of the profile in the magnifier, and how far it goes beyond its peak."""


def describe(
    session: Session, x: float, y: float, *, corner: bool = False, reach_px: float = 0.0
) -> str:
    """Return x, y, intensity, and what the distance from the centre means where there is one.

    That is r, d, 2θ and q, and the ring of the calibrant that is no farther off than
    ``reach_px``. With ``corner``, x and y are written as counted from the corner of the first
    pixel. Outside the image there is neither position nor intensity.
    """
    image = session.image
    if image is None:
        return ""
    parts = [*_pixel(image, x, y, corner), *_from_center(session, x, y, reach_px)]
    return "   ".join(parts).replace("-", "−")


def _pixel(image: Image, x: float, y: float, corner: bool) -> list[str]:
    """Position and intensity of the pixel at (x, y)."""
    if not _inside(image, x, y):
        return ["outside the image"]
    column, row = math.floor(x + 0.5), math.floor(y + 0.5)
    place = f"x {x + 0.5:.2f}  y {y + 0.5:.2f} from corner" if corner else f"x {x:.2f}  y {y:.2f}"
    reasons = why_masked(image, column, row)
    # That a gap has no value needs no saying.
    chief = [reason for reason in reasons if reason != WORDS[Reason.VALUE]] or reasons
    masked = f" (masked: {', '.join(chief)})" if reasons else ""
    return [place, f"I {image.data[row, column]:.6g}{masked}"]


def _from_center(session: Session, x: float, y: float, reach_px: float) -> list[str]:
    """What the distance of (x, y) from the centre means."""
    circle, settings = session.circle, session.settings
    pattern = None if session.result is None else session.result.pattern
    if pattern is not None:
        # It is of this image, whatever points are being set.
        here = place(pattern, settings.wavelength.value, x, y)
        if here.d_nm is None and session.fresh and circle is not None:
            # The rings leave the calibrant open; what was chosen or assumed tells.
            d = d_at(session, circle, here.radius_px)
            here = replace(here, d_nm=d)
        ring = ring_at(pattern, settings, here.radius_px, reach_px)
        return [ring, *here.texts] if ring else here.texts
    if circle is None:
        return []
    radius = math.hypot(x - circle.center_x_px, y - circle.center_y_px)
    d = d_at(session, circle, radius)
    angle = None if d is None else _two_theta_deg(d, settings.wavelength.value)
    return Place(radius, d, angle).texts


def _two_theta_deg(d_nm: float, wavelength_nm: float | None) -> float | None:
    """Bragg's λ = 2 d sin θ; None where λ is not known or too long for this d."""
    if wavelength_nm is None or wavelength_nm >= 2.0 * d_nm:
        return None
    return math.degrees(2.0 * math.asin(wavelength_nm / (2.0 * d_nm)))


def d_at(session: Session, circle: CircleLike, radius_px: float) -> float | None:
    """d-spacing in nm at a distance in px from the centre.

    Exact where wavelength and pixel size are known, the distance following from the ring;
    else on the small-angle scale.
    """
    settings = session.settings
    d = settings.d_spacing.value
    if radius_px <= 0.0 or d is None:
        return None
    wavelength, pixel = settings.wavelength.value, settings.pixel_size.value
    if session.result is not None and wavelength is not None and pixel is not None:
        distance = fitted_distance_mm(session.result, settings)
        if distance is not None:
            return d_spacing_nm(
                radius_px, wavelength_nm=wavelength, distance_mm=distance, pixel_size_mm=pixel
            )
    return d * circle.radius_px / radius_px


def profile(session: Session, x: float, y: float) -> LensProfile | None:
    """Radial profile through (x, y), with the place a click there would be moved to.

    It is long enough to hold that place. None where there is no image below the position.
    """
    from calibtool.model.rings.normals import curvature_centers
    from calibtool.model.rings.strips import normal_strips
    from calibtool.model.state.editing import refined_point

    image, circle = session.image, session.circle
    if image is None or not _inside(image, x, y):
        return None
    at = np.array([(x, y)])
    center = None if circle is None else (circle.center_x_px, circle.center_y_px)
    centers = curvature_centers(image.data, image.mask, at, center)
    normal = (at - centers)[0]
    normal /= max(float(np.hypot(*normal)), 1e-9)
    point = refined_point(session, x, y)
    offset = float((point.x - x) * normal[0] + (point.y - y) * normal[1])
    peak = offset if point.refined else None
    cells = normal_strips(
        image.data,
        image.mask,
        at,
        centers,
        half_length=max(PROFILE_PX, abs(peak or 0.0) + BEYOND_PX),
        half_width=HALF_WIDTH_PX,
        step=1.0,
    )
    intensity = np.where(cells.count[0] > 0, cells.mean[0], np.nan)
    return LensProfile(
        tuple(cells.radius[0].tolist()),
        tuple(intensity.tolist()),
        float(normal[0]),
        float(normal[1]),
        peak,
    )


def _inside(image: Image, x: float, y: float) -> bool:
    height, width = image.data.shape
    return bool(-0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5)
