"""A table that can be sorted by its headings and grows without being filled anew."""

import tkinter as tk
import tkinter.font as tkfont
from collections.abc import Callable
from tkinter import ttk
from typing import Literal

from calibtool.scene import Table
from calibtool.view.theme import Theme
from calibtool.view.tooltip import Tooltip

CHUNK = 400
"""Rows put in at once; more are put in between other events, so that the window answers."""

_SAMPLE_ROWS = 60
NOTHING = ("", "0")


class TableView(ttk.Frame):
    """Shows a ``Table``; a double click or Return calls ``on_open(row)`` with the table's row.

    A column that says nothing in any row (empty or 0) is left out; the tooltip has the whole text
    of a cell that is cut.
    """

    def __init__(
        self, parent: tk.Misc, theme: Theme, *, on_open: Callable[[int], None] | None = None,
        height: int = 4,
    ) -> None:
        super().__init__(parent)
        self._theme, self._on_open = theme, on_open
        self._table = Table()
        self._sorted: tuple[str, bool] | None = None
        self._pending = ""
        self._telling: set[str] = set()
        self.tree = ttk.Treeview(self, show="headings", height=height, selectmode="browse")
        vertical = ttk.Scrollbar(self, orient="vertical", command=self.tree.yview)
        horizontal = ttk.Scrollbar(self, orient="horizontal", command=self.tree.xview)
        self.tree.configure(yscrollcommand=vertical.set, xscrollcommand=horizontal.set)
        self.tree.grid(row=0, column=0, sticky="nsew")
        vertical.grid(row=0, column=1, sticky="ns")
        horizontal.grid(row=1, column=0, sticky="ew")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.tree.bind("<Double-1>", self._open)
        self.tree.bind("<Return>", self._open)
        self.tree.tag_configure("current", font="CalibtoolSmallBold")
        Tooltip(self.tree, theme, self._tip, by_place=True)

    def show(self, table: Table) -> None:
        """Follow a table; rows added at its end are added here."""
        before, self._table = self._table, table
        if table == before:
            return
        if table.columns != before.columns:
            self._set_columns(table.columns)
        shown = len(before.rows)
        if table.rows[:shown] != before.rows or table.columns != before.columns:
            self.tree.delete(*self.tree.get_children())
            shown = 0
            self._telling.clear()
        self._leave_out(table.rows[shown:])
        if shown < CHUNK:
            self._fit_columns()
        self._fill()
        self._mark(before.current)

    def _fill(self) -> None:
        """Put in the next rows, and call itself later for the others."""
        if self._pending:
            self.after_cancel(self._pending)
            self._pending = ""
        first = len(self.tree.get_children())
        for index in range(first, min(first + CHUNK, len(self._table.rows))):
            self.tree.insert("", "end", iid=str(index), values=self._table.rows[index])
        if first + CHUNK < len(self._table.rows):
            self._pending = self.after(5, self._fill)
        elif self._sorted is not None:
            self._sort(*self._sorted)
        self._mark(None)

    def _leave_out(self, rows: tuple[tuple[str, ...], ...]) -> None:
        """Show the columns that say something, with these new rows."""
        columns = self._table.columns
        for index, column in enumerate(columns):
            if column not in self._telling and any(row[index] not in NOTHING for row in rows):
                self._telling.add(column)
        seen = [column for column in columns if column in self._telling]
        self.tree.configure(displaycolumns=seen or columns)

    def _tip(self) -> str:
        """The text of the cell under the pointer, where it is cut."""
        x = self.tree.winfo_pointerx() - self.tree.winfo_rootx()
        y = self.tree.winfo_pointery() - self.tree.winfo_rooty()
        item, place = self.tree.identify_row(y), self.tree.identify_column(x)
        if not item or self.tree.identify_region(x, y) != "cell":
            return ""
        column = str(self.tree.column(place, "id"))
        text = self._table.rows[int(item)][self._table.columns.index(column)]
        width = self._theme.small_width(text) + self._theme.px(8)
        box = self.tree.bbox(item, column)
        return text if box and width > min(box[2], self.tree.winfo_width() - box[0]) else ""

    def _mark(self, before: int | None) -> None:
        current = self._table.current
        if before is not None and self.tree.exists(str(before)):
            self.tree.item(str(before), tags=())
        if current is not None and self.tree.exists(str(current)):
            self.tree.item(str(current), tags=("current",))
            if before != current:
                self.tree.see(str(current))

    def _set_columns(self, columns: tuple[str, ...]) -> None:
        self._sorted = None
        self.tree.delete(*self.tree.get_children())
        self.tree.configure(columns=columns, displaycolumns="#all")
        for column in columns:
            self.tree.heading(column, text=column, command=lambda name=column: self.sort_by(name))  # type: ignore[misc]

    def _fit_columns(self) -> None:
        """Width for the title and the first rows; numbers to the right."""
        cell = tkfont.nametofont("CalibtoolSmallBold", self)
        head = tkfont.nametofont("CalibtoolSmall", self)
        pad = self._theme.px(14)
        for index, column in enumerate(self._table.columns):
            texts = [row[index] for row in self._table.rows[:_SAMPLE_ROWS]]
            longest = max(texts, key=len, default="")
            width = max(cell.measure(longest), head.measure(f"{column} ▼")) + pad
            anchor = _anchor(texts)
            self.tree.column(column, width=min(width, self._theme.px(320)), anchor=anchor,
                             stretch=index == len(self._table.columns) - 1,
                             minwidth=self._theme.px(30))
            self.tree.heading(column, anchor=anchor)

    def sort_by(self, column: str) -> None:
        """Sort by a column; a second time the other way round."""
        downwards = self._sorted == (column, False)
        self._sort(column, downwards)

    def _sort(self, column: str, downwards: bool) -> None:
        self._sorted = (column, downwards)
        index = self._table.columns.index(column)
        rows = self._table.rows
        items = sorted(
            self.tree.get_children(),
            key=lambda item: _sort_key(rows[int(item)][index]), reverse=downwards,
        )
        for place, item in enumerate(items):
            self.tree.move(item, "", place)
        for name in self._table.columns:
            arrow = (" ▼" if downwards else " ▲") if name == column else ""
            self.tree.heading(name, text=name + arrow)

    def _open(self, event: "tk.Event[ttk.Treeview]") -> str | None:
        on_heading = event.type is tk.EventType.ButtonPress and \
            self.tree.identify_region(event.x, event.y) != "cell"
        item = self.tree.focus()
        if self._on_open is None or not item or on_heading:
            return "break" if event.type is tk.EventType.KeyPress else None
        self._on_open(int(item))
        return "break"


def _anchor(texts: list[str]) -> Literal["e", "w"]:
    numbers = [_number(text) for text in texts if text]
    return "e" if numbers and None not in numbers else "w"


def _number(text: str) -> float | None:
    try:
        return float(text.replace("−", "-"))
    except ValueError:
        return None


def _sort_key(text: str) -> tuple[bool, float, str]:
    """Numbers by value, before texts by letter."""
    number = _number(text)
    return (number is None, number if number is not None else 0.0, text.casefold())
