"""One row of the table of a series, and its text form."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

Key = tuple[str, int]
"""File and frame (from 0)."""


@dataclass(frozen=True)
class SeriesRow:
    """One frame: what was found, or why nothing was.

    ``status`` is ``"ok"`` or ``"failed"``; ``message`` the reason, or how an unusual answer
    came about. ``center_source`` is ``"found"`` or ``"fixed"``. ``d_nm`` is the d-spacing that
    the ring's radius means at the calibration's scale; ``dx_px``, ``dy_px``, ``dradius_px``
    are this frame minus the calibration. ``warnings`` are codes. ``distance_mm`` is the one that
    the ring's radius means, or with ``tilt_deg`` that of all rings. None where not known.
    """

    file: str
    frame: int
    status: str
    message: str = ""
    center_x_px: float | None = None
    center_y_px: float | None = None
    center_source: str = ""
    sigma_center_x_px: float | None = None
    sigma_center_y_px: float | None = None
    radius_px: float | None = None
    sigma_radius_px: float | None = None
    d_nm: float | None = None
    dx_px: float | None = None
    dy_px: float | None = None
    dradius_px: float | None = None
    coverage: float | None = None
    warnings: tuple[str, ...] = ()
    distance_mm: float | None = None
    sigma_distance_mm: float | None = None
    tilt_deg: float | None = None
    sigma_tilt_deg: float | None = None

    @property
    def key(self) -> Key:
        """File and frame."""
        return self.file, self.frame

    @property
    def ok(self) -> bool:
        """Whether the frame has an answer."""
        return self.status == "ok"


COLUMNS = tuple(field.name for field in fields(SeriesRow))
NUMBERS = {
    "center_x_px": 5,
    "center_y_px": 5,
    "sigma_center_x_px": 5,
    "sigma_center_y_px": 5,
    "radius_px": 5,
    "sigma_radius_px": 5,
    "d_nm": 7,
    "dx_px": 5,
    "dy_px": 5,
    "dradius_px": 5,
    "coverage": 4,
    "distance_mm": 5,
    "sigma_distance_mm": 5,
    "tilt_deg": 5,
    "sigma_tilt_deg": 5,
}
"""Decimals of each number in the table."""


def failed(file: str, frame: int, reason: object) -> SeriesRow:
    """Row of a frame without an answer, with the reason in one line."""
    return SeriesRow(file, frame, "failed", " ".join(str(reason).split()))


def to_texts(row: SeriesRow) -> tuple[str, ...]:
    """Cells of a row, in the order of ``COLUMNS``; empty where nothing is known."""
    return tuple(_text(name, getattr(row, name)) for name in COLUMNS)


def from_texts(texts: Sequence[str]) -> SeriesRow:
    """Return the row that `to_texts` has made these cells of.

    Raises
    ------
    ValueError
        These are not the cells of a row.
    """
    values: dict[str, Any] = dict(zip(COLUMNS, texts, strict=True))
    values["frame"] = int(values["frame"])
    values["warnings"] = tuple(code for code in values["warnings"].split(";") if code)
    for name in NUMBERS:
        values[name] = float(values[name]) if values[name] else None
    if values["status"] not in ("ok", "failed"):
        raise ValueError(f"no such status: {values['status']}")
    return SeriesRow(**values)


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "warnings":
        return ";".join(value)
    return f"{value:.{NUMBERS[name]}f}" if name in NUMBERS else str(value)
