"""The image as the very first thing in the window, before the panels are built."""

import tkinter as tk

import numpy as np

from calibtool.picture import Display, Picture
from calibtool.view.renderer import Renderer, colours
from calibtool.view.viewport import Viewport


class FirstLook:
    """A still picture in front of ``place``; it goes when the real image is there.

    Tk reads it as it is, since importing Pillow takes as long as all the rest.
    """

    def __init__(self, place: tk.Misc, picture: Picture, *, dark: bool) -> None:
        width, height = place.winfo_width(), place.winfo_height()
        view = Viewport.fitted(width, height, picture.data.shape)
        display = Display(dark=dark)
        table = np.frombuffer(colours(display), np.uint8).reshape(-1, 3)
        pixels = table[Renderer(picture).painted(view, display)].tobytes()
        self._photo = tk.PhotoImage(
            master=place, format="ppm", data=b"P6 %d %d 255\n%b" % (width, height, pixels)
        )
        self._label = tk.Label(place.winfo_toplevel(), image=self._photo, borderwidth=0)
        self._label.place(x=place.winfo_x(), y=place.winfo_y())

    def lift(self) -> None:
        """Stay in front of what was built meanwhile."""
        self._label.lift()

    def remove(self) -> None:
        """Uncover the real image."""
        self._label.destroy()
