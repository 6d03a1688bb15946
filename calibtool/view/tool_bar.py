"""The tool bar, made from the table of commands."""

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk
from typing import Literal

from calibtool.scene import Scene
from calibtool.view.commands import COMMANDS, Command
from calibtool.view.icon_images import Icons
from calibtool.view.keys import written
from calibtool.view.palette import Palette
from calibtool.view.runner import is_enabled
from calibtool.view.theme import Theme
from calibtool.view.tooltip import Tooltip
from calibtool.view.window_system import WindowSystem, window_system


def tip_of(command: Command, system: WindowSystem, label: str = "") -> str:
    """Tooltip of a command: what it is called now or what it does, and its first key."""
    text = system.words(label or command.tip or command.label.rstrip("…"))
    return f"{text}  [{written(command.keys[0], system)}]" if command.keys else text


class ToolBar(ttk.Frame):
    """A button for each command with ``tool_bar``, a line between the groups.

    Where a narrow window has no room for all, the words go from the last group to the first.
    """

    def __init__(
        self, parent: tk.Misc, theme: Theme, icons: Icons, run: Callable[[str], None]
    ) -> None:
        super().__init__(parent, padding=(theme.px(6), theme.px(1)))
        self._icons = icons
        self.buttons: dict[str, ttk.Button] = {}
        self._states: dict[str, tuple[bool, bool]] = {}
        self._labels: Mapping[str, str] = {}
        group: int | None = None
        for command in (command for command in COMMANDS if command.tool_bar):
            if group is not None and command.group != group:
                ttk.Frame(self, style="Line.TFrame", width=1).pack(
                    side="left", fill="y", padx=theme.px(5), pady=theme.px(5)
                )
            group = command.group
            button = ttk.Button(
                self, style="Bar.Toolbutton", takefocus=False, text=command.short or command.label,
                command=lambda name=command.name: run(name),  # type: ignore[misc]
                state="disabled", compound="left" if command.short else "image",
            )
            button.pack(side="left", padx=1)
            Tooltip(button, theme, lambda command=command: self._tip(command))  # type: ignore[misc]
            self.buttons[command.name] = button
        theme.follow(self._draw_icons)
        self._worded = [command for command in COMMANDS if command.tool_bar and command.short]
        self._margin = theme.px(6)
        self.bind("<Configure>", lambda event: self._fit(event.width))

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        self._labels = scene.labels
        for name, button in self.buttons.items():
            state = is_enabled(name, scene), name in scene.checked
            if state != self._states.get(name):
                self._states[name] = state
                button.state([
                    "!disabled" if state[0] else "disabled",
                    "selected" if state[1] else "!selected",
                ])

    def _tip(self, command: Command) -> str:
        return tip_of(command, window_system(self), self._labels.get(command.name, ""))

    def _fit(self, width: int) -> None:
        """Leave out as few words as there is no room for."""
        for wordless in range(len(self._worded) + 1):
            self._drop_words(wordless)
            if self._needed() <= width:
                return

    def _drop_words(self, count: int) -> None:
        for place, command in enumerate(reversed(self._worded)):
            look: Literal["image", "left"] = "image" if place < count else "left"
            button = self.buttons[command.name]
            if str(button.cget("compound")) != look:
                button.configure(compound=look)

    def _needed(self) -> int:
        """Width of all that is in the bar; the bar itself learns it only later."""
        parts = self.pack_slaves()
        gaps = [int(self.tk.call("dict", "get", self.tk.call("pack", "info", part), "-padx"))
                for part in parts]
        return sum(part.winfo_reqwidth() for part in parts) + 2 * (sum(gaps) + self._margin)

    def _draw_icons(self, _palette: Palette) -> None:
        for command in COMMANDS:
            if command.name in self.buttons and command.icon:
                # Without a picture of its own, Tk dots over that of a disabled button.
                self.buttons[command.name].configure(  # type: ignore[call-overload]
                    image=(self._icons.get(command.icon), "disabled",
                           self._icons.get(command.icon, faded=True)),
                )
