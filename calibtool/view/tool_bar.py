"""The tool bar, made from the table of commands."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.commands import COMMANDS, Command
from calibtool.view.icon_images import Icons
from calibtool.view.keys import accelerator
from calibtool.view.palette import Palette
from calibtool.view.runner import is_enabled
from calibtool.view.theme import Theme
from calibtool.view.tooltip import Tooltip


def tip_of(command: Command) -> str:
    """Tooltip of a command: what it does, and its first key."""
    text = command.tip or command.label.rstrip("…")
    return f"{text}  [{accelerator(command.keys[0])}]" if command.keys else text


class ToolBar(ttk.Frame):
    """A button for each command with ``tool_bar``, a line between the groups."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, icons: Icons, run: Callable[[str], None]
    ) -> None:
        super().__init__(parent, padding=(theme.px(6), theme.px(3)))
        self._icons = icons
        self.buttons: dict[str, ttk.Button] = {}
        self._states: dict[str, tuple[bool, bool]] = {}
        group: int | None = None
        for command in (command for command in COMMANDS if command.tool_bar):
            if group is not None and command.group != group:
                ttk.Frame(self, style="Line.TFrame", width=1).pack(
                    side="left", fill="y", padx=theme.px(5), pady=theme.px(5)
                )
            group = command.group
            button = ttk.Button(
                self, style="Toolbutton", takefocus=False, text=command.short or command.label,
                command=lambda name=command.name: run(name),  # type: ignore[misc]
                state="disabled",
            )
            button.pack(side="left", padx=1)
            Tooltip(button, theme, lambda command=command: tip_of(command))  # type: ignore[misc]
            self.buttons[command.name] = button
        theme.follow(self._draw_icons)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for name, button in self.buttons.items():
            state = is_enabled(name, scene), name in scene.checked
            if state != self._states.get(name):
                self._states[name] = state
                button.state([
                    "!disabled" if state[0] else "disabled",
                    "selected" if state[1] else "!selected",
                ])

    def _draw_icons(self, _palette: Palette) -> None:
        for command in COMMANDS:
            if command.name in self.buttons and command.icon:
                # Without a picture of its own, Tk dots over that of a disabled button.
                self.buttons[command.name].configure(  # type: ignore[call-overload]
                    image=(self._icons.get(command.icon), "disabled",
                           self._icons.get(command.icon, faded=True)),
                    compound="left" if command.short else "image",
                )
