"""The lower part gets its share of any window, the lens in it is large, and the user rules."""

import tkinter as tk
import tkinter.font as tkfont
from dataclasses import replace
from tkinter import ttk

import pytest

from calibtool.view.body import Body
from calibtool.view.point_list import COLUMNS
from calibtool.view.workspace import Workspace
from tests.view.events import drag, move, settle
from tests.view.scenes import fitted, points

SIZES = ["1024x700", "1280x730", "1900x1000"]


def sized(window: Body, root: tk.Tk, size: str) -> Workspace:
    root.minsize(1, 1)
    root.geometry(size)
    # Points as on a large detector, so many that the number has two digits.
    far = tuple(replace(p, number=n, x=1000.0 + p.x, y=2000.0 + p.y, residual_px=-123.45)
                for n, p in enumerate(2 * points(), 1))
    window.show(replace(fitted(), points=far))
    settle(root)
    return window.workspace


def nothing_is_cut(tree: ttk.Treeview) -> None:
    """Every cell that is shown is as wide as its text."""
    measure = tkfont.nametofont("CalibtoolSmall", tree).measure
    names = [column.name for column in COLUMNS]
    for item in tree.get_children():
        for name in tree["displaycolumns"]:
            text = str(tree.item(item, "values")[names.index(name)])
            assert int(tree.column(name, "width")) >= measure(text) + 8, (name, text)


@pytest.mark.parametrize("size", SIZES)
def test_the_lens_is_large_and_nearly_square_and_the_image_keeps_half(
    window: Body, root: tk.Tk, size: str
) -> None:
    workspace = sized(window, root, size)
    lens = workspace.lens.lens
    assert min(lens.winfo_width(), lens.winfo_height()) >= (170 if size == SIZES[0] else 190)
    assert 0.75 < lens.winfo_width() / lens.winfo_height() < 1.35
    assert workspace.image.winfo_height() >= 0.45 * workspace.panes.winfo_height()


@pytest.mark.parametrize("size", SIZES)
def test_list_and_strip_both_have_room(window: Body, root: tk.Tk, size: str) -> None:
    panel = sized(window, root, size).points
    assert panel.strip.winfo_width() >= 150
    tree = panel.list.tree
    columns = tree["displaycolumns"]
    assert len(columns) == len(COLUMNS)
    assert sum(int(tree.column(name, "width")) for name in columns) <= tree.winfo_width()
    nothing_is_cut(tree)


def test_a_line_moved_by_the_user_stays_when_the_window_grows(window: Body, root: tk.Tk) -> None:
    workspace = sized(window, root, SIZES[1])
    panes = workspace.panes
    line = int(panes.tk.call(panes, "sashpos", 0))
    lower = panes.winfo_height() - line
    drag(panes, (40, line + 2), (40, line + 82))
    moved = panes.winfo_height() - int(panes.tk.call(panes, "sashpos", 0))
    assert moved < lower - 40
    sized(window, root, SIZES[2])
    assert abs(panes.winfo_height() - int(panes.tk.call(panes, "sashpos", 0)) - moved) <= 2


def test_the_line_follows_the_window_until_then(window: Body, root: tk.Tk) -> None:
    panes = sized(window, root, SIZES[1]).panes
    before = panes.winfo_height() - int(panes.tk.call(panes, "sashpos", 0))
    sized(window, root, SIZES[2])
    assert panes.winfo_height() - int(panes.tk.call(panes, "sashpos", 0)) > before + 40


def test_the_status_line_says_the_position_under_the_pointer_in_the_magnifier(
    window: Body, root: tk.Tk
) -> None:
    workspace = sized(window, root, SIZES[1])
    lens = workspace.lens.lens
    for at in ((50, 60), (120, 30)):
        move(lens, *at)
        x, y = lens.viewport.to_image(*at)
        assert str(workspace.status.position.cget("text")) == f"x {x:.2f}  y {y:.2f}"
