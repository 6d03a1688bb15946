"""What a report shows: plain values, texts ready to be printed."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, Circle, FloatArray
from calibtool.scene import Curve, PointMark, ResultRow, RingMark

Level = Literal["none", "good", "fair", "poor"]


def _nothing() -> FloatArray:
    return np.empty(0)


@dataclass(frozen=True)
class Origin:
    """What the report is about and who made it: a heading and lines below it."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ReportContent:
    """One calibration.

    ``data`` and ``mask`` have shape (H, W), mask True = ignored. ``circle`` is the result in
    index pixels, ``orders`` the other rings of the calibrant as predicted. The sectors of the
    whole ring are arrays of shape (K,): azimuth in degrees, residual and σ in px. The radial
    profile (B,) is in px and counts. ``rings`` are (label, radius in px) to mark in it.
    ``drift`` is not empty where the calibration was used on a series.
    """

    origin: Origin
    data: NDArray[Any]
    mask: BoolArray
    circle: Circle
    orders: tuple[RingMark, ...] = ()
    points: tuple[PointMark, ...] = ()
    sector_azimuth_deg: FloatArray = field(default_factory=_nothing)
    sector_residual_px: FloatArray = field(default_factory=_nothing)
    sector_sigma_px: FloatArray = field(default_factory=_nothing)
    convergence: tuple[Curve, ...] = ()
    profile_radius_px: FloatArray = field(default_factory=_nothing)
    profile_intensity: FloatArray = field(default_factory=_nothing)
    rings: tuple[tuple[str, float], ...] = ()
    rows: tuple[ResultRow, ...] = ()
    verdict: str = ""
    level: Level = "none"
    warnings: tuple[str, ...] = ()
    drift: "DriftContent | None" = None


@dataclass(frozen=True, eq=False)
class DriftSeries:
    """One number over the frames: label with its unit, values and σ, each (N,), NaN if unknown.

    ``change`` says that it is the difference to the calibration, so that 0 means none.
    """

    label: str
    values: FloatArray
    sigma: FloatArray
    change: bool = True


@dataclass(frozen=True, eq=False)
class DriftContent:
    """A series of frames against one calibration.

    All arrays have shape (N,), one entry a frame that has an answer: its place in the series,
    from 1, and the ``series`` of its numbers. ``failed`` are the places of frames without an
    answer, ``lines`` sentences to print.
    """

    origin: Origin
    place: FloatArray
    series: tuple[DriftSeries, ...]
    failed: tuple[int, ...] = ()
    lines: tuple[str, ...] = ()


def printable(name: str) -> str:
    """A file's name with a question mark for each byte that is no text: fonts have none."""
    return name.encode("utf-8", "replace").decode("utf-8")
