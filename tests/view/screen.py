"""What is really on the screen: the pixels of a widget as an array."""

import os
import sys
import tkinter as tk

import numpy as np

from tests.view.events import settle


def pixels(widget: tk.Misc) -> np.ndarray:
    """Red, green, blue of a widget as shown, shape (height, width, 3)."""
    from PIL import ImageGrab

    settle(widget)
    x11 = widget.tk.call("tk", "windowingsystem") == "x11"
    display = os.environ.get("DISPLAY") if x11 else None
    # Pillow knows the word since Macs have twice as many pixels as points.
    retina = {"scale_down": True} if sys.platform == "darwin" else {}
    x, y = widget.winfo_rootx(), widget.winfo_rooty()
    box = (x, y, x + widget.winfo_width(), y + widget.winfo_height())
    return np.asarray(ImageGrab.grab(box, xdisplay=display, **retina).convert("RGB")).astype(int)
