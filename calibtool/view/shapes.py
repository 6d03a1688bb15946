"""Small anti-aliased pictures for widgets, made with the standard library only.

They are needed before Pillow is imported, and drawn at the screen's own resolution.
"""

import math
import struct
import zlib
from collections.abc import Callable
from itertools import pairwise

Coverage = Callable[[float, float], float]
"""Signed distance in px of a position to a shape's edge, negative inside."""


def rounded(width: float, height: float, radius: float, inset: float = 0.0) -> Coverage:
    """Rectangle with round corners, ``inset`` from the borders of a picture."""
    half_w, half_h = width / 2.0 - inset, height / 2.0 - inset
    r = max(min(radius - inset, half_w, half_h), 0.0)

    def distance(x: float, y: float) -> float:
        qx = abs(x - width / 2.0) - half_w + r
        qy = abs(y - height / 2.0) - half_h + r
        return math.hypot(max(qx, 0.0), max(qy, 0.0)) + min(max(qx, qy), 0.0) - r

    return distance


def stroke(points: tuple[tuple[float, float], ...], thickness: float) -> Coverage:
    """A line through ``points`` with round ends."""

    def distance(x: float, y: float) -> float:
        nearest = math.inf
        for (ax, ay), (bx, by) in pairwise(points):
            dx, dy = bx - ax, by - ay
            t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
            t = min(max(t, 0.0), 1.0)
            nearest = min(nearest, math.hypot(x - ax - t * dx, y - ay - t * dy))
        return nearest - thickness / 2.0

    return distance


def paint(
    width: int, height: int, layers: list[tuple[Coverage, str]], ground: str,
    repeat: tuple[int, int] = (1, 1),
) -> bytes:
    """Lay shapes in colours ``#rrggbb`` over one another on a ground, as an opaque PNG.

    The middle column and row are repeated ``repeat`` times. Pictures are opaque because
    Tk must read back the screen for each piece of one that is not.
    """
    parsed = [(shape, tuple(bytes.fromhex(colour[1:]))) for shape, colour in layers]
    base = tuple(bytes.fromhex(ground[1:]))
    rows = []
    for y in range(height):
        pixels = [_pixel(parsed, base, x + 0.5, y + 0.5) for x in range(width)]
        row = b"\0" + b"".join(_repeated(pixels, repeat[0]))
        rows.append(row)
    body = b"".join(_repeated(rows, repeat[1]))
    return _png(width + repeat[0] - 1, height + repeat[1] - 1, body)


def _repeated(parts: list[bytes], times: int) -> list[bytes]:
    middle = len(parts) // 2
    return parts[:middle] + parts[middle : middle + 1] * times + parts[middle + 1 :]


def _pixel(
    layers: list[tuple[Coverage, tuple[int, ...]]], base: tuple[int, ...], x: float, y: float
) -> bytes:
    red, green, blue = (float(part) for part in base)
    for shape, (r, g, b) in layers:
        cover = min(max(0.5 - shape(x, y), 0.0), 1.0)
        if cover:
            red += (r - red) * cover
            green += (g - green) * cover
            blue += (b - blue) * cover
    return bytes((round(red), round(green), round(blue)))


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )
