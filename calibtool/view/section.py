"""The side column: it scrolls when it is too long, and its sections open and close."""

import tkinter as tk
from tkinter import ttk

from calibtool.view.palette import Palette
from calibtool.view.theme import Theme
from calibtool.view.window_system import touchpad_notches, window_system

NOTCH = 2
"""Steps of the canvas for one notch of the wheel."""


class Column(ttk.Frame):
    """A frame (``inside``) that scrolls up and down; the bar shows only when needed."""

    def __init__(self, parent: tk.Misc, theme: Theme, width: int) -> None:
        super().__init__(parent)
        self._step = theme.px(20)
        self._canvas = tk.Canvas(
            self, width=theme.px(width), highlightthickness=0, borderwidth=0, takefocus=0,
            yscrollincrement=self._step,
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
        # At the window, so that what is made later and what is between the rows is there too.
        top = self.winfo_toplevel()
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            top.bind(event, self._on_wheel, add=True)
        self._system, self._turned = window_system(self), 0.0
        if self._system.is_mac:
            # Two fingers moved sideways.
            top.bind("<Shift-MouseWheel>", lambda _event: None, add=True)
        if self._system.has_touchpad_events:
            top.bind("<TouchpadScroll>", self._on_touchpad, add=True)
        # Only a focus that comes by the keyboard may move what is under the pointer.
        top.bind("<<TraverseIn>>", self._on_traverse, add=True)

    def to_top(self) -> None:
        """Show the beginning."""
        self._canvas.yview_moveto(0.0)

    def _on_wheel(self, event: "tk.Event[tk.Misc]") -> None:
        # A swipe on a Mac's touchpad is many events, each as long as a step.
        steps = 1 if self._system.is_mac and not self._system.has_touchpad_events else NOTCH
        self._scroll(event.widget, -steps * self._system.notches(event))

    def _on_touchpad(self, event: "tk.Event[tk.Misc]") -> None:
        self._scroll(event.widget, -NOTCH * touchpad_notches(event.delta))

    def _scroll(self, widget: object, steps: float) -> None:
        if not self._bar.winfo_ismapped() or not self._holds(widget):
            return
        self._turned += steps
        whole = int(self._turned)
        self._turned -= whole
        self._canvas.yview_scroll(whole, "units")

    def _on_traverse(self, event: "tk.Event[tk.Misc]") -> None:
        if self._holds(event.widget):
            self._see(event.widget)

    def _holds(self, widget: object) -> bool:
        """Whether a widget is inside; lists that drop down have names but no widget."""
        return str(widget) == str(self._canvas) or str(widget).startswith(f"{self._canvas}.")

    def _see(self, widget: tk.Misc) -> None:
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        bottom = top + widget.winfo_height()
        height = max(self.inside.winfo_height(), 1)
        first, last = (share * height for share in self._canvas.yview())
        if top < first:
            self._canvas.yview_moveto(top / height)
        elif bottom > last:
            # A whole step more, as the canvas moves by whole steps only.
            self._canvas.yview_moveto((bottom - (last - first) + self._step) / height)

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
