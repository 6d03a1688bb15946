"""The verdict: a sign, a line in words and a line with numbers, always as high."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Verdict
from calibtool.view.theme import Theme

SIGNS = {"good": "✔", "fair": "▲", "poor": "✖", "none": "●"}
"""One for each level, so that it is not told by colour alone."""
LINES = 2
"""Lines that the numbers may take in a narrow column."""


class VerdictLine(ttk.Frame):
    """Says how far the numbers below it can be trusted."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent)
        px = theme.px
        self._shown: Verdict | None = None
        self.sign = ttk.Label(self, font="CalibtoolTitle", width=2, anchor="w")
        self.words = ttk.Label(self, font="CalibtoolTitle", anchor="w")
        self.numbers = ttk.Label(self, style="Muted.TLabel", justify="left", anchor="nw")
        self.sign.grid(row=0, column=0, sticky="w")
        self.words.grid(row=0, column=1, sticky="ew")
        self.numbers.grid(row=1, column=0, columnspan=2, sticky="new", pady=(px(1), 0))
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, minsize=LINES * theme.small_linespace + px(5))
        self.numbers.bind(
            "<Configure>",
            lambda event: self.numbers.configure(wraplength=max(event.width - 2, px(60))),
        )

    def show(self, verdict: Verdict) -> None:
        """Follow the verdict of a scene."""
        if verdict == self._shown:
            return
        self._shown = verdict
        self.sign.configure(text=SIGNS[verdict.level], style=f"{verdict.level}.Verdict.TLabel")
        style = "Stale.TLabel" if verdict.dimmed else f"{verdict.level}.Verdict.TLabel"
        self.words.configure(text=verdict.words, style=style)
        self.numbers.configure(
            text=verdict.numbers, style="Stale.Muted.TLabel" if verdict.dimmed else "Muted.TLabel"
        )
