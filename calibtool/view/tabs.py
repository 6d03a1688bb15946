"""Panels behind each other; their titles get shorter where there is no room for them."""

import tkinter as tk
import tkinter.font as tkfont
from tkinter import ttk

from calibtool.view.theme import Theme

# What the sides of a title take, px at 96 dpi: the padding of the style, and its border.
SIDES = 2 * 12 + 4


class Tabs(ttk.Notebook):
    """A notebook whose titles are not cut, as far as they have shorter forms."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent)
        self._px = theme.px
        self._titles: tuple[tuple[str, ...], ...] = ()
        self._shown: list[str] = []
        self._measure = tkfont.nametofont("TkDefaultFont", self).measure
        self.enable_traversal()
        self.bind("<Configure>", lambda event: self._fit(event.width))

    def put(self, *panels: tuple[ttk.Widget, tuple[str, ...]]) -> None:
        """Add panels, each with its title and, after it, a shorter form of that."""
        for panel, titles in panels:
            self.add(panel, text=titles[0])
        self._titles = tuple(titles for _panel, titles in panels)
        self._shown = [titles[0] for titles in self._titles]

    def _fit(self, width: int) -> None:
        """Shorten no more titles than there is no room for, the first ones first."""
        chosen = [titles[0] for titles in self._titles]
        for place, titles in enumerate(self._titles):
            if sum(self._measure(title) + self._px(SIDES) for title in chosen) <= width:
                break
            chosen[place] = titles[-1]
        for place, title in enumerate(chosen):
            if self._shown[place] != title:
                self._shown[place] = title
                self.tk.call(self, "tab", place, "-text", title)

