"""A table sorts, grows, and gives back the row of its table and not of the screen."""

import tkinter as tk

import pytest

from calibtool.scene import Table
from calibtool.view.table_view import CHUNK, TableView
from calibtool.view.theme import Theme
from tests.view.events import move, settle, wait_until

ROWS = (("b.tif", "10"), ("a.tif", "9.5"), ("c.tif", "−2"), ("d.tif", ""))


@pytest.fixture
def opened() -> list[int]:
    return []


@pytest.fixture
def table(root: tk.Tk, opened: list[int]) -> TableView:
    view = TableView(root, Theme(root), on_open=opened.append, height=8)
    view.pack(fill="both", expand=True)
    root.update()
    return view


def column(view: TableView, index: int) -> list[str]:
    return [str(view.tree.set(item, index)) for item in view.tree.get_children()]


def test_numbers_sort_by_value_and_what_is_empty_comes_last(table: TableView) -> None:
    table.show(Table(("file", "dx"), ROWS))
    table.sort_by("dx")
    assert column(table, 1) == ["−2", "9.5", "10", ""]
    table.sort_by("dx")
    assert column(table, 1) == ["", "10", "9.5", "−2"]
    table.sort_by("file")
    assert column(table, 0) == ["a.tif", "b.tif", "c.tif", "d.tif"]


def test_a_click_on_a_heading_sorts_and_opens_nothing(
    table: TableView, opened: list[int]
) -> None:
    table.show(Table(("file", "dx"), ROWS))
    settle(table)
    for event in ("<Button-1>", "<ButtonRelease-1>"):
        table.tree.event_generate(event, x=15, y=8)
    settle(table)
    assert column(table, 0) == ["a.tif", "b.tif", "c.tif", "d.tif"]
    assert opened == []


def test_an_opened_row_is_that_of_the_table_after_sorting(
    table: TableView, opened: list[int]
) -> None:
    table.show(Table(("file", "dx"), ROWS))
    table.sort_by("file")
    first = table.tree.get_children()[0]
    table.tree.focus(first)
    table.tree.focus_force()
    settle(table)
    table.tree.event_generate("<Return>")
    settle(table)
    assert opened == [1]


def test_added_rows_are_added_and_keep_the_order(table: TableView) -> None:
    table.show(Table(("file", "dx"), ROWS[:2]))
    table.sort_by("file")
    kept = table.tree.get_children()
    table.show(Table(("file", "dx"), ROWS))
    assert set(kept) <= set(table.tree.get_children())
    assert column(table, 0) == ["a.tif", "b.tif", "c.tif", "d.tif"]
    table.show(Table(("file", "dx"), (("z.tif", "1"), *ROWS[1:])))
    assert column(table, 0) == ["a.tif", "c.tif", "d.tif", "z.tif"]


def test_fewer_rows_and_other_columns(table: TableView) -> None:
    table.show(Table(("file", "dx"), ROWS))
    table.show(Table(("file", "dx"), ROWS[:1]))
    assert column(table, 0) == ["b.tif"]
    table.show(Table(("a", "b", "c"), (("1", "2", "3"),)))
    assert column(table, 2) == ["3"]
    table.show(Table())
    assert table.tree.get_children() == ()


def test_the_current_row_is_marked(table: TableView) -> None:
    for current in (2, 0, None):
        table.show(Table(("file", "dx"), ROWS, current))
        marked = [item for item in table.tree.get_children()
                  if "current" in table.tree.item(item, "tags")]
        assert marked == ([] if current is None else [str(current)])


def test_many_rows_come_in_parts_and_all_of_them(table: TableView) -> None:
    rows = tuple((f"file {index:05d}", str(index)) for index in range(5 * CHUNK + 7))
    table.show(Table(("file", "n"), rows))
    assert len(table.tree.get_children()) == CHUNK
    table.show(Table(("file", "n"), (*rows, ("last", "1"))))
    wait_until(table, lambda: len(table.tree.get_children()) == len(rows) + 1)
    assert column(table, 0)[-1] == "last"
    assert column(table, 0)[:-1] == [row[0] for row in rows]


def test_a_column_that_says_nothing_is_left_out_until_it_does(table: TableView) -> None:
    rows = (("a.edf", "0", "ok", ""), ("b.edf", "0", "ok", ""))
    table.show(Table(("file", "frame", "status", "remark"), rows))
    assert tuple(table.tree["displaycolumns"]) == ("file", "status")
    later = (*rows, ("c.edf", "0", "failed", "no ring"))
    table.show(Table(("file", "frame", "status", "remark"), later))
    assert tuple(table.tree["displaycolumns"]) == ("file", "status", "remark")


def test_what_is_cut_in_a_cell_can_be_read_in_full(table: TableView, root: tk.Tk) -> None:
    remark = "The image has 600 × 420 pixels and the calibration is for 981 × 1043. " * 3
    table.show(Table(("file", "remark"), (("a.edf", remark), ("b.edf", "short"))))
    settle(root)
    told = []
    for item in ("0", "1"):
        x, y, _width, height = table.tree.bbox(item, "remark")
        move(table.tree, x + 20, y + height // 2)
        told.append(table._tip())
    assert told == [remark, ""]
