"""Numbers of Fit2D: beam centre, distance and tilt as it, pyFAI or this program prints them.

Fit2D counts from the corner of the first pixel. Its tilt plane rotation is the azimuth, from
the columns towards the rows, towards which the beam leans (A. P. Hammersley et al., High
Pressure Research 14 (1996) 235).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from calibtool.errors import InputError
from calibtool.io.calibration_data import CalibrationData, with_place
from calibtool.model.tilted_geometry import from_beam

_NUMBER = r"([-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?)"
_CENTRE = r"cent(?:re|er)"
_LINES: Mapping[str, re.Pattern[str]] = {
    name: re.compile("|".join(patterns).replace("#", _NUMBER), re.IGNORECASE)
    for name, patterns in {
        "pixels": (
            rf"beam {_CENTRE} *= *# +# *\(pixels\)",
            rf"beam {_CENTRE} x *= *# *pixels?, *y *= *# *pixels?",
            rf"{_CENTRE}: *x *= *#, *y *= *# *pix",
        ),
        "millimetres": (rf"beam {_CENTRE} *= *# +# *\(mm\)",),
        "distance": (r"(?:sample to detector distance|DirectBeamDist) *= *# *mm",),
        "wavelength": (r"wavelength *= *# *(angstroms?|Å|m\b)",),
        "rotation": (r"(?:tilt plane rotation(?: angle)?|tiltPlanRotation) *= *# *(?:deg|°)",),
        "tilt": (r"tilt(?: angle)? *= *# *(?:deg|°)",),
        "pixel_size": (r"pixel ?size *= *#(?:, *#)? *(microns?|µm|um|m\b)",),
    }.items()
}
_MICRONS_MM, _METRES_MM = 1e-3, 1e3
_ANGSTROM_NM, _METRES_NM = 0.1, 1e9
_SQUARE = 1e-4
"""Sides that differ by no more than the rounding of what is printed."""
_FARTHEST_MM, _LARGEST_PIXEL_MM, _STEEPEST_DEG = 1e6, 10.0, 88.0


def is_fit2d(text: str) -> bool:
    """Whether a text has a beam centre in pixels and a distance as Fit2D prints them."""
    return all(_LINES[name].search(text) for name in ("pixels", "distance"))


def parse_fit2d(text: str, name: str) -> CalibrationData:
    """Read the last of the calibrations that the text of a file ``name`` has.

    Raises
    ------
    InputError
        Naming the file and what is wrong with it.
    """
    found = {key: list(pattern.finditer(text)) for key, pattern in _LINES.items()}
    last = {
        key: tuple(group for group in matches[-1].groups() if group is not None)
        for key, matches in found.items()
        if matches
    }
    x, y = (_number(word) for word in last["pixels"][:2])
    distance = _number(last["distance"][0])
    tilt = _number(last.get("tilt", ("0",))[0])
    if not (0.0 < distance <= _FARTHEST_MM and abs(tilt) <= _STEEPEST_DEG):
        raise InputError(
            f"{name} has the distance {distance:g} mm and the tilt {tilt:g}°, which no detector "
            "has; correct it in the file or calibrate anew."
        )
    wavelength = _wavelength_nm(last.get("wavelength"))
    pixel = _pixel_size_mm(last, (x, y), name)
    place = from_beam(
        x - 0.5,
        y - 0.5,
        distance_mm=distance,
        pixel_size_mm=pixel,
        tilt_deg=tilt,
        tilt_azimuth_deg=_number(last.get("rotation", ("0",))[0]),
        wavelength_nm=wavelength,
    )
    names = ("center_x_px", "center_y_px", "distance_mm", "pixel_size_mm", "wavelength_nm")
    sources = MappingProxyType(dict.fromkeys(names, "Fit2D numbers"))
    return with_place(CalibrationData(sources=sources), place)


def _pixel_size_mm(
    last: Mapping[str, tuple[str, ...]], center: tuple[float, float], name: str
) -> tuple[float, float]:
    """Side of a pixel in x and y, as said, or from the centre in pixels and in mm."""
    if "pixel_size" in last:
        *words, unit = last["pixel_size"]
        factor = _METRES_MM if unit == "m" else _MICRONS_MM
        # pyFAI has the rows first.
        sizes = [_number(words[-1]) * factor, _number(words[0]) * factor]
    elif "millimetres" in last and all(center):
        lengths = [_number(word) for word in last["millimetres"]]
        sizes = [length / pixels for length, pixels in zip(lengths, center, strict=True)]
    else:
        raise InputError(
            f"{name} has the beam centre in pixels and no pixel size; add a line like "
            "'Pixel size = 172 microns'."
        )
    if not all(0.0 < size <= _LARGEST_PIXEL_MM for size in sizes):
        raise InputError(f"{name} says no pixel size that a detector can have; correct it.")
    if abs(sizes[0] / sizes[1] - 1.0) < _SQUARE:
        sizes = [sum(sizes) / 2.0] * 2
    return _tidy(sizes[0]), _tidy(sizes[1])


def _wavelength_nm(groups: tuple[str, ...] | None) -> float | None:
    if groups is None:
        return None
    value = _number(groups[0])
    value *= _METRES_NM if groups[1].lower() == "m" else _ANGSTROM_NM
    return float(f"{value:.12g}") if value > 0.0 else None


def _number(word: str) -> float:
    return float(word.replace(",", "."))


def _tidy(length: float) -> float:
    return float(f"{length:.12g}")
