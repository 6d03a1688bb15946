"""How the optimisation went: objective and radius against iteration, and every iteration."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Scene, Table
from calibtool.view.command_button import CommandButton
from calibtool.view.context import Context
from calibtool.view.curves_plot import CurvesPlot
from calibtool.view.panes import Split, share
from calibtool.view.table_view import TableView


class ConvergencePanel(ttk.Frame):
    """Plot beside table, with the export above the table."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(4)))
        self._history: Table | None = None
        panes = Split(self, share(0.44))
        panes.pack(fill="both", expand=True)
        self.plot = CurvesPlot(
            panes, context.theme, x_label="iteration",
            empty="The course of the fit appears here, each start a line",
        )
        right = ttk.Frame(panes)
        bar = ttk.Frame(right)
        bar.pack(fill="x", pady=(0, px(4)))
        self._export = CommandButton(bar, context, "export_history", style="Small.TButton")
        self._export.pack(side="right")
        self.count = ttk.Label(bar, style="Muted.TLabel")
        self.count.pack(side="left", padx=px(4))
        self.table = TableView(right, context.theme)
        self.table.pack(fill="both", expand=True)
        panes.add(self.plot, weight=1)
        panes.add(right, weight=1)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        self._export.show(scene)
        self.plot.show(scene.convergence)
        self.table.show(scene.history)
        if scene.history is not self._history:
            self._history = scene.history
            rows = len(scene.history.rows)
            self.count.configure(text=f"{rows} rows" if rows else "")
