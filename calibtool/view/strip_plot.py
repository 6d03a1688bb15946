"""The azimuth strip: residual of each point and sector against its azimuth, as a plot."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import PointMark, PointRole, Scene, Strip
from calibtool.view.context import Context
from calibtool.view.palette import Palette
from calibtool.view.plot import Plot
from calibtool.view.plot_content import Content, Marker
from calibtool.view.robust_limits import robust_limits

AZIMUTHS = (-180.0, -90.0, 0.0, 90.0, 180.0)
EMPTY = "Residuals appear here from the fifth point on"


class StripPlot(ttk.Frame):
    """The strip; a click on a marker selects the point."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self._scene = Scene()
        self._shown: tuple[tuple[PointMark, ...], Strip, int | None] | None = None
        self.plot = Plot(self, context.theme, on_pick=context.actions.select_point, height=90)
        self.plot.pack(fill="both", expand=True)
        self.plot.bind("<Configure>", lambda _event: self._draw(), add="+")
        context.theme.follow(lambda _palette: self._draw())

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        now = (scene.points, scene.strip, scene.selected)
        if now == self._shown:
            return
        self._shown, self._scene = now, scene
        self._draw()

    def _draw(self) -> None:
        palette = self._context.theme.palette
        narrow = self.plot.winfo_width() < self._context.theme.px(260)
        markers = (*_sectors(self._scene.strip, palette), *_points(self._scene, palette))
        self.plot.show(Content(
            markers=markers,
            x_label="azimuth (°)", y_label="residual (px)",
            x_limits=(-185.0, 185.0), y_limits=_limits(self._scene),
            x_ticks=AZIMUTHS[::2] if narrow else AZIMUTHS, zero_line=True,
            message="" if markers else EMPTY,
        ))


def _limits(scene: Scene) -> tuple[float, float] | None:
    """Range that shows the good residuals well, however far off the others are."""
    trusted = [point.residual_px for point in scene.points if point.role != "outlier"]
    residuals = [*scene.strip.sector_residual_px, *(r for r in trusted if r is not None)]
    return robust_limits(residuals)


def _sectors(strip: Strip, palette: Palette) -> tuple[Marker, ...]:
    return tuple(
        Marker(azimuth, residual, palette.disabled, "dot", size=1.5)
        for azimuth, residual in zip(
            strip.sector_azimuth_deg, strip.sector_residual_px, strict=True
        )
    )


def looks(palette: Palette) -> dict[PointRole, tuple[str, str]]:
    """Colour and shape of points by their role, in all strips."""
    return {
        "inlier": (palette.curves[0], "dot"),
        "outlier": (palette.curves[1], "cross"),
        "new": (palette.muted, "ring"),
    }


def _points(scene: Scene, palette: Palette) -> tuple[Marker, ...]:
    look = looks(palette)
    return tuple(
        Marker(
            point.azimuth_deg, point.residual_px, *look[point.role], key=point.number,
            chosen=point.number == scene.selected,
            label=f"{point.residual_px:+.1f}".replace("-", "−"),
        )
        for point in scene.points
        if point.azimuth_deg is not None and point.residual_px is not None
    )
