"""The menu bar, made from the table of commands."""

import tkinter as tk
from collections.abc import Callable, Mapping
from pathlib import Path

from calibtool.scene import Scene
from calibtool.view.commands import BY_NAME, COMMANDS
from calibtool.view.keys import accelerator
from calibtool.view.palette import Palette
from calibtool.view.runner import is_enabled
from calibtool.view.shell import APPLE, MENUS
from calibtool.view.short_label import shortened
from calibtool.view.theme import Theme
from calibtool.view.window_system import window_system

RECENT_LABEL = "Open recent"
LETTERS = 44
"""Of the folder of a recent file; its middle gives way."""


class MenuBar:
    """Fills a menu bar that has the titles: every command under its own.

    Ticks and enabling follow the scene.
    """

    def __init__(
        self,
        bar: tk.Menu,
        theme: Theme,
        run: Callable[[str], None],
        open_path: Callable[[str], None],
    ) -> None:
        self._run, self._open_path = run, open_path
        self._border = theme.px(2)
        self._bar = bar
        self._system = window_system(bar)
        if self._system.is_mac:
            apple = bar.nametowidget(APPLE)
            apple.add_command(label=BY_NAME["about"].label, command=self._runner("about"))
        self._menus: dict[str, tk.Menu] = {}
        self._places: dict[str, tuple[tk.Menu, int]] = {}
        self._ticks: dict[str, tk.BooleanVar] = {}
        self._enabled: dict[str, bool] = {}
        self._recent: tuple[str, ...] = ()
        self._labels: Mapping[str, str] = {}
        for title in MENUS:
            menu = tk.Menu(self._bar, tearoff=False, borderwidth=1, relief="flat")
            self._menus[title] = menu
            self._fill(title, menu)
            bar.entryconfigure(title, menu=menu)
        self._recent_menu = tk.Menu(self._menus["File"], tearoff=False, relief="flat")
        self._add_recent()
        theme.follow(self._colours)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for name, (menu, index) in self._places.items():
            enabled = is_enabled(name, scene)
            if self._enabled.get(name) != enabled:
                self._enabled[name] = enabled
                menu.entryconfigure(index, state="normal" if enabled else "disabled")
        for name, tick in self._ticks.items():
            tick.set(name in scene.checked)
        if scene.labels != self._labels:
            self._labels = scene.labels
            for name, label in scene.labels.items():
                menu, index = self._places[name]
                menu.entryconfigure(index, label=label)
        if scene.recent != self._recent:
            self._recent = scene.recent
            self._fill_recent()

    def entry(self, name: str) -> tuple[tk.Menu, int]:
        """The menu of a command, and its place in it."""
        return self._places[name]

    def _fill(self, title: str, menu: tk.Menu) -> None:
        group: int | None = None
        letters: set[str] = set()
        for command in COMMANDS:
            if command.menu != title:
                continue
            if group is not None and command.group != group:
                menu.add_separator()
            group = command.group
            key = accelerator(command.keys[0], self._system) if command.keys else ""
            letter = _letter(command.label, letters)
            run = self._runner(command.name)
            if command.check:
                self._ticks[command.name] = tick = tk.BooleanVar(menu, value=False)
                menu.add_checkbutton(
                    label=command.label, accelerator=key, command=run, variable=tick,
                    state="disabled", underline=letter,
                )
            else:
                menu.add_command(
                    label=command.label, accelerator=key, command=run, state="disabled",
                    underline=letter,
                )
            index = menu.index("end")
            assert index is not None
            self._places[command.name] = (menu, index)

    def _runner(self, name: str) -> Callable[[], None]:
        """Run a command; its tick changes with the next scene and not by itself."""

        def run() -> None:
            tick = self._ticks.get(name)
            if tick is not None:
                tick.set(not tick.get())
            self._run(name)

        return run

    def _add_recent(self) -> None:
        menu, index = self._places[BY_NAME["open"].name]
        menu.insert_cascade(index + 1, label=RECENT_LABEL, menu=self._recent_menu,
                            state="disabled")
        for name, (place, position) in list(self._places.items()):
            if place is menu and position > index:
                self._places[name] = (place, position + 1)

    def _fill_recent(self) -> None:
        self._recent_menu.delete(0, "end")
        for path in self._recent:
            self._recent_menu.add_command(
                label=f"{Path(path).name}   ({shortened(str(Path(path).parent), LETTERS, len)})",
                command=lambda path=path: self._open_path(path),  # type: ignore[misc]
            )
        self._menus["File"].entryconfigure(
            RECENT_LABEL, state="normal" if self._recent else "disabled"
        )

    def _colours(self, palette: Palette) -> None:
        for menu in (self._bar, self._recent_menu, *self._menus.values()):
            menu.configure(
                background=palette.background if menu is self._bar else palette.surface,
                foreground=palette.text, activebackground=palette.accent,
                activeforeground=palette.on_accent, disabledforeground=palette.disabled,
                selectcolor=palette.text, activeborderwidth=self._border,
            )


def _letter(label: str, taken: set[str]) -> int:
    """Place of the letter that chooses an entry of a menu; -1 where all its letters are taken."""
    for place, letter in enumerate(label):
        first = place == 0 or not label[place - 1].isalnum()
        if first and letter.isalnum() and letter.casefold() not in taken:
            taken.add(letter.casefold())
            return place
    for place, letter in enumerate(label):
        if letter.isalnum() and letter.casefold() not in taken:
            taken.add(letter.casefold())
            return place
    return -1
