"""A small plot on a Tk canvas: axes, lines and markers, with markers that can be clicked."""

import math
import tkinter as tk
from collections.abc import Callable

from calibtool.view.markers import draw_marker, place
from calibtool.view.palette import Palette
from calibtool.view.plot_axes import Axes, AxesLook, draw_axes
from calibtool.view.plot_content import Content, Line
from calibtool.view.theme import Theme


class Plot(tk.Canvas):
    """Shows a ``Content``; calls ``on_pick(key)`` for the marker nearest to a click.

    At most one redraw is pending, and none happens while the plot cannot be seen.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        *,
        on_pick: Callable[[int], None] | None = None,
        width: int = 200,
        height: int = 120,
    ) -> None:
        super().__init__(
            parent, width=theme.px(width), height=theme.px(height), highlightthickness=1,
            borderwidth=0, takefocus=0,
        )
        self._theme = theme
        self._on_pick = on_pick
        self._pending = False
        self.content = Content()
        self.axes: Axes | None = None
        self._axes_of: tuple[AxesLook, tuple[int, int], bool] | None = None
        self.bind("<Configure>", lambda _event: self._ask())
        self.bind("<Map>", lambda _event: self._ask())
        self.bind("<Button-1>", self._click)
        theme.follow(self._colours)

    def show(self, content: Content) -> None:
        """Show other content; nothing is drawn where it is the same."""
        if content != self.content:
            self.content = content
            self._ask()

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Canvas position of a value, for drawing and for tests."""
        if self.axes is None:
            self.redraw()
        assert self.axes is not None
        return self.axes.to_canvas(x, y)

    def redraw(self) -> None:
        """Draw now."""
        self._pending = False
        palette, content = self._theme.palette, self.content
        size = (self.winfo_width(), self.winfo_height())
        if content.message:
            self.delete("all")
            self.axes = self._axes_of = None
            self.create_text(
                size[0] // 2, size[1] // 2, text=content.message, fill=palette.muted,
                width=max(size[0] - self._theme.px(24), 1), justify="center",
                font="CalibtoolSmall",
            )
            return
        ground = AxesLook.of(content), size, self._theme.dark
        if self.axes is None or ground != self._axes_of:
            self.delete("all")
            self.axes, self._axes_of = draw_axes(self, self._theme, ground[0]), ground
            self.addtag_all("axes")
        else:
            self.delete("!axes")
        for line in content.lines:
            self._draw_line(line)
        for marker in sorted(content.markers, key=lambda marker: marker.chosen):
            draw_marker(self, self._theme, palette, self.axes, marker)
        self._draw_legend()

    def _ask(self) -> None:
        if not self._pending:
            self._pending = True
            self.after_idle(self._redraw_if_seen)

    def _redraw_if_seen(self) -> None:
        self._pending = False
        if self.winfo_ismapped() and self.winfo_width() > 1:
            self.redraw()

    def _colours(self, palette: Palette) -> None:
        self.configure(
            background=palette.surface, highlightbackground=palette.line,
            highlightcolor=palette.accent,
        )
        self._ask()

    def _draw_line(self, line: Line) -> None:
        assert self.axes is not None
        part: list[float] = []
        for x, y in zip(line.x, line.y, strict=True):
            if math.isfinite(x) and self.axes.drawable(y):
                part += self.axes.to_canvas(x, y)
            else:
                self._polyline(part, line)
                part = []
        self._polyline(part, line)

    def _polyline(self, part: list[float], line: Line) -> None:
        if len(part) >= 4:
            self.create_line(part, fill=line.colour, width=self._theme.px(line.width), tags="line")

    def _draw_legend(self) -> None:
        """Names in the lines' colours above the axes, when there are a few and room for them."""
        assert self.axes is not None
        named = [line for line in self.content.lines if line.name]
        wide, gap = self._theme.small_width, self._theme.px(10)
        width = sum(wide(line.name) + gap for line in named)
        room = self.axes.right - wide(self.content.y_label) - gap
        if len(named) < 2 or width > room or not self.content.y_label:
            return
        x, y = self.axes.right, self._theme.px(2)
        for line in reversed(named):
            self.create_text(x, y, text=line.name, fill=line.colour, anchor="ne",
                             font="CalibtoolSmall", tags="legend")
            x -= wide(line.name) + gap

    def _click(self, event: "tk.Event[tk.Canvas]") -> None:
        axes = self.axes
        if self._on_pick is None or axes is None:
            return
        near = self._theme.px(10)
        best: tuple[float, int] | None = None
        for marker in self.content.markers:
            placed = place(marker, axes, self._theme.px(marker.size))
            if marker.key is None or placed is None:
                continue
            distance = math.hypot(placed[0] - event.x, placed[1] - event.y)
            if distance <= near and (best is None or distance < best[0]):
                best = (distance, marker.key)
        if best is not None:
            self._on_pick(best[1])
