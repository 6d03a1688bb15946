"""The keys reach the window wherever the pointer is, with no window manager to help."""

import tkinter as tk
from typing import Any

import pytest

from calibtool.view import file_dialogs
from calibtool.view.body import Body
from tests.view.events import settle, take_keys
from tests.view.recorder import Recorder
from tests.view.scenes import fitted

CORNERS = ((2, 2), (1900, 2), (2, 1190), (1900, 1190))


def pointer_to(root: tk.Tk, x: int, y: int) -> None:
    """Put the pointer at a place on the screen."""
    root.event_generate("<Motion>", x=x - root.winfo_rootx(), y=y - root.winfo_rooty(), warp=True)
    settle(root)


def press(root: tk.Tk, pattern: str) -> None:
    root.tk.call("event", "generate", root.tk.call("focus") or ".", pattern)
    settle(root)


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("start", [(300, 300), CORNERS[-1]])
def test_keys_come_with_the_pointer_in_a_corner_of_the_screen(
    window: Body, actions: Recorder, root: tk.Tk, corner: tuple[int, int], start: tuple[int, int]
) -> None:
    window.show(fitted())
    pointer_to(root, *start)
    take_keys(root)
    pointer_to(root, *corner)
    press(root, "<F5>")
    assert actions.named("command") == [("find",)]


def test_after_a_dialog_the_window_has_the_keys_again(
    window: Body, actions: Recorder, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog of Tk is a window of its own; when it goes, so does the focus it had."""

    def answer(**_options: Any) -> str:
        dialog = tk.Toplevel(root)
        settle(root)
        dialog.focus_force()
        settle(root)
        dialog.destroy()
        settle(root)
        return "/data/saved.json"

    monkeypatch.setattr(file_dialogs.filedialog, "asksaveasfilename", answer)
    window.show(fitted())
    pointer_to(root, *CORNERS[-1])
    press(root, "<Control-s>")
    assert actions.named("command_path") == [("save", "/data/saved.json")]
    press(root, "<Control-z>")
    assert actions.named("command") == [("undo",)]
