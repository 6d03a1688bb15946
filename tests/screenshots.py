"""Pictures of the window in every state: ``python -m tests.screenshots FOLDER``.

They show the program itself on private screens, light and dark, with the demo image, its ring,
and points that were clicked near the ring.
"""

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.xvfb import running_xvfb

SETTLE_S = 0.5
PATIENCE_S = 120.0
SCREENS = {"1024x768": 96, "1280x800": 96, "1920x1080": 96, "3840x2160": 192}
"""Sizes of screens with their dots per inch."""
CLICKS = (
    (10, 3), (48, -2), (75, 2), (98, 4), (150, -4), (187, 2), (215, -1), (238, 55), (280, -3),
    (325, 1),
)
"""Where points are clicked: azimuth in degrees and how far from the ring, in px."""
CHOSEN = 2
N_FOLDER = 4


def main() -> None:
    """Photograph the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", nargs="+", default=list(SCREENS), choices=SCREENS)
    parser.add_argument("--states", nargs="+", default=list(STATES), choices=STATES)
    parser.add_argument("--looks", nargs="+", default=["light", "dark"])
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        _photograph(options.folder, options.inside, options.states, options.looks)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    for size in options.sizes:
        with running_xvfb(size, SCREENS[size]) as display, tempfile.TemporaryDirectory() as home:
            places = {"CALIBTOOL_HOME": home}
            # A process for each screen: Tk reads the resolution once.
            subprocess.run(
                [sys.executable, "-m", "tests.screenshots", str(options.folder), "--inside", size,
                 "--states", *options.states, "--looks", *options.looks],
                env={**os.environ, **places, "DISPLAY": display}, check=True,
            )


class Photographer:
    """The program in its window, and somebody who uses it."""

    def __init__(self, folder: Path) -> None:
        from calibtool.app import Application
        from calibtool.view.window import Window

        self.folder = folder
        self.root = tk.Tk(className="calibtool")
        self.window = Window(self.root)
        self.root.update()
        self.app = Application(self.root, self.window)
        self.app.start()
        self.run(lambda: not self.app.worker.busy())

    def run(self, condition: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """Run the event loop until the condition holds, or for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not condition():
            self.root.update()
            time.sleep(0.01)
        self.root.update()

    def rest(self) -> None:
        """Wait until the job that runs has ended."""
        self.run(lambda: self.app.controller.state.busy is None)

    def open(self, name: str) -> None:
        """Open an image of the folder and wait for its ring."""
        self.app.controller.command_path("open", str(self.folder / name))
        self.rest()

    def point_at(self, x: float, y: float) -> None:
        """Bring the pointer to a position of the image."""
        assert self.window.body is not None
        image = self.window.body.workspace.image
        at_x, at_y = image.viewport.to_canvas(x, y)
        image.event_generate("<Motion>", x=round(at_x), y=round(at_y), warp=True)

    def take(self, path: Path) -> None:
        """Photograph the screen, as far as the window covers it."""
        from PIL import ImageGrab

        self.run(lambda: False, SETTLE_S)
        width = self.root.winfo_rootx() + self.root.winfo_width()
        height = self.root.winfo_rooty() + self.root.winfo_height()
        screen = ImageGrab.grab((0, 0, width, height), xdisplay=os.environ["DISPLAY"])
        screen.save(path, optimize=True)


def _welcome(user: Photographer) -> None:
    user.app.controller.command("unset")


def _opened(user: Photographer) -> None:
    user.open("agbh_demo.edf")


def _selecting(user: Photographer) -> None:
    controller = user.app.controller
    result = controller.session.result
    assert result is not None
    fit = result.best
    controller.command("pick")
    for azimuth, off in CLICKS:
        angle, radius = math.radians(azimuth), fit.radius_px + off
        x = fit.center_x_px + radius * math.cos(angle)
        y = fit.center_y_px + radius * math.sin(angle)
        user.point_at(x, y)
        controller.click_image(x, y)
        controller.click_lens(x, y)
    angle = math.radians(125)
    user.point_at(fit.center_x_px + fit.radius_px * math.cos(angle),
                  fit.center_y_px + fit.radius_px * math.sin(angle))
    user.app.controller.click_image(fit.center_x_px + fit.radius_px * math.cos(angle),
                                    fit.center_y_px + fit.radius_px * math.sin(angle))


def _fitted(user: Photographer) -> None:
    controller = user.app.controller
    controller.command("step_back")
    controller.command("done")
    user.rest()
    controller.answer("dismiss")
    assert user.window.body is not None
    user.window.body.workspace.drawer.close()


def _drawer(user: Photographer) -> None:
    assert user.window.body is not None
    workspace = user.window.body.workspace
    workspace.drawer.select(workspace.points)
    user.app.controller.select_point(CHOSEN)


def _unrolled(user: Photographer) -> None:
    assert user.window.body is not None
    workspace = user.window.body.workspace
    workspace.drawer.select(workspace.unrolled)
    user.run(lambda: user.app.controller.scene.unrolled.mean is not None)


def _warning(user: Photographer) -> None:
    user.open("arc.edf")
    assert user.window.body is not None
    for line in user.window.body.workspace.side.results.advice.lines[:1]:
        line.header.invoke()


def _folder_run(user: Photographer) -> None:
    user.open("agbh_demo.edf")
    controller = user.app.controller
    table = user.folder / "table.csv"
    table.unlink(missing_ok=True)
    controller.answer(f"anew:{table}")
    user.run(lambda: controller.state.series.rows)
    user.rest()


def _error(user: Photographer) -> None:
    user.open("empty.edf")


STATES: dict[str, Callable[[Photographer], None]] = {
    "welcome": _welcome, "opened": _opened, "selecting": _selecting, "fitted": _fitted,
    "drawer": _drawer, "unrolled": _unrolled, "warning": _warning, "folder run": _folder_run,
    "error": _error,
}
"""What is done for each picture, one after another."""


def _images(folder: Path) -> None:
    """The demo image a few times, an arc of it, and noise alone."""
    from calibtool.cli.demo import IMAGE_NAME
    from calibtool.io.edf import write_edf
    from calibtool.io.images import load_image
    from calibtool.tasks.gallery import write_image

    demo = write_image(folder / IMAGE_NAME)
    if demo.name != "agbh_demo.edf":
        demo = demo.rename(folder / "agbh_demo.edf")
    data = load_image(demo).data
    for number in range(1, N_FOLDER):
        shutil.copy(demo, folder / f"agbh_demo_{number}.edf")
    other = folder / "other"
    other.mkdir(exist_ok=True)
    rng = np.random.default_rng(7)
    write_edf(folder / "other" / "arc.edf", np.asarray(data)[-420:, :600].copy(), {})
    write_edf(folder / "other" / "empty.edf", rng.poisson(9.0, (600, 600)).astype(np.int32), {})


def _photograph(out: Path, size: str, states: list[str], looks: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _images(folder)
        for name in ("arc.edf", "empty.edf"):
            os.link(folder / "other" / name, folder / name)
            (folder / "other" / name).unlink()
        user = Photographer(folder)
        try:
            for look in looks:
                if (look == "dark") != user.app.controller.state.display.dark:
                    user.app.controller.command("dark")
                for name, go in STATES.items():
                    go(user)
                    if name in states:
                        user.take(out / f"{name.replace(' ', '_')}-{size}-{look}.png")
        finally:
            user.root.destroy()


if __name__ == "__main__":
    main()
