"""Where the keys or the frozen magnifier aim: a mark on the image, unlike any marker."""

import tkinter as tk

from calibtool.view.items import Items
from calibtool.view.overlays import HALO, WHITE

# Lengths at 96 dpi: the ring around the place, and the ticks outside of it.
RADIUS, TICK = 11, 7
TAG = "reticle"


class Reticle:
    """A ring with four ticks outside, its middle free; ``unit`` as for ``Overlays``."""

    def __init__(self, canvas: tk.Canvas, unit: float) -> None:
        self._items = Items(canvas, TAG)
        self._unit = unit

    def draw(self, place: tuple[float, float] | None) -> None:
        """Show it at a canvas coordinate, or nowhere."""
        if place is not None:
            self._mark(*place)
        self._items.finish()

    def _mark(self, x: float, y: float) -> None:
        thin, radius, end = self._unit, RADIUS * self._unit, (RADIUS + TICK) * self._unit
        for name, colour, width in (("halo", HALO, 3.4 * thin), ("core", WHITE, 1.5 * thin)):
            self._items.oval(name, x, y, radius, outline=colour, width=width)
            for n, (dx, dy) in enumerate(((1, 0), (-1, 0), (0, 1), (0, -1))):
                line = (x + radius * dx, y + radius * dy, x + end * dx, y + end * dy)
                self._items.line((name, n), line, fill=colour, width=width)
