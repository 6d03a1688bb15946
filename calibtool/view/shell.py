"""What is painted first: the frame of the window and its place, with nothing heavy imported."""

import re
import tkinter as tk

from calibtool.view.palette import DARK, LIGHT
from calibtool.view.window_system import window_system

MENUS = ("File", "Edit", "Image", "Calibrate", "Series", "View", "Help")
APPLE = "apple"
"""Name by which Tk knows the menu of the program itself, on a Mac."""

SMALLEST = (760, 520)
# Px at 96 dpi: the column of numbers at its narrowest and widest, and its share between.
COLUMN, COLUMN_SHARE = (308, 348), 0.3
# Where the image will be, in px at 96 dpi: from the left, top and bottom.
IMAGE_MARGINS = (0, 39, 46)
SHARE = 0.91
"""Part of the screen's width and height that a new window takes, menu and frame not counted."""
WIDEST = 1.8
"""Width over height: where several screens are one, the window stays on the first."""
Size = tuple[int, int]


def screen_scale(root: tk.Misc) -> float:
    """Pixels of this screen for one px at 96 dpi, 1 at least."""
    return max(root.winfo_fpixels("1i") / 96.0, 1.0)


def column_width(window_width: int, scale: float) -> int:
    """Width in px of the column beside the image, in a window of this width."""
    narrowest, widest = (round(width * scale) for width in COLUMN)
    return min(max(round(COLUMN_SHARE * window_width), narrowest), widest)


class Shell:
    """Size, title and menu titles of the window, and a ground where the image will be."""

    def __init__(self, root: tk.Tk, *, dark: bool) -> None:
        palette, scale = DARK if dark else LIGHT, screen_scale(root)
        width, height = opening_size((root.winfo_screenwidth(), root.winfo_screenheight()))
        root.geometry(f"{width}x{height}")
        root.minsize(min(round(SMALLEST[0] * scale), width),
                     min(round(SMALLEST[1] * scale), height))
        root.title("calibtool")
        root.configure(background=palette.background)
        self.bar = tk.Menu(
            root, tearoff=False, borderwidth=0, relief="flat", background=palette.background,
            foreground=palette.text, activeborderwidth=max(round(2 * scale), 1),
        )
        if window_system(root).is_mac:
            self.bar.add_cascade(menu=tk.Menu(self.bar, name=APPLE, tearoff=False))
        for title in MENUS:
            self.bar.add_cascade(label=title, underline=0)
        root.configure(menu=self.bar)
        left, top, bottom = (round(margin * scale) for margin in IMAGE_MARGINS)
        right = column_width(width, scale) + 1
        self.ground = tk.Frame(root, background=palette.image_background)
        self.ground.place(x=left, y=top, relwidth=1.0, width=-left - right,
                           relheight=1.0, height=-top - bottom)

    def clear(self) -> None:
        """Make room for the real contents."""
        self.ground.destroy()


def opening_size(screen: Size) -> Size:
    """Width and height in px of a new window on a screen of this size."""
    height = round(SHARE * screen[1])
    return min(round(SHARE * screen[0]), round(WIDEST * height)), height


def clamped(geometry: object, screen: Size) -> str:
    """A remembered geometry (``WxH+X+Y``) as far as it is on a screen; empty for anything else."""
    match = re.fullmatch(r"(\d+)x(\d+)\+(-?\d+)\+(-?\d+)", str(geometry))
    if match is None:
        return ""
    width, height, x, y = (int(part) for part in match.groups())
    width, height = min(width, screen[0]), min(height, screen[1])
    x, y = min(max(x, 0), screen[0] - width), min(max(y, 0), screen[1] - height)
    return f"{width}x{height}+{x}+{y}"
