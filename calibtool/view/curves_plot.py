"""Curves in plots below one another, one for each group."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Curve
from calibtool.view.palette import Palette
from calibtool.view.plot import Plot
from calibtool.view.plot_content import Content, Line, Marker
from calibtool.view.theme import Theme

SIGMA_WIDTH = 0.5


class CurvesPlot(ttk.Frame):
    """Shows curves; ``x_label`` is written below the last plot."""

    def __init__(self, parent: tk.Misc, theme: Theme, *, x_label: str, empty: str) -> None:
        super().__init__(parent)
        self._theme, self._x_label, self._empty = theme, x_label, empty
        self._curves: tuple[Curve, ...] = ()
        self.plots: list[Plot] = [self._add_plot()]
        self.columnconfigure(0, weight=1)
        theme.follow(lambda _palette: self._draw())

    def show(self, curves: tuple[Curve, ...]) -> None:
        """Show other curves."""
        if curves is not self._curves and curves != self._curves:
            self._curves = curves
            self._draw()

    def _draw(self) -> None:
        groups = list(dict.fromkeys(curve.group for curve in self._curves)) or [""]
        while len(self.plots) < len(groups):
            self.plots.append(self._add_plot())
        for index, plot in enumerate(self.plots):
            used = index < len(groups)
            self.rowconfigure(index, weight=1 if used else 0)
            if not used:
                plot.grid_remove()
                continue
            plot.grid()
            curves = [curve for curve in self._curves if curve.group == groups[index]]
            last = index == len(groups) - 1
            plot.show(Content(
                lines=_lines(curves, self._theme.palette),
                markers=_markers(curves, self._theme.palette),
                x_label=self._x_label if last else "", y_label=groups[index],
                log_y=any(curve.log for curve in curves),
                message="" if curves else self._empty,
            ))

    def _add_plot(self) -> Plot:
        plot = Plot(self, self._theme, width=180, height=60)
        index = len(self.grid_slaves())
        plot.grid(row=index, column=0, sticky="nsew", pady=(0, self._theme.px(3)))
        return plot


def _lines(curves: list[Curve], palette: Palette) -> tuple[Line, ...]:
    """Each curve, and thinner how far up and down its values may be."""
    lines = []
    for index, curve in enumerate(curves):
        colour = palette.curves[index % len(palette.curves)]
        lines.append(Line(curve.x, curve.y, colour, curve.name))
        for sign in (-1.0, 1.0) if curve.sigma else ():
            edge = tuple(y + sign * s for y, s in zip(curve.y, curve.sigma, strict=True))
            lines.append(Line(curve.x, edge, colour, width=SIGMA_WIDTH))
    return tuple(lines)


def _markers(curves: list[Curve], palette: Palette) -> tuple[Marker, ...]:
    """Dots where asked for, and where a curve is a single point and has no line."""
    colours = palette.curves
    return tuple(
        Marker(x, y, colours[index % len(colours)], size=2.5)
        for index, curve in enumerate(curves)
        if curve.markers or len(curve.x) == 1
        for x, y in zip(curve.x, curve.y, strict=True)
    )
