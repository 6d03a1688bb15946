"""A label for names that may be long: the middle gives way, a tooltip has the whole."""

import tkinter as tk
import tkinter.font as tkfont
from collections.abc import Callable
from tkinter import ttk

from calibtool.view.theme import Theme
from calibtool.view.tooltip import Tooltip


class ShortLabel(ttk.Label):
    """Shows as much of a text as there is room for."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, anchor="w", width=1)
        self._whole = ""
        self._font = tkfont.nametofont("TkDefaultFont", self)
        self.bind("<Configure>", lambda _event: self._fit())
        Tooltip(self, theme, lambda: self._whole if self._whole != self.cget("text") else "")

    def show(self, text: str) -> None:
        """Show another text."""
        if text != self._whole:
            self._whole = text
            self._fit()

    def _fit(self) -> None:
        room, text = self.winfo_width() - 2, self._whole
        if room > 1:
            self.configure(text=shortened(text, room, self._font.measure))


def shortened(text: str, room: int, measure: Callable[[str], int]) -> str:
    """Text that is at most ``room`` px wide, "…" for what is missing in the middle."""
    if measure(text) <= room:
        return text
    keep = len(text) - 1
    while keep > 2 and measure(_cut(text, keep)) > room:
        keep -= 1
    return _cut(text, keep)


def _cut(text: str, keep: int) -> str:
    tail = keep // 2
    return f"{text[: keep - tail]}…{text[len(text) - tail :]}"
