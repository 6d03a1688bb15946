"""Two panels beside each other with a line between them that the user can move."""

import tkinter as tk
from tkinter import ttk


class Split(ttk.Panedwindow):
    """Side by side; ``share`` of the width goes to the first panel.

    It gets ``least`` px where that leaves the other panel three tenths. The share holds until the
    user moves the line between them.
    """

    def __init__(self, parent: tk.Misc, *, share: float, least: int = 0) -> None:
        super().__init__(parent, orient="horizontal")
        self._share, self._least = share, least
        self._moved = False
        self.bind("<Configure>", lambda event: self._place(event.width))
        self.bind("<B1-Motion>", lambda _event: self._keep(), add="+")

    def _place(self, width: int) -> None:
        panels = self.tk.splitlist(self.tk.call(self, "panes"))
        if not self._moved and len(panels) > 1 and width > 1:
            position = max(round(width * self._share), min(self._least, round(width * 0.7)))
            self.tk.call(self, "sashpos", 0, position)

    def _keep(self) -> None:
        self._moved = True
