"""The results: numbers with σ and source, the verdict in words, warnings."""

import tkinter as tk
import tkinter.font as tkfont
from tkinter import ttk

from calibtool.scene import ResultRow, Scene
from calibtool.view.context import Context
from calibtool.view.tooltip import Tooltip

SYMBOLS = {"good": "✔", "fair": "▲", "poor": "✖", "none": "●"}
STALE = "Points or settings have changed: these are the old results. Press Refit."
NO_IMAGE = "No result yet. Open an image of a calibrant."
EMPTY = "No result yet. Press Find ring, or set points by hand."


class ResultsPanel(ttk.Frame):
    """Shows verdict, rows and warnings of a scene; grey when they are not of the present points."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._theme = context.theme
        px = self._theme.px
        self._small = tkfont.nametofont("CalibtoolSmall", self)
        self._shown: tuple[object, ...] | None = None
        self.symbol = ttk.Label(self, font="CalibtoolBold")
        self.verdict = ttk.Label(self, wraplength=px(280), justify="left")
        self.symbol.grid(row=0, column=0, sticky="nw", padx=(0, px(6)))
        self.verdict.grid(row=0, column=1, sticky="w", pady=(0, px(4)))
        self.stale = ttk.Label(self, text=STALE, style="Unconfirmed.TLabel", wraplength=px(300))
        self._grid = ttk.Frame(self)
        self._grid.grid(row=2, column=0, columnspan=2, sticky="ew")
        self._grid.columnconfigure(2, weight=1)
        self._grid.bind("<Configure>", lambda _event: self._wrap_sources())
        self.warnings = ttk.Label(self, style="Unconfirmed.TLabel", wraplength=px(300),
                                  justify="left")
        self.columnconfigure(1, weight=1)
        self.rows: list[tuple[ttk.Label, ttk.Label, ttk.Label]] = []
        self._values: tuple[ResultRow, ...] = ()

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        now = (scene.results, scene.verdict, scene.verdict_level, scene.warnings, scene.fresh,
               scene.picture is None)
        if now == self._shown:
            return
        self._shown = now
        level = scene.verdict_level if scene.fresh else "none"
        self.symbol.configure(text=SYMBOLS[level], style=f"{level}.Verdict.TLabel")
        empty = NO_IMAGE if scene.picture is None else EMPTY
        self.verdict.configure(text=scene.verdict or ("" if scene.results else empty))
        if scene.results and not scene.fresh and not scene.verdict:
            self.stale.grid(row=1, column=0, columnspan=2, sticky="w")
        else:
            self.stale.grid_forget()
        self._show_rows(scene)
        if scene.warnings:
            self.warnings.configure(text="\n".join(f"▲  {text}" for text in scene.warnings))
            self.warnings.grid(row=3, column=0, columnspan=2, sticky="w", pady=self._theme.px(4))
        else:
            self.warnings.grid_forget()

    def _show_rows(self, scene: Scene) -> None:
        self._values = scene.results
        # A frame whose last child has gone would keep its height.
        if scene.results:
            self._grid.grid()
        else:
            self._grid.grid_remove()
        while len(self.rows) < len(scene.results):
            self._add_row()
        style = "TLabel" if scene.fresh else "Stale.TLabel"
        for index, labels in enumerate(self.rows):
            if index >= len(scene.results):
                for label in labels:
                    label.grid_remove()
                continue
            row = scene.results[index]
            for label, text in zip(labels, (row.name, row.value, row.source), strict=True):
                label.configure(text=text)
                label.grid()
            labels[1].configure(style=style)
        self._wrap_sources()

    def _add_row(self) -> None:
        index, px = len(self.rows), self._theme.px
        labels = (
            ttk.Label(self._grid, style="Status.TLabel", wraplength=px(106)),
            ttk.Label(self._grid, justify="left", wraplength=px(178)),
            ttk.Label(self._grid, style="Muted.TLabel", justify="left"),
        )
        for column, (label, sticky) in enumerate(zip(labels, ("nw", "nw", "ne"), strict=True)):
            label.grid(row=2 * index, column=column, sticky=sticky, pady=px(1),
                       padx=(0, px(8) if column < 2 else 0))
            Tooltip(label, self._theme, lambda: self._tip(index))
        self.rows.append(labels)

    def _wrap_sources(self) -> None:
        """Values come first; a source stands beside its own in one line, or below it."""
        px, width = self._theme.px, self._grid.winfo_width()
        used = [labels for labels in self.rows if labels[0].winfo_manager()]
        names = max((name.winfo_reqwidth() for name, _value, _source in used), default=0)
        below = max(width - names - px(10), px(120))
        for index, (_name, value, source) in enumerate(self.rows):
            if not source.winfo_manager():
                continue
            room = width - names - value.winfo_reqwidth() - px(18)
            source.configure(wraplength=below)
            if self._small.measure(str(source.cget("text"))) > room:
                source.grid(row=2 * index + 1, column=1, columnspan=2, sticky="nw")
            else:
                source.grid(row=2 * index, column=1, columnspan=2, sticky="ne")

    def _tip(self, index: int) -> str:
        return self._values[index].tip if index < len(self._values) else ""
