"""Round corners and smooth indicators of the ttk widgets, as pictures stretched by ttk."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Any

from calibtool.view.palette import Palette
from calibtool.view.shapes import Rounded, Shape, Stroke, paint

Px = Callable[[float], int]
RADIUS = 4
"""Of the corners, in px at 96 dpi."""

MIDDLE = 48
"""How often the middle of a picture is repeated, in px."""


class _Maker:
    """Makes the pictures of one theme."""

    def __init__(self, root: tk.Tk, style: ttk.Style, palette: Palette, px: Px) -> None:
        self.root, self.style, self.p, self.px = root, style, palette, px
        self.images: list[tk.PhotoImage] = []

    def picture(
        self, width: int, height: int, layers: list[tuple[Shape, str]], ground: str = "",
        repeat: tuple[int, int] = (1, 1),
    ) -> str:
        data = paint(width, height, layers, ground or self.p.background, repeat)
        image = tk.PhotoImage(master=self.root, data=data, format="png")
        self.images.append(image)
        return str(image)

    def box(self, fill: str, border: str, width: float = 1.0) -> str:
        """A rounded rectangle: its corners, and a middle that Tk repeats between them.

        Tk never returns from a picture whose borders leave no middle, and is slow with a
        small one.
        """
        radius = self.px(RADIUS)
        size = 2 * radius + 1
        line = self.px(width)
        return self.picture(
            size, size,
            [(Rounded(size, size, radius), border), (Rounded(size, size, radius, line), fill)],
            repeat=(MIDDLE, MIDDLE),
        )

    def element(self, name: str, default: str, *states: tuple[Any, ...], **options: Any) -> None:
        self.style.element_create(name, "image", default, *states, **options)


def add_shapes(root: tk.Tk, style: ttk.Style, palette: Palette, px: Px) -> list[tk.PhotoImage]:
    """Give the theme in use its pictures; they must be kept as long as the theme."""
    maker = _Maker(root, style, palette, px)
    _fields(maker)
    _push_buttons(maker)
    _check_buttons(maker)
    _scroll_bars(maker)
    _sliders(maker)
    return maker.images


def _fields(m: _Maker) -> None:
    p = m.p
    border = m.px(RADIUS)
    m.element(
        "Round.field", m.box(p.surface, p.line),
        ("invalid", m.box(p.surface, p.poor, 1.5)),
        ("disabled", m.box(p.background, p.hover)),
        ("focus", m.box(p.surface, p.accent, 1.5)),
        border=border, width=2 * border, height=2 * border, sticky="nsew",
    )
    m.style.layout("TEntry", [("Round.field", {"sticky": "nsew", "children": [
        ("Entry.padding", {"sticky": "nsew", "children": [
            ("Entry.textarea", {"sticky": "nsew"})]})]})])
    m.element("Flat.field", m.box(p.background, p.background), border=border,
              width=2 * border, height=2 * border, sticky="nsew")
    m.style.layout("Read.TEntry", [("Flat.field", {"sticky": "nsew", "children": [
        ("Entry.padding", {"sticky": "nsew", "children": [
            ("Entry.textarea", {"sticky": "nsew"})]})]})])
    size, half = m.px(11), m.px(11) / 2
    arrow = ((half - size * 0.3, half - size * 0.15), (half, half + size * 0.15),
             (half + size * 0.3, half - size * 0.15))
    m.element(
        "Round.downarrow",
        m.picture(size, size, [(Stroke(arrow, m.px(1.5)), p.muted)], p.surface),
        ("disabled", m.picture(size, size, [(Stroke(arrow, m.px(1.5)), p.disabled)])),
        sticky="", border=0, padding=0,
    )
    m.style.layout("TCombobox", [("Round.field", {"sticky": "nsew", "children": [
        ("Combobox.padding", {"sticky": "nsew", "children": [
            ("Round.downarrow", {"side": "right", "sticky": ""}),
            ("Combobox.textarea", {"sticky": "nsew"})]})]})])


def _push_buttons(m: _Maker) -> None:
    p = m.p
    border = m.px(RADIUS)
    m.element(
        "Round.button", m.box(p.surface, p.line),
        ("disabled", m.box(p.background, p.hover)),
        ("pressed", m.box(p.pressed, p.line)),
        ("focus", m.box(p.surface, p.accent, 1.5)),
        ("active", m.box(p.hover, p.line)),
        border=border, width=2 * border, height=2 * border, sticky="nsew",
    )
    m.element(
        "Accent.button", m.box(p.accent, p.accent),
        ("disabled", m.box(p.background, p.hover)),
        ("pressed", m.box(p.accent_hover, p.accent_hover)),
        ("focus", m.box(p.accent_hover, p.text, 1.5)),
        ("active", m.box(p.accent_hover, p.accent_hover)),
        border=border, width=2 * border, height=2 * border, sticky="nsew",
    )
    flat = m.box(p.background, p.background)
    m.element(
        "Flat.button", flat,
        ("disabled", "selected", m.box(p.hover, p.hover)),
        ("disabled", flat),
        ("pressed", m.box(p.pressed, p.pressed)),
        ("selected", m.box(p.selection, p.accent)),
        ("focus", m.box(p.background, p.accent, 1.5)),
        ("active", m.box(p.hover, p.hover)),
        border=border, padding=0, width=2 * border, height=2 * border, sticky="nsew",
    )
    for widget, element in (
        ("TButton", "Round.button"), ("Accent.TButton", "Accent.button"),
        ("SmallAccent.TButton", "Accent.button"),
        ("Toolbutton", "Flat.button"),
    ):
        m.style.layout(widget, [(element, {"sticky": "nsew", "children": [
            ("Button.padding", {"sticky": "nsew", "children": [
                ("Button.label", {"sticky": "nsew"})]})]})])


def _check_buttons(m: _Maker) -> None:
    p, size = m.p, m.px(16)
    width = size + m.px(7)
    unit = size / 16.0
    mark = Stroke(((4.2 * unit, 8.2 * unit), (7 * unit, 11 * unit), (11.8 * unit, 5.2 * unit)),
                  1.9 * unit)

    def shape(inset: float) -> Shape:
        return Rounded(size, size, 3.5 * unit, inset)

    def indicator(fill: str, border: str, *, tick: str = "", line: float = 1.0) -> str:
        layers = [(shape(0.5 * unit), border), (shape(0.5 * unit + m.px(line)), fill)]
        return m.picture(width, size, layers + ([(mark, tick)] if tick else []))

    m.element(
        "Smooth.indicator", indicator(p.surface, p.muted),
        ("disabled", "selected", indicator(p.disabled, p.disabled, tick=p.background)),
        ("disabled", indicator(p.background, p.line)),
        ("selected", "focus", indicator(p.accent, p.text, tick=p.on_accent, line=1.5)),
        ("selected", indicator(p.accent, p.accent, tick=p.on_accent)),
        ("focus", indicator(p.surface, p.accent, line=2.0)),
        ("active", indicator(p.hover, p.muted)),
        border=0, sticky="",
    )
    m.style.layout("TCheckbutton", [("Checkbutton.padding", {"sticky": "nsew", "children": [
        ("Smooth.indicator", {"side": "left", "sticky": ""}),
        ("Checkbutton.label", {"side": "left", "sticky": "nsew"})]})])


def _scroll_bars(m: _Maker) -> None:
    p, width = m.p, m.px(10)
    half, long = width // 2, width + 1
    for direction, size, sticky, border, repeat in (
        ("Vertical", (width, long), "ns", (0, half, 0, half), (1, MIDDLE)),
        ("Horizontal", (long, width), "ew", (half, 0, half, 0), (MIDDLE, 1)),
    ):
        shape = Rounded(*size, width / 2, m.px(2))
        normal, active, idle = (
            m.picture(*size, [(shape, colour)], repeat=repeat)
            for colour in (p.line, p.muted, p.background)
        )

        m.element(
            f"Slim.{direction}.thumb", normal, ("disabled", idle), ("active", active),
            border=border, width=size[0], height=size[1], sticky="nsew",
        )
        layout: Any = [(f"{direction}.Scrollbar.trough", {"sticky": sticky, "children": [
            (f"Slim.{direction}.thumb", {"expand": "1", "sticky": "nsew"})]})]
        m.style.layout(f"{direction}.TScrollbar", layout)


def _sliders(m: _Maker) -> None:
    p, size, thick = m.p, m.px(16), m.px(4)

    def knob(colour: str, line: str) -> str:
        return m.picture(size, size, [(Rounded(size, size, size / 2, m.px(1)), line),
                                      (Rounded(size, size, size / 2, m.px(2)), colour)])

    m.element("Round.slider", knob(p.accent, p.accent), ("disabled", knob(p.line, p.line)),
              ("active", knob(p.accent_hover, p.accent_hover)), border=0, sticky="")
    ends = ((thick / 2, size / 2), (1.5 * thick + 1, size / 2))
    trough = m.picture(2 * thick + 1, size, [(Stroke(ends, thick), p.pressed)],
                       repeat=(MIDDLE, 1))
    # ttk looks for the trough by name to know how far the knob may go.
    m.element("Round.trough", trough, border=(thick, 0, thick, 0), padding=0, width=size,
              height=size, sticky="ew")
    m.style.layout("Horizontal.TScale", [("Round.trough", {"sticky": "ew", "children": [
        ("Round.slider", {"side": "left", "sticky": ""})]})])
