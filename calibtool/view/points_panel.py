"""Points and residuals: the buttons of the selection, the list, and the azimuth strip."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.command_button import CommandButton, CommandCheck
from calibtool.view.context import Context
from calibtool.view.panes import Flow, Split, share
from calibtool.view.point_list import PointList
from calibtool.view.strip_plot import StripPlot

TEXTS = {"pick": "Set points", "fit": "Refit"}
FROM_CORNER = "Positions count from the pixel's corner (0.5 more), as in pyFAI and Fit2D."
ALWAYS = ("fit", "remove", "reset")
PICKING = ("done", "cancel_picking")
RESTING = ("load_points", "save_points")


class PointsPanel(ttk.Frame):
    """List and strip side by side below the buttons of the manual selection."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(4)))
        self._bar = Flow(self, px(3))
        self._bar.pack(fill="x", pady=(0, px(4)))
        self._picking: bool | None = None
        self._buttons: dict[str, CommandButton | CommandCheck] = {
            name: CommandButton(
                self._bar, context, name, text=TEXTS.get(name, ""),
                style="SmallAccent.TButton" if name in ("pick", "done") else "Small.TButton",
            )
            for name in ("pick", *PICKING, *ALWAYS, *RESTING)
        }
        self._buttons["one_click"] = CommandCheck(self._bar, context, "one_click")
        panes = Split(self, self._list_width)
        # What the strip means, in words, across list and strip.
        self.words = ttk.Label(self, style="Muted.TLabel", justify="left")
        self.words.pack(side="bottom", fill="x")
        self.words.bind(
            "<Configure>", lambda event: self.words.configure(wraplength=max(event.width - 2, 60))
        )
        panes.pack(fill="both", expand=True)
        self.list = PointList(panes, context)
        self.strip = StripPlot(panes, context)
        panes.add(self.list, weight=1)
        panes.add(self.strip, weight=1)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for button in self._buttons.values():
            button.show(scene)
        self._arrange(picking=scene.picking)
        self.list.show(scene)
        self.strip.show(scene)
        notes = [f"Point {point.number}: {point.note.rstrip('.')}." for point in scene.points
                 if point.note and point.number == scene.selected]
        counted = [FROM_CORNER] if scene.display.corner and scene.points else []
        words = "  ".join([*counted, *notes, *scene.strip.words])
        if words != self.words.cget("text"):
            self.words.configure(text=words)

    def _list_width(self, width: int, height: int) -> float:
        return share(0.4, least=self.list.least_width)(width, height)

    def _arrange(self, *, picking: bool) -> None:
        """Show the buttons of the present step only; there is room for no more."""
        if picking == self._picking:
            return
        self._picking = picking
        names = (*PICKING, *ALWAYS, "one_click") if picking else ("pick", *ALWAYS, *RESTING)
        self._bar.arrange([self._buttons[name] for name in names])
