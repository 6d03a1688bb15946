"""What a plot shows: lines and markers, with their axes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line through points, in a colour; parts with values that are not finite are left out."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    colour: str
    name: str = ""
    width: float = 1.5


@dataclass(frozen=True)
class Marker:
    """A mark at one position. ``key`` is given back when it is clicked (None: it cannot be).

    ``label`` is written beside the triangle that stands for it where it is beyond the axes.
    """

    x: float
    y: float
    colour: str
    shape: str = "dot"
    key: int | None = None
    size: float = 4.0
    chosen: bool = False
    label: str = ""


@dataclass(frozen=True)
class Content:
    """What a plot shows; limits that are None come from the data."""

    lines: tuple[Line, ...] = ()
    markers: tuple[Marker, ...] = ()
    x_label: str = ""
    y_label: str = ""
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    x_ticks: tuple[float, ...] | None = None
    log_y: bool = False
    zero_line: bool = False
    message: str = ""
