"""The file dialog of Tk itself looks like the rest of the window."""

import tkinter as tk
from dataclasses import replace
from pathlib import Path
from tkinter import filedialog

import pytest

from calibtool.view.body import Body
from calibtool.view.palette import DARK, LIGHT, Palette
from tests.view.events import settle, wait_until
from tests.view.scenes import fitted

DIALOG = ".__tk_filedialog"


@pytest.fixture
def x11(root: tk.Tk) -> tk.Tk:
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("Tk's own file dialog is used on X11 only")
    return root


def canvas_of(root: tk.Tk, widget: str = DIALOG) -> str:
    """The canvas that draws the list of files."""
    children = [str(child) for child in root.tk.splitlist(
        root.tk.call("winfo", "children", widget))]
    own = [child for child in children if root.tk.call("winfo", "class", child) == "Canvas"]
    return own[0] if own else next(filter(None, (canvas_of(root, c) for c in children)), "")


def test_the_list_follows_the_theme_and_leaves_out_hidden_files(
    window: Body, x11: tk.Tk, tmp_path: Path
) -> None:
    for name in (".hidden.tif", "ring.tif", "other.tif"):
        (tmp_path / name).write_text("")
    seen: list[tuple[Palette, str, set[str], list[str]]] = []

    def look(palette: Palette) -> None:
        wait_until(x11, lambda: x11.tk.call("winfo", "ismapped", DIALOG))
        settle(x11)
        canvas = canvas_of(x11)
        texts = [item for item in x11.tk.splitlist(x11.tk.call(canvas, "find", "all"))
                 if x11.tk.call(canvas, "type", item) == "text"]
        seen.append((
            palette, str(x11.tk.call(canvas, "cget", "-background")),
            {str(x11.tk.call(canvas, "itemcget", item, "-fill")) for item in texts},
            [str(x11.tk.call(canvas, "itemcget", item, "-text")) for item in texts],
        ))
        x11.tk.call(f"{DIALOG}.contents.f2.cancel", "invoke")

    for dark, palette in ((False, LIGHT), (True, DARK)):
        scene = fitted()
        window.show(replace(scene, display=replace(scene.display, dark=dark)))
        x11.after(50, look, palette)
        filedialog.askopenfilename(parent=x11, initialdir=str(tmp_path))
    assert len(seen) == 2
    for palette, ground, fills, names in seen:
        assert ground == palette.surface
        assert fills == {palette.text}
        assert sorted(names) == ["other.tif", "ring.tif"]
