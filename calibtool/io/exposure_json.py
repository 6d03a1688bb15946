"""The JSON form of an exposure, read back with care."""

import math
from collections.abc import Mapping
from typing import Any

from calibtool.model.exposure import COMBINATIONS, STEP_KINDS, Combine, Exposure, MaskStep, StepKind

FEWEST_NUMBERS: Mapping[StepKind, int] = {
    "rectangle": 4, "polygon": 6, "circle": 3, "wedge": 4, "brush": 3, "grow": 1,
}  # fmt: skip


def exposure_of(value: Any) -> Exposure:
    """An exposure from plain values.

    Raises
    ------
    TypeError, ValueError, KeyError, AttributeError
        The values are not those of an exposure.
    """
    frames = value.get("frames")
    return Exposure(
        frames=None if frames is None else _frames(frames),
        combine=_combine(value.get("combine", "mean")),
        files=tuple(_text(item) for item in value.get("files", ())),
        mask=tuple(_step(item) for item in value.get("mask", ())),
        dark=_text(value.get("dark", "")),
        flat=_text(value.get("flat", "")),
    )


def _frames(value: Any) -> tuple[int, int | None]:
    first, end = value
    return _whole(first), None if end is None else _whole(end)


def _step(value: Any) -> MaskStep:
    kind = next((kind for kind in STEP_KINDS if kind == value["kind"]), None)
    numbers = tuple(_number(item) for item in value.get("numbers", ()))
    path = _text(value.get("path", ""))
    if kind is None or len(numbers) < FEWEST_NUMBERS.get(kind, 0) or (kind == "file" and not path):
        raise ValueError("no step of a mask")
    odd = {"polygon": 0, "brush": 1}.get(kind)
    if odd is not None and len(numbers) % 2 != odd:
        raise ValueError("a place of a mask lacks a number")
    return MaskStep(kind, numbers, _truth(value.get("erase")), path, _truth(value.get("keeps")))


def _combine(value: Any) -> Combine:
    how = next((name for name in COMBINATIONS if name == value), None)
    if how is None:
        raise ValueError("no way to combine frames")
    return how


def _truth(value: Any) -> bool:
    if value not in (True, False, None):
        raise ValueError("neither true nor false")
    return bool(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("not a number of a frame")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("not a number")
    return float(value)
