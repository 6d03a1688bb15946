"""The look of the window: a ttk theme derived from clam, light or dark, for any resolution."""

import tkinter as tk
from collections.abc import Callable
from tkinter import font, ttk
from typing import Literal

from calibtool.view.palette import DARK, LIGHT, Palette
from calibtool.view.shell import screen_scale
from calibtool.view.styles import configure_styles
from calibtool.view.widget_shapes import add_shapes


class Theme:
    """Colours, fonts and lengths of one root window.

    Lengths given in px at 96 dpi become px of this screen with ``px``. Widgets that ttk does
    not style register with ``follow`` and are told the palette now and at every change.
    """

    def __init__(self, root: tk.Tk, *, dark: bool = False) -> None:
        self._root = root
        self._followers: list[Callable[[Palette], None]] = []
        self._images: list[tk.PhotoImage] = []
        self._widths: dict[str, int] = {}
        self.dark = dark
        self.scale = screen_scale(root)
        self.style = ttk.Style(root)
        self._make_fonts()
        self.linespace = int(font.nametofont("TkDefaultFont", root).metrics("linespace"))
        self.small_linespace = int(font.nametofont("CalibtoolSmall", root).metrics("linespace"))
        self.use(dark=dark)

    @property
    def palette(self) -> Palette:
        """The colours in use."""
        return DARK if self.dark else LIGHT

    def px(self, length: float) -> int:
        """Length in px of this screen for a length in px at 96 dpi."""
        return max(round(length * self.scale), 1) if length else 0

    def small_width(self, text: str) -> int:
        """Width of a small text in px; Tk waits for the server each time that it is asked."""
        if text not in self._widths:
            self._widths[text] = font.nametofont("CalibtoolSmall", self._root).measure(text)
        return self._widths[text]

    def use(self, *, dark: bool) -> None:
        """Switch to the light or the dark theme."""
        self.dark = dark
        name = "calibtool-dark" if dark else "calibtool-light"
        if name not in self.style.theme_names():
            self.style.theme_create(name, "clam")
            self.style.theme_use(name)
            configure_styles(self.style, self.palette, self.px, self.linespace)
            self._images += add_shapes(self._root, self.style, self.palette, self.px)
        self.style.theme_use(name)
        self._root.configure(background=self.palette.background)
        self._set_options()
        for follower in self._followers:
            follower(self.palette)

    def follow(self, follower: Callable[[Palette], None]) -> None:
        """Call ``follower`` with the palette now and whenever it changes."""
        self._followers.append(follower)
        follower(self.palette)

    def _make_fonts(self) -> None:
        base = font.nametofont("TkDefaultFont", self._root).actual()
        size = int(base["size"])
        # A negative size is in px.
        smaller, larger = (size - 1, size + 2) if size > 0 else (size + 1, size - 2)
        looks: tuple[tuple[str, int, Literal["normal", "bold"]], ...] = (
            ("CalibtoolSmall", smaller, "normal"), ("CalibtoolBold", size, "bold"),
            ("CalibtoolSmallBold", smaller, "bold"), ("CalibtoolTitle", larger, "bold"),
        )
        # A font of tkinter lives as long as its object.
        self._fonts = [
            font.Font(self._root, name=name, exists=name in font.names(self._root),
                      family=base["family"], size=points, weight=weight)
            for name, points, weight in looks
        ]

    def _set_options(self) -> None:
        """Colours for widgets made from now on that ttk does not style."""
        p = self.palette
        for pattern, value in (
            ("*TCombobox*Listbox.background", p.surface),
            ("*TCombobox*Listbox.foreground", p.text),
            ("*TCombobox*Listbox.selectBackground", p.accent),
            ("*TCombobox*Listbox.selectForeground", p.on_accent),
            ("*TCombobox*Listbox.font", "TkDefaultFont"),
            ("*TCombobox*Listbox.borderWidth", "0"),
            # Tk's own dialogs, as that asks before a file is replaced.
            ("*Dialog.msg.font", "TkDefaultFont"),
            ("*Dialog.msg.wrapLength", str(self.px(400))),
        ):
            self._root.option_add(pattern, value)
