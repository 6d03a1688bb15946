"""What the mouse draws in the mask mode: gestures become shapes, and a preview on the way."""

import math
from collections.abc import Callable

from calibtool.scene import Masking

Place = tuple[float, float]
Draw = Callable[[str, tuple[float, ...]], None]
"""Takes the kind and the numbers of a finished shape, in index pixels."""

CIRCLE_CORNERS = 48
STEP_SHARE = 0.25
"""Of the brush's width that the pointer goes before its path gets another point."""


class MaskPen:
    """Makes shapes of places (x, y) in index pixels.

    Parameters
    ----------
    draw : callable
        Told of each finished shape.
    """

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._corners: list[Place] = []
        self._path: list[Place] = []
        self._span: tuple[Place, Place] | None = None
        self._at: Place | None = None

    def hover(self, at: Place) -> None:
        """Know where the pointer is."""
        self._at = at

    def forget(self) -> None:
        """Give up what has been begun."""
        self._corners, self._path, self._span = [], [], None

    def click(self, masking: Masking, at: Place, reach_px: float) -> None:
        """Set a corner of a polygon, the first one again closes it; or the brush down once."""
        if masking.tool == "brush":
            self._draw("brush", (0.5 * masking.width_px, *at))
        elif masking.tool == "polygon":
            first = self._corners[0] if self._corners else at
            if len(self._corners) > 2 and math.dist(first, at) <= reach_px:
                self._finish("polygon", tuple(v for corner in self._corners for v in corner))
            else:
                self._corners.append(at)

    def drag(self, masking: Masking, start: Place, to: Place) -> None:
        """Follow the pointer with the button down."""
        self._at, self._span = to, (start, to)
        if masking.tool == "brush":
            path = self._path or [start]
            if math.dist(path[-1], to) >= STEP_SHARE * masking.width_px or len(path) == 1:
                path.append(to)
            self._path = path

    def drop(self, masking: Masking, start: Place, to: Place) -> None:
        """End a drag: the shape is finished."""
        self.drag(masking, start, to)
        if masking.tool == "rectangle":
            self._finish("rectangle", (*start, *to))
        elif masking.tool == "circle":
            self._finish("circle", (*start, math.dist(start, to)))
        elif masking.tool == "wedge":
            self._finish("wedge", (*masking.center, *_directions(masking.center, start, to)))
        elif masking.tool == "brush":
            path = [*self._path, to]
            self._finish("brush", (0.5 * masking.width_px, *(v for place in path for v in place)))

    def outlines(self, masking: Masking) -> list[list[Place]]:
        """Lines of what is being drawn."""
        lines: list[list[Place]] = []
        if masking.tool == "polygon" and self._corners:
            lines.append([*self._corners, *([self._at] if self._at is not None else [])])
        if masking.tool == "brush":
            if len(self._path) > 1:
                lines.append(list(self._path))
            if self._at is not None:
                lines.append(_circle(self._at, 0.5 * masking.width_px))
        if self._span is not None:
            lines += _span_outline(masking, *self._span)
        return lines

    def _finish(self, kind: str, numbers: tuple[float, ...]) -> None:
        self.forget()
        self._draw(kind, numbers)


def _span_outline(masking: Masking, start: Place, to: Place) -> list[list[Place]]:
    if masking.tool == "rectangle":
        return [[start, (to[0], start[1]), to, (start[0], to[1]), start]]
    if masking.tool == "circle":
        return [_circle(start, math.dist(start, to))]
    if masking.tool == "wedge":
        return [[start, masking.center, to]]
    return []


def _directions(center: Place, start: Place, to: Place) -> tuple[float, float]:
    """From which direction on to which (degrees) the shorter way goes."""
    first, last = (
        math.degrees(math.atan2(y - center[1], x - center[0])) for x, y in (start, to)
    )
    turn = (last - first + 180.0) % 360.0 - 180.0
    return (first, first + turn) if turn >= 0.0 else (first + turn, first)


def _circle(center: Place, radius: float) -> list[Place]:
    turns = [2.0 * math.pi * k / CIRCLE_CORNERS for k in range(CIRCLE_CORNERS + 1)]
    return [(center[0] + radius * math.cos(a), center[1] + radius * math.sin(a)) for a in turns]
