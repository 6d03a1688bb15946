"""The JSON form of a calibration, the same for files and for ``--json``."""

import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from calibtool import __version__
from calibtool.errors import InputError
from calibtool.io.calibration_data import CalibrationData, SavedPoint, SavedRing
from calibtool.io.exposure_json import exposure_of
from calibtool.model.results import FitWarning, Moved
from calibtool.model.tilted_geometry import TiltedGeometry

FORMAT = "calibtool-calibration"
VERSION = 1

_COUNTS = ("n_points", "n_outliers")
_HEAD = ("format", "version", *_COUNTS)


def to_json_dict(calibration: CalibrationData) -> dict[str, Any]:
    """Plain values by name, in the order of the dataclass; NaN and infinity become None."""
    plain: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    for item in dataclasses.fields(calibration):
        if item.name == "points":
            plain.update({name: getattr(calibration, name) for name in _COUNTS})
        if item.name != "notes":
            plain[item.name] = _plain(getattr(calibration, item.name))
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


def _plain(value: Any) -> Any:
    if isinstance(value, float) or hasattr(value, "dtype"):
        return _plain_number(value)
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value


def _plain_number(value: Any) -> Any:
    """A float, or a numpy scalar or array as plain numbers."""
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return value if math.isfinite(value) else None


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
    try:
        values: dict[str, Any] = {key: _value(key, plain[key]) for key in plain if key in fields}
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise InputError(
            f"{name} is a damaged calibration: {error}; choose another file or save it again."
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


def _value(key: str, value: Any) -> Any:
    reader: Callable[[Any], Any] = _READERS.get(key, _number)
    if value is None and key not in _NEVER_NULL:
        return None
    try:
        return reader(value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise ValueError(f"the entry {key!r} cannot be used ({_short(value)})") from error


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:40] + "…"


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("not a number")
    return float(value)


def _positive(value: Any) -> float:
    number = _number(value)
    if number <= 0.0:
        raise ValueError("not above zero")
    return number


def _ring(value: Any) -> int:
    ring = _integer(value)
    if ring < 1:
        raise ValueError("rings count from 1")
    return ring


def _optional(value: Any) -> float | None:
    return None if value is None else _number(value)


def _orientation(value: Any) -> int:
    if _integer(value) not in (1, 2, 4):
        raise ValueError("not an orientation")
    return int(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _shape(value: Any) -> tuple[int, int]:
    rows, columns = value
    return _integer(rows), _integer(columns)


def _points(value: Any) -> tuple[SavedPoint, ...]:
    return tuple(
        SavedPoint(
            x=_number(point["x"]),
            y=_number(point["y"]),
            clicked_x=_number(point.get("clicked_x", point["x"])),
            clicked_y=_number(point.get("clicked_y", point["y"])),
            residual_px=_optional(point.get("residual_px")),
            outlier=_truth(point.get("outlier", False)),
            refined=_truth(point.get("refined", False)),
        )
        for point in value
    )


def _geometry(value: Any) -> TiltedGeometry:
    names = {item.name for item in dataclasses.fields(TiltedGeometry)}
    numbers = {key: _number(value[key]) for key in names & set(value) if value[key] is not None}
    return TiltedGeometry(**numbers)


def _rings(value: Any) -> tuple[SavedRing, ...]:
    numbers = ("radius_px", "sigma_radius_px", "coverage", "residual_px")
    return tuple(
        SavedRing(
            index=None if ring.get("index") is None else _ring(ring["index"]),
            d_nm=_optional(ring.get("d_nm")),
            **{name: _number(ring[name]) for name in numbers},
        )
        for ring in value
    )


def _numbers(value: Any) -> tuple[float, ...]:
    return tuple(_number(item) for item in value)


def _matrix(value: Any) -> tuple[tuple[float, ...], ...]:
    return tuple(_numbers(row) for row in value)


def _names(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in value)


def _moved(value: Any) -> Moved:
    names = ("dx_px", "dy_px", "sigma_x_px", "sigma_y_px")
    return Moved(**{name: _number(value[name]) for name in names})


def _warnings(value: Any) -> tuple[FitWarning, ...]:
    return tuple(FitWarning(_text(item["code"]), _text(item["message"])) for item in value)


def _texts(value: Any) -> Mapping[str, str]:
    return MappingProxyType({_text(key): _text(item) for key, item in value.items()})


def _counts(value: Any) -> Mapping[str, int]:
    return MappingProxyType({_text(key): _integer(item) for key, item in value.items()})


def _options(value: Any) -> Mapping[str, Any]:
    return MappingProxyType(dict(value))


_NEVER_NULL = frozenset(
    {
        "frame", "points", "fixed_center", "options", "exposure", "masked", "sources", "warnings",
        "covariance", "parameters", "calibrant_candidates", "certain", "rings", "unexplained_px",
    }
)  # fmt: skip
_READERS: dict[str, Callable[[Any], Any]] = {
    "image": _text,
    "frame": _integer,
    "shape": _shape,
    "image_sha256": _text,
    "points": _points,
    "calibrant": _text,
    "ring": _ring,
    "radius_px": _positive,
    "d_spacing_nm": _positive,
    "wavelength_nm": _positive,
    "pixel_size_mm": _positive,
    "distance_mm": _positive,
    "scale_nm_px": _positive,
    "detector": _text,
    "fixed_center": _truth,
    "beam_direction": _numbers,
    "covariance": _matrix,
    "parameters": _names,
    "calibrant_candidates": _names,
    "certain": _truth,
    "rings": _rings,
    "unexplained_px": _numbers,
    "moved": _moved,
    "geometry": _geometry,
    "orientation": _orientation,
    "options": _options,
    "exposure": exposure_of,
    "masked": _counts,
    "sources": _texts,
    "warnings": _warnings,
    "verdict": _text,
    "program_version": _text,
}
