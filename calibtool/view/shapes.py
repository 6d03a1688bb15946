"""Small anti-aliased pictures for widgets, made with the standard library only.

They are needed before Pillow is imported, and drawn at the screen's own resolution.
"""

import math
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

Position = tuple[float, float]


@dataclass(frozen=True)
class Rounded:
    """Rectangle with round corners, ``inset`` from the borders of a picture of this size."""

    width: float
    height: float
    radius: float
    inset: float = 0.0

    def distance(self, x: float, y: float) -> float:
        """Distance in px of a position to the edge, negative inside."""
        half_w, half_h = self.width / 2.0 - self.inset, self.height / 2.0 - self.inset
        r = max(min(self.radius - self.inset, half_w, half_h), 0.0)
        qx = abs(x - self.width / 2.0) - half_w + r
        qy = abs(y - self.height / 2.0) - half_h + r
        return math.hypot(max(qx, 0.0), max(qy, 0.0)) + min(max(qx, qy), 0.0) - r


@dataclass(frozen=True)
class Stroke:
    """A line through some points, with round ends."""

    points: tuple[Position, ...]
    thickness: float

    def distance(self, x: float, y: float) -> float:
        """Distance in px of a position to the edge, negative inside."""
        nearest = math.inf
        for (ax, ay), (bx, by) in pairwise(self.points):
            dx, dy = bx - ax, by - ay
            t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
            t = min(max(t, 0.0), 1.0)
            nearest = min(nearest, math.hypot(x - ax - t * dx, y - ay - t * dy))
        return nearest - self.thickness / 2.0


Shape = Rounded | Stroke


@lru_cache(maxsize=128)
def coverage(shape: Shape, width: int, height: int) -> tuple[float, ...]:
    """Part of each pixel (0…1) that a shape covers, row by row."""
    return tuple(
        min(max(0.5 - shape.distance(x + 0.5, y + 0.5), 0.0), 1.0)
        for y in range(height)
        for x in range(width)
    )


def paint(
    width: int, height: int, layers: list[tuple[Shape, str]], ground: str,
    repeat: tuple[int, int] = (1, 1),
) -> bytes:
    """Lay shapes in colours ``#rrggbb`` over one another on a ground, as an opaque PNG.

    The middle column and row are repeated ``repeat`` times. Pictures are opaque because
    Tk must read back the screen for each piece of one that is not.
    """
    pixels = [bytes.fromhex(ground[1:])] * (width * height)
    for shape, colour in layers:
        over = bytes.fromhex(colour[1:])
        covers = coverage(shape, width, height)
        pixels = [
            under if cover == 0.0 else over if cover == 1.0 else _mixed(under, over, cover)
            for under, cover in zip(pixels, covers, strict=True)
        ]
    rows = [
        b"\0" + b"".join(_repeated(pixels[first : first + width], repeat[0]))
        for first in range(0, width * height, width)
    ]
    body = b"".join(_repeated(rows, repeat[1]))
    return _png(width + repeat[0] - 1, height + repeat[1] - 1, body)


def _mixed(under: bytes, over: bytes, cover: float) -> bytes:
    return bytes(round(a + (b - a) * cover) for a, b in zip(under, over, strict=True))


def _repeated(parts: list[bytes], times: int) -> list[bytes]:
    middle = len(parts) // 2
    return parts[:middle] + parts[middle : middle + 1] * times + parts[middle + 1 :]


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
