"""The list below a field that shows, while one types, what the text may mean."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from calibtool.view.palette import Palette
from calibtool.view.searching import matches, meant
from calibtool.view.theme import Theme

MOST_ROWS = 10


class Suggestions:
    """Names that contain what is typed into a field; the one meant is marked.

    Up and Down mark another one, Return or a click takes it, Escape closes the list. The field
    keeps the focus, so that typing goes on.

    Parameters
    ----------
    field : ttk.Entry
        The field that is typed into.
    theme : Theme
    names : callable
        Gives all names there are.
    take : callable
        Called with the name that was chosen by a click.
    """

    def __init__(
        self,
        field: ttk.Entry,
        theme: Theme,
        names: Callable[[], Sequence[str]],
        take: Callable[[str], None],
    ) -> None:
        self._field, self._names, self._take = field, names, take
        self._shown: tuple[str, ...] = ()
        self.list = tk.Listbox(
            field.winfo_toplevel(), takefocus=0, activestyle="none", exportselection=False,
            font="TkDefaultFont", borderwidth=0, highlightthickness=theme.px(1),
        )
        self.list.bind("<Button-1>", self._clicked)
        # After the field itself has taken the key.
        own, its_class, *others = field.bindtags()
        field.bindtags((own, its_class, after := f"Typed{field}", *others))
        field.bind_class(after, "<Key>", self._typed)
        field.bind("<Up>", lambda _event: self._move(-1))
        field.bind("<Down>", lambda _event: self._move(1))
        for leaving in ("<FocusOut>", "<ButtonPress>", "<Unmap>", "<Destroy>"):
            field.bind(leaving, lambda _event: self.hide(), add=True)
        theme.follow(self._colours)

    @property
    def open(self) -> bool:
        """Whether there is a list to choose from."""
        return bool(self._shown)

    @property
    def marked(self) -> str | None:
        """The name that Return would take."""
        place = self._marked_place()
        return None if place is None else self._shown[place]

    def hide(self) -> None:
        """Close the list."""
        if self._shown:
            self._shown = ()
            self.list.place_forget()

    def _typed(self, event: "tk.Event[tk.Misc]") -> None:
        if (event.char.isprintable() and event.char) or event.keysym in ("BackSpace", "Delete"):
            self._list(self._field.get())

    def _list(self, text: str) -> None:
        found = matches(text, self._names()) if text else ()
        if not found:
            self.hide()
            return
        self._shown = found
        self.list.delete(0, "end")
        self.list.insert("end", *found)
        self.list.configure(
            height=min(len(found), MOST_ROWS), width=max(map(len, found)) + 1
        )
        name = meant(text, self._names())
        if name is not None:
            self._mark(found.index(name))
        self._place()

    def _place(self) -> None:
        """Below the field, as far to the right as the window allows; above where it is low."""
        field, top = self._field, self._field.winfo_toplevel()
        width = max(self.list.winfo_reqwidth(), field.winfo_width())
        height = self.list.winfo_reqheight()
        x = field.winfo_rootx() - top.winfo_rootx()
        y = field.winfo_rooty() - top.winfo_rooty()
        below = y + field.winfo_height()
        x = max(min(x, top.winfo_width() - width), 0)
        y = below if below + height <= top.winfo_height() else max(y - height, 0)
        self.list.place(x=x, y=y, width=width, height=height)
        self.list.tk.call("raise", self.list)

    def _marked_place(self) -> int | None:
        chosen = self.list.tk.splitlist(self.list.tk.call(self.list, "curselection"))
        return int(chosen[0]) if chosen and self._shown else None

    def _mark(self, place: int) -> None:
        self.list.selection_clear(0, "end")
        self.list.selection_set(place)
        self.list.see(place)

    def _move(self, step: int) -> str | None:
        """Mark the next name; without a list the key is the field's own."""
        if not self._shown:
            return None
        place = self._marked_place()
        start = (-1 if step > 0 else 0) if place is None else place
        self._mark((start + step) % len(self._shown))
        return "break"

    def _clicked(self, event: "tk.Event[tk.Misc]") -> str:
        place = int(self.list.tk.call(self.list, "nearest", event.y))
        name = self._shown[place] if self._shown else None
        self.hide()
        if name is not None:
            self._take(name)
        return "break"

    def _colours(self, palette: Palette) -> None:
        self.list.configure(
            background=palette.surface, foreground=palette.text,
            selectbackground=palette.accent, selectforeground=palette.on_accent,
            highlightbackground=palette.line, highlightcolor=palette.line,
        )
