"""What a Mac tells a program from outside its window: quit, and open these files."""

import tkinter as tk
from collections.abc import Callable

from calibtool.view.window_system import window_system


class MacEvents:
    """Takes the events of Command-Q, of the Dock and of files dropped on the program.

    Without the first Tk ends the process on the spot, with nothing kept. Files may come before
    the program can open them; the last one waits until ``deliver`` is called.
    """

    def __init__(self, root: tk.Tk, leave: Callable[[], None]) -> None:
        self._open: Callable[[str], None] | None = None
        self._waiting = ""
        if window_system(root).is_mac:
            root.createcommand("::tk::mac::Quit", leave)
            root.createcommand("::tk::mac::OpenDocument", self._opened)

    def deliver(self, open_path: Callable[[str], None]) -> None:
        """Open what waits, and from now on what comes."""
        self._open = open_path
        if self._waiting:
            open_path(self._waiting)

    def _opened(self, *paths: str) -> None:
        if paths and self._open is not None:
            self._open(paths[0])
        elif paths:
            self._waiting = paths[0]
