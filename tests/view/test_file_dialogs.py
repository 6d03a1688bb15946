"""The file dialogs offer what can be read, the way each window system shows it."""

import tkinter as tk
from tkinter import filedialog
from typing import Any

import pytest

from calibtool.io.folder import looks_like_image
from calibtool.view.commands import BY_NAME
from calibtool.view.file_dialogs import ask_path
from calibtool.view.window_system import WindowSystem


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a dialog was asked to offer; it is left without a choice."""
    options: dict[str, Any] = {}

    def ask(**given: Any) -> str:
        options.update(given)
        return ""

    monkeypatch.setattr(filedialog, "askopenfilename", ask)
    return options


def test_every_image_that_a_folder_shows_can_be_chosen(
    root: tk.Tk, offered: dict[str, Any]
) -> None:
    assert ask_path(root, BY_NAME["open"]) == ""
    (name, patterns), everything = offered["filetypes"]
    assert (name, everything) == ("Images", ("All files", "*"))
    endings = {pattern.removeprefix("*.") for pattern in patterns.split()}
    assert {"osc", "kcd", "spe", "dm3", "cxi", "eiger", "nexus", "mpa", "gz", "bz2"} <= endings
    assert all(looks_like_image(f"a.{end}") for end in endings - {"gz", "bz2"})
    # A file has one ending for the dialogs of a Mac, the last.
    assert not any("." in end for end in endings)


def test_on_a_mac_no_file_is_greyed(
    root: tk.Tk, offered: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    mac = WindowSystem("aqua")
    monkeypatch.setattr("calibtool.view.file_dialogs.window_system", lambda _widget: mac)
    ask_path(root, BY_NAME["open"])
    assert offered["filetypes"][0] == ("All files", "*")
