"""Pictures of the window for the README, and to look at.

``python -m tests.screenshots OUT.png [--size 1280x800] [--dark]`` shows a sample scene;
``photograph`` takes any window that is shown.
"""

import argparse
import os
import time
import tkinter as tk
from dataclasses import replace
from pathlib import Path

SETTLE_S = 0.3


def photograph(root: tk.Tk, path: str | Path) -> None:
    """Write what the screen shows of a window, its menu bar included, as PNG."""
    from PIL import ImageGrab

    end = time.monotonic() + SETTLE_S
    while time.monotonic() < end:
        root.update()
    x11 = root.tk.call("tk", "windowingsystem") == "x11"
    left, top = root.winfo_rootx(), root.winfo_rooty()
    width, height = root.winfo_width(), root.winfo_height()
    bar = menu_height(root)
    box = (left, max(top - bar, 0), left + width, top + height)
    ImageGrab.grab(box, xdisplay=os.environ.get("DISPLAY") if x11 else None).save(path)


def menu_height(root: tk.Tk) -> int:
    """Height of the menu bar where it is a part of the window."""
    bars = [name for name in root.tk.splitlist(root.tk.call("winfo", "children", "."))
            if root.tk.call("winfo", "class", name) == "Menu" and "#" in str(name)]
    return max((int(root.tk.call("winfo", "height", bar)) for bar in bars), default=0)


def main() -> None:
    """Show the sample scene and photograph it."""
    from calibtool.view.window import Window
    from tests.view.recorder import Recorder
    from tests.view.scenes import fitted

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="1280x760")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    root = tk.Tk()
    window = Window(root, Recorder())
    root.geometry(f"{options.size}+0+0")
    scene = fitted()
    window.show(replace(scene, display=replace(scene.display, dark=options.dark)))
    photograph(root, options.out)
    root.destroy()


if __name__ == "__main__":
    main()
