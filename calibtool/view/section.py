"""The side column: it scrolls when it is too long, and its sections open and close."""

import tkinter as tk
from tkinter import ttk

from calibtool.view.palette import Palette
from calibtool.view.theme import Theme

_WHEEL_TAG = "CalibtoolColumn"


class Column(ttk.Frame):
    """A frame (``inside``) that scrolls up and down; the bar shows only when needed."""

    def __init__(self, parent: tk.Misc, theme: Theme, width: int) -> None:
        super().__init__(parent)
        self._canvas = tk.Canvas(
            self, width=theme.px(width), highlightthickness=0, borderwidth=0, takefocus=0,
            yscrollincrement=theme.px(20),
        )
        self._bar = ttk.Scrollbar(self, orient="vertical", command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._scrolled)
        self.inside = ttk.Frame(self._canvas, padding=(theme.px(10), theme.px(6)))
        self._window = self._canvas.create_window(0, 0, anchor="nw", window=self.inside)
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        # The room of the bar is kept, so that nothing moves when it comes.
        self.columnconfigure(1, minsize=self._bar.winfo_reqwidth())
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._canvas.bind("<Configure>", self._resize)
        self.inside.bind("<Configure>", lambda _event: self._limit())
        theme.follow(self._colours)
        for event, step in (("<Button-4>", -2), ("<Button-5>", 2)):
            self.bind_class(_WHEEL_TAG, event, lambda _event, step=step: self._wheel(step))  # type: ignore[misc]
        self.bind_class(
            _WHEEL_TAG, "<MouseWheel>",
            lambda event: self._wheel(-2 if event.delta > 0 else 2),
        )
        self.bind_class(_WHEEL_TAG, "<FocusIn>", lambda event: self._see(event.widget))

    def adopt(self) -> None:
        """Let all widgets inside scroll the column by the wheel, and into view by focus."""
        _adopt(self._canvas)

    def _wheel(self, step: int) -> str:
        if self._bar.winfo_ismapped():
            self._canvas.yview_scroll(step, "units")
        return "break"

    def _see(self, widget: tk.Misc) -> None:
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        bottom = top + widget.winfo_height()
        height = max(self.inside.winfo_height(), 1)
        first, last = (share * height for share in self._canvas.yview())
        if top < first:
            self._canvas.yview_moveto(top / height)
        elif bottom > last:
            self._canvas.yview_moveto((bottom - (last - first)) / height)

    def _scrolled(self, first: float, last: float) -> None:
        self._bar.set(first, last)
        if float(first) <= 0.0 and float(last) >= 1.0:
            self._bar.grid_remove()
        else:
            self._bar.grid()

    def _resize(self, event: "tk.Event[tk.Canvas]") -> None:
        self._canvas.itemconfigure(self._window, width=event.width)
        self._limit()

    def _limit(self) -> None:
        height = max(self.inside.winfo_reqheight(), self._canvas.winfo_height())
        self._canvas.configure(scrollregion=(0, 0, 1, height))

    def _colours(self, palette: Palette) -> None:
        self._canvas.configure(background=palette.background)


def _adopt(widget: tk.Misc) -> None:
    tags = widget.bindtags()
    if _WHEEL_TAG not in tags:
        widget.bindtags((_WHEEL_TAG, *tags))
    for child in widget.winfo_children():
        _adopt(child)


class Section(ttk.Frame):
    """A title that opens and closes what is below it (``body``)."""

    def __init__(self, parent: tk.Misc, theme: Theme, title: str, *, opened: bool = True) -> None:
        super().__init__(parent)
        self._title = title
        self.header = ttk.Button(
            self, style="Header.Toolbutton", command=self.toggle, text=title,
        )
        self.header.pack(fill="x")
        self.body = ttk.Frame(self, padding=(theme.px(4), theme.px(2), 0, theme.px(8)))
        self.opened = not opened
        self.toggle()

    def toggle(self) -> None:
        """Open a closed section, close an open one."""
        self.opened = not self.opened
        self.header.configure(text=f"{'▾' if self.opened else '▸'}  {self._title}")
        if self.opened:
            self.body.pack(fill="x")
        else:
            self.body.pack_forget()
