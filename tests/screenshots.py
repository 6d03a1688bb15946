"""Pictures of the window for the README: ``python -m tests.screenshots OUT.png [--dark]``.

They show the program itself on a private screen, with the demo image, its ring, and points that
were clicked near the ring.
"""

import argparse
import math
import os
import tempfile
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.xvfb import running_xvfb

if TYPE_CHECKING:
    from calibtool.app import Application

SETTLE_S = 0.6
PATIENCE_S = 60.0
# Where clicks go: azimuth in degrees and how far from the ring, in px.
CLICKS = (
    (10, 3), (48, -2), (75, 2), (98, 4), (150, -4), (187, 2), (215, -1), (238, 55), (280, -3),
    (325, 1),
)
CHOSEN = 2


def main() -> None:
    """Photograph the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--dpi", type=int, default=96)
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    with running_xvfb(options.size, options.dpi) as display, tempfile.TemporaryDirectory() as home:
        os.environ["DISPLAY"] = display
        os.environ["CALIBTOOL_HOME"] = home
        _photograph(options.out, Path(home), options.size, dark=options.dark)


def _photograph(out: Path, folder: Path, size: str, *, dark: bool) -> None:
    from PIL import ImageGrab

    from calibtool.app import Application
    from calibtool.cli.demo import IMAGE_NAME, write_image
    from calibtool.view.window import Window

    root = tk.Tk(className="calibtool")
    window = Window(root)
    root.update()
    width, height = (int(part) for part in size.split("x"))
    root.geometry(f"{width}x{height - _menu_height(root)}+0+0")
    application = Application(root, window)
    application.start(str(write_image(folder / IMAGE_NAME)))
    try:
        _calibrate(root, application, dark=dark)
        assert window.body is not None
        ring = application.controller.session.points[CHOSEN - 1]
        image = window.body.workspace.image
        at_x, at_y = image.viewport.to_canvas(ring.x, ring.y)
        image.event_generate("<Motion>", x=round(at_x) + 1, y=round(at_y), warp=True)
        _run(root, lambda: False, SETTLE_S)
        screen = ImageGrab.grab((0, 0, width, height), xdisplay=os.environ["DISPLAY"])
        screen.save(out, optimize=True)
    finally:
        root.destroy()


def _calibrate(root: tk.Tk, application: "Application", *, dark: bool) -> None:
    controller = application.controller

    def rested() -> bool:
        return controller.state.busy is None and controller.session.result is not None

    if dark:
        controller.command("dark")
    _run(root, rested, PATIENCE_S)
    result = controller.session.result
    assert result is not None
    fit = result.best
    controller.command("pick")
    controller.command("one_click")
    for azimuth, off in CLICKS:
        angle, radius = math.radians(azimuth), fit.radius_px + off
        controller.click_image(
            fit.center_x_px + radius * math.cos(angle), fit.center_y_px + radius * math.sin(angle)
        )
    controller.command("done")
    _run(root, lambda: rested() and controller.session.fresh, PATIENCE_S)
    controller.command("apply")
    controller.answer("dismiss")
    controller.select_point(CHOSEN)


def _run(root: tk.Tk, condition: Callable[[], bool], seconds: float) -> None:
    """Run the event loop until the condition holds, or for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        root.update()
        time.sleep(0.01)
    root.update()


def _menu_height(root: tk.Tk) -> int:
    """Height of the menu bar, which X11 makes a window of its own."""
    bars = [name for name in root.tk.splitlist(root.tk.call("winfo", "children", "."))
            if root.tk.call("winfo", "class", name) == "Menu" and "#" in str(name)]
    return max((int(root.tk.call("winfo", "height", bar)) for bar in bars), default=0)


if __name__ == "__main__":
    main()
