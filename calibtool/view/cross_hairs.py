"""Where a click would go: cross hairs in the magnifier, and a mark of it on the image."""

import tkinter as tk

from calibtool.scene import LensProfile
from calibtool.view.items import Items
from calibtool.view.overlays import HALO, ORANGE, WHITE
from calibtool.view.viewport import Viewport

# Lengths at 96 dpi: what is left free in the middle, arms while following and while frozen.
GAP, ARM, FROZEN_ARM, BAR = 7, 20, 44, 11
# Lengths at 96 dpi: the ring around the place, and the ticks outside of it.
RADIUS, TICK = 11, 7
TAG = "reticle"


class CrossHairs:
    """Drawn over everything else of a canvas; ``unit`` is the screen pixels of one at 96 dpi."""

    def __init__(self, canvas: tk.Canvas, unit: float) -> None:
        self._items = Items(canvas, "hair")
        self._unit = unit
        self._thin = round(unit)
        self._font = ("TkDefaultFont", -round(12 * unit))
        self._peak: tuple[float, float, float, float] | None = None

    def mark_peak(self, x: float, y: float, profile: LensProfile | None) -> None:
        """Take the peak of the profile through the image position (x, y)."""
        self._peak = None
        if profile is not None and profile.peak_px is not None:
            normal = profile.normal_x, profile.normal_y
            at = x + profile.peak_px * normal[0], y + profile.peak_px * normal[1]
            self._peak = (*at, *normal)

    def draw(self, view: Viewport, x: float, y: float, frozen: bool, note: str = "") -> None:
        """Show the hairs at a canvas coordinate, and a note at the lower edge."""
        gap, arm = GAP * self._unit, (FROZEN_ARM if frozen else ARM) * self._unit
        for n, (dx, dy) in enumerate(((1, 0), (-1, 0), (0, 1), (0, -1))):
            line = (x + gap * dx, y + gap * dy, x + arm * dx, y + arm * dy)
            self._items.line(("halo", n), line, fill=HALO, width=3 * self._thin)
            self._items.line(n, line, fill=WHITE, width=self._thin)
        if self._peak is not None:
            self._bar(view, *self._peak)
        if note:
            self._write(view, note)
        self._items.finish()

    def clear(self) -> None:
        """Show nothing."""
        self._peak = None
        self._items.finish()

    def _write(self, view: Viewport, note: str) -> None:
        at_x, at_y = view.width / 2, view.height - 6 * self._unit
        for n, (dx, dy) in enumerate(((-1, -1), (1, -1), (-1, 1), (1, 1), (0, 0))):
            self._items.text(
                ("note", n), at_x + dx * self._unit, at_y + dy * self._unit, text=note,
                anchor="s", justify="center", width=view.width - 12 * self._unit,
                fill=HALO if dx else WHITE, font=self._font,
            )

    def _bar(self, view: Viewport, x: float, y: float, normal_x: float, normal_y: float) -> None:
        """Short bar along the ring."""
        at_x, at_y = view.to_canvas(x, y)
        along_x, along_y = -normal_y * BAR * self._unit, normal_x * BAR * self._unit
        bar = (at_x - along_x, at_y - along_y, at_x + along_x, at_y + along_y)
        self._items.line("peak halo", bar, fill=HALO, width=5 * self._thin)
        self._items.line("peak", bar, fill=ORANGE, width=3 * self._thin)


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
