"""Start from an old calibration: look for the pattern where it says, and say how far it moved."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from calibtool.errors import FitError, InputError, RingNotFoundError
from calibtool.io.calibration import Calibration
from calibtool.model.circle import Circle
from calibtool.model.image import Image
from calibtool.model.points.algebraic import hyper_fit
from calibtool.model.results import Moved, RingFit
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.settings import Settings
from calibtool.model.state.session import Result
from calibtool.model.tilted_geometry import TiltedGeometry
from calibtool.tasks.calibrate import find

Near = tuple[float, float, float]

TRIED = 3
"""Rings looked for; those of which most lies on the image come first."""

LEAST_VISIBLE = 0.1
N_AZIMUTH = 360
SMALLEST_PX = 4.0

FAR_PX = 100.0
"""A pattern farther off is hardly the one of the calibration."""

FAR_WIDTHS = 8.0
"""A ring within so many of its widths of where it was is found there."""


@dataclass(frozen=True)
class Predicted:
    """A ring of the calibrant, from 1, as a circle where the calibration puts it.

    ``visible`` is the share of its azimuth on the image.
    """

    ring: int | None
    circle: Circle
    visible: float


def find_from(
    image: Image, settings: Settings, calibration: Calibration
) -> tuple[Result, tuple[str, ...]]:
    """Find and fit the ring of an image, first where a calibration says that it is.

    Parameters
    ----------
    image : Image
        The image.
    settings : Settings
        Calibrant, instrument, fixed centre.
    calibration : Calibration
        What was measured earlier, on an image of this size.

    Returns
    -------
    Result
        The ring; ``moved`` says how far it is from where it was.
    tuple of str
        What the user should know of it.

    Raises
    ------
    RingNotFoundError
        No ring that could be trusted, there or anywhere.
    InputError
        The calibration does not say where a ring is, or is for images of another size.
    """
    rows, columns = image.data.shape
    known = calibration.on_image((rows, columns))
    try:
        result = find(image, settings, near=_near(known))
    except RingNotFoundError:
        result = find(image, replace(settings, held=frozenset()))
    moved = _moved(known, result)
    if moved is None or math.hypot(moved.dx_px, moved.dy_px) < FAR_PX:
        return replace(result, moved=moved), ()
    text = (
        f"The pattern lies {math.hypot(moved.dx_px, moved.dy_px):.0f} px from where the "
        "calibration puts it; check that image and calibration belong together."
    )
    return replace(result, moved=moved), (text,)


def _near(calibration: Calibration) -> TiltedGeometry | Near:
    """Where to begin: the detector's position, or the ring where that is not known.

    Raises
    ------
    InputError
        The calibration says neither.
    """
    own = _own_ring(calibration)
    try:
        return calibration.position
    except InputError:
        if own is None:
            raise
        return own.center_x_px, own.center_y_px, own.radius_px


def _moved(calibration: Calibration, result: Result) -> Moved | None:
    """How far the beam is from where the calibration has it."""
    x, y = calibration.beam_x_px, calibration.beam_y_px
    if x is None or y is None:
        x, y = calibration.center_x_px, calibration.center_y_px
    if x is None or y is None or result.center_source == "fixed":
        return None
    sigma_x = calibration.sigma_beam_x_px or calibration.sigma_center_x_px or 0.0
    sigma_y = calibration.sigma_beam_y_px or calibration.sigma_center_y_px or 0.0
    return Moved(
        dx_px=result.beam[0] - x,
        dy_px=result.beam[1] - y,
        sigma_x_px=math.hypot(result.sigma_beam[0], sigma_x),
        sigma_y_px=math.hypot(result.sigma_beam[1], sigma_y),
    )


def predicted_rings(
    calibration: Calibration, settings: Settings, shape: tuple[int, int]
) -> tuple[Predicted, ...]:
    """Rings that a calibration puts on an image, those that show most first.

    Raises
    ------
    InputError
        The calibration does not say where a ring is.
    """
    own = _own_ring(calibration)
    if own is not None:
        return (Predicted(settings.ring, own, 1.0),)
    wavelength = settings.wavelength.value
    if wavelength is None:
        raise InputError(
            "The calibration says no wavelength, so that nothing is known of the rings: give it "
            "with --wavelength or --energy."
        )
    if not settings.d_spacings_nm:
        raise InputError("Which calibrant? Give it with --calibrant.")
    place = calibration.position
    found = []
    for ring, d in enumerate(settings.d_spacings_nm, 1):
        predicted = _predicted(place, ring, wavelength / (2.0 * d), shape)
        if predicted is not None:
            found.append(predicted)
    # Of rings that lie all on the image the inner ones are the brighter in general.
    found.sort(key=lambda ring: (-round(ring.visible, 1), ring.ring))
    return tuple(found[:TRIED])


def _own_ring(calibration: Calibration) -> Circle | None:
    x, y, radius = calibration.center_x_px, calibration.center_y_px, calibration.radius_px
    return None if x is None or y is None or radius is None else Circle(x, y, radius)


def _predicted(
    place: TiltedGeometry, ring: int, sin_theta: float, shape: tuple[int, int]
) -> Predicted | None:
    """Circle through what the image shows of a ring; None where it shows too little of it."""
    if not 0.0 < sin_theta < math.sqrt(0.5):
        return None
    azimuth = np.linspace(0.0, 2.0 * np.pi, N_AZIMUTH, endpoint=False)
    x, y = place.ring(2.0 * math.asin(sin_theta), azimuth)
    inside = (x >= 0) & (y >= 0) & (x <= shape[1] - 1) & (y <= shape[0] - 1)
    visible = float(inside.mean())
    if visible < LEAST_VISIBLE:
        return None
    try:
        circle = hyper_fit(np.column_stack([x[inside], y[inside]]))
    except FitError:
        return None
    return None if circle.radius_px < SMALLEST_PX else Predicted(ring, circle, visible)


def clearest_ring(
    image: Image, predicted: tuple[Predicted, ...]
) -> tuple[Predicted, RingFit] | None:
    """Return the clearest of the rings that are where they were, and its fit."""
    best = max(_seen(image, predicted), key=lambda seen: seen[0], default=None)
    return None if best is None else best[1:]


def _seen(
    image: Image, predicted: tuple[Predicted, ...]
) -> Iterator[tuple[float, Predicted, RingFit]]:
    for known in predicted:
        try:
            fit = refine_ring(
                image.data, known.circle, mask=image.mask, variance=image.variance
            )
        except RingNotFoundError:
            continue
        apart = math.hypot(
            fit.center_x_px - known.circle.center_x_px, fit.center_y_px - known.circle.center_y_px
        )
        off = max(apart, abs(fit.radius_px - known.circle.radius_px))
        if off <= FAR_WIDTHS * fit.width_px:
            yield fit.snr * math.sqrt(fit.coverage), known, fit
