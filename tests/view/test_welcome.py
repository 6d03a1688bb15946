"""The invitation to open an image is whole in every window."""

import tkinter as tk
from tkinter import ttk

import pytest

from calibtool.scene import Scene
from calibtool.view.body import Body
from tests.view.events import settle

RECENT = tuple(f"/data/run_{number}.cbf" for number in range(8))


@pytest.mark.parametrize("size", ["900x560", "1024x700", "1600x1100"])
def test_as_many_names_are_shown_as_there_is_room_for(
    window: Body, root: tk.Tk, size: str
) -> None:
    root.minsize(1, 1)
    root.geometry(size)
    settle(root)
    window.show(Scene(enabled=frozenset({"open"}), recent=RECENT))
    settle(root)
    welcome = window.workspace.welcome
    names = [name for name in welcome._names if name.winfo_ismapped()]
    assert names == welcome._names[: max(len(names), 1)]
    image = window.workspace.image
    if welcome.winfo_height() > image.winfo_height():
        assert len(names) == 1
    if size == "1600x1100":
        assert len(names) == len(welcome._names) > 3
    assert welcome.winfo_y() >= 0 or len(names) == 1


def test_more_names_come_when_the_window_grows(window: Body, root: tk.Tk) -> None:
    root.minsize(1, 1)
    root.geometry("1000x400")
    settle(root)
    window.show(Scene(enabled=frozenset({"open"}), recent=RECENT))
    settle(root)
    few = sum(bool(name.winfo_ismapped()) for name in window.workspace.welcome._names)
    root.geometry("1600x1100")
    settle(root)
    many = sum(bool(name.winfo_ismapped()) for name in window.workspace.welcome._names)
    assert few < many
    assert isinstance(window.workspace.welcome._names[0], ttk.Button)
