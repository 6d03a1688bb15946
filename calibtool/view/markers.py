"""Markers of a plot; one beyond the axes is a triangle at the edge that points to it."""

import math
import tkinter as tk

from calibtool.view.palette import Palette
from calibtool.view.plot_axes import Axes
from calibtool.view.plot_content import Marker
from calibtool.view.theme import Theme


def place(marker: Marker, axes: Axes, inset: float) -> tuple[float, float, int] | None:
    """Canvas position, and on which side beyond the axes it is: 1 above, −1 below, 0 inside.

    Beyond the axes the position is ``inset`` px inside their edge. None where it has no place.
    """
    if not (math.isfinite(marker.x) and axes.drawable(marker.y)):
        return None
    x, y = axes.to_canvas(marker.x, marker.y)
    low, high = axes.y_limits
    if marker.y > high:
        return x, axes.top + inset, 1
    if marker.y < low:
        return x, axes.bottom - inset, -1
    return x, y, 0


def draw_marker(
    canvas: tk.Canvas, theme: Theme, palette: Palette, axes: Axes, marker: Marker
) -> None:
    """Draw one marker; nothing where it has no place."""
    r = theme.px(marker.size)
    placed = place(marker, axes, r + theme.px(1))
    if placed is None:
        return
    x, y, side = placed
    if marker.chosen:
        ring = r + theme.px(3)
        canvas.create_oval(
            x - ring, y - ring, x + ring, y + ring, outline=palette.text,
            width=theme.px(1.5), tags="chosen",
        )
    if side:
        canvas.create_polygon(
            x - r, y + side * r, x + r, y + side * r, x, y - side * r, fill=marker.colour,
            outline="", tags=("marker", "beyond"),
        )
        if marker.label:
            _write_beside(canvas, theme, axes, marker, x, y)
    elif marker.shape == "cross":
        for sign in (1, -1):
            canvas.create_line(
                x - r, y - sign * r, x + r, y + sign * r, fill=marker.colour,
                width=theme.px(2), tags="marker",
            )
    elif marker.shape == "ring":
        canvas.create_oval(x - r, y - r, x + r, y + r, outline=marker.colour,
                           width=theme.px(1.5), tags="marker")
    else:
        canvas.create_oval(x - r, y - r, x + r, y + r, fill=marker.colour, outline="",
                           tags="marker")


def _write_beside(
    canvas: tk.Canvas, theme: Theme, axes: Axes, marker: Marker, x: float, y: float
) -> None:
    """Write the label on the side with more room, if no other label is there already."""
    gap = theme.px(marker.size + 5)
    on_left = x > (axes.left + axes.right) / 2
    others = set(canvas.find_withtag("label"))
    label = canvas.create_text(
        x - gap if on_left else x + gap, y, text=marker.label, fill=marker.colour,
        anchor="e" if on_left else "w", font="CalibtoolSmall", tags="label",
    )
    if others.intersection(canvas.find_overlapping(*canvas.bbox(label))):
        canvas.delete(label)
