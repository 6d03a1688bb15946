"""The results at the top of the column: verdict, the chief numbers, warnings."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.advice_list import AdviceList
from calibtool.view.context import Context
from calibtool.view.number_rows import NumberRows
from calibtool.view.verdict_line import VerdictLine


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
