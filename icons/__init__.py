"""The pictures of the window, shipped as ``calibtool.icons``.

Tool pictures are ``NAME.png`` (20 px), ``NAME@2x.png`` (40 px) and ``NAME@3x.png`` (60 px), and
the same with ``-dark`` after the name for dark backgrounds. The program's own picture is
``app-16.png`` … ``app-256.png`` and ``app.ico``. All are drawn by ``icons/draw.py``.
"""

import os

TOOL_SIZE_PX = 20
SCALES = (1, 2, 3)
APP_SIZES_PX = (16, 24, 32, 48, 64, 128, 256)


def data(name: str, scale: float = 1.0, dark: bool = False) -> bytes:
    """Give a tool picture as PNG bytes.

    ``scale`` is the screen's dots per inch over 96; the picture is the smallest one that is not
    smaller than ``20·scale`` px (the largest there is beyond 60 px). ``dark`` asks for light
    lines that show on a dark background. An unknown name is a FileNotFoundError.
    """
    stored = next((step for step in SCALES if step >= scale - 0.05), SCALES[-1])
    return _read(file_name(name, stored, dark))


def app(size: int) -> bytes:
    """Give the program's picture as PNG bytes, ``size`` one of APP_SIZES_PX."""
    return _read(f"app-{size}.png")


def file_name(name: str, scale: int, dark: bool) -> str:
    """Give the name of the file of a tool picture."""
    shade = "-dark" if dark else ""
    suffix = "" if scale == 1 else f"@{scale}x"
    return f"{name}{shade}{suffix}.png"


def _read(file: str) -> bytes:
    # importlib.resources would cost more than all pictures of the tool bar together.
    with open(os.path.join(os.path.dirname(__file__), file), "rb") as stream:
        return stream.read()
