"""Lists below fields: what a text that is typed may mean, and choices of any width."""

import tkinter as tk
import tkinter.font as tkfont
from collections.abc import Callable, Sequence
from tkinter import ttk

from calibtool.view.palette import Palette
from calibtool.view.theme import Theme

MOST_ROWS = 10
# What the list's frame and scroll bar take, px at 96 dpi.
BESIDE = 24


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


def widen_list(box: ttk.Combobox, scale: float) -> None:
    """Fit the list that is about to open; call it as the box's ``postcommand``.

    It grows to the right as far as the window goes, then to the left. ``scale``: pixels of this
    screen for one at 96 dpi.
    """
    font = tkfont.nametofont("TkDefaultFont", box)
    choices = box.tk.splitlist(box.cget("values"))
    longest = max((font.measure(str(choice)) for choice in choices), default=0)
    more = max(longest + round(BESIDE * scale) - box.winfo_width(), 0)
    top = box.winfo_toplevel()
    room = top.winfo_rootx() + top.winfo_width() - box.winfo_rootx() - box.winfo_width()
    # ttk reads the offsets from the style, so each box has one of its own.
    style = f"w{box.winfo_id()}.TCombobox"
    ttk.Style(box).configure(style, postoffset=(min(room - more, 0), 0, more, 0))
    box.configure(style=style)


def matches(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names that contain the text, those that begin with it first; all names for no text."""
    wanted = _plain(typed)
    found = [name for name in names if wanted in _plain(name)]
    return tuple(sorted(found, key=lambda name: not _plain(name).startswith(wanted)))


def meant(typed: str, names: Sequence[str]) -> str | None:
    """The one name that the text stands for, None where there is more than one, or none.

    It is the name itself, or the only one that contains the text, or the one that all others
    which contain it are variants of (LaB6 among LaB6_SRM660a and LaB6_SRM660b).
    """
    wanted = _plain(typed)
    if not wanted:
        return None
    found = matches(typed, names)
    exact = [name for name in found if _plain(name) == wanted]
    if exact:
        return exact[0]
    shortest = min(found, key=len, default=None)
    if shortest is None or not all(name.startswith(shortest) for name in found):
        return None
    return shortest


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter == ".")
