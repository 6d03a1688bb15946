"""Warnings: each a short line that opens its explanation, with the button that helps."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Advice, Scene
from calibtool.view.commands import BY_NAME
from calibtool.view.context import Context
from calibtool.view.runner import is_enabled

NONE = "No warnings"
LEAST_LINES = 2
"""Lines whose room is kept, so that what is below stays where it is."""


class AdviceList(ttk.Frame):
    """The warnings of a scene, the first ones first."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: tuple[Advice, ...] | None = None
        self._opened: set[str] = set()
        self.lines: list[_Line] = []
        self.none = ttk.Label(self, text=NONE, style="Muted.TLabel")
        self.columnconfigure(0, weight=1)
        height = context.theme.linespace + context.theme.px(8)
        for row in range(LEAST_LINES):
            self.rowconfigure(2 * row, minsize=height)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        if scene.warnings != self._shown:
            self._shown = scene.warnings
            for line in self.lines:
                line.destroy()
            self.lines = [
                _Line(self, self._context, advice, 2 * row, self._opened)
                for row, advice in enumerate(scene.warnings)
            ]
        self._say_none(scene)
        for line in self.lines:
            line.follow(scene)

    def _say_none(self, scene: Scene) -> None:
        none = not scene.warnings and any(row.value for row in scene.results)
        if none != bool(self.none.winfo_manager()):
            if none:
                self.none.grid(row=0, column=0, sticky="w")
            else:
                self.none.grid_remove()


class _Line:
    """One warning; ``opened`` holds the codes whose explanation is open."""

    def __init__(
        self, parent: ttk.Frame, context: Context, advice: Advice, row: int, opened: set[str]
    ) -> None:
        px = context.theme.px
        self.advice, self._context, self._opened, self._row = advice, context, opened, row
        self.header = ttk.Button(parent, style="Dim.Advice.Toolbutton" if advice.dimmed
                                 else "Advice.Toolbutton", command=self._toggle)
        wide = 1 if advice.remedy is not None else 2
        self.header.grid(row=row, column=0, columnspan=wide, sticky="ew")
        self.explanation = ttk.Label(parent, text=advice.explanation, style="Muted.TLabel",
                                     justify="left", wraplength=px(200))
        self.explanation.bind("<Configure>", lambda event: self.explanation.configure(
            wraplength=max(event.width - px(4), px(100))))
        self.button: ttk.Button | None = None
        if advice.remedy is not None:
            self.button = ttk.Button(parent, text=advice.remedy.label, style="Small.TButton",
                                     command=self._help)
            self.button.grid(row=row, column=1, sticky="e", padx=(px(4), 0))
        self._draw()

    def follow(self, scene: Scene) -> None:
        """Let the button be pressed only while it does something."""
        remedy = self.advice.remedy
        if self.button is not None and remedy is not None:
            on = remedy.does not in BY_NAME or is_enabled(remedy.does, scene)
            self.button.state(["!disabled" if on and not self.advice.dimmed else "disabled"])

    def destroy(self) -> None:
        """Take the line away."""
        for widget in (self.header, self.explanation, self.button):
            if widget is not None:
                widget.destroy()

    def _toggle(self) -> None:
        self._opened ^= {self.advice.code}
        self._draw()

    def _draw(self) -> None:
        opened = self.advice.code in self._opened
        self.header.configure(text=f"{'▾' if opened else '▸'} {self.advice.text}")
        if opened:
            pad = self._context.theme.px(14)
            self.explanation.grid(row=self._row + 1, column=0, columnspan=2, sticky="ew",
                                  padx=(pad, 0), pady=(0, self._context.theme.px(4)))
        else:
            self.explanation.grid_forget()

    def _help(self) -> None:
        remedy = self.advice.remedy
        if remedy is None:
            return
        if remedy.does in BY_NAME:
            self._context.run(remedy.does)
        else:
            self._context.answer(remedy.does)
