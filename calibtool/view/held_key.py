"""A key that does something for as long as it is held."""

import tkinter as tk
from collections.abc import Callable

from calibtool.view.keys import kept_by_widget
from calibtool.view.pointer import REPEAT_MS
from calibtool.view.window_system import window_system


class HeldKey:
    """Calls ``change(True)`` when a letter is pressed and ``change(False)`` once it is let go.

    A key that is held repeats as release and press; only a release that lasts counts.
    """

    def __init__(self, root: tk.Tk, letter: str, change: Callable[[bool], None]) -> None:
        self._root, self._change = root, change
        self._system = window_system(root)
        self._down, self._ending = False, ""
        root.bind(f"<KeyPress-{letter}>", self._pressed, add="+")
        root.bind(f"<KeyRelease-{letter}>", self._released, add="+")
        root.bind("<FocusOut>", self._left, add="+")

    def _pressed(self, event: "tk.Event[tk.Misc]") -> None:
        widget, state = event.widget, int(event.state)
        kind = str(widget.winfo_class()) if isinstance(widget, tk.Misc) else ""
        modified = state & (self._system.control | self._system.alt)
        if modified or kept_by_widget(kind, event.keysym, state, self._system):
            return
        if self._ending:
            self._root.after_cancel(self._ending)
            self._ending = ""
        if not self._down:
            self._down = True
            self._change(True)

    def _released(self, _event: "tk.Event[tk.Misc]") -> None:
        if self._down and not self._ending:
            self._ending = self._root.after(REPEAT_MS, self._end)

    def _left(self, event: "tk.Event[tk.Misc]") -> None:
        """Another window has the keys now, which tells of no release."""
        if event.widget is self._root and self._down:
            self._end()

    def _end(self) -> None:
        if self._ending:
            self._root.after_cancel(self._ending)
        self._ending, self._down = "", False
        self._change(False)
