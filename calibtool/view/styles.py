"""Colours, paddings and fonts of the ttk widgets."""

from collections.abc import Callable
from tkinter import ttk

from calibtool.view.palette import Palette

Px = Callable[[float], int]


def configure_styles(style: ttk.Style, p: Palette, px: Px, linespace: int) -> None:
    """Configure the theme in use."""
    style.configure(
        ".",
        background=p.background,
        foreground=p.text,
        troughcolor=p.hover,
        bordercolor=p.line,
        lightcolor=p.background,
        darkcolor=p.background,
        selectbackground=p.selection,
        selectforeground=p.text,
        insertcolor=p.text,
        fieldbackground=p.surface,
        font="TkDefaultFont",
        focuscolor=p.accent,
        borderwidth=1,
        relief="flat",
    )
    style.map(".", foreground=[("disabled", p.disabled)])
    _labels(style, p, px)
    _buttons(style, p, px)
    _inputs(style, p, px)
    _containers(style, p, px)
    _tables(style, p, px, linespace)


def _labels(style: ttk.Style, p: Palette, px: Px) -> None:
    style.configure("Muted.TLabel", foreground=p.muted, font="CalibtoolSmall")
    style.configure("Error.TLabel", foreground=p.poor, font="CalibtoolSmall")
    style.configure("Unconfirmed.TLabel", foreground=p.fair, font="CalibtoolSmall")
    style.configure("Bold.TLabel", font="CalibtoolBold")
    style.configure("Status.TLabel", foreground=p.muted)
    for level, colour in (("good", p.good), ("fair", p.fair), ("poor", p.poor), ("none", p.muted)):
        style.configure(f"{level}.Verdict.TLabel", foreground=colour, font="CalibtoolBold")
    style.configure("Stale.TLabel", foreground=p.dim)
    style.configure("Stale.Muted.TLabel", foreground=p.dim, font="CalibtoolSmall")
    for level, colour in (
        ("info", p.info_background),
        ("warning", p.warning_background),
        ("error", p.error_background),
    ):
        style.configure(f"{level}.Guide.TFrame", background=colour)
        style.configure(f"{level}.Guide.TLabel", background=colour)
    style.configure("hint.Guide.TFrame", background=p.surface)
    style.configure("hint.Guide.TLabel", background=p.surface, foreground=p.text)


def _buttons(style: ttk.Style, p: Palette, px: Px) -> None:
    style.configure(
        "TButton", padding=(px(10), px(3)), background=p.surface, anchor="center", width=0,
        lightcolor=p.surface, darkcolor=p.surface, relief="flat", shiftrelief=0,
    )
    style.map(
        "TButton",
        background=[("disabled", p.background), ("pressed", p.pressed), ("active", p.hover)],
        bordercolor=[("focus", p.accent)],
    )
    style.configure("Small.TButton", padding=(px(5), px(2)))
    style.configure("Flat.TButton", padding=(px(5), 0))
    style.configure("SmallAccent.TButton", padding=(px(5), px(2)))
    style.configure("SmallAccent.TButton", background=p.accent, foreground=p.on_accent)
    style.map("SmallAccent.TButton", foreground=[("disabled", p.disabled)])
    style.configure("Accent.TButton", background=p.accent, foreground=p.on_accent)
    style.map(
        "Accent.TButton",
        background=[("disabled", p.background), ("active", p.accent_hover)],
        foreground=[("disabled", p.disabled)],
    )
    style.configure(
        "Toolbutton", padding=px(8), background=p.background, relief="flat", anchor="center",
        bordercolor=p.background, lightcolor=p.background, darkcolor=p.background,
    )
    style.map(
        "Toolbutton",
        background=[
            ("disabled", p.background), ("pressed", p.pressed),
            ("selected", p.selection), ("active", p.hover),
        ],
        bordercolor=[("selected", p.accent), ("focus", p.accent)],
        relief=[],
    )
    style.configure("Bare.Toolbutton", padding=0)
    style.configure("Bar.Toolbutton", padding=(px(8), px(5)))
    style.configure("Small.Toolbutton", padding=(px(7), px(2)), font="CalibtoolSmall")
    style.configure("Drawer.Toolbutton", padding=(px(9), px(2)), font="CalibtoolSmall",
                    foreground=p.muted)
    style.map("Drawer.Toolbutton", foreground=[("selected", p.text), ("active", p.text)])
    style.configure("Advice.Toolbutton", padding=(0, px(4)), anchor="w", foreground=p.fair)
    style.configure("Dim.Advice.Toolbutton", foreground=p.dim)
    style.configure("Header.Toolbutton", font="CalibtoolBold", anchor="w", padding=(px(2), px(6)))
    style.configure("TCheckbutton", padding=(0, px(2)), indicatormargin=(0, 0, px(6), 0))
    style.map("TCheckbutton", background=[])


def _inputs(style: ttk.Style, p: Palette, px: Px) -> None:
    padding = (px(5), px(3))
    for name in ("TEntry", "TCombobox"):
        style.configure(
            name, padding=padding, lightcolor=p.surface, darkcolor=p.surface,
            foreground=p.text, arrowcolor=p.muted, arrowsize=px(11), background=p.surface,
        )
        style.map(
            name,
            fieldbackground=[("disabled", p.background), ("readonly", p.surface)],
            foreground=[("disabled", p.muted)],
            bordercolor=[("invalid", p.poor), ("focus", p.accent)],
            lightcolor=[("disabled", p.background)],
            darkcolor=[("disabled", p.background)],
            background=[("disabled", p.background), ("active", p.hover)],
            selectbackground=[("!focus", p.surface)],
            arrowcolor=[("disabled", p.disabled)],
        )


def _containers(style: ttk.Style, p: Palette, px: Px) -> None:
    style.configure("ComboboxPopdownFrame", borderwidth=1, relief="solid", bordercolor=p.line)
    style.configure("Line.TFrame", background=p.line)
    style.configure("TPanedwindow", background=p.background)
    style.configure(
        "Sash", sashthickness=px(6), gripcount=0, background=p.background,
        bordercolor=p.background, lightcolor=p.background,
    )
    style.configure(
        "TProgressbar", background=p.accent, troughcolor=p.pressed, bordercolor=p.pressed,
        lightcolor=p.accent, darkcolor=p.accent, thickness=px(8), borderwidth=0,
    )
    for name in ("Vertical.TScrollbar", "Horizontal.TScrollbar"):
        style.configure(
            name, background=p.line, troughcolor=p.background, bordercolor=p.background,
            lightcolor=p.line, darkcolor=p.line, arrowsize=px(10), gripcount=0,
            width=px(10), relief="flat",
        )
        style.map(name, background=[("active", p.muted)])


def _tables(style: ttk.Style, p: Palette, px: Px, linespace: int) -> None:
    style.configure(
        "Treeview", background=p.surface, fieldbackground=p.surface, foreground=p.text,
        rowheight=linespace + px(3), font="CalibtoolSmall", bordercolor=p.line,
        lightcolor=p.surface, darkcolor=p.surface, borderwidth=1,
    )
    style.map(
        "Treeview",
        background=[("selected", "focus", p.accent), ("selected", p.selection)],
        foreground=[("disabled", p.disabled), ("selected", "focus", p.on_accent),
                    ("selected", p.text)],
        bordercolor=[("focus", p.accent)],
    )
    # A cell has 4 px on each side at any resolution; this is what it lacks.
    lacking = px(4) - 4
    style.configure("Treeview.Cell", padding=(lacking, 0))
    style.configure(
        "Treeview.Heading", background=p.background, foreground=p.muted, relief="flat",
        font="CalibtoolSmall", padding=(px(2) + lacking, px(3)), bordercolor=p.line,
        lightcolor=p.background, darkcolor=p.background,
    )
    style.map("Treeview.Heading", background=[("active", p.hover)])
