"""The list of points: where they are, how far off, and which are left out."""

import tkinter as tk
from dataclasses import dataclass
from tkinter import ttk
from typing import Literal

from calibtool.scene import PointMark, Scene
from calibtool.view.context import Context
from calibtool.view.palette import Palette
from calibtool.view.tooltip import Tooltip

Anchor = Literal["w", "center", "e"]


@dataclass(frozen=True)
class Column:
    """A column: its title, and a text that it has room for."""

    name: str
    title: str
    widest: str
    anchor: Anchor


COLUMNS = (
    Column("number", "#", "99", "e"),
    Column("x", "x (px)", "9999.99", "e"),
    Column("y", "y (px)", "9999.99", "e"),
    Column("residual", "Δr (px)", "+999.99", "e"),
    Column("refined", "Refined", "✔", "center"),
    Column("inlier", "Used", "✔", "center"),
)
SPARE = ("refined", "inlier")
"""Columns that a list too narrow for all of them does without, the first one first."""
CELL = 9
"""Px at 96 dpi that the sides of a cell take."""
COLUMNS_TIP = (
    "Δr, residual: distance from the circle, positive outside it.\n"
    "Refined: moved from the click to the peak or edge of the ring.\n"
    "Used: in the fit (✔), or set aside as an outlier (✖)."
)
CORNER_PX = 0.5
"""How far the centre of the first pixel is from its corner, in x and in y."""
INLIER = {"inlier": "✔", "outlier": "✖", "new": "–"}


class PointList(ttk.Frame):
    """One row a point; the chosen row is the selected point of the scene and the other way."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self._points: tuple[PointMark, ...] = ()
        self._selected: int | None = None
        self._offset = 0.0
        self.tree = ttk.Treeview(
            self, columns=[column.name for column in COLUMNS], show="headings", height=3,
            selectmode="browse",
        )
        wide, cell = context.theme.small_width, context.theme.px(CELL)
        self._least = {c.name: max(wide(c.widest), wide(c.title)) + cell for c in COLUMNS}
        for column in COLUMNS:
            self.tree.heading(column.name, text=column.title, anchor=column.anchor)
            self.tree.column(column.name, width=self._least[column.name], minwidth=1,
                             anchor=column.anchor, stretch=False)
        self.tree.bind("<Configure>", lambda event: self._share_width(event.width))
        bar = ttk.Scrollbar(self, orient="vertical", command=self.tree.yview)
        self.least_width = sum(self._least.values()) + 4 + bar.winfo_reqwidth()
        self.tree.configure(yscrollcommand=bar.set)
        # The bar first: squeezed by the list, whose columns follow its own width, the two would
        # never come to rest.
        bar.pack(side="right", fill="y")
        self.tree.pack(side="left", fill="both", expand=True)
        self.tree.bind("<<TreeviewSelect>>", self._chosen)
        Tooltip(self.tree, context.theme, self._tip, by_place=True)
        context.theme.follow(self._colours)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        offset = CORNER_PX if scene.display.corner else 0.0
        if scene.points != self._points or offset != self._offset:
            self._offset = offset
            self._fill(scene.points)
        self._points, self._selected = scene.points, scene.selected
        item = str(scene.selected)
        wanted = [item] if self.tree.exists(item) else []
        if list(self.tree.selection()) != wanted:
            self.tree.selection_set(wanted)
            for item in wanted:
                self.tree.focus(item)
                self.tree.see(item)

    def _tip(self) -> str:
        """What the columns mean, where the pointer is on their titles."""
        x = self.tree.winfo_pointerx() - self.tree.winfo_rootx()
        y = self.tree.winfo_pointery() - self.tree.winfo_rooty()
        return COLUMNS_TIP if self.tree.identify_region(x, y) == "heading" else ""

    def _share_width(self, width: int) -> None:
        """Give each column its part of the width, so that none is cut off."""
        width -= 4
        widths = dict(self._least)
        for name in SPARE:
            if width < sum(widths.values()):
                del widths[name]
        self.tree.configure(displaycolumns=tuple(widths))
        total = sum(widths.values())
        for column in COLUMNS:
            if column.name in widths:
                self.tree.column(column.name, width=width * widths[column.name] // total)

    def _fill(self, points: tuple[PointMark, ...]) -> None:
        present = self.tree.get_children()
        wanted = [str(point.number) for point in points]
        gone = [item for item in present if item not in wanted]
        if gone:
            self.tree.delete(*gone)
        for place, point in enumerate(points):
            item = str(point.number)
            tags = ("outlier",) if point.role == "outlier" else ()
            if self.tree.exists(item):
                self.tree.item(item, values=_texts(point, self._offset), tags=tags)
                self.tree.move(item, "", place)
            else:
                values = _texts(point, self._offset)
                self.tree.insert("", place, iid=item, values=values, tags=tags)

    def _chosen(self, _event: "tk.Event[ttk.Treeview]") -> None:
        items = self.tree.selection()
        number = int(items[0]) if items else None
        if number != self._selected:
            self._context.actions.select_point(number)

    def _colours(self, palette: Palette) -> None:
        self.tree.tag_configure("outlier", foreground=palette.curves[1])


def _texts(point: PointMark, offset: float) -> tuple[str, ...]:
    # Adding zero makes a zero of what is rounded to minus zero.
    rounded = None if point.residual_px is None else round(point.residual_px, 2) + 0.0
    residual = "" if rounded is None else f"{rounded:+.2f}".replace("-", "−")
    return (
        str(point.number), f"{point.x + offset:.2f}", f"{point.y + offset:.2f}", residual,
        "✔" if point.refined else "–", INLIER[point.role],
    )
