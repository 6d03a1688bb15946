"""Wavelength, distance, pixel size, centre and detector from the header of an image.

Headers count the beam centre from the corner of the first pixel (ESRF says so for EDF;
Dectris, MarCCD, mar345 and NeXus leave it open and programs read them so): half a pixel is
taken off to get index pixels, where an integer is the centre of a pixel.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from calibtool.io import header_rules as rules
from calibtool.io.header_rules import Rule
from calibtool.model.header_geometry import HeaderGeometry
from calibtool.model.image import Image
from calibtool.model.scale import wavelength_nm

_CBF_TEXT = "_array_data.header_contents"
_TIFF_TEXT = "imagedescription"
_UNSET = " (may be the camera's default: its beam centre was never set)"
_SPATIAL = "spatial_distortion_info"
# Keys, in lower case, that tell whose header it is.
_SIGNS: tuple[tuple[set[str], tuple[Rule, ...]], ...] = (
    ({"pixel_size", "count_cutoff"}, rules.DECTRIS),
    ({"pixel_size", "exposure_time"}, rules.DECTRIS),
    ({"pixelsize_x", "source_wavelength"}, rules.MARCCD),
    ({"pixellength"}, rules.MAR345),
    ({"header_bytes"}, rules.ADSC),
    ({"wavelen", "distanc"}, rules.BRUKER),
)


def read_geometry(image: Image) -> HeaderGeometry:
    """Numbers of the instrument out of the header of an image.

    Parameters
    ----------
    image : Image
        An image with the header its file has.

    Returns
    -------
    HeaderGeometry
        What is there and credible, each with its source.
    """
    header, table = _family(image.header)
    found: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for rule in table:
        if rule.field not in found:
            _apply(rule, header, found, sources)
    _energy_to_wavelength(found, sources)
    _center(found, sources)
    if table is rules.DECTRIS and _beam_is_unset(header):
        for name in {"wavelength_nm", "distance_mm"} & set(sources):
            sources[name] += _UNSET
    return HeaderGeometry(**found, sources=MappingProxyType(sources))


def _beam_is_unset(header: Mapping[str, str]) -> bool:
    """Whether nobody told the camera where the beam is, so that the rest is doubtful too."""
    text = next((value for key, value in header.items() if key.lower() == "beam_xy"), "")
    numbers = [float(number) for number in rules.NUMBER.findall(text)]
    return len(numbers) > 1 and not any(numbers[:2])


def _family(header: Mapping[str, str]) -> tuple[Mapping[str, str], tuple[Rule, ...]]:
    """The header with plain keys, and the rules that belong to it."""
    lower = {key.lower() for key in header}
    text = next((v for k, v in header.items() if k.lower() in (_CBF_TEXT, _TIFF_TEXT)), "")
    if "# " in text:
        return _dectris_lines(text), rules.DECTRIS
    if any(key.startswith("/") for key in header):
        return header, rules.NEXUS
    return header, next((table for signs, table in _SIGNS if signs <= lower), rules.EDF)


def _dectris_lines(text: str) -> dict[str, str]:
    """``# Key value``, ``# Key: value`` and ``# Key = value``, one a line."""
    lines: dict[str, str] = {}
    for line in text.splitlines():
        words = line.strip().removeprefix("#").strip().split(maxsplit=1)
        if len(words) == 2:
            lines[words[0].rstrip(":=,")] = words[1].lstrip(":=, ")
    return lines


def _apply(
    rule: Rule, header: Mapping[str, str], found: dict[str, Any], sources: dict[str, str]
) -> None:
    for key, text in header.items():
        if not _matches(key, rule.key):
            continue
        value: Any = text if rule.field == "detector" else _number(rule, text)
        if value is None or not str(value).strip():
            continue
        found[rule.field] = value
        shown = " ".join(text.split())[:80]
        sources[rule.field] = f"file header: {key} {shown}"
        return


def _matches(key: str, wanted: str) -> bool:
    key, wanted = key.lower(), wanted.lower()
    if "/" in wanted:
        return key.endswith(wanted)
    # d*TREK puts the detector's own prefix before this key.
    return key == wanted or (wanted == _SPATIAL and key.endswith(_SPATIAL))


def _number(rule: Rule, text: str) -> float | None:
    """The rule's number in the program's unit, or None where it is not credible."""
    numbers = rules.NUMBER_AND_UNIT.findall(text)
    if rule.index >= len(numbers):
        return None
    digits, unit = numbers[rule.index]
    factors = _factors(rule.field)
    unit = rules.UNIT_NAMES.get(unit.lower(), unit.lower())
    low, high = rules.CREDIBLE[rule.field]
    for candidate in (unit,) if unit in factors else rule.units:
        value = float(digits) * rule.factor * factors.get(candidate, 1.0)
        if math.isfinite(value) and low <= value <= high:
            return float(f"{value:.12g}")
    return None


def _factors(field: str) -> Mapping[str, float]:
    if field == "wavelength_nm":
        return rules.TO_NM
    if field == "energy_kev":
        return rules.TO_KEV
    if field == "exposure_s":
        return rules.TO_S
    return rules.TO_MM if field.endswith("_mm") else {}


def _energy_to_wavelength(found: dict[str, Any], sources: dict[str, str]) -> None:
    energy, source = found.pop("energy_kev", None), sources.pop("energy_kev", "")
    if energy is not None and "wavelength_nm" not in found:
        found["wavelength_nm"] = wavelength_nm(energy)
        sources["wavelength_nm"] = source


def _center(found: dict[str, Any], sources: dict[str, str]) -> None:
    """The centre in index pixels; neither half of it alone, nor the placeholder (0, 0)."""
    for axis in "xy":
        length, source = found.pop(f"center_{axis}_mm", None), sources.pop(f"center_{axis}_mm", "")
        pixel = found.get(f"pixel_size_{axis}_mm")
        if length is not None and pixel is not None and f"center_{axis}_px" not in found:
            found[f"center_{axis}_px"] = length / pixel
            sources[f"center_{axis}_px"] = source
    x, y = found.pop("center_x_px", None), found.pop("center_y_px", None)
    if x is None or y is None or (x == 0.0 and y == 0.0):
        sources.pop("center_x_px", None)
        sources.pop("center_y_px", None)
        return
    found["center_x_px"], found["center_y_px"] = x - 0.5, y - 0.5
