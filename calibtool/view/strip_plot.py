"""The azimuth strip: residual of each point and sector against its azimuth, as a plot."""

import math
import tkinter as tk
from collections.abc import Iterable
from statistics import median
from tkinter import ttk
from typing import Any

from calibtool.scene import PointMark, PointRole, Scene, Strip
from calibtool.view.context import Context
from calibtool.view.overlays import HALO, POINT_COLORS
from calibtool.view.palette import Palette
from calibtool.view.plot import Plot
from calibtool.view.plot_content import Content, Marker
from calibtool.view.ticks import padded

AZIMUTHS = (-180.0, -90.0, 0.0, 90.0, 180.0)
SHAPES: dict[PointRole, str] = {"inlier": "dot", "outlier": "cross", "new": "diamond"}
EMPTY = "Residuals appear here from the fifth point on"
REACH = 6.0
"""Values farther from zero than so many times their scale are left out of the range."""
LEAST_PX = 0.05
"""A range smaller than this would show rounding."""


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
        markers = (*_sectors(self._scene.strip, palette), *_points(self._scene))
        self.plot.show(Content(
            markers=markers,
            x_label="azimuth (°)", y_label="residual Δr (px)",
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


def point_marker(role: PointRole, x: float, y: float, number: int, **more: Any) -> Marker:
    """The mark of a point in a plot, which is that on the image."""
    return Marker(x, y, POINT_COLORS[role], SHAPES[role], key=number, edge=HALO, **more)


def _points(scene: Scene) -> tuple[Marker, ...]:
    return tuple(
        point_marker(
            point.role, point.azimuth_deg, point.residual_px, point.number,
            chosen=point.number == scene.selected,
            label=f"{point.residual_px:+.1f}".replace("-", "−"),
        )
        for point in scene.points
        if point.azimuth_deg is not None and point.residual_px is not None
    )


def robust_limits(values: Iterable[float]) -> tuple[float, float] | None:
    """Limits around zero and all values but gross outliers; None where there are no values.

    The scale is 1.4826 times the median distance from zero, that of a normal distribution's σ.
    """
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return None
    reach = max(REACH * 1.4826 * median(abs(value) for value in known), LEAST_PX)
    near = [value for value in known if abs(value) <= reach]
    return padded(min([*near, -LEAST_PX]), max([*near, LEAST_PX]))
