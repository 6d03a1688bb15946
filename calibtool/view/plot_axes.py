"""The axes of a plot: limits from the data, round ticks, and values to canvas positions."""

import math
import tkinter as tk
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from calibtool.view.palette import Palette
from calibtool.view.plot_content import Content
from calibtool.view.theme import Theme
from calibtool.view.ticks import linear_ticks, log_ticks, padded, tick_texts

Anchor = Literal["n", "e", "nw", "se"]
Tick = tuple[float, str]
"""Value and text."""


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
    counted: bool
    log_y: bool
    zero_line: bool

    @classmethod
    def of(cls, content: Content) -> "AxesLook":
        """Take what matters from a content."""
        log_y, x_limits, y_limits = _limits(content)
        return cls(content.x_label, content.y_label, x_limits, y_limits, content.x_ticks,
                   content.counted, log_y, content.zero_line)


def draw_axes(canvas: tk.Canvas, theme: Theme, look: AxesLook) -> Axes:
    """Draw frame, grid, ticks and labels, and give the axes back."""
    gap = theme.px(4)
    for below in (False, True):
        axes, x_ticks, y_ticks = _laid_out(canvas, theme, look, below)
        label_x = _between_last(theme, axes, x_ticks, theme.small_width(look.x_label) + 2 * gap)
        if not look.x_label or label_x is not None:
            break
    palette = theme.palette
    _draw_rows(canvas, theme, axes, y_ticks)
    _draw_columns(canvas, theme, axes, x_ticks)
    if look.zero_line and axes.y_limits[0] < 0 < axes.y_limits[1]:
        y = axes.to_canvas(axes.x_limits[0], 0.0)[1]
        canvas.create_line(axes.left, y, axes.right, y, fill=palette.muted, tags="zero")
    canvas.create_rectangle(axes.left, axes.top, axes.right, axes.bottom, outline=palette.line)
    _write(canvas, palette, (gap, gap // 2), look.y_label, "nw")
    if label_x is None:
        _write(canvas, palette, (axes.right, canvas.winfo_height() - gap // 2), look.x_label, "se")
    else:
        _write(canvas, palette, (label_x, axes.bottom + gap // 2), look.x_label, "n")
    return axes


def _laid_out(
    canvas: tk.Canvas, theme: Theme, look: AxesLook, below: bool
) -> tuple[Axes, list[Tick], list[Tick]]:
    """Axes with ticks in x and y; ``below``: the x label takes a line of its own."""
    line, gap = theme.small_linespace, theme.px(4)
    top = gap + (line + gap // 2 if look.y_label else line // 2)
    bottom = canvas.winfo_height() - line * (2 if below else 1) - gap - gap // 2
    rows = max(int((bottom - top) / (1.2 * line)), 1)
    y_ticks = _texts((log_ticks if look.log_y else linear_ticks)(*look.y_limits, rows))
    left = gap * 2 + max((theme.small_width(text) for _, text in y_ticks), default=0)
    right = max(canvas.winfo_width() - gap * 3, left + 1)
    axes = Axes(left, top, right, max(bottom, top + 1), look.x_limits, look.y_limits, look.log_y)
    columns = max(int((right - left) / theme.px(60)), 1)
    if look.counted:
        columns = min(columns, int(look.x_limits[1] - look.x_limits[0]) + 1)
    return axes, _texts(list(look.x_ticks or linear_ticks(*look.x_limits, columns))), y_ticks


def _texts(ticks: list[float]) -> list[Tick]:
    return list(zip(ticks, tick_texts(ticks), strict=True))


def _between_last(
    theme: Theme, axes: Axes, ticks: list[Tick], width: int
) -> float | None:
    """Middle between the last two ticks in x, where a text of this width has room there."""
    if len(ticks) < 2:
        return None
    ends = [
        axes.to_canvas(value, axes.y_limits[0])[0] + side * theme.small_width(text) / 2
        for (value, text), side in zip(ticks[-2:], (1, -1), strict=True)
    ]
    return sum(ends) / 2 if ends[1] - ends[0] >= width else None


def _draw_rows(canvas: tk.Canvas, theme: Theme, axes: Axes, ticks: list[Tick]) -> None:
    """Draw lines across; in a plot of a few lines' height not all of them have a label."""
    palette, gap, written = theme.palette, theme.px(4), math.inf
    for value, label in ticks:
        y = axes.to_canvas(axes.x_limits[0], value)[1]
        canvas.create_line(axes.left, y, axes.right, y, fill=palette.hover)
        if written - y >= theme.small_linespace:
            _write(canvas, palette, (axes.left - gap, y), label, "e")
            written = y


def _draw_columns(canvas: tk.Canvas, theme: Theme, axes: Axes, ticks: list[Tick]) -> None:
    """Draw lines from top to bottom; in a narrow plot not all of them have a label."""
    palette, gap, written = theme.palette, theme.px(4), -math.inf
    for value, label in ticks:
        x, half = axes.to_canvas(value, axes.y_limits[0])[0], theme.small_width(label) / 2
        canvas.create_line(x, axes.top, x, axes.bottom, fill=palette.hover)
        if x - half > written:
            _write(canvas, palette, (x, axes.bottom + gap // 2), label, "n")
            written = x + half + gap


def _write(
    canvas: tk.Canvas, palette: Palette, at: tuple[float, float], text: str, anchor: Anchor
) -> None:
    canvas.create_text(*at, text=text, anchor=anchor, fill=palette.muted, font="CalibtoolSmall")


def _limits(content: Content) -> tuple[bool, tuple[float, float], tuple[float, float]]:
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
