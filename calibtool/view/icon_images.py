"""The pictures of the commands as Tk images, for the resolution and the theme in use."""

import io
import tkinter as tk

from calibtool import icons
from calibtool.view.theme import Theme

FADED = 0.35
"""Share of its opacity that the picture of a disabled command keeps."""


class Icons:
    """Keeps one Tk image for each picture and theme."""

    def __init__(self, root: tk.Tk, theme: Theme) -> None:
        self._root, self._theme = root, theme
        self._images: dict[tuple[str, bool, bool], tk.PhotoImage] = {}

    def get(self, name: str, *, faded: bool = False) -> tk.PhotoImage:
        """Picture of a name of the table of commands, ``faded`` for what cannot be used now."""
        key = (name, self._theme.dark, faded)
        if key not in self._images:
            data = icons.data(name, self._theme.scale, self._theme.dark)
            self._images[key] = tk.PhotoImage(
                master=self._root, data=_faded(data) if faded else data, format="png"
            )
        return self._images[key]

    def set_window_icon(self) -> None:
        """Give the window the program's own picture."""
        images = [
            tk.PhotoImage(master=self._root, data=icons.app(size), format="png")
            for size in (16, 32, 48, 64, 128, 256)
        ]
        self._root.iconphoto(True, *images)


def _faded(png: bytes) -> bytes:
    """PNG with its colours as transparent as the text of a disabled button is pale."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        image = picture.convert("RGBA")
    image.putalpha(image.getchannel("A").point([round(alpha * FADED) for alpha in range(256)]))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
