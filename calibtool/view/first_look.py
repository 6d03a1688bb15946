"""The image as the very first thing in the window, before the panels are built."""

import tkinter as tk
from dataclasses import replace

import numpy as np

from calibtool.picture import Display, Picture
from calibtool.view.palette import DARK, LIGHT
from calibtool.view.renderer import Renderer, colours, nearest
from calibtool.view.viewport import Viewport


class FirstLook:
    """A still picture in front of ``place``; it goes when the real image is there.

    Tk reads it as it is, since importing Pillow takes as long as all the rest; what is beside
    the image is the ground of the canvas.
    """

    def __init__(self, place: tk.Misc, picture: Picture, *, dark: bool) -> None:
        width, height = place.winfo_width(), place.winfo_height()
        view, left, top = _on_image(picture, width, height)
        display = Display(dark=dark)
        table = np.frombuffer(colours(display), np.uint8).reshape(-1, 3)
        pixels = table.take(Renderer(picture).painted(view, display), axis=0).tobytes()
        header = b"P6 %d %d 255\n" % (view.width, view.height)
        self._photo = tk.PhotoImage(master=place, format="ppm", data=header + pixels)
        self._canvas = tk.Canvas(
            place.winfo_toplevel(), width=width, height=height, highlightthickness=0,
            background=(DARK if dark else LIGHT).image_background,
        )
        self._canvas.create_image(left, top, anchor="nw", image=self._photo)
        self._canvas.place(x=place.winfo_x(), y=place.winfo_y())

    def lift(self) -> None:
        """Stay in front of what was built meanwhile."""
        tk.Misc.lift(self._canvas)

    def remove(self) -> None:
        """Uncover the real image."""
        self._canvas.destroy()


def _on_image(picture: Picture, width: int, height: int) -> tuple[Viewport, int, int]:
    """View of the whole image without what is beside it, and where on the canvas it begins."""
    view, (rows, columns) = Viewport.fitted(width, height, picture.data.shape), picture.data.shape
    across, left = nearest(view.x0, view.scale, width, 1, columns)
    down, top = nearest(view.y0, view.scale, height, 1, rows)
    x0, y0 = view.to_image(left, top)
    return replace(view, width=across.size, height=down.size, x0=x0, y0=y0), left, top
