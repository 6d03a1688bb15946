"""The pictures of the commands as Tk images, for the resolution and the theme in use."""

import tkinter as tk

from calibtool import icons
from calibtool.view.theme import Theme


class Icons:
    """Keeps one Tk image for each picture and theme."""

    def __init__(self, root: tk.Tk, theme: Theme) -> None:
        self._root, self._theme = root, theme
        self._images: dict[tuple[str, bool], tk.PhotoImage] = {}

    def get(self, name: str) -> tk.PhotoImage | None:
        """Picture of a name of the table of commands, None where there is none."""
        if not name:
            return None
        key = (name, self._theme.dark)
        if key not in self._images:
            data = icons.data(name, self._theme.scale, self._theme.dark)
            self._images[key] = tk.PhotoImage(master=self._root, data=data, format="png")
        return self._images[key]

    def set_window_icon(self) -> None:
        """Give the window the program's own picture."""
        images = [
            tk.PhotoImage(master=self._root, data=icons.app(size), format="png")
            for size in (32, 64)
        ]
        self._root.iconphoto(True, *images)
