"""Follow the rings of the calibrant over the image and refine the tilt of the detector."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from calibtool.errors import InputError, NoAnswerError
from calibtool.instruments.calibrants import Calibrant
from calibtool.instruments.geometry import GeometryFit, control_points, refine_geometry
from calibtool.model.circle import Circle, CircleLike
from calibtool.model.image import Image
from calibtool.model.results import Cancelled, Progress, RingFit
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.scale import distance_mm, ring_radius_px
from calibtool.model.state.session import Session, Tilt

MOST_RINGS = 10
LEAST_VISIBLE = 0.2
CLOSEST_PX = 8.0
NOT_RELIABLE = frozenset({"poor_fit", "weak_ring", "not_one_ring"})


def tilt_of(session: Session) -> partial[GeometryFit]:
    """Return the call of `refine_tilt` for a session, which takes ``progress``, ``cancelled``.

    Raises
    ------
    InputError
        What is needed for it is not known; says what.
    """
    image, result, settings = session.image, session.result, session.settings
    wavelength, pixel = settings.wavelength.value, settings.pixel_size.value
    needed = {
        "a fitted ring": None if image is None else result,
        "a calibrant with the ring's number": settings.ring,
        "the wavelength": wavelength,
        "the pixel size": pixel,
    }
    missing = [name for name, value in needed.items() if value is None]
    if image is None or result is None or wavelength is None or pixel is None or missing:
        raise InputError(f"The tilt needs {' and '.join(missing)}: enter it first.")
    calibrant = Calibrant(
        settings.calibrant, settings.d_spacings_nm, settings.d_relative_sigma, "settings"
    )
    return partial(
        refine_tilt,
        image,
        result.best,
        calibrant,
        ring=settings.ring or 1,
        wavelength_nm=wavelength,
        pixel_size_mm=pixel,
    )


def with_tilt(session: Session, fit: GeometryFit) -> Session:
    """Return the session with the refined position of the detector beside its result."""
    if session.result is None:
        return session
    tilt = Tilt(
        fit.geometry,
        max(fit.sigma_center_x_px, fit.sigma_center_y_px),
        fit.sigma_distance_mm,
        fit.sigma_tilt_deg,
        fit.rms_px,
        fit.n_rings,
    )
    return replace(session, result=replace(session.result, tilt=tilt))


def refine_tilt(
    image: Image,
    circle: CircleLike,
    calibrant: Calibrant,
    *,
    ring: int,
    wavelength_nm: float,
    pixel_size_mm: float,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> GeometryFit:
    """Distance, beam centre and tilt from all rings that can be followed.

    Parameters
    ----------
    image : Image
        The image.
    circle : CircleLike
        The ring that is known, in index pixels.
    calibrant : Calibrant
        Whose ring it is.
    ring : int
        Which of its rings, from 1.
    wavelength_nm, pixel_size_mm : float
        Wavelength in nm, side of a pixel in mm.
    progress, cancelled : callable, optional
        As for the other fits.

    Raises
    ------
    InputError
        Where ring, wavelength and pixel size do not go together, or there is a single ring.
    FitError
        Where no credible geometry fits the rings.
    JobCancelledError
        Where ``cancelled`` said so.
    """
    start_distance = distance_mm(
        circle.radius_px,
        calibrant.d_nm[ring - 1],
        wavelength_nm=wavelength_nm,
        pixel_size_mm=pixel_size_mm,
    )
    if start_distance is None:
        raise InputError(
            f"Ring {ring} of {calibrant.name} does not exist at {wavelength_nm:g} nm; check ring "
            "and wavelength."
        )
    radii = [
        ring_radius_px(
            d, wavelength_nm=wavelength_nm, distance_mm=start_distance, pixel_size_mm=pixel_size_mm
        )
        for d in calibrant.d_nm
    ]
    chosen = _visible(radii, ring, circle, image.data.shape)
    fits: dict[int, RingFit] = {}
    for count, number in enumerate(chosen):
        if progress is not None:
            progress(count / (len(chosen) + 1), f"Following ring {number} of {calibrant.name}")
        fit = _follow(image, number, radii, fits, circle, cancelled)
        if fit is not None:
            fits[number] = fit
    reliable = {n: f for n, f in fits.items() if not NOT_RELIABLE & {w.code for w in f.warnings}}
    used = reliable if len(reliable) >= 2 else fits
    if progress is not None:
        progress(len(chosen) / (len(chosen) + 1), "Refining the geometry")
    return refine_geometry(
        control_points([(fit, number) for number, fit in used.items()]),
        calibrant,
        wavelength_nm=wavelength_nm,
        pixel_size_mm=pixel_size_mm,
        start_center=(circle.center_x_px, circle.center_y_px),
        start_distance_mm=start_distance,
    )


def _visible(
    radii: list[float | None], ring: int, circle: CircleLike, shape: tuple[int, ...]
) -> list[int]:
    """Rings from 1 that stand alone and lie on the image, the known one first, then outwards."""
    numbers = []
    for number, radius in enumerate(radii, start=1):
        if radius is None or _share_on_image(radius, circle, shape) < LEAST_VISIBLE:
            continue
        gaps = [abs(radius - other) for other in _neighbours(radii, number)]
        if min(gaps, default=np.inf) >= CLOSEST_PX:
            numbers.append(number)
    numbers.sort(key=lambda number: (number != ring, abs(number - ring)))
    return numbers[:MOST_RINGS]


def _neighbours(radii: list[float | None], number: int) -> Iterator[float]:
    for index in (number - 2, number):
        if 0 <= index < len(radii):
            radius = radii[index]
            if radius is not None:
                yield radius


def _share_on_image(radius: float, circle: CircleLike, shape: tuple[int, ...]) -> float:
    azimuth = np.linspace(0.0, 2.0 * np.pi, 180, endpoint=False)
    x = circle.center_x_px + radius * np.cos(azimuth)
    y = circle.center_y_px + radius * np.sin(azimuth)
    inside = (x >= 0) & (y >= 0) & (x <= shape[1] - 1) & (y <= shape[0] - 1)
    return float(inside.mean())


def _follow(
    image: Image,
    number: int,
    radii: list[float | None],
    fits: dict[int, RingFit],
    circle: CircleLike,
    cancelled: Cancelled | None,
) -> RingFit | None:
    """Fit a ring from the centre of the nearest one that is known; None where there is none."""
    radius = radii[number - 1]
    if radius is None:
        return None
    near: CircleLike = circle
    if fits:
        near = fits[min(fits, key=lambda known: abs(known - number))]
    start = Circle(near.center_x_px, near.center_y_px, radius)
    try:
        fit = refine_ring(
            image.data, start, mask=image.mask, variance=image.variance, cancelled=cancelled
        )
    except NoAnswerError:
        return None
    room = min((abs(radius - other) for other in _neighbours(radii, number)), default=radius)
    # A ring that moved by a third of the way to its neighbour may be the neighbour.
    return fit if abs(fit.radius_px - radius) < room / 3.0 else None
