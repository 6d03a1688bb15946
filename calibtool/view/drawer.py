"""The drawer under the image: its panels, opened by their titles, by a key or by what comes."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk

from calibtool.view.palette import Palette
from calibtool.view.theme import Theme

# Px at 96 dpi: the grip that shows where to drag, and how far the mouse may move in a click.
GRIP, SLACK = (40, 3), 4
SHARE, LEAST, MOST = 0.3, 150, 340
"""Height of the drawer: part of what it shares with the image, px at 96 dpi within these."""
IMAGE_SHARE = 0.62
"""Part that is always left to the image."""


@dataclass(frozen=True)
class Room:
    """Height in px that the image and the drawer's inside share, and how much a px is here."""

    height: int
    scale: float

    def inside(self, wanted: float | None) -> int:
        """Height of the drawer's inside; ``wanted`` in px at 96 dpi, None: by its share."""
        if wanted is None:
            wanted = min(max(SHARE * self.height / self.scale, LEAST), MOST)
        most = (1.0 - IMAGE_SHARE) * self.height
        return round(max(min(wanted * self.scale, most), 1.0))


class Drawer(ttk.Frame):
    """A line of titles, and below it the panel whose title was pressed last.

    ``height`` is what the user made of it, in px at 96 dpi, or None. ``room`` gives the height
    in px of the image and the drawer's inside together.
    """

    def __init__(self, parent: tk.Misc, theme: Theme, room: Callable[[], int]) -> None:
        super().__init__(parent)
        self._theme, self._room = theme, room
        self.height: float | None = None
        self.opened = False
        self.panels: list[ttk.Widget] = []
        self.titles: dict[ttk.Widget, ttk.Button] = {}
        self._drag: tuple[int, int] | None = None
        self._by_itself: ttk.Widget | None = None
        ttk.Frame(self, style="Line.TFrame", height=1).pack(fill="x")
        self.handle = ttk.Frame(self, cursor="sb_v_double_arrow", padding=(theme.px(4), 0))
        self.handle.pack(fill="x")
        self._grip = tk.Frame(self.handle, width=theme.px(GRIP[0]), height=theme.px(GRIP[1]),
                              cursor="sb_v_double_arrow")
        self._grip.place(relx=0.8, rely=0.5, anchor="center")
        for part in (self.handle, self._grip):
            part.bind("<ButtonPress-1>", self._press)
            part.bind("<B1-Motion>", self._move)
            part.bind("<ButtonRelease-1>", self._release)
        self.inside = ttk.Frame(self)
        self.inside.pack_propagate(False)
        self.current: ttk.Widget | None = None
        theme.follow(self._colours)

    def put(self, panel: ttk.Widget, title: str) -> None:
        """Add a panel, which has this drawer's ``inside`` as its parent."""
        button = ttk.Button(self.handle, text=title, style="Drawer.Toolbutton",
                            command=lambda: self.press(panel), cursor="arrow")
        button.pack(side="left")
        self.panels.append(panel)
        self.titles[panel] = button
        if self.current is None:
            self._take(panel)

    def entitle(self, panel: ttk.Widget, title: str) -> None:
        """Give a panel another title."""
        if str(self.titles[panel].cget("text")) != title:
            self.titles[panel].configure(text=title)

    @property
    def title(self) -> str:
        """Title of the panel that is open, empty where none is."""
        if not self.opened or self.current is None:
            return ""
        return str(self.titles[self.current].cget("text"))

    def press(self, panel: ttk.Widget) -> None:
        """Open the drawer at a panel; close it where that is open already."""
        if self.opened and self.current is panel:
            self.close()
        else:
            self.select(panel)

    def select(self, panel: ttk.Widget) -> None:
        """Open the drawer at a panel."""
        self._by_itself = None
        self._take(panel)
        self._open()

    def show_panel(self, panel: ttk.Widget) -> None:
        """Bring a panel to the front; the drawer stays as it is, open or closed."""
        self._take(panel)
        self._mark()

    def toggle(self) -> None:
        """Open a closed drawer where it was, close an open one."""
        if self.opened:
            self.close()
        elif self.current is not None:
            self.select(self.current)

    def close(self) -> None:
        """Leave the room to the image."""
        self.opened, self._by_itself = False, None
        self.inside.pack_forget()
        self._mark()

    def follow(self, panel: ttk.Widget, before: bool, now: bool) -> None:
        """Open at a panel when something comes into it; close when that has gone again.

        What the user opened stays open.
        """
        if now and not before and not self.opened:
            self.select(panel)
            self._by_itself = panel
        elif now and not before:
            self.show_panel(panel)
        elif before and not now and self._by_itself is panel:
            self.close()

    def fit(self) -> None:
        """Take the height there is room for."""
        height = Room(self._room(), self._theme.scale).inside(self.height)
        if str(self.inside.cget("height")) != str(height):
            self.inside.configure(height=height)

    def _open(self) -> None:
        self.opened = True
        self.fit()
        self.inside.pack(fill="x")
        self._mark()

    def _take(self, panel: ttk.Widget) -> None:
        if self.current is panel:
            return
        if self.current is not None:
            self.current.pack_forget()
        self.current = panel
        panel.pack(fill="both", expand=True)

    def _mark(self) -> None:
        for panel, button in self.titles.items():
            shown = self.opened and panel is self.current
            button.state(["selected" if shown else "!selected"])

    def _press(self, event: "tk.Event[tk.Misc]") -> None:
        self._drag = event.y_root, int(self.inside.winfo_height()) if self.opened else 0

    def _move(self, event: "tk.Event[tk.Misc]") -> None:
        if self._drag is None:
            return
        start, height = self._drag
        if abs(event.y_root - start) <= self._theme.px(SLACK):
            return
        wanted = (height + start - event.y_root) / self._theme.scale
        if wanted < LEAST / 2:
            if self.opened:
                self.close()
            return
        self.height = max(wanted, LEAST)
        if not self.opened:
            self._open()
        self.fit()

    def _release(self, event: "tk.Event[tk.Misc]") -> None:
        drag, self._drag = self._drag, None
        if drag is not None and abs(event.y_root - drag[0]) <= self._theme.px(SLACK):
            self.toggle()

    def _colours(self, palette: Palette) -> None:
        self._grip.configure(background=palette.line)
