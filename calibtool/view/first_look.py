"""The image as the very first thing in the window, before the panels are built."""

import tkinter as tk

from PIL import ImageTk

from calibtool.scene import Display, Picture
from calibtool.view.renderer import Renderer
from calibtool.view.viewport import Viewport


class FirstLook:
    """A still picture in front of ``place``; it goes when the real image is there."""

    def __init__(self, place: tk.Misc, picture: Picture, *, dark: bool) -> None:
        width, height = place.winfo_width(), place.winfo_height()
        view = Viewport.fitted(width, height, picture.data.shape)
        frame = Renderer(picture).frame(view, Display(dark=dark))
        self._photo = ImageTk.PhotoImage(frame, master=place)
        self._label = tk.Label(place.winfo_toplevel(), image=self._photo, borderwidth=0)
        self._label.place(x=place.winfo_x(), y=place.winfo_y())

    def lift(self) -> None:
        """Stay in front of what was built meanwhile."""
        self._label.lift()

    def remove(self) -> None:
        """Uncover the real image."""
        self._label.destroy()
