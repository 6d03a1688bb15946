"""Points and residuals: the buttons of the selection, the list, and the azimuth strip."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.command_button import CommandButton, CommandCheck
from calibtool.view.context import Context
from calibtool.view.point_list import PointList
from calibtool.view.strip_plot import StripPlot

BUTTONS = ("pick", "done", "cancel_picking", "remove", "fit", "reset", "load_points",
           "save_points")
TEXTS = {"pick": "Set points", "fit": "Refit", "load_points": "Load…", "save_points": "Save…"}


class PointsPanel(ttk.Frame):
    """List and strip side by side below the buttons of the manual selection."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(4)))
        bar = ttk.Frame(self)
        bar.pack(fill="x", pady=(0, px(4)))
        self._buttons: list[CommandButton | CommandCheck] = []
        for name in BUTTONS:
            style = "Accent.TButton" if name == "done" else "Small.TButton"
            button = CommandButton(bar, context, name, text=TEXTS.get(name, ""), style=style)
            button.pack(side="left", padx=(0, px(4)))
            self._buttons.append(button)
        one_click = CommandCheck(bar, context, "one_click")
        one_click.pack(side="left", padx=(px(6), 0))
        self._buttons.append(one_click)
        panes = ttk.Panedwindow(self, orient="horizontal")
        panes.pack(fill="both", expand=True)
        self.list = PointList(panes, context)
        self.strip = StripPlot(panes, context)
        panes.add(self.list, weight=1)
        panes.add(self.strip, weight=1)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for button in self._buttons:
            button.show(scene)
        self.list.show(scene)
        self.strip.show(scene)
