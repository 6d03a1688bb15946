"""The axes of a plot: limits from the data, round ticks, and values to canvas positions."""

import math
import tkinter as tk
import tkinter.font as tkfont
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from calibtool.view.palette import Palette
from calibtool.view.plot_content import Content
from calibtool.view.theme import Theme
from calibtool.view.ticks import linear_ticks, log_ticks, padded, tick_texts

Anchor = Literal["n", "e", "nw", "se"]


@dataclass(frozen=True)
class Axes:
    """Where the plot area lies on the canvas (px) and which values its sides have."""

    left: float
    top: float
    right: float
    bottom: float
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    log_y: bool = False

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Canvas position of a value."""
        x_low, x_high = self.x_limits
        y_low, y_high = (self._scaled(limit) for limit in self.y_limits)
        return (
            self.left + (x - x_low) / (x_high - x_low) * (self.right - self.left),
            self.bottom - (self._scaled(y) - y_low) / (y_high - y_low) * (self.bottom - self.top),
        )

    def drawable(self, y: float) -> bool:
        """Whether the y axis has a place for this value."""
        return math.isfinite(y) and (y > 0 or not self.log_y)

    def _scaled(self, y: float) -> float:
        return math.log10(y) if self.log_y else y


@dataclass(frozen=True)
class AxesLook:
    """All that the axes of a content are drawn from: its labels, and limits with its data."""

    x_label: str
    y_label: str
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    x_ticks: tuple[float, ...] | None
    log_y: bool
    zero_line: bool

    @classmethod
    def of(cls, content: "Content") -> "AxesLook":
        """Take what matters from a content."""
        log_y, x_limits, y_limits = _limits(content)
        return cls(content.x_label, content.y_label, x_limits, y_limits, content.x_ticks, log_y,
                   content.zero_line)


def draw_axes(canvas: tk.Canvas, theme: Theme, look: AxesLook) -> Axes:
    """Draw frame, grid, ticks and labels, and give the axes back."""
    font = tkfont.nametofont("CalibtoolSmall", canvas)
    line = int(font.metrics("linespace"))
    x_limits, y_limits = look.x_limits, look.y_limits
    gap = theme.px(4)
    top = gap + (line + gap // 2 if look.y_label else line // 2)
    bottom = canvas.winfo_height() - line - gap - (line if look.x_label else 0) - gap // 2
    rows = max(int((bottom - top) / (1.2 * line)), 1)
    y_ticks = (log_ticks if look.log_y else linear_ticks)(*y_limits, rows)
    y_texts = tick_texts(y_ticks)
    left = gap * 2 + max((font.measure(text) for text in y_texts), default=0)
    right = canvas.winfo_width() - gap * 3
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    axes = Axes(left, top, right, bottom, x_limits, y_limits, look.log_y)
    _draw_grid(canvas, theme, axes, look, list(zip(y_ticks, y_texts, strict=True)))
    return axes


def _draw_grid(
    canvas: tk.Canvas,
    theme: Theme,
    axes: Axes,
    look: AxesLook,
    y_ticks: list[tuple[float, str]],
) -> None:
    palette, gap = theme.palette, theme.px(4)
    _draw_rows(canvas, palette, axes, y_ticks, gap)
    columns = max(int((axes.right - axes.left) / theme.px(60)), 1)
    ticks = list(look.x_ticks or linear_ticks(*axes.x_limits, columns))
    x_ticks = list(zip(ticks, tick_texts(ticks), strict=True))
    _draw_columns(canvas, palette, axes, x_ticks, gap)
    if look.zero_line and axes.y_limits[0] < 0 < axes.y_limits[1]:
        y = axes.to_canvas(axes.x_limits[0], 0.0)[1]
        canvas.create_line(axes.left, y, axes.right, y, fill=palette.muted, tags="zero")
    canvas.create_rectangle(axes.left, axes.top, axes.right, axes.bottom, outline=palette.line)
    if look.y_label:
        _write(canvas, palette, (gap, gap // 2), look.y_label, "nw")
    if look.x_label:
        low = canvas.winfo_height() - gap // 2
        _write(canvas, palette, (axes.right, low), look.x_label, "se")


def _draw_rows(
    canvas: tk.Canvas, palette: Palette, axes: Axes, ticks: list[tuple[float, str]], gap: int
) -> None:
    """Draw lines across; in a plot of a few lines' height not all of them have a label."""
    clear = int(tkfont.nametofont("CalibtoolSmall", canvas).metrics("linespace"))
    written = math.inf
    for value, label in ticks:
        y = axes.to_canvas(axes.x_limits[0], value)[1]
        canvas.create_line(axes.left, y, axes.right, y, fill=palette.hover)
        if written - y >= clear:
            _write(canvas, palette, (axes.left - gap, y), label, "e")
            written = y


def _draw_columns(
    canvas: tk.Canvas, palette: Palette, axes: Axes, ticks: list[tuple[float, str]], gap: int
) -> None:
    """Draw lines from top to bottom; in a narrow plot not all of them have a label."""
    font = tkfont.nametofont("CalibtoolSmall", canvas)
    written = -math.inf
    for value, label in ticks:
        x, half = axes.to_canvas(value, axes.y_limits[0])[0], font.measure(label) / 2
        canvas.create_line(x, axes.top, x, axes.bottom, fill=palette.hover)
        if x - half > written:
            _write(canvas, palette, (x, axes.bottom + gap // 2), label, "n")
            written = x + half + gap


def _write(
    canvas: tk.Canvas, palette: Palette, at: tuple[float, float], text: str, anchor: Anchor
) -> None:
    canvas.create_text(*at, text=text, anchor=anchor, fill=palette.muted, font="CalibtoolSmall")


def _limits(content: "Content") -> tuple[bool, tuple[float, float], tuple[float, float]]:
    xs = _finite([*(line.x for line in content.lines), [m.x for m in content.markers]])
    ys = _finite([*(line.y for line in content.lines), [m.y for m in content.markers]])
    log_y = content.log_y and any(y > 0 for y in ys)
    x_limits = content.x_limits or (padded(min(xs), max(xs), 0.02) if xs else (0.0, 1.0))
    if log_y:
        low, high = padded(*(math.log10(limit) for limit in _extremes([y for y in ys if y > 0])))
        return True, x_limits, (10.0**low, 10.0**high)
    if content.y_limits:
        return False, x_limits, content.y_limits
    if content.zero_line:
        ys = [*ys, 0.0]
    return False, x_limits, padded(*_extremes(ys)) if ys else (-1.0, 1.0)


def _extremes(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)


def _finite(parts: Iterable[Iterable[float]]) -> list[float]:
    return [value for part in parts for value in part if math.isfinite(value)]
