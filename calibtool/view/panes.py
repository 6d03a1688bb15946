"""Two panels beside or below each other with a line between them that the user can move."""

import tkinter as tk
from collections.abc import Callable
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
