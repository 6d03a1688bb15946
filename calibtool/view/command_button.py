"""A button or check box that runs a command of the table and follows the scene."""

import tkinter as tk
from tkinter import ttk
from typing import Any

from calibtool.scene import Scene
from calibtool.view.commands import BY_NAME, Command
from calibtool.view.context import Context
from calibtool.view.keys import written
from calibtool.view.runner import is_enabled
from calibtool.view.tooltip import Tooltip
from calibtool.view.window_system import WindowSystem, window_system


def tip_of(command: Command, system: WindowSystem, label: str = "") -> str:
    """Tooltip of a command: what it is called now or what it does, and its first key."""
    text = system.words(label or command.tip or command.label.rstrip("…"))
    return f"{text}  [{written(command.keys[0], system)}]" if command.keys else text


class CommandButton(ttk.Button):
    """Runs a command when pressed; disabled when the command is."""

    def __init__(
        self, parent: tk.Misc, context: Context, name: str, *, text: str = "",
        style: str = "TButton", **options: Any,
    ) -> None:
        command = BY_NAME[name]
        super().__init__(
            parent, text=text or command.short or command.label, style=style, state="disabled",
            command=lambda: context.run(name), **options,
        )
        self._name, self._label = name, ""
        self._shown: tuple[bool, bool] | None = None
        Tooltip(self, context.theme, lambda: tip_of(command, window_system(self), self._label))

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        self._label = scene.labels.get(self._name, "")
        state = is_enabled(self._name, scene), self._name in scene.checked
        if state != self._shown:
            self._shown = state
            self.state([
                "!disabled" if state[0] else "disabled", "selected" if state[1] else "!selected"
            ])


class CommandCheck(ttk.Checkbutton):
    """Runs a command with a tick; the tick is what the scene says."""

    def __init__(self, parent: tk.Misc, context: Context, name: str, *, text: str = "") -> None:
        command = BY_NAME[name]
        self._tick = tk.BooleanVar(parent, value=False)
        super().__init__(
            parent, text=text or command.short or command.label, variable=self._tick,
            command=self._pressed, state="disabled",
        )
        self._name, self._context = name, context
        self._shown: tuple[bool, bool] | None = None
        Tooltip(self, context.theme, lambda: tip_of(command, window_system(self)))

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        state = is_enabled(self._name, scene), self._name in scene.checked
        if state != self._shown:
            self._shown = state
            self._tick.set(state[1])
            self.state(["!disabled" if state[0] else "disabled"])

    def _pressed(self) -> None:
        self._tick.set(not self._tick.get())
        self._context.run(self._name)
