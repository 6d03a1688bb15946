"""The JSON form of a calibration, the same for files and for ``--json``."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from calibtool import __version__
from calibtool.errors import InputError
from calibtool.io.calibration_data import CalibrationData
from calibtool.io.plain import UNUSABLE, field_types, from_plain, to_plain
from calibtool.model.exposure import Exposure, MaskStep, StepKind

FORMAT = "calibtool-calibration"
VERSION = 1

_COUNTS = ("n_points", "n_outliers")
_HEAD = ("format", "version", *_COUNTS)
_ABOVE_ZERO = frozenset(
    {"radius_px", "d_spacing_nm", "wavelength_nm", "pixel_size_mm", "distance_mm", "scale_nm_px"}
)
_FEWEST_NUMBERS: Mapping[StepKind, int] = {
    "rectangle": 4, "polygon": 6, "circle": 3, "wedge": 4, "brush": 3, "grow": 1,
}  # fmt: skip
_PAIRS_AFTER = {"polygon": 0, "brush": 1}
"""Steps that end in any number of places, and how many numbers stand before these."""


def to_json_dict(calibration: CalibrationData) -> dict[str, Any]:
    """Plain values by name, in the order of the dataclass; NaN and infinity become None."""
    plain: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    for item in dataclasses.fields(calibration):
        if item.name == "points":
            plain.update({name: getattr(calibration, name) for name in _COUNTS})
        if item.name != "notes":
            plain[item.name] = to_plain(getattr(calibration, item.name))
    plain["program_version"] = calibration.program_version or __version__
    return plain


def dump(calibration: CalibrationData) -> str:
    """Text of the file."""
    plain = to_json_dict(calibration)
    text = json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:
        # The name of a file may hold bytes that are no text.
        return json.dumps(plain, indent=1, allow_nan=False) + "\n"
    return text


def parse(text: str, name: str) -> CalibrationData:
    """A calibration from the text of a file.

    Parameters
    ----------
    text : str
        JSON.
    name : str
        Name of the file, for messages.

    Raises
    ------
    InputError
        Where the text is damaged or something else.
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{name} is not a calibration, or it is damaged (not JSON: {error}); choose another "
            "file."
        ) from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise InputError(f"{name} is not a calibration of calibtool; choose another file.")
    fields = {item.name for item in dataclasses.fields(CalibrationData)} - {"notes"}
    values: dict[str, Any] = {}
    for key in (name for name in plain if name in fields):
        try:
            values[key] = _value(key, plain[key])
        except UNUSABLE as error:
            raise InputError(
                f"{name} is a damaged calibration: the entry {key!r} cannot be used "
                f"({_short(plain[key])}); choose another file or save it again."
            ) from error
    unknown = sorted(set(plain) - fields - set(_HEAD))
    return CalibrationData(**values, notes=_notes(name, plain.get("version"), unknown))


def _notes(name: str, version: Any, unknown: list[str]) -> tuple[str, ...]:
    if not unknown and version == VERSION:
        return ()
    left_out = f" These entries are unknown and were left out: {', '.join(unknown)}."
    newer = isinstance(version, int) and version > VERSION
    origin = "was written by a newer calibtool" if newer else "holds more than this program knows"
    return (f"{name} {origin}.{left_out if unknown else ''}",)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:40] + "…"


def _value(key: str, plain: Any) -> Any:
    """Value of an entry, of its type and one that it can have."""
    if key == "points":
        # A point that was never clicked was clicked where it is.
        plain = [{"clicked_x": item["x"], "clicked_y": item["y"], **item} for item in plain]
    value = from_plain(field_types(CalibrationData)[key], plain)
    rings = [ring.index for ring in value] if key == "rings" else [value if key == "ring" else None]
    if not all(ring is None or ring >= 1 for ring in rings):
        raise ValueError("rings count from 1")
    if key in _ABOVE_ZERO and value is not None and value <= 0.0:
        raise ValueError("not above zero")
    if key == "orientation" and value not in (None, 1, 2, 4):
        raise ValueError("not an orientation")
    if key == "exposure":
        _check_exposure(value)
    return value


def _check_exposure(exposure: Exposure) -> None:
    if min((number for number in exposure.frames or () if number is not None), default=0) < 0:
        raise ValueError("not a number of a frame")
    for step in exposure.mask:
        _check_step(step)


def _check_step(step: MaskStep) -> None:
    few = len(step.numbers) < _FEWEST_NUMBERS.get(step.kind, 0)
    if few or (step.kind == "file" and not step.path):
        raise ValueError("no step of a mask")
    if step.kind in _PAIRS_AFTER and len(step.numbers) % 2 != _PAIRS_AFTER[step.kind]:
        raise ValueError("a place of a mask lacks a number")
