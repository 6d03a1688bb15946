"""The whole pattern of an image, with the calibrants there are: `calibtool.calibrate`."""

import functools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import ArrayLike, NDArray

from calibtool.errors import InputError
from calibtool.instruments.calibrants import Calibrant, calibrants, find_calibrant
from calibtool.model.image import Image
from calibtool.model.inputs import is_above_zero
from calibtool.model.pattern.calibrate import calibrate as calibrate_pattern
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.known import Known
from calibtool.model.pattern.lines import Lines
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.settings import USER, Settings
from calibtool.model.tilted_geometry import TiltedGeometry, from_beam

AUTO = "auto"
OWN = "own d-spacings"
ROUGH = 0.03
"""Relative σ of a distance that a header or a ruler says."""


def calibrate(
    data: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    calibrant: str | Sequence[float] = AUTO,
    wavelength_nm: float | None = None,
    pixel_size_mm: float | None = None,
    near: Any = None,
    tilt: bool = True,
    seed: int = 0,
    variance: NDArray[Any] | None = None,
) -> PatternFit:
    """Beam, distance, tilt and calibrant from all rings of an image, each with its σ.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Intensities.
    mask : array_like of bool, shape (H, W), optional
        True = ignore. None: judged from the values.
    calibrant : str or sequence of float
        ``"auto"`` to recognise it, a name or the path of a ``.D`` file, or d-spacings in nm.
    wavelength_nm, pixel_size_mm : float, optional
        Wavelength in nm and side of a pixel in mm, where they are known.
    near : (float, float, float), Geometry, TiltedGeometry or PatternFit, optional
        Where to begin: centre (x, y) and radius of a ring in index pixels, or a geometry.
    tilt : bool
        False holds the tilt of the detector at zero.
    seed : int
        Seed of random choices; the same seed gives the same numbers.
    variance : ndarray, shape (H, W), optional
        Variance of each pixel, where it is known.

    Returns
    -------
    PatternFit

    Raises
    ------
    RingNotFoundError
        There is no ring that could be trusted.
    InputError
        An argument cannot be used.
    """
    for name, value in (("wavelength_nm", wavelength_nm), ("pixel_size_mm", pixel_size_mm)):
        if value is not None and not is_above_zero(value, finite=True):
            raise InputError(f"{name} {value} cannot be used: give a number above 0.")
    known = Known(wavelength_nm, pixel_size_mm, chosen=chosen_lines(calibrant), tilt=tilt)
    return calibrate_pattern(
        data, mask=mask, catalogue=catalogue(), known=known, near=_start(near, pixel_size_mm),
        variance=variance, seed=seed,
    )  # fmt: skip


def pattern_of(image: Image, settings: Settings, near: Any = None) -> PatternFit:
    """The pattern of an image with what the settings know.

    Parameters
    ----------
    image : Image
        The image.
    settings : Settings
        Calibrant where it was chosen, instrument, fixed centre.
    near : (float, float, float), Geometry, TiltedGeometry or PatternFit, optional
        Where to begin.

    Raises
    ------
    RingNotFoundError
        There is no ring that could be trusted.
    FixedBeamError
        The rings contradict the fixed centre.
    """
    pixel, distance = settings.pixel_size.value, settings.distance.value
    known = Known(
        wavelength_nm=settings.wavelength.value,
        pixel_size_mm=pixel,
        distance_px=_rough(distance, pixel),
        chosen=_chosen(settings),
        ring=settings.ring if settings.ring_chosen else None,
        tilt=settings.tilt,
        beam_px=settings.fixed_xy,
        held=settings.held,
    )
    return calibrate_pattern(
        image.data, mask=image.mask, catalogue=catalogue(), known=known,
        near=_start(near, pixel), variance=image.variance, seed=settings.options.seed,
    )  # fmt: skip


def _rough(distance_mm: float | None, pixel_mm: float | None) -> tuple[float, float] | None:
    """A distance in px, and how far it may be off."""
    if distance_mm is None or pixel_mm is None:
        return None
    return distance_mm / pixel_mm, ROUGH * distance_mm / pixel_mm


def _chosen(settings: Settings) -> Lines | None:
    """The calibrant's lines, or the one free d-spacing, where the user chose them."""
    sigma = settings.d_relative_sigma or 1e-5
    d = settings.d_spacing
    if settings.calibrant and settings.calibrant_chosen:
        spacings = list(settings.d_spacings_nm)
        if d.source == USER and d.value is not None and settings.ring is not None:
            spacings[settings.ring - 1] = d.value
        return replace(lines_of_calibrant(find_calibrant(settings.calibrant)), d_nm=tuple(spacings))
    if not settings.calibrant and d.value is not None:
        return Lines(OWN, (d.value,), relative_sigma=(d.sigma or sigma * d.value) / d.value)
    return None


@functools.cache
def catalogue() -> tuple[Lines, ...]:
    """All calibrants as the recognition sees them."""
    return tuple(lines_of_calibrant(calibrant) for calibrant in calibrants())


def lines_of_calibrant(calibrant: Calibrant) -> Lines:
    """A calibrant as the recognition sees it."""
    sigma = calibrant.d_relative_sigma or 1e-5
    return Lines(calibrant.name, calibrant.d_nm, calibrant.strength, sigma)


def chosen_lines(calibrant: str | Sequence[float]) -> Lines | None:
    """The lines of a calibrant that is chosen, None where it is to be recognised."""
    if isinstance(calibrant, str):
        if calibrant.strip().lower() == AUTO:
            return None
        return lines_of_calibrant(find_calibrant(calibrant))
    spacings = sorted((float(d) for d in calibrant), reverse=True)
    if not spacings or not all(is_above_zero(d, finite=True) for d in spacings):
        raise InputError(
            f"The d-spacings {calibrant} cannot be used: give one or more numbers above 0, in nm."
        )
    return Lines(OWN, tuple(spacings))


def _start(near: Any, pixel_size_mm: float | None) -> Any:
    if isinstance(near, PatternFit):
        return near.geometry
    return geometry_of_tilted(near) if isinstance(near, TiltedGeometry) else near


def geometry_of_tilted(tilted: TiltedGeometry) -> Geometry:
    """The geometry of pyFAI's numbers, its lengths in pixels."""
    s_x, s_y = tilted.beam_direction
    distance = tilted.beam_distance_mm / tilted.pixel_size_x_mm
    return Geometry(tilted.center_x_px, tilted.center_y_px, distance, s_x, s_y)


def tilted_of_pattern(
    pattern: PatternFit, pixel_size_mm: float | None, wavelength_nm: float | None
) -> TiltedGeometry | None:
    """The pattern's geometry in the terms of pyFAI; None where the distance is not known."""
    if pattern.distance_mm is None or pixel_size_mm is None:
        return None
    s_x, s_y, _ = pattern.beam_direction
    return from_beam(
        pattern.beam_x_px,
        pattern.beam_y_px,
        distance_mm=pattern.distance_mm,
        pixel_size_mm=(pixel_size_mm, pixel_size_mm),
        tilt_deg=math.degrees(math.asin(min(1.0, math.hypot(s_x, s_y)))),
        tilt_azimuth_deg=math.degrees(math.atan2(s_y, s_x)),
        wavelength_nm=wavelength_nm,
    )
