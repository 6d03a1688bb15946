"""Fields behave as fields do elsewhere: Ctrl-A, the wheel, and a column that stays in place."""

import tkinter as tk
from dataclasses import replace
from tkinter import ttk

import pytest

from calibtool.scene import Verdict
from calibtool.view.body import Body
from calibtool.view.section import Column
from tests.view.events import click, settle, wheel
from tests.view.recorder import Recorder
from tests.view.scenes import fitted, picture
from tests.view.test_fields import entry, retype


@pytest.mark.parametrize("key", ["wavelength", "calibrant", "detector", "pattern", "seed"])
def test_control_a_chooses_the_whole_text(window: Body, key: str) -> None:
    window.show(fitted())
    widget = entry(window, key)
    widget.selection_clear()
    widget.icursor(1)
    widget.event_generate("<Control-a>")
    settle(widget)
    assert (widget.index("sel.first"), widget.index("sel.last")) == (0, len(widget.get()))
    retype_over(widget, "77")
    assert widget.get() == "77"


def retype_over(widget: tk.Misc, text: str) -> None:
    for letter in text:
        widget.event_generate(f"<Key-{letter}>")
    settle(widget)


@pytest.mark.parametrize("make", [tk.Entry, ttk.Entry, ttk.Combobox])
def test_control_a_chooses_all_in_other_windows_too(
    window: Body, root: tk.Tk, make: type[tk.Entry]
) -> None:
    """As in the file dialogs, where the name of the file is to be replaced."""
    name = make(tk.Toplevel(root))
    name.pack()
    name.insert(0, "calibration.poni")
    name.focus_force()
    settle(name)
    name.event_generate("<Control-a>")
    settle(name)
    assert (name.index("sel.first"), name.index("sel.last")) == (0, len("calibration.poni"))


@pytest.fixture
def column(window: Body, root: tk.Tk) -> Column:
    """The side column, too long for its window."""
    window.show(fitted())
    root.geometry("1100x620")
    settle(root)
    for section in window.workspace.side.sections.values():
        if not section.opened:
            section.toggle()
    settle(root)
    return window.workspace.side.column


def top_of(column: Column) -> int:
    return column.inside.winfo_rooty() - column.winfo_rooty()


def test_the_wheel_scrolls_wherever_the_pointer_is_in_the_column(
    column: Column, window: Body
) -> None:
    for y in range(4, column.winfo_height() - 4, 7):
        for x in (6, column.winfo_width() // 3, column.winfo_width() - 40):
            under = column.winfo_containing(column.winfo_rootx() + x, column.winfo_rooty() + y)
            assert under is not None
            before = top_of(column)
            wheel(under, 2, 2, -1)
            assert top_of(column) < before, (x, y, under)
            wheel(under, 2, 2, 1)
            assert top_of(column) == before, (x, y, under)


def test_a_click_into_a_field_moves_nothing(column: Column, window: Body, root: tk.Tk) -> None:
    edge = column.winfo_rooty() + column.winfo_height()
    widgets = [row.widget for row in window.workspace.side.rows.values()]
    hidden = [widget for widget in widgets if widget.winfo_rooty() > edge]
    half = [
        widget for widget in widgets
        if widget.winfo_rooty() < edge < widget.winfo_rooty() + widget.winfo_height()
    ]
    before = top_of(column)
    for widget in half:
        click(widget, 5, 2)
        assert top_of(column) == before
    assert hidden, "the column is longer than the window"
    hidden[0].focus_force()
    settle(root)
    assert top_of(column) == before, "as when a menu gives the focus back"


def test_a_field_reached_by_the_tab_key_comes_into_view(
    column: Column, window: Body, root: tk.Tk
) -> None:
    window.workspace.side.rows["calibrant"].widget.focus_force()
    settle(root)
    for _ in range(30):
        root.tk.call("event", "generate", root.tk.call("focus"), "<Tab>")
        settle(root)
        focus = root.focus_get()
        if focus is None or not str(focus).startswith(str(column)):
            break
        y = focus.winfo_rooty() - column.winfo_rooty()
        assert y >= -1, focus
        assert y + focus.winfo_height() <= column.winfo_height() + 1, focus
    assert top_of(column) < 0


def test_a_new_image_shows_the_top_of_the_column(column: Column, window: Body) -> None:
    wheel(column.inside, 2, 2, -6)
    assert top_of(column) < 0
    window.show(replace(fitted(), verdict=Verdict("Another verdict")))
    assert top_of(column) < 0, "the same image leaves the column where it is"
    window.show(replace(fitted(), picture=picture("b.tif")))
    settle(column)
    assert top_of(column) == 0


def test_typing_in_a_field_of_the_column_changes_nothing_else(
    window: Body, actions: Recorder
) -> None:
    window.show(fitted())
    widget = entry(window, "wavelength")
    for _ in range(3):
        click(widget, 5, 5)
    retype(widget, "0.9184")
    widget.event_generate("<Return>")
    settle(widget)
    assert actions.named("set_field") == [("wavelength", "0.9184")]
