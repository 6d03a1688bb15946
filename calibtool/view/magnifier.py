"""The magnifier: lens, its magnification, and the radial profile under it."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import LensProfile, Scene
from calibtool.view.actions import Actions
from calibtool.view.lens import START, CursorCallback, Lens
from calibtool.view.palette import DARK, LIGHT
from calibtool.view.profile_strip import ProfileStrip
from calibtool.view.surface import pixel_unit


class Magnifier(ttk.Frame):
    """Lens with a heading, a control for the magnification and a profile.

    Parameters
    ----------
    parent : tkinter.Misc
    actions : Actions
        Told of clicks in the lens, asked for profiles.
    on_cursor : callable, optional
        Called with the image position (x, y) under the pointer in the lens, or (None, None).
    """

    def __init__(
        self, parent: tk.Misc, actions: Actions, *, on_cursor: CursorCallback | None = None
    ) -> None:
        super().__init__(parent)
        unit = pixel_unit(self)
        self._looks: tuple[bool, bool] | None = None
        self._frame = tk.Frame(self, background=LIGHT.line)
        self.lens = Lens(
            self._frame,
            actions,
            on_profile=self._show_profile,
            on_magnification=self._show_magnification,
            on_cursor=on_cursor,
        )
        self._strip = ProfileStrip(self._frame)
        self._factor = ttk.Label(self, text="", width=3, anchor="center")
        self._show_magnification(START)
        wider = ttk.Button(self, text="−", width=1, takefocus=False, command=self.zoom_out)
        closer = ttk.Button(self, text="+", width=1, takefocus=False, command=self.zoom_in)
        # As narrow as can be: what it says must not change the width of the magnifier.
        self._state = ttk.Label(self, text="Magnifier", width=1)
        gap = round(2 * unit)
        self._state.grid(row=0, column=0, sticky="ew", padx=(2 * gap, gap))
        for column, widget in enumerate((wider, self._factor, closer), start=1):
            widget.grid(row=0, column=column, pady=(0, gap))
        self._frame.grid(row=1, column=0, columnspan=4, sticky="nsew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        # The profile first: where there is little room, the lens is the one to give way.
        self._strip.pack(side="bottom", fill="x", padx=gap, pady=(round(unit), gap))
        self.lens.pack(fill="both", expand=True, padx=gap, pady=(gap, 0))

    def show(self, scene: Scene) -> None:
        """Show a scene."""
        frozen, dark = scene.lens is not None, scene.display.dark
        if (frozen, dark) != self._looks:
            self._looks = frozen, dark
            palette = DARK if dark else LIGHT
            self._frame.configure(background=palette.accent if frozen else palette.line)
            self._state.configure(text="Click here" if frozen else "Magnifier")
            self._strip.paint(dark)
        self.lens.show(scene)
        if scene.picture is None:
            self._strip.show(None)

    def follow(self, x: float | None, y: float | None = None) -> None:
        """Follow the pointer on the image; None when it has left."""
        self.lens.follow(x, y)

    def zoom_in(self) -> None:
        """Magnify more."""
        self.lens.magnify(1)

    def zoom_out(self) -> None:
        """Magnify less."""
        self.lens.magnify(-1)

    def _show_magnification(self, factor: int) -> None:
        self._factor.configure(text=f"{factor}×")

    def _show_profile(self, profile: LensProfile | None) -> None:
        self._strip.show(profile)
