"""The colours of the window, light and dark."""

from typing import NamedTuple


class Palette(NamedTuple):
    """Named colours as ``#rrggbb``; text on its background has a contrast of 4.5 or more."""

    background: str
    surface: str
    hover: str
    pressed: str
    line: str
    text: str
    muted: str
    dim: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    good: str
    fair: str
    poor: str
    info_background: str
    warning_background: str
    error_background: str
    image_background: str
    curves: tuple[str, ...]


_COLOURS = {
    "background": ("#f3f4f6", "#1f2227"),
    "surface": ("#ffffff", "#282c32"),
    "hover": ("#e6e9ee", "#343941"),
    "pressed": ("#d8dde5", "#3f454f"),
    "line": ("#c9ced6", "#454c56"),
    "text": ("#1b1f24", "#e8eaed"),
    "muted": ("#59626d", "#a4acb7"),
    "dim": ("#6b7480", "#8c95a1"),
    "disabled": ("#9aa1ab", "#6d7580"),
    "accent": ("#1f63c9", "#5b9cf5"),
    "accent_hover": ("#1a55ad", "#78aef8"),
    "on_accent": ("#ffffff", "#10161e"),
    "selection": ("#d3e3fb", "#2c466e"),
    "good": ("#1a7033", "#5fcf80"),
    "fair": ("#8a5a00", "#e6b450"),
    "poor": ("#b3261e", "#ff8a80"),
    "info_background": ("#e3edfb", "#22344f"),
    "warning_background": ("#fdf1d3", "#453a1e"),
    "error_background": ("#fbe3e1", "#4d2a2a"),
    "image_background": ("#20242a", "#14171b"),
}
"""Each colour in the light and in the dark window."""

_CURVES = (
    ("#0072b2", "#c25400", "#009e73", "#cc79a7", "#a27a00", "#3a9bd0", "#6a4fb3", "#555555"),
    ("#56b4e9", "#f0914f", "#2ec4a0", "#e08fc0", "#f0e442", "#8ab8ff", "#b39df0", "#bbbbbb"),
)
LIGHT, DARK = (
    Palette(**{name: pair[k] for name, pair in _COLOURS.items()}, curves=_CURVES[k])
    for k in (0, 1)
)
