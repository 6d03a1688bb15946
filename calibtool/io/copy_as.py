"""A calibration as text for the clipboard, in the terms of other programs."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.poni import poni_text
from calibtool.model.tilted_geometry import TiltedGeometry


def copy_as(calibration: Calibration, name: str) -> str:
    """Text in the terms of one of ``COPY_AS``.

    Parameters
    ----------
    calibration : Calibration
        The calibration.
    name : str
        ``"pyfai"``, ``"fit2d"``, ``"musclex"`` or ``"plain"``.

    Raises
    ------
    InputError
        Where something that the other program needs is not known.
    """
    return COPY_AS[name](calibration)


def _fit2d(calibration: Calibration) -> str:
    """Fit2D counts pixels from the corner of the first one, its wavelength is in Å."""
    x, y = _center(calibration)
    lines = [f"Beam centre X = {x + 0.5:.4f} pixels, Y = {y + 0.5:.4f} pixels"]
    distance = calibration.distance_mm
    if calibration.geometry is not None:
        place = calibration.geometry
        distance = place.beam_distance_mm
        lines = [
            f"Beam centre X = {place.center_x_px + 0.5:.4f} pixels, "
            f"Y = {place.center_y_px + 0.5:.4f} pixels",
            f"Tilt plane rotation angle = {_azimuth_deg(place):.4f} degrees",
            f"Tilt angle = {place.tilt_deg:.4f} degrees",
        ]
    if distance is not None:
        lines.append(f"Sample to detector distance = {distance:.4f} mm")
    if calibration.pixel_size_mm is not None:
        lines.append(f"Pixel size = {calibration.pixel_size_mm * 1e3:.4f} microns")
    if calibration.wavelength_nm is not None:
        lines.append(f"Wavelength = {calibration.wavelength_nm * 10:.6f} angstroms")
    return "\n".join(lines) + "\n"


def _azimuth_deg(place: TiltedGeometry) -> float:
    """Towards which the beam leans, from the columns towards the rows."""
    s_x, s_y = place.beam_direction
    return math.degrees(math.atan2(s_y, s_x))


def _musclex(calibration: Calibration) -> str:
    """Names and units of MuscleX's Calibration Settings."""
    x, y = _center(calibration)
    rows = {
        "Center X": (x, ".4f", "px"),
        "Center Y": (y, ".4f", "px"),
        "Radius": (calibration.radius_px, ".4f", "px"),
        "d-spacing": (calibration.d_spacing_nm, ".5f", "nm"),
        "Scale": (calibration.scale_nm_px, ".4f", "nm px"),
        "Lambda": (calibration.wavelength_nm, ".8f", "nm"),
        "S_dd": (calibration.distance_mm, ".4f", "mm"),
        "Pixel size": (calibration.pixel_size_mm, ".6f", "mm"),
    }
    lines = [f"{k}: {v:{form}} {unit}" for k, (v, form, unit) in rows.items() if v is not None]
    return "\n".join(lines) + "\n"


def _plain(calibration: Calibration) -> str:
    """One value on a line, name and unit first, separated by a tabulator for spreadsheets."""
    plain = calibration.to_json_dict()
    numbers = [
        f"{key}\t{value!r}"
        for key, value in plain.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool) and key != "version"
    ]
    texts = [f"{key}\t{plain[key]}" for key in ("image", "calibrant", "detector") if plain[key]]
    return "\n".join([*texts, *numbers]) + "\n"


def _center(calibration: Calibration) -> tuple[float, float]:
    if calibration.beam is None:
        raise InputError("There is no centre yet to be copied; find or fit a ring first.")
    return calibration.beam


COPY_AS: Mapping[str, Callable[[Calibration], str]] = MappingProxyType(
    {"pyfai": poni_text, "fit2d": _fit2d, "musclex": _musclex, "plain": _plain}
)
"""What a calibration can be copied as, by name."""
