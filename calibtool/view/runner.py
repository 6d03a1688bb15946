"""Running commands: is it allowed now, does it need a file, who does it."""

import os
import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import replace

from calibtool.scene import Scene
from calibtool.view.actions import Actions
from calibtool.view.commands import BY_NAME, Command
from calibtool.view.file_dialogs import ask_path
from calibtool.view.pasting import command_for, pasted_path
from calibtool.view.questions import ask_address, ask_layout

_ALWAYS = frozenset({"quit", "manual", "help", "news", "about", "paste", "drawer", "unrolled"})
_PICTURE = frozenset({
    "zoom_fit", "zoom_in", "zoom_out", "zoom_one", "lens_in", "lens_out", "magnifier",
})
_POINTS = frozenset({"next_point", "previous_point"})
_COPY = frozenset({"copy_pyfai", "copy_fit2d", "copy_musclex", "copy_plain"})


def is_enabled(name: str, scene: Scene) -> bool:
    """Whether a command can be run in a scene; the view's own depend on what is shown."""
    if name in _ALWAYS or name in scene.enabled:
        return True
    if name in _PICTURE:
        return scene.picture is not None
    if name == "stop":
        return scene.busy is not None
    if name == "place":
        return scene.picture is not None and (scene.picking or scene.measuring)
    if name == "next_place":
        return scene.next_place is not None
    if name in _POINTS:
        return bool(scene.points)
    return name in _COPY and any(row.value for row in scene.results)


class Runner:
    """Runs commands by name.

    ``local`` are the commands the view does itself; ``before`` is called before any other,
    so that a value still being typed is taken first. Images are looked for beside the present
    one; files are saved where the last one was, the first one beside the image.
    """

    def __init__(
        self,
        root: tk.Tk,
        actions: Actions,
        local: Mapping[str, Callable[[], None]],
        before: Callable[[], None],
    ) -> None:
        self._root, self._actions = root, actions
        self._local = local
        self._before = before
        self.scene = Scene()
        self._saved_in = self._address = ""

    def run(self, name: str) -> None:
        """Run a command; one that is not enabled does nothing."""
        if not is_enabled(name, self.scene):
            return
        command = BY_NAME[name]
        if command.local:
            self._local[name]()
            return
        self._before()
        if not command.asks:
            self._actions.command(name)
            return
        if not self._actions.ready(name):
            return
        text = self._asked(command)
        # Where no window manager does it, the window would have no keys after the dialog.
        (self._root.focus_lastfor() or self._root).focus_force()
        if text:
            self._actions.command_path(name, text)

    def _asked(self, command: Command) -> str:
        """What the user chooses or types for a command, an empty text where it is left."""
        if command.asks == "address":
            address = ask_address(self._root, self._address)
            self._address = address or self._address
            return address
        saves = command.asks == "save"
        command = replace(command, save_as=self._name(command.save_as))
        path = ask_path(self._root, command, (saves and self._saved_in) or self.scene.directory)
        if path and saves:
            self._saved_in = os.path.dirname(path)
        if path and command.asks == "open_raw":
            layout = ask_layout(self._root, path)
            return f"{path}::{layout}" if layout else ""
        return path

    def answer(self, choice: str) -> None:
        """Press a button of the notice: one that runs a command, or one of the program's own."""
        kind, _, name = choice.partition(":")
        self._actions.answer("dismiss" if kind in ("run", "raw") else choice)
        if kind == "run":
            self.run(name)
        elif kind == "raw":
            layout = ask_layout(self._root, name)
            if layout:
                self._actions.command_path("open_raw", f"{name}::{layout}")

    def _name(self, pattern: str) -> str:
        """Name of a file that is saved, for the image there is."""
        folder = os.path.basename(self.scene.directory.rstrip(os.sep))
        name = pattern.replace("{image}", self.scene.stem or "calibration")
        return name.replace("{folder}", folder or "folder")

    def paste(self) -> None:
        """Open the file whose path is in the clipboard."""
        try:
            path = pasted_path(self._root.clipboard_get())
        except tk.TclError:
            return
        if path and is_enabled(command_for(path), self.scene):
            self._before()
            self._actions.command_path(command_for(path), path)

    def open_path(self, path: str) -> None:
        """Open an image whose path is known."""
        if is_enabled("open", self.scene):
            self._actions.command_path("open", path)
