"""What there is to see: frozen values, no toolkit, no numbers to compute.

All positions are index pixels, (x, y) = (column, row), an integer is a pixel centre.
Texts are ready to be shown. Arrays are shared and read-only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from calibtool.picture import Display, Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

Level = Literal["none", "good", "fair", "poor"]
RingRole = Literal["fit", "live", "stale", "order"]
CrossRole = Literal["fit", "live", "stale", "fixed", "measure"]
PointRole = Literal["inlier", "outlier", "new"]
MaskTool = Literal["rectangle", "polygon", "circle", "wedge", "brush"]
MASK_TOOLS: tuple[MaskTool, ...] = ("rectangle", "polygon", "circle", "wedge", "brush")


@dataclass(frozen=True)
class Masking:
    """How the mouse draws a mask: with which tool, adding or erasing.

    ``width_px`` is that of the brush, in image pixels; ``center`` the corner of wedges (x, y).
    """

    tool: MaskTool = "rectangle"
    erase: bool = False
    width_px: float = 12.0
    center: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class RingMark:
    """A ring on the image.

    ``role``: ``"fit"`` the result, ``"live"`` while points are picked, ``"stale"`` a result
    whose points have changed, ``"order"`` another ring of the calibrant. ``width`` is the σ of
    its peak in px, 0 where it is not known. ``points`` are (x, y) along a ring that is no
    circle, closed; without them it is the circle of ``radius`` around (``x``, ``y``).
    """

    x: float
    y: float
    radius: float
    role: RingRole
    label: str = ""
    width: float = 0.0
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class CrossMark:
    """A centre on the image; ``role`` as for circles, or ``"fixed"``, or ``"measure"``."""

    x: float
    y: float
    role: CrossRole
    label: str = ""


@dataclass(frozen=True)
class PointMark:
    """A selected point: where it was clicked, where it is, how far it is off.

    ``number`` counts from 1. ``residual_px`` and ``azimuth_deg`` are None before there is a
    circle. ``role`` is ``"inlier"``, ``"outlier"`` or ``"new"``.
    """

    number: int
    clicked_x: float
    clicked_y: float
    x: float
    y: float
    refined: bool
    role: PointRole
    residual_px: float | None = None
    azimuth_deg: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Field:
    """One input of a panel.

    ``choices`` not empty: a list to choose from. ``source`` says where the value is from;
    ``unconfirmed`` marks a default or a guess. ``error`` is shown beside the field, with
    ``text`` being what the user typed.
    """

    text: str = ""
    unit: str = ""
    source: str = ""
    unconfirmed: bool = False
    error: str = ""
    enabled: bool = True
    choices: tuple[str, ...] = ()
    tip: str = ""


@dataclass(frozen=True)
class ResultRow:
    """One number of the results: its name, value, σ and unit, and where it is from.

    ``value`` is empty while it is not known. ``key`` names the number, whatever its name on
    the screen. ``detail`` numbers are shown only where all are asked for. ``dimmed``: it is
    not that of the present image, points and settings.
    """

    name: str
    value: str
    unit: str = ""
    sigma: str = ""
    source: str = ""
    key: str = ""
    tip: str = ""
    detail: bool = False
    dimmed: bool = False

    @property
    def text(self) -> str:
        """Value with σ and unit, as ``570.617 ± 0.035 px``."""
        sigma = f"± {self.sigma}" if self.sigma else ""
        parts = (self.value, sigma, self.unit)
        return " ".join(part for part in parts if part).replace(" °", "°")


@dataclass(frozen=True)
class Verdict:
    """How far the results can be trusted: a line in words, one with numbers, and a level."""

    words: str = ""
    numbers: str = ""
    level: Level = "none"
    dimmed: bool = False


@dataclass(frozen=True)
class Remedy:
    """A button that does what is advised: ``does`` is a command, or a choice to answer."""

    does: str
    label: str


@dataclass(frozen=True)
class Advice:
    """A warning: its stable code, a short line, and what it means and asks for, to be opened."""

    code: str
    text: str
    explanation: str = ""
    remedy: Remedy | None = None
    dimmed: bool = False


@dataclass(frozen=True)
class Busy:
    """A running job; ``fraction`` None when its length is not known."""

    text: str
    fraction: float | None = None


@dataclass(frozen=True)
class Thumbnail:
    """A small grey picture: ``pixels`` are its bytes row by row, 0 black."""

    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True)
class Notice:
    """A sentence for the user in the bar above the image, with buttons where there is a choice.

    ``choices`` are (id, label); pressing one calls ``answer(id)``. A notice without choices
    has a button to put it away, which calls ``answer("dismiss")``; so has one with many, which
    are shown as a list. ``pictures`` are those of the choices, None where one has none.
    """

    text: str
    level: Literal["info", "warning", "error"] = "info"
    choices: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Thumbnail | None, ...] = ()


@dataclass(frozen=True)
class Curve:
    """A line to plot: ``x`` and ``y`` of the same length.

    Curves of the same ``group`` share a plot, whose axis is labelled with the group (as
    ``"radius (px)"``); plots stand below one another in the order of their first curve.
    ``log`` asks for a logarithmic axis, ``markers`` for a dot at each point. ``sigma`` is that of
    each ``y``, or empty.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    group: str = ""
    log: bool = False
    markers: bool = False
    sigma: tuple[float, ...] = ()


@dataclass(frozen=True)
class Strip:
    """Residual against azimuth: points from ``Scene.points``, sectors from the whole ring."""

    sector_azimuth_deg: tuple[float, ...] = ()
    sector_residual_px: tuple[float, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnrolledRing:
    """A ring in the unrolled image: a straight line; ``shown``: the one the numbers are of."""

    radius_px: float
    label: str = ""
    shown: bool = False


@dataclass(frozen=True)
class UnrolledPoint:
    """A selected point in the unrolled image."""

    number: int
    azimuth_deg: float
    radius_px: float
    role: PointRole


@dataclass(frozen=True, eq=False)
class UnrolledView:
    """The image unrolled: azimuth across, ring radius upwards.

    ``mean`` (B, S) from ``low_px`` to ``high_px`` and from -180° to 180°, NaN where there is no
    pixel; None where there is none. ``wanted``: it can be had, and has to be asked for.
    ``whole``: over all rings, not only beside the shown one. ``sectors`` are azimuth and radius
    of the ring's peak, seen sector by sector.
    """

    mean: "NDArray[Any] | None" = None
    low_px: float = 0.0
    high_px: float = 1.0
    whole: bool = False
    wanted: bool = False
    rings: tuple[UnrolledRing, ...] = ()
    points: tuple[UnrolledPoint, ...] = ()
    sectors: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class LensProfile:
    """Radial profile through a position, for the magnifier.

    ``offset_px`` is the distance from the position along the ring's normal, whose direction
    is (``normal_x``, ``normal_y``); ``peak_px`` the offset of the peak or edge found, if any.
    ``intensity`` is NaN where all pixels are masked or outside the image.
    """

    offset_px: tuple[float, ...]
    intensity: tuple[float, ...]
    normal_x: float
    normal_y: float
    peak_px: float | None = None


@dataclass(frozen=True)
class Table:
    """Rows to list: column titles, rows of texts, and the row that is current (or None)."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    current: int | None = None


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything the window shows.

    ``enabled`` and ``checked`` hold names of commands. ``picking`` is True during manual
    selection; ``masking`` is not None while the mouse draws a mask; ``lens`` is where the
    magnifier is frozen, or None while it follows the cursor; ``next_place`` is where on the
    ring one more point would help most.
    ``fields`` are the inputs by key. ``recent`` are paths of images opened lately, newest first;
    ``directory`` is where file dialogs start, ``stem`` what names of files that are saved begin
    with. ``labels`` are what commands are called now, where that changes, as "Undo point 3".
    ``closing``: the user has said that the window may close.
    """

    title: str = "calibtool"
    picture: Picture | None = None
    display: Display = Display()
    rings: tuple[RingMark, ...] = ()
    crosses: tuple[CrossMark, ...] = ()
    points: tuple[PointMark, ...] = ()
    selected: int | None = None
    picking: bool = False
    one_click: bool = False
    measuring: bool = False
    masking: Masking | None = None
    lens: tuple[float, float] | None = None
    next_place: tuple[float, float] | None = None
    fields: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    results: tuple[ResultRow, ...] = ()
    verdict: Verdict = Verdict()
    warnings: tuple[Advice, ...] = ()
    strip: Strip = Strip()
    unrolled: UnrolledView = UnrolledView()
    convergence: tuple[Curve, ...] = ()
    history: Table = Table()
    hint: str = ""
    busy: Busy | None = None
    notice: Notice | None = None
    enabled: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()
    folder: Table = Table()
    series: Table = Table()
    drift: tuple[Curve, ...] = ()
    recent: tuple[str, ...] = ()
    directory: str = ""
    stem: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    closing: bool = False

