"""The unrolled image: azimuth against radius, with the predicted rings as straight lines."""

import tkinter as tk
from tkinter import ttk
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.picture import Display
from calibtool.scene import Scene, UnrolledView
from calibtool.view.colouring import MASKED, indices, limits, palette, sorted_sample, stretch_table
from calibtool.view.context import Context
from calibtool.view.overlays import HALO
from calibtool.view.plot import Plot
from calibtool.view.plot_content import Content, Line, Marker
from calibtool.view.strip_plot import AZIMUTHS, point_marker
from calibtool.view.tooltip import Tooltip

EMPTY = "The image unrolled around its rings appears here as soon as there is a result"
COMING = "Unrolling the image…"
WORDS = "Dots along the line: it fits. Waves: beam or tilt is off."
TIP = (
    "Small dots: where the ring was seen, sector by sector.\n"
    "A wave once around: the beam is off. Twice around: tilt, or pixels that are not square.\n"
    "Lines that lie beside all rings: the distance is off."
)
Span = tuple[float, float]
Strip = NDArray[Any]
WHOLE: Span = (-180.0, 180.0)
SECTOR = 1.75
CASING, CORE = 2.5, 1.0
"""Px at 96 dpi of a line's dark edge and of its light middle: seen on every colour."""


class UnrolledPanel(ttk.Frame):
    """Asks for the strip when it is in sight and the one there is out of date."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(4)))
        self._context, self._scene = context, Scene()
        self._whole = tk.BooleanVar(self, value=False)
        self._mean: object = None
        self._seen = WHOLE
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(0, px(4)))
        self.whole = ttk.Checkbutton(bar, text="All rings", variable=self._whole,
                                     command=self._choose)
        self.whole.pack(side="left")
        words = ttk.Label(bar, text=WORDS, style="Muted.TLabel")
        words.pack(side="left", padx=px(8))
        Tooltip(words, context.theme, lambda: TIP)
        self.plot = UnrolledPlot(self, context)
        self.plot.pack(fill="both", expand=True)
        self.plot.bind("<Map>", lambda _event: self._ask(), add="+")
        context.theme.follow(lambda _palette: self._draw())

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        self._scene = scene
        self._whole.set(scene.unrolled.whole)
        self._draw()
        self._ask()

    def _choose(self) -> None:
        self._context.actions.unroll(whole=self._whole.get())

    def _ask(self) -> None:
        if self._scene.unrolled.wanted and self.plot.winfo_ismapped():
            self._context.actions.unroll(whole=self._scene.unrolled.whole)

    def _draw(self) -> None:
        view, scene = self._scene.unrolled, self._scene
        empty = COMING if view.wanted else EMPTY
        if view.mean is not self._mean:
            self._mean, self._seen = view.mean, seen_azimuths(view)
        self.plot.take(view, scene.display, self._seen)
        self.plot.show(Content(
            lines=_lines(view, self._seen),
            markers=(
                *(Marker(*at, "#ffffff", size=SECTOR, edge=HALO)
                  for at in view.sectors if view.low_px < at[1] < view.high_px),
                *(point_marker(point.role, point.azimuth_deg, point.radius_px, point.number,
                               chosen=point.number == scene.selected)
                  for point in view.points if view.low_px < point.radius_px < view.high_px),
            ),
            x_label="azimuth (°)", y_label="radius (px)", x_limits=self._seen,
            y_limits=(view.low_px, view.high_px),
            x_ticks=AZIMUTHS if self._seen == WHOLE else None,
            message="" if view.mean is not None else empty,
        ))


class UnrolledPlot(Plot):
    """A plot with the unrolled image as its ground."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, context.theme, on_pick=context.actions.select_point, height=90)
        self._context = context
        self._view, self._display = UnrolledView(), Display()
        self._photo: tk.PhotoImage | None = None
        self._seen = WHOLE

    def take(self, view: UnrolledView, display: Display, seen: Span) -> None:
        """Take another image with its azimuths, or other colours for it."""
        self._seen = seen
        before = self._view.mean, self._display
        self._view, self._display = view, display
        if before[0] is not view.mean or before[1] != display:
            self._ask()

    def redraw(self) -> None:
        """Draw now."""
        super().redraw()
        view, axes = self._view, self.axes
        if axes is None or view.mean is None:
            return
        left, top = round(axes.left) + 1, round(axes.top) + 1
        width, height = round(axes.right) - left, round(axes.bottom) - top
        if width < 2 or height < 2:
            return
        self._photo = tk.PhotoImage(master=self, data=_ppm(self._part(view.mean), self._display,
                                                           width, height))
        self.create_image(left, top, image=self._photo, anchor="nw", tags="picture")
        for above in ("line", "marker", "label"):
            self.tag_raise(above)


    def _part(self, mean: Strip) -> Strip:
        """The columns of the azimuths that are shown."""
        first, last = (round((azimuth / 360.0 + 0.5) * mean.shape[1]) for azimuth in self._seen)
        return mean[:, first:last]


def seen_azimuths(view: UnrolledView) -> Span:
    """Azimuths in degrees of the part of the turn where there are pixels."""
    if view.mean is None:
        return WHOLE
    columns = np.flatnonzero(~np.isnan(view.mean).all(axis=0))
    if columns.size == 0:
        return WHOLE
    n = view.mean.shape[1]
    first, last = (360.0 * float(column) / n - 180.0 for column in (columns[0], columns[-1] + 1))
    return first, last


def _ppm(mean: Strip, display: Display, width: int, height: int) -> bytes:
    """The strip as a PPM of (height, width), the largest radius at the top."""
    empty = np.isnan(mean)
    low, high = limits(sorted_sample(mean, empty), 1.0, 99.7)
    colours = indices(np.nan_to_num(mean), low, high, stretch_table(display.stretch))
    colours = np.where(empty, MASKED, colours)
    rows, columns = mean.shape
    y = ((np.arange(height)[::-1] + 0.5) * rows / height).astype(np.intp)
    x = ((np.arange(width) + 0.5) * columns / width).astype(np.intp)
    table = np.frombuffer(palette(display.colormap, (0, 0, 0)), np.uint8).reshape(-1, 3)
    pixels: bytes = table[colours[y][:, x]].tobytes()
    return b"P6 %d %d 255\n" % (width, height) + pixels


def _lines(view: UnrolledView, seen: Span) -> tuple[Line, ...]:
    """Each ring twice, dark and on it light."""
    return tuple(
        Line(seen, (ring.radius_px, ring.radius_px), colour, width=width)
        for ring in view.rings for colour, width in (("#000000", CASING), ("#ffffff", CORE))
    )
