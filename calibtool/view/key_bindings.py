"""Keys of the window: those of the commands, arrows, one that is held, and habits of typing."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from calibtool.view.actions import Actions
from calibtool.view.commands import COMMANDS
from calibtool.view.keys import kept_by_widget
from calibtool.view.pointer import REPEAT_MS
from calibtool.view.runner import Runner
from calibtool.view.window_system import SHIFT, window_system

ARROWS = {"Left": (-1.0, 0.0), "Right": (1.0, 0.0), "Up": (0.0, -1.0), "Down": (0.0, 1.0)}
FINE, COARSE = 0.1, 10.0
WHEEL = ("<MouseWheel>", "<Shift-MouseWheel>", "<Button-4>", "<Button-5>")


class KeyBindings:
    """Binds keys at the root window; a widget that needs a key for itself keeps it."""

    def __init__(
        self,
        root: tk.Tk,
        runner: Runner,
        actions: Actions,
        move_pointer: Callable[[float, float], None],
    ) -> None:
        self._runner, self._actions, self._move_pointer = runner, actions, move_pointer
        self._system = system = window_system(root)
        for command in COMMANDS:
            for pattern in command.keys:
                handler = self._handler(command.name, plain="Control" not in pattern)
                root.bind(system.pattern(pattern), handler)
        for widget_class in ("TButton", "TCheckbutton"):
            root.bind_class(widget_class, "<Return>", _invoke)
        for keysym in ARROWS:
            root.bind(f"<{keysym}>", self._nudge)
            root.bind(system.pattern(f"<Alt-{keysym}>"), self._aim)
            # With these a list would move its selection too.
            for modifier in ("Shift", "Control"):
                pattern = system.pattern(f"<{modifier}-{keysym}>")
                root.bind_class("Treeview", pattern, lambda _event: None)

    def _handler(self, name: str, *, plain: bool) -> "Callable[[tk.Event[tk.Misc]], None]":
        def pressed(event: "tk.Event[tk.Misc]") -> None:
            state = int(event.state)
            if plain and state & (self._system.control | self._system.alt):
                return
            if not self._kept(event):
                # While half a point is set, the key that ends the selection ends the point.
                half = name == "done" and self._runner.scene.lens is not None
                self._runner.run("place" if half else name)

        return pressed

    def _nudge(self, event: "tk.Event[tk.Misc]") -> None:
        state = int(event.state)
        scene = self._runner.scene
        if state & self._system.alt or self._kept(event):
            return
        if scene.selected is None and scene.lens is None:
            if scene.picking or scene.measuring:
                self._aim(event)
            return
        dx, dy = self._step(event)
        self._actions.nudge(dx, dy)

    def _aim(self, event: "tk.Event[tk.Misc]") -> None:
        if self._runner.scene.picture is None or self._kept(event):
            return
        dx, dy = self._step(event)
        self._move_pointer(dx, dy)

    def _step(self, event: "tk.Event[tk.Misc]") -> tuple[float, float]:
        state = int(event.state)
        step = FINE if state & SHIFT else COARSE if state & self._system.control else 1.0
        dx, dy = ARROWS[event.keysym]
        return dx * step, dy * step

    def _kept(self, event: "tk.Event[tk.Misc]") -> bool:
        return kept_by_widget(_class_of(event), event.keysym, int(event.state), self._system)


def _invoke(event: "tk.Event[tk.Misc]") -> str:
    if isinstance(event.widget, ttk.Button | ttk.Checkbutton):
        event.widget.invoke()
    return "break"


def _class_of(event: "tk.Event[tk.Misc]") -> str:
    widget = event.widget
    return str(widget.winfo_class()) if isinstance(widget, tk.Misc) else ""


def teach(root: tk.Tk) -> None:
    """Set the habits for all windows of the program, its file dialogs included."""
    if root.tk.call("tk", "windowingsystem") == "x11":
        # Tk has Emacs's beginning of the line there; elsewhere it has this already.
        for key in ("<Control-Key-a>", "<Control-Lock-Key-A>"):
            root.event_delete("<<LineStart>>", key)
            root.event_add("<<SelectAll>>", key)
    for widget_class in ("TCombobox", "TSpinbox"):
        for event in WHEEL:
            # The wheel scrolls; it never changes a value that came under it by chance.
            root.unbind_class(widget_class, event)


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
