"""How widgets share room: two panels with a line to move, and lines of widgets that go on."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Literal

Place = Callable[[int, int], float]


class Split(ttk.Panedwindow):
    """Two panels; ``place(width, height)`` is the size in px of the first one.

    It holds until the user moves the line between them.
    """

    def __init__(
        self, parent: tk.Misc, place: Place, *,
        orient: Literal["horizontal", "vertical"] = "horizontal",
    ) -> None:
        super().__init__(parent, orient=orient)
        self._place_of = place
        self._moved = False
        self.bind("<Configure>", lambda event: self._place(event.width, event.height))
        self.bind("<B1-Motion>", lambda _event: self._keep(), add="+")

    def _place(self, width: int, height: int) -> None:
        panels = self.tk.splitlist(self.tk.call(self, "panes"))
        if not self._moved and len(panels) > 1 and min(width, height) > 1:
            self.tk.call(self, "sashpos", 0, round(self._place_of(width, height)))

    def _keep(self) -> None:
        self._moved = True


def share(part: float, *, least: int = 0) -> Place:
    """Part of the width, but ``least`` px where that leaves the other panel three tenths."""
    return lambda width, _height: max(width * part, min(least, width * 0.7))


class Flow(ttk.Frame):
    """As high as the lines its widgets need; ``gap`` px between them, more before a check box."""

    def __init__(self, parent: tk.Misc, gap: int) -> None:
        super().__init__(parent)
        self._gap = gap
        self._widgets: tuple[ttk.Widget, ...] = ()
        self.bind("<Configure>", lambda event: self._arrange(event.width))

    def arrange(self, widgets: Sequence[ttk.Widget]) -> None:
        """Show these widgets in this order, and no others."""
        for widget in self._widgets:
            if widget not in widgets:
                widget.place_forget()
        self._widgets = tuple(widgets)
        self._arrange(self.winfo_width())

    def _arrange(self, width: int) -> None:
        sizes = [(widget.winfo_reqwidth(), widget.winfo_reqheight()) for widget in self._widgets]
        line = max((height for _width, height in sizes), default=1)
        x = y = 0
        for widget, (own, height) in zip(self._widgets, sizes, strict=True):
            if x and widget.winfo_class() == "TCheckbutton":
                x += 2 * self._gap
            # Before the frame has its size, all stands in one line.
            if 1 < width < x + own and x:
                x, y = 0, y + line + self._gap
            widget.place(x=x, y=y + (line - height) // 2, width=own, height=height)
            x += own + self._gap
        self.configure(height=y + line)
