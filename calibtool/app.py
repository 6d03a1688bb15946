"""Put the window together and run it.

The window is painted first; what is heavy (numpy, the model, readers of files) is imported
after that, so that something useful is on the screen at once.
"""

import os
import sys
import tkinter as tk
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from calibtool import __version__
from calibtool.view.window import Window
from calibtool.view.window_system import introduce

if TYPE_CHECKING:
    from calibtool.worker import Worker

POLL_MS = 25
KEEP_MS = 5000
END_S = 20.0
SWITCH_S = 5e-4
"""How long the worker's thread may keep Python from the window. Each call of Tk gives way to the
other thread, and one scene is a hundred calls, so the default of 5 ms would be felt."""

WARM_UP = (
    "calibtool.view.renderer",
    "PIL.ImageTk",
    "scipy.ndimage",
    "scipy.optimize",
    "fabio",
    "calibtool.tasks.calibrate",
    "calibtool.tasks.opening",
)

# Files up to this size are read while the window cannot answer yet.
QUICK_BYTES = 16_000_000


def run(image: str = "", *, before_opening: Callable[[], str] | None = None) -> int:
    """Open the window and return when it is closed.

    Parameters
    ----------
    image : str
        Image to open, or nothing.
    before_opening : callable, optional
        Called after the first paint; returns the image to open in place of ``image``.
    """
    introduce()
    try:
        root = tk.Tk(className="calibtool")
    except tk.TclError as error:
        print(
            f"calibtool: no window can be opened here ({error}); use 'calibtool fit IMAGE', which "
            "needs no screen, or set DISPLAY.",
            file=sys.stderr,
        )
        return 2
    window = Window(root)
    root.update()
    if image:
        _first_look(window, image)
    application = Application(root, window)
    root.after_idle(application.start, image, before_opening)
    root.mainloop()
    application.end()
    return 0


class Application:
    """Controller, worker and window of one run, and the timer between them."""

    def __init__(self, root: tk.Tk, window: Window) -> None:
        self.root = root
        self.window = window
        self._has_catalogues = False
        self._workers: tuple[Worker, ...] = ()
        root.report_callback_exception = self.report

    def start(self, image: str = "", before_opening: Callable[[], str] | None = None) -> None:
        """Import what the first paint did without, connect everything, open the image."""
        from dataclasses import replace

        from calibtool.controller import recovery
        from calibtool.controller.controller import Controller
        from calibtool.controller.files import open_path
        from calibtool.controller.remembering import Memory
        from calibtool.presenter import new_state
        from calibtool.worker import Worker

        self.memory = Memory()
        self.window.take_place(self.memory.value("place"))
        state = new_state(self.memory.display())
        state = replace(
            state, recent=self.memory.preferences.recent,
            recent_calibrants=self.memory.calibrants(),
        )  # fmt: skip
        sys.setswitchinterval(SWITCH_S)
        self.worker, self.background = self._workers = Worker(), Worker()
        self.controller = Controller(self.window, self.worker, self.background, state)
        self.window.set_actions(self.controller)
        self.controller.update(self.controller.state)
        if before_opening is not None:
            image = self._made(before_opening)
        if image:
            open_path(self.controller, image)
        self.window.mac.deliver(lambda path: open_path(self.controller, path))
        self.worker.submit("warm up", lambda _monitor: _warm_up())
        if not image:
            self._tell_news()
        recovery.offer(self.controller)
        self.keeper = recovery.Keeper()
        self._keep()
        self.root.bind("<Destroy>", self._closed, add=True)
        self._poll()

    def _tell_news(self) -> None:
        """Say once that the version is another one."""
        if self.memory.has_new_version():
            choices = (("run:news", "What is new"), ("dismiss", "Close"))
            text = f"This is calibtool {__version__}."
            self.controller.update(self.controller.state.say(text, "info", *choices))

    def _made(self, make: Callable[[], str]) -> str:
        """The image to open; where there is no room for it, the window says so."""
        from calibtool.errors import CalibtoolError

        try:
            return make()
        except CalibtoolError as error:
            self.controller.update(self.controller.state.say(str(error), "error"))
            return ""

    def end(self) -> None:
        """After the window is gone: let a table or a file that is being written become whole."""
        for worker in self._workers:
            worker.wait(END_S)

    def report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log a fault of the program and say it in the window; the program goes on."""
        import logging

        from calibtool.io.fault_log import keep_fault

        keep_fault(error)
        log = logging.getLogger("calibtool")
        log.error("a fault in calibtool", exc_info=(kind, error, trace))
        state = self.controller.state.idle()
        text = f"Something went wrong inside calibtool ({kind.__name__}: {error}); nothing is lost."
        self.controller.update(state.say(text, "error"))

    def _poll(self) -> None:
        try:
            self.controller.poll()
            if not self._has_catalogues and not self.worker.busy():
                self._ask_catalogues()
        finally:
            self._timer = self.root.after(POLL_MS, self._poll)

    def _keep(self) -> None:
        work = self.keeper.work(self.controller.session)
        if work is not None:
            self.controller.start("keep", work)
        self._keep_timer = self.root.after(KEEP_MS, self._keep)

    def _ask_catalogues(self) -> None:
        """Read the long lists of names when the user waits for nothing else."""
        from calibtool.controller import jobs

        self._has_catalogues = True
        self.controller.start("catalogues", jobs.catalogues())

    def _closed(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self.root:
            self.root.after_cancel(self._timer)
            self.root.after_cancel(self._keep_timer)
            self.keeper.close()
            state = self.controller.state
            self.memory.remember(
                state.display, state.recent, self.window.place, state.recent_calibrants
            )
            self.worker.close()
            self.background.close()


def _first_look(window: Window, image: str) -> None:
    """Show a small image before the panels are built; opening it in earnest follows."""
    from calibtool.io.quick_look import quick_pixels
    from calibtool.model.image import default_mask
    from calibtool.picture import Picture

    # What goes wrong is said by the opening itself.
    with suppress(Exception):
        if os.path.getsize(image) > QUICK_BYTES:
            return
        pixels = quick_pixels(image)
        if pixels is not None:
            picture = Picture(pixels, default_mask(pixels))
        else:
            from calibtool.io.images import load_image

            frame = load_image(image)
            picture = Picture(frame.data, frame.mask)
        window.preview(picture)


def _warm_up() -> None:
    from importlib import import_module

    for name in WARM_UP:
        import_module(name)
