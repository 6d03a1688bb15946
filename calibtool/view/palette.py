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


LIGHT = Palette(
    background="#f3f4f6",
    surface="#ffffff",
    hover="#e6e9ee",
    pressed="#d8dde5",
    line="#c9ced6",
    text="#1b1f24",
    muted="#59626d",
    dim="#6b7480",
    disabled="#9aa1ab",
    accent="#1f63c9",
    accent_hover="#1a55ad",
    on_accent="#ffffff",
    selection="#d3e3fb",
    good="#1a7033",
    fair="#8a5a00",
    poor="#b3261e",
    info_background="#e3edfb",
    warning_background="#fdf1d3",
    error_background="#fbe3e1",
    image_background="#20242a",
    curves=("#0072b2", "#c25400", "#009e73", "#cc79a7", "#a27a00", "#3a9bd0", "#6a4fb3", "#555555"),
)

DARK = Palette(
    background="#1f2227",
    surface="#282c32",
    hover="#343941",
    pressed="#3f454f",
    line="#454c56",
    text="#e8eaed",
    muted="#a4acb7",
    dim="#8c95a1",
    disabled="#6d7580",
    accent="#5b9cf5",
    accent_hover="#78aef8",
    on_accent="#10161e",
    selection="#2c466e",
    good="#5fcf80",
    fair="#e6b450",
    poor="#ff8a80",
    info_background="#22344f",
    warning_background="#453a1e",
    error_background="#4d2a2a",
    image_background="#14171b",
    curves=("#56b4e9", "#f0914f", "#2ec4a0", "#e08fc0", "#f0e442", "#8ab8ff", "#b39df0", "#bbbbbb"),
)
