"""Circles, centres and points over an image, readable on every colour map.

Each line has a dark halo under a bright core in a colour of Okabe and Ito's palette for
colour-blind readers; what differs in colour differs in shape or dashes too.
"""

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass, replace

from calibtool.scene import CrossMark, PointMark, RingMark, Scene
from calibtool.view.arcs import visible_part
from calibtool.view.items import Items
from calibtool.view.viewport import Viewport

HALO, SOFT_HALO = "#101418", "#3a4046"
YELLOW, SKY, ORANGE, VERMILION, GREY = "#F0E442", "#56B4E9", "#E69F00", "#D55E00", "#B8BEC4"
WHITE = "#FFFFFF"
GAP_WIDTHS, LEAST_GAP = 3.0, 3.5
"""Lines of a fitted ring from its middle: in σ of the peak, and at least px at 96 dpi."""
FADES_FROM = 3.0
"""Screen pixels for one of the image from which on rings are drawn without their halo."""


@dataclass(frozen=True)
class Stroke:
    """How a line of some role looks; widths in units of a 96 dpi screen pixel.

    ``rim`` is how far the halo stands out on each side; without it, it shows in the gaps.
    """

    color: str
    width: float
    dash: tuple[int, ...] = ()
    halo: str = HALO
    rim: float = 1.0


STROKES = {
    "fit": Stroke(YELLOW, 1.0, (9, 3), rim=0.0),
    "live": Stroke(SKY, 1.2, (7, 4)),
    "stale": Stroke(GREY, 1.2, (8, 5), SOFT_HALO),
    "order": Stroke(WHITE, 1.0, (2, 5), SOFT_HALO),
    "fixed": Stroke(ORANGE, 1.6),
    "measure": Stroke(WHITE, 1.4),
}
POINT_REACH = 40.0
"""So far from its place, in px at 96 dpi, nothing of a point is drawn: not its number either."""
POINT_COLORS = {"inlier": SKY, "outlier": VERMILION, "new": YELLOW}
"""Colours of points by their role, on images and in plots."""


def looks_differ(before: Scene, now: Scene) -> bool:
    """Whether image or marks of two scenes differ, so that a canvas has to be drawn again."""
    return before.picture is not now.picture or (
        before.display, before.rings, before.crosses, before.points, before.selected
    ) != (now.display, now.rings, now.crosses, now.points, now.selected)


class Overlays:
    """Everything that is drawn over the image of one canvas.

    Parameters
    ----------
    canvas : tkinter.Canvas
        Where to draw.
    unit : float
        Screen pixels per pixel of a 96 dpi screen.
    """

    def __init__(self, canvas: tk.Canvas, unit: float) -> None:
        self._items = Items(canvas, "ring")
        self._unit = unit
        self._font = ("TkDefaultFont", -round(12 * unit))
        self._labelled: list[tuple[float, float]] = []

    def draw(
        self,
        view: Viewport,
        rings: Sequence[RingMark],
        crosses: Sequence[CrossMark],
        points: Sequence[PointMark],
        selected: int | None = None,
        outlines: Sequence[Sequence[tuple[float, float]]] = (),
    ) -> None:
        """Show these marks and no others; outlines are of a mask that is being drawn."""
        self._items.tag = "ring"
        self._labelled.clear()
        for k, ring in enumerate(rings):
            self._ring_mark(k, view, ring)
        for k, cross in enumerate(crosses):
            self._cross(k, view, cross)
        self._items.tag = "point"
        for point in points:
            if self._in_sight(view, point):
                self._point(view, point, point.number == selected)
        for k, outline in enumerate(outlines):
            line = [v for x, y in outline for v in view.to_canvas(x, y)]
            if len(line) > 2:
                self._stroke(("outline", k, len(line)), line, STROKES["measure"])
        self._items.finish()

    def _ring_mark(self, k: int, view: Viewport, ring: RingMark) -> None:
        """Draw a ring; a fitted one as two lines, so that what was fitted is seen between them."""
        lines = [
            (side, arc)
            for side, away in enumerate(self._sides(view, ring))
            for arc in visible_part(ring, away, view)
        ]
        stroke = STROKES[ring.role]
        if view.scale > FADES_FROM and ring.role in ("fit", "order"):
            stroke = replace(stroke, halo="")
        for n, (side, arc) in enumerate(lines):
            self._stroke(("ring", k, ring.role, side, n), arc, stroke)
        arcs = [arc for _side, arc in lines]
        if ring.label and arcs:
            place = _label_place(max(arcs, key=len), view)
            if self._has_room(*place, ring.label):
                self._labelled.append(place)
                self._label(("label", k), *place, ring.label)

    def _sides(self, view: Viewport, ring: RingMark) -> tuple[float, ...]:
        """How far from the ring its lines are, in image px, outwards."""
        if ring.role != "fit":
            return (0.0,)
        away = max(GAP_WIDTHS * ring.width, LEAST_GAP * self._unit / view.scale)
        return (-away, away) if ring.radius > 2.0 * away else (away,)

    def _has_room(self, x: float, y: float, text: str) -> bool:
        """Whether a label would stand clear of those of the other rings."""
        wide, high = (7 * len(text) + 4) * self._unit, 14 * self._unit
        return all(abs(x - at_x) >= wide or abs(y - at_y) >= high for at_x, at_y in self._labelled)

    def _cross(self, k: int, view: Viewport, cross: CrossMark) -> None:
        x, y = view.to_canvas(cross.x, cross.y)
        stroke, arm, gap = STROKES[cross.role], 10 * self._unit, 3 * self._unit
        for n, (dx, dy) in enumerate(((1, 0), (-1, 0), (0, 1), (0, -1))):
            line = (x + gap * dx, y + gap * dy, x + arm * dx, y + arm * dy)
            self._stroke(("cross", k, cross.role, n), line, stroke, dashed=False)
        if cross.label:
            self._label(("cross", k), x + arm, y - arm, cross.label, anchor="w")

    def _in_sight(self, view: Viewport, point: PointMark) -> bool:
        """Whether anything of a point is on the canvas; Tk measures each text that is moved."""
        ends = [view.to_canvas(point.x, point.y), view.to_canvas(point.clicked_x, point.clicked_y)]
        reach = POINT_REACH * self._unit
        return all(
            min(places) <= length + reach and max(places) >= -reach
            for places, length in zip(
                zip(*ends, strict=True), (view.width, view.height), strict=True
            )
        )

    def _point(self, view: Viewport, point: PointMark, selected: bool) -> None:
        unit, color = self._unit, POINT_COLORS[point.role]
        x, y = view.to_canvas(point.x, point.y)
        if point.refined:
            clicked_x, clicked_y = view.to_canvas(point.clicked_x, point.clicked_y)
            self._clicked(point.number, clicked_x, clicked_y, x, y)
        if selected:
            self._ring(("selected", point.number), x, y, 10 * unit, WHITE)
        key = ("point", point.number, point.role)
        if point.role == "outlier":
            arm = 5 * unit
            for n, dy in enumerate((arm, -arm)):
                line = (x - arm, y - dy, x + arm, y + dy)
                self._stroke((*key, n), line, Stroke(color, 2.6))
        elif point.role == "new":
            arm = 5.5 * unit
            diamond = (x, y - arm, x + arm, y, x, y + arm, x - arm, y)
            self._items.polygon(key, diamond, fill=color, outline=HALO, width=1.4 * unit)
        else:
            self._items.oval(key, x, y, 4.5 * unit, fill=color, outline=HALO, width=1.4 * unit)
        self._label(key, x + 11 * unit, y - 10 * unit, str(point.number))

    def _clicked(self, number: int, x: float, y: float, to_x: float, to_y: float) -> None:
        """Small hollow circle where the user clicked, joined to the refined position."""
        self._stroke(("moved", number), (x, y, to_x, to_y), Stroke(WHITE, 1.0))
        self._ring(("clicked", number), x, y, 3 * self._unit, WHITE)

    def _ring(self, key: tuple[str, int], x: float, y: float, radius: float, color: str) -> None:
        unit = self._unit
        self._items.oval((*key, "halo"), x, y, radius, outline=HALO, width=3.2 * unit)
        self._items.oval(key, x, y, radius, outline=color, width=1.4 * unit)

    def _stroke(
        self, key: tuple[object, ...], line: Sequence[float], stroke: Stroke, dashed: bool = True
    ) -> None:
        width = max(1, round(stroke.width * self._unit))
        dash = tuple(round(d * self._unit) for d in stroke.dash) if dashed else ()
        # A halo under a quiet line is interrupted with it, so that it does not become loud.
        gaps = dash if stroke.halo == SOFT_HALO else ()
        wide = width + 2 * round(stroke.rim * self._unit)
        if stroke.halo:
            self._items.line((*key, "halo"), line, fill=stroke.halo, width=wide, dash=gaps)
        self._items.line(key, line, fill=stroke.color, width=width, dash=dash)

    def _label(
        self, key: tuple[object, ...], x: float, y: float, text: str, anchor: str = "center"
    ) -> None:
        """Put a white text with a dark rim, which can be read on each colour map."""
        for n, (dx, dy) in enumerate(((-1, -1), (1, -1), (-1, 1), (1, 1), (0, 0))):
            at = x + dx * self._unit, y + dy * self._unit
            fill = HALO if dx else WHITE
            self._items.text(
                (*key, "text", n), *at, text=text, fill=fill, font=self._font, anchor=anchor
            )


def _label_place(arc: Sequence[float], view: Viewport) -> tuple[float, float]:
    """A vertex of an arc well inside the canvas, the highest of them."""
    inside = [
        (y, x)
        for x, y in zip(arc[0::2], arc[1::2], strict=True)
        if 30 <= x <= view.width - 30 and 12 <= y <= view.height - 12
    ]
    y, x = min(inside, default=(arc[1], arc[0]))
    return x, y
