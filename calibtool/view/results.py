"""The results at the top of the column: verdict, the chief numbers, warnings."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Scene, Verdict
from calibtool.view.advice_list import AdviceList
from calibtool.view.context import Context
from calibtool.view.number_rows import NumberRows
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


class ResultsPanel(ttk.Frame):
    """What is read first; between numbers and warnings is room for what they depend on."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        px = context.theme.px
        self.verdict = VerdictLine(self, context.theme)
        self.verdict.pack(fill="x")
        self.numbers = NumberRows(self, context)
        self.numbers.pack(fill="x", pady=(px(4), 0))
        self.between = ttk.Frame(self)
        self.between.pack(fill="x", pady=px(4))
        self.advice = AdviceList(self, context)
        self.advice.pack(fill="x")

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        self.verdict.show(scene.verdict)
        self.numbers.show(tuple(row for row in scene.results if not row.detail))
        self.advice.show(scene)
