"""The unrolled image: azimuth against radius, with the predicted rings as straight lines."""

import tkinter as tk
from tkinter import ttk

import numpy as np

from calibtool.scene import Display, Scene, UnrolledView
from calibtool.view.colouring import MASKED, indices, limits, palette, sorted_sample, stretch_table
from calibtool.view.context import Context
from calibtool.view.plot import Plot
from calibtool.view.plot_content import Content, Line, Marker
from calibtool.view.strip_plot import AZIMUTHS, looks
from calibtool.view.tooltip import Tooltip

EMPTY = "The image unrolled around its rings appears here as soon as there is a result"
COMING = "Unrolling the image…"
WORDS = "A ring along its line fits. Waves: beam or tilt is off."
TIP = (
    "A wave once around: the beam is off. Twice around: tilt, or pixels that are not square.\n"
    "Lines that lie beside all rings: the distance is off."
)
CASING, CORE = 2.5, 1.0
"""Px at 96 dpi of a line's dark edge and of its light middle: seen on every colour."""


class UnrolledPanel(ttk.Frame):
    """Asks for the strip when it is in sight and the one there is out of date."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(4)))
        self._context, self._scene = context, Scene()
        self._whole = tk.BooleanVar(self, value=False)
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
        colours = looks(self._context.theme.palette)
        empty = COMING if view.wanted else EMPTY
        self.plot.take(view, scene.display)
        self.plot.show(Content(
            lines=_lines(view),
            markers=tuple(
                Marker(point.azimuth_deg, point.radius_px, *colours[point.role],
                       key=point.number, chosen=point.number == scene.selected)
                for point in view.points if view.low_px < point.radius_px < view.high_px
            ),
            x_label="azimuth (°)", y_label="radius (px)", x_limits=(-180.0, 180.0),
            y_limits=(view.low_px, view.high_px), x_ticks=AZIMUTHS,
            message="" if view.mean is not None else empty,
        ))


class UnrolledPlot(Plot):
    """A plot with the unrolled image as its ground."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, context.theme, on_pick=context.actions.select_point, height=90)
        self._context = context
        self._view, self._display = UnrolledView(), Display()
        self._photo: tk.PhotoImage | None = None

    def take(self, view: UnrolledView, display: Display) -> None:
        """Take another image, or other colours for it."""
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
        self._photo = tk.PhotoImage(master=self, data=_ppm(view, self._display, width, height))
        self.create_image(left, top, image=self._photo, anchor="nw", tags="picture")
        for above in ("line", "marker", "label"):
            self.tag_raise(above)


def _ppm(view: UnrolledView, display: Display, width: int, height: int) -> bytes:
    """The strip as a PPM of (height, width), the largest radius at the top."""
    mean = np.asarray(view.mean)
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


def _lines(view: UnrolledView) -> tuple[Line, ...]:
    """Each ring twice, dark and on it light."""
    return tuple(
        Line((-180.0, 180.0), (ring.radius_px, ring.radius_px), colour, width=width)
        for ring in view.rings for colour, width in (("#000000", CASING), ("#ffffff", CORE))
    )
