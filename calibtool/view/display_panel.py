"""How the image is shown: colour map, stretch, and the limits of the intensities."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from calibtool.picture import Display
from calibtool.scene import Scene
from calibtool.view.colormaps import COLORMAPS
from calibtool.view.context import Context

STRETCHES = ("asinh", "log", "sqrt", "linear")


class DisplayPanel(ttk.Frame):
    """Changes ``Display`` through ``set_display``; never a number of the calibration."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._actions = context.actions
        self._shown = Display()
        self._px = context.theme.px
        self.columnconfigure(1, weight=1)
        self.colormap = self._choice(0, "Colours", tuple(COLORMAPS), "colormap")
        self.stretch = self._choice(1, "Intensity", STRETCHES, "stretch")
        self.low = self._slider(2, "Darkest", 0.0, 50.0, "low_percent")
        self.high = self._slider(3, "Brightest", 50.0, 100.0, "high_percent")
        self._texts = {"low_percent": self._text(2), "high_percent": self._text(3)}
        self._write()

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        if scene.display == self._shown:
            return
        self._shown = scene.display
        self.colormap.set(scene.display.colormap)
        self.stretch.set(scene.display.stretch)
        self.low.set(scene.display.low_percent)
        self.high.set(scene.display.high_percent)
        self._write()

    def _choice(self, row: int, label: str, choices: tuple[str, ...], name: str) -> ttk.Combobox:
        self._label(row, label)
        box = ttk.Combobox(self, values=choices, state="readonly", width=9)
        box.set(getattr(self._shown, name))
        box.grid(row=row, column=1, columnspan=2, sticky="ew", pady=self._px(2))

        def chosen(_event: "tk.Event[tk.Misc]") -> None:
            self._actions.set_display(**{name: box.get()})
            box.selection_clear()

        box.bind("<<ComboboxSelected>>", chosen)
        return box

    def _slider(self, row: int, label: str, low: float, high: float, name: str) -> ttk.Scale:
        self._label(row, label)
        scale = ttk.Scale(self, from_=low, to=high, value=getattr(self._shown, name),
                          command=self._mover(name))
        scale.grid(row=row, column=1, sticky="ew", pady=self._px(4))
        return scale

    def _mover(self, name: str) -> Callable[[str], None]:
        def moved(text: str) -> None:
            value = round(float(text), 1)
            if value != getattr(self._shown, name):
                self._actions.set_display(**{name: value})

        return moved

    def _label(self, row: int, text: str) -> None:
        ttk.Label(self, text=text).grid(row=row, column=0, sticky="w", padx=(0, self._px(8)))

    def _text(self, row: int) -> ttk.Label:
        label = ttk.Label(self, style="Status.TLabel", width=7, anchor="e")
        label.grid(row=row, column=2, sticky="e")
        return label

    def _write(self) -> None:
        for name, label in self._texts.items():
            label.configure(text=f"{getattr(self._shown, name):.1f} %")
