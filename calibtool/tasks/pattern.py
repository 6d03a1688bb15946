"""The whole pattern of an image, with the calibrants there are: `calibtool.calibrate`."""

import functools
from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike, NDArray

from calibtool.errors import InputError
from calibtool.instruments.calibrants import Calibrant, calibrants, find_calibrant
from calibtool.model.inputs import is_above_zero
from calibtool.model.pattern.calibrate import Known
from calibtool.model.pattern.calibrate import calibrate as calibrate_pattern
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.lines import Lines
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.tilted_geometry import TiltedGeometry

AUTO = "auto"
OWN = "own d-spacings"


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
    near : (float, float, float), Geometry or TiltedGeometry, optional
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
    known = Known(wavelength_nm, pixel_size_mm, chosen_lines(calibrant), tilt)
    return calibrate_pattern(
        data, mask=mask, catalogue=catalogue(), known=known, near=_start(near, pixel_size_mm),
        variance=variance, seed=seed,
    )  # fmt: skip


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
    if not isinstance(near, TiltedGeometry):
        return near
    return geometry_of_tilted(near)


def geometry_of_tilted(tilted: TiltedGeometry) -> Geometry:
    """The geometry of pyFAI's numbers, its lengths in pixels."""
    import math

    c2 = math.cos(tilted.rot2_rad)
    s_x = -math.sin(tilted.rot1_rad) * c2
    s_y = math.sin(tilted.rot2_rad)
    return Geometry(
        tilted.center_x_px, tilted.center_y_px, tilted.beam_distance_mm / tilted.pixel_size_x_mm, s_x, s_y
    )
