"""The images of the folder, and what is done with all of them."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Field, Scene
from calibtool.view import inputs
from calibtool.view.command_button import CommandButton, CommandCheck
from calibtool.view.context import Context
from calibtool.view.curves_plot import CurvesPlot
from calibtool.view.field_row import FieldRow, make_rows
from calibtool.view.panes import Split, share
from calibtool.view.table_view import TableView


class FolderPanel(ttk.Frame):
    """List of files and frames, a row opens its image; filter, follow and process beside it."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(4)))
        side = ttk.Frame(self)
        side.pack(side="left", fill="y", padx=(0, px(10)))
        fields = ttk.Frame(side)
        fields.pack(fill="x")
        self.rows: dict[str, FieldRow] = make_rows(fields, context, inputs.FOLDER)
        self._buttons: list[CommandButton | CommandCheck] = []
        steps = ttk.Frame(side)
        steps.pack(fill="x", pady=px(4))
        for name, text in (("previous", "◀ Previous"), ("next", "Next ▶")):
            button = CommandButton(steps, context, name, text=text)
            button.pack(side="left", padx=(0, px(4)), fill="x", expand=True)
            self._buttons.append(button)
        process = CommandButton(side, context, "process_folder", text="Process folder…")
        process.pack(fill="x")
        follow = CommandCheck(side, context, "follow", text="Follow the folder")
        follow.pack(anchor="w", pady=px(2))
        self._buttons += [process, follow]
        self.table = TableView(
            self, context.theme, on_open=lambda row: context.actions.open_row("folder", row)
        )
        self.table.pack(side="left", fill="both", expand=True)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for button in self._buttons:
            button.show(scene)
        for key, row in self.rows.items():
            row.show(scene.fields.get(key, Field(enabled=False)))
        self.table.show(scene.folder)


class SeriesPanel(ttk.Frame):
    """What was found in each image of the folder: table, and drift over the series."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(4)))
        panes = Split(self, share(0.58, least=px(290)))
        panes.pack(fill="both", expand=True)
        self.table = TableView(
            panes, context.theme, on_open=lambda row: context.actions.open_row("series", row)
        )
        self.plot = CurvesPlot(
            panes, context.theme, x_label="image", empty="The drift over the series appears here"
        )
        panes.add(self.table, weight=3)
        panes.add(self.plot, weight=2)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        self.table.show(scene.series)
        self.plot.show(scene.drift)
