"""Widgets in a line that goes on below where the room ends."""

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk


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
