"""The table of commands is sound: names, keys, menus and pictures."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from calibtool import icons
from calibtool.scene import Busy
from calibtool.view.commands import BY_NAME, COMMANDS
from calibtool.view.keys import accelerator, kept_by_widget
from calibtool.view.runner import is_enabled
from calibtool.view.shell import MENUS
from calibtool.view.window_system import WindowSystem
from tests.view.scenes import fitted

X11 = WindowSystem("x11")
SHIFT, CONTROL = 0x1, 0x4


def test_each_name_and_each_key_stands_once() -> None:
    keys = Counter(key for command in COMMANDS for key in command.keys)
    assert max(keys.values()) == 1
    assert len(BY_NAME) == len(COMMANDS)


def test_each_command_is_in_a_menu_and_its_group_is_in_one_piece() -> None:
    for title in MENUS:
        groups = [command.group for command in COMMANDS if command.menu == title]
        changes = sum(a != b for a, b in pairwise(groups))
        assert groups
        assert changes == len(set(groups)) - 1
    assert {command.menu for command in COMMANDS} == set(MENUS)


@pytest.mark.parametrize("dark", [False, True])
def test_each_picture_that_is_named_is_there(dark: bool) -> None:
    for command in COMMANDS:
        if command.icon:
            assert icons.data(command.icon, 2.0, dark).startswith(b"\x89PNG")


def test_commands_that_save_have_a_name_to_save_as() -> None:
    assert all(bool(command.save_as) == (command.asks == "save") for command in COMMANDS)


@pytest.mark.parametrize(("pattern", "text"), [
    ("<Control-o>", "Ctrl+O"), ("<Control-Z>", "Ctrl+Shift+Z"), ("<F5>", "F5"), ("p", "P"),
    ("<Prior>", "PgUp"), ("<Key-0>", "0"), ("<Control-Return>", "Ctrl+Enter"), ("<minus>", "−"),
])
def test_keys_are_written_as_on_the_keyboard(pattern: str, text: str) -> None:
    assert accelerator(pattern, X11) == text


@pytest.mark.parametrize(("widget", "keysym", "state", "kept"), [
    ("TEntry", "p", 0, True), ("TEntry", "Delete", 0, True), ("TEntry", "Left", 0, True),
    ("TEntry", "c", CONTROL, True), ("TEntry", "F5", 0, False), ("TEntry", "s", CONTROL, False),
    ("TCombobox", "Down", 0, True), ("Text", "Home", 0, True), ("Canvas", "Delete", 0, False),
    ("Treeview", "Down", 0, True), ("Treeview", "Down", CONTROL, False),
    ("Treeview", "Up", SHIFT, False),
    ("Treeview", "Delete", 0, False), ("TNotebook", "Left", 0, True),
    ("TButton", "Return", 0, True), ("TButton", "p", 0, False),
])
def test_a_widget_keeps_the_keys_it_needs(
    widget: str, keysym: str, state: int, kept: bool
) -> None:
    assert kept_by_widget(widget, keysym, state, X11) is kept


def test_what_the_view_does_itself_depends_on_what_is_shown() -> None:
    scene = replace(fitted(), enabled=frozenset())
    bare = type(scene)()
    for name in ("zoom_in", "lens_out", "next_point", "copy_plain"):
        assert is_enabled(name, scene)
        assert not is_enabled(name, bare)
    assert is_enabled("help", bare)
    assert not is_enabled("stop", scene)
    assert is_enabled("stop", replace(scene, busy=Busy("Searching")))
