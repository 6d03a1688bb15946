"""Where a window stands on the screen: how large it opens, and what is kept of its last place."""

import re

SHARE = 0.91
"""Part of the screen's width and height that a new window takes, menu and frame not counted."""
WIDEST = 1.8
"""Width over height: where several screens are one, the window stays on the first."""

Size = tuple[int, int]


def opening_size(screen: Size) -> Size:
    """Width and height in px of a new window on a screen of this size."""
    height = round(SHARE * screen[1])
    return min(round(SHARE * screen[0]), round(WIDEST * height)), height


def clamped(geometry: object, screen: Size) -> str:
    """A remembered geometry (``WxH+X+Y``) as far as it is on a screen; empty for anything else."""
    match = re.fullmatch(r"(\d+)x(\d+)\+(-?\d+)\+(-?\d+)", str(geometry))
    if match is None:
        return ""
    width, height, x, y = (int(part) for part in match.groups())
    width, height = min(width, screen[0]), min(height, screen[1])
    x, y = min(max(x, 0), screen[0] - width), min(max(y, 0), screen[1] - height)
    return f"{width}x{height}+{x}+{y}"
