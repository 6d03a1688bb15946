"""Numbers below one another: name, value with σ and unit, source, and a button that copies it."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import ResultRow
from calibtool.view.context import Context
from calibtool.view.palette import Palette
from calibtool.view.tooltip import Tooltip

UNKNOWN = "–"
WIDEST, GAP = "Distance", 7
"""The widest name of the chief numbers, and px at 96 dpi between names and numbers."""


class NumberRows(ttk.Frame):
    """A row for each number, all as high; what is not of the present image is dimmed."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: tuple[ResultRow, ...] = ()
        self.lines: list[_Line] = []
        self.columnconfigure(2, weight=1)
        self.bind("<Configure>", lambda _event: self._fit())
        # As wide with "Scale" as with "Distance": the numbers stay where they are.
        widest = ttk.Label(self, style="Status.TLabel", text=WIDEST).winfo_reqwidth()
        self.columnconfigure(0, minsize=widest + context.theme.px(GAP))
        context.theme.follow(self._colours)

    def show(self, rows: tuple[ResultRow, ...]) -> None:
        """Show these numbers and no others."""
        if rows == self._shown:
            return
        self._shown = rows
        while len(self.lines) < len(rows):
            self.lines.append(_Line(self, self._context, len(self.lines)))
        for place, line in enumerate(self.lines):
            line.show(rows[place] if place < len(rows) else None)
        self._fit()

    def _fit(self) -> None:
        """Leave the sources out where not all of them have room; the tooltips have them."""
        lines = [line for line in self.lines if line.number is not None]
        rows = [(line.name, line.value, line.source, line.copy) for line in lines]
        widest = [max(part.winfo_reqwidth() for part in one) for one in zip(*rows, strict=True)]
        room = self.winfo_width() - self._context.theme.px(GAP + 6)
        roomy = bool(lines) and sum(widest) <= room
        for line in lines:
            if roomy != bool(line.source.winfo_manager()):
                line.source.grid() if roomy else line.source.grid_remove()

    def _colours(self, _palette: Palette) -> None:
        for line in self.lines:
            line.take_icon()


class _Line:
    """The widgets of one row."""

    def __init__(self, parent: ttk.Frame, context: Context, row: int) -> None:
        px = context.theme.px
        self._context, self._row = context, row
        self.number: ResultRow | None = None
        self.name = ttk.Label(parent, style="Status.TLabel")
        self.value = ttk.Label(parent, anchor="w")
        self.source = ttk.Label(parent, style="Muted.TLabel", anchor="e")
        self.copy = ttk.Button(parent, style="Bare.Toolbutton", command=self._copy)
        self._places = (
            (self.name, {"sticky": "w", "padx": (0, px(GAP))}),
            (self.value, {"sticky": "w"}),
            (self.source, {"sticky": "e", "padx": (px(3), px(3))}),
            (self.copy, {"sticky": "e"}),
        )
        parent.rowconfigure(row, minsize=context.theme.linespace + px(7))
        for widget in (self.name, self.value, self.source):
            Tooltip(widget, context.theme, self._tip)
        Tooltip(self.copy, context.theme,
                lambda: f"Copy {self.number.name}" if self.number is not None else "")
        self.take_icon()

    def show(self, number: ResultRow | None) -> None:
        """Show a number, or nothing."""
        if number == self.number:
            return
        self.number = number
        if number is None:
            for widget, _place in self._places:
                widget.grid_forget()
            return
        dimmed = number.dimmed or not number.value
        self.name.configure(text=number.name)
        self.value.configure(text=number.text if number.value else UNKNOWN,
                             style="Stale.TLabel" if dimmed else "TLabel")
        self.source.configure(text=number.source,
                              style="Stale.Muted.TLabel" if dimmed else "Muted.TLabel")
        self.copy.state(["disabled" if not number.value else "!disabled"])
        for column, (part, place) in enumerate(self._places):
            if not part.winfo_manager():
                part.grid(row=self._row, column=column, **place)  # type: ignore[arg-type]

    def take_icon(self) -> None:
        """Take the picture for the theme in use."""
        icons = self._context.icons
        self.copy.configure(  # type: ignore[call-overload]
            image=(icons.get("copy"), "disabled", icons.get("copy", faded=True))
        )

    def _copy(self) -> None:
        if self.number is not None:
            self._context.root.clipboard_clear()
            self._context.root.clipboard_append(self.number.value.replace("−", "-"))

    def _tip(self) -> str:
        number = self.number
        if number is None:
            return ""
        source = f"From: {number.source}" if number.source else ""
        return "\n".join(part for part in (number.tip, source) if part)
