"""The help and the about window: text to read, closed by Escape."""

import tkinter as tk
from tkinter import ttk

from calibtool import __version__
from calibtool.view.context import Context
from calibtool.view.keys import key_list
from calibtool.view.palette import Palette
from calibtool.view.window_system import window_system

FIVE_MINUTES = """\
Calibrate by the image
1.  Open an image of a calibrant (silver behenate, collagen, …).
2.  Choose the calibrant and the ring you see best; ring 1 is the innermost.
3.  Press Find ring. The circle, the centre and the numbers with their σ appear, and a verdict \
in words. Where no ring can be trusted, the program says so and gives no number.
4.  Press OK to use this calibration: positions are then read in nm, and the other rings of the \
calibrant are drawn.

Calibrate by points
1.  Press Set points. Click near the ring on the image: the magnifier freezes there.
2.  Click the exact place in the magnifier. The point moves to the peak, or to the edge, as you \
chose under Fit settings. Escape leaves the magnifier without a point.
3.  From the third point on the circle is live, from the fifth on Done is possible.
4.  Points that fit badly are left out and shown by a cross. Select a point in the list, in the \
strip or on the image; arrows move it, Delete or the right button on its marker removes it.

Calibrate by keys
1.  Press P. G brings the pointer to where the next point helps most; the arrows (later Alt and \
the arrows) move it anywhere. A mark on the image shows it. A freezes the magnifier there.
2.  The arrows move the magnifier by 1 px, with Shift by 0.1 px; A or Enter sets the point.
3.  Enter fits. N and B go through the points, Delete removes one.

Good points
•  Spread them over the whole ring; a short arc cannot tell the centre from the radius.
•  Eight to twelve are enough; more help on a grainy ring.
•  Keep away from gaps, the beamstop, and hot spots.

The strip of residuals
A wave with one period means that the centre is off; with two periods, that the detector is \
tilted or its pixels are not square; a single spike, that one click is bad.

The mouse
Wheel: zoom at the pointer.  Double click: the whole image.  Middle button, or space and left \
button: move the image.  Left button: select, set or drag a point.  Right button \
on a point: remove it.  While H is held, the \
image is bare.

Magnifier and drawer
The magnifier is there while points are set, and when M is pressed; drag its corner to size it. \
Points, the unrolled image, convergence, folder and series are in the drawer below the image: \
press a title or F9, \
drag its handle.

All keys
"""


SCREEN_SHARE = 0.75
"""How much of the screen's height a long text may take."""


FRAME = 48
"""Px that the title and the edges of a window take at most; its position is that of its frame."""


class TextWindow:
    """One window with text that can be scrolled; ``copied`` is what its button copies."""

    def __init__(self, context: Context, title: str, text: str, copied: str = "") -> None:
        self._context = context
        theme = context.theme
        # A long line of text takes two or three.
        lines = sum(1 + len(line) // 72 for line in text.splitlines()) + 1
        most = int(SCREEN_SHARE * context.root.winfo_screenheight() / (1.3 * theme.linespace))
        self.window = window = tk.Toplevel(context.root)
        window.title(title)
        window.transient(context.root)
        self.text = tk.Text(
            window, wrap="word", width=72, height=min(lines, most),
            font="TkDefaultFont", borderwidth=0, padx=theme.px(18), pady=theme.px(14),
            highlightthickness=0, spacing1=theme.px(2), spacing3=theme.px(2),
        )
        bar = ttk.Scrollbar(window, orient="vertical", command=self.text.yview)
        self.text.configure(yscrollcommand=bar.set)
        buttons = ttk.Frame(window)
        buttons.pack(side="bottom", fill="x", padx=theme.px(10), pady=theme.px(8))
        close = ttk.Button(buttons, text="Close", command=window.destroy)
        close.pack(side="right")
        if copied:
            self.copy = ttk.Button(
                buttons, text="Copy versions", command=lambda: self._copy(copied)
            )
            self.copy.pack(side="right", padx=theme.px(6))
        bar.pack(side="right", fill="y")
        self.text.pack(fill="both", expand=True)
        self.text.tag_configure("title", font="CalibtoolBold", spacing1=theme.px(10))
        self.text.tag_configure(
            "item", lmargin2=theme.px(20), tabs=(theme.px(170),)
        )
        self.text.tag_configure("key", lmargin2=theme.px(170), tabs=(theme.px(170),))
        for line in text.splitlines():
            self.text.insert("end", line + "\n", _kind(line))
        self.text.configure(state="disabled")
        place_over(window, context.root)
        window.bind("<Escape>", lambda _event: window.destroy())
        self._colours(theme.palette)
        close.focus_set()

    def _copy(self, text: str) -> None:
        self._context.root.clipboard_clear()
        self._context.root.clipboard_append(text)

    def _colours(self, palette: Palette) -> None:
        self.window.configure(background=palette.background)
        self.text.configure(background=palette.surface, foreground=palette.text)


def place_over(window: tk.Toplevel, root: tk.Misc) -> None:
    """Put a window over the middle of another one, whole on the screen with its frame.

    Where there is no window manager, it would come to the corner of the screen.
    """
    window.update_idletasks()
    width, height = window.winfo_reqwidth(), window.winfo_reqheight()
    x = root.winfo_rootx() + (root.winfo_width() - width) // 2
    y = root.winfo_rooty() + (root.winfo_height() - height) // 2
    x = max(min(x, root.winfo_screenwidth() - width), 0)
    y = max(min(y, root.winfo_screenheight() - height - FRAME), 0)
    window.wm_geometry(f"+{x}+{y}")


def _kind(line: str) -> str:
    """Look of a line: a title, a numbered or dotted item, a key and what it does, or plain."""
    if "\t" in line:
        return "key"
    if line[:1].isdigit() or line[:1] == "•":
        return "item"
    return "title" if line and len(line) < 32 and not line.endswith(".") else "plain"


def show_help(context: Context, before: str = "") -> TextWindow:
    """Open the help, with a text before it."""
    system = window_system(context.root)
    keys = "".join(f"{keys}\t{what}\n" for keys, what in key_list(system))
    moving = (
        "Arrows\tMove the selected point, or the frozen magnifier, by 1 px; with Shift 0.1 px, "
        "with Ctrl 10 px\n"
    )
    aiming = "Alt+arrows\tMove the pointer by 10 px; with Shift 1 px, with Ctrl 100 px\n"
    text = before + system.words(FIVE_MINUTES) + keys + system.words(moving + aiming)
    return TextWindow(context, "Five minutes of use", text)


def show_about(context: Context) -> TextWindow:
    """Open the about window, with what a report of a fault needs to say."""
    versions = context.actions.copy_text("versions")
    return TextWindow(
        context, "About calibtool",
        f"calibtool {__version__}\n"
        "Beam centre and pixel scale from the ring of a calibrant, exactly and at once.\n"
        "Positions are (x, y) = (column, row); an integer is the centre of a pixel. "
        "pyFAI and Fit2D count from the corner: add 0.5.\n"
        "MIT licence.\n\n"
        f"{versions}",
        versions,
    )
