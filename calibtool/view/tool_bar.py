"""The tool bar, made from the table of commands."""

import tkinter as tk
from tkinter import ttk
from typing import Literal

from calibtool.scene import Scene
from calibtool.view.command_button import CommandButton
from calibtool.view.commands import COMMANDS
from calibtool.view.context import Context
from calibtool.view.palette import Palette


class ToolBar(ttk.Frame):
    """A button for each command with ``tool_bar``, a line between the groups.

    Where a narrow window has no room for all, the words go from the last group to the first.
    """

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        theme = context.theme
        super().__init__(parent, padding=(theme.px(6), theme.px(1)))
        self._icons = context.icons
        self.buttons: dict[str, CommandButton] = {}
        self._commands = [command for command in COMMANDS if command.tool_bar]
        group: int | None = None
        for command in self._commands:
            if group is not None and command.group != group:
                ttk.Frame(self, style="Line.TFrame", width=1).pack(
                    side="left", fill="y", padx=theme.px(5), pady=theme.px(5)
                )
            group = command.group
            button = CommandButton(
                self, context, command.name, style="Bar.Toolbutton", takefocus=False,
                compound="left" if command.short else "image",
            )
            button.pack(side="left", padx=1)
            self.buttons[command.name] = button
        theme.follow(self._draw_icons)
        self._worded = [command for command in self._commands if command.short]
        self._margin = theme.px(6)
        self.bind("<Configure>", lambda event: self._fit(event.width))

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for button in self.buttons.values():
            button.show(scene)

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
        for command in self._commands:
            # Without a picture of its own, Tk dots over that of a disabled button.
            self.buttons[command.name].configure(  # type: ignore[call-overload]
                image=(self._icons.get(command.icon), "disabled",
                       self._icons.get(command.icon, faded=True)),
            )
