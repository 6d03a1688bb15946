"""Small anti-aliased pictures for widgets, drawn at the screen's own resolution."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

FINER = 8
"""So many times larger they are drawn; edges become smooth when they are made small."""


@dataclass(frozen=True)
class Rounded:
    """Rectangle with round corners, ``inset`` from the borders of a picture of this size."""

    width: float
    height: float
    radius: float
    inset: float = 0.0

    def draw(self, pen: "ImageDraw", colour: str) -> None:
        """Fill it in a drawing ``FINER`` times as large."""
        low, right, bottom = FINER * self.inset, FINER * self.width, FINER * self.height
        box = (low, low, right - low - 1, bottom - low - 1)
        pen.rounded_rectangle(box, FINER * max(self.radius - self.inset, 0.0), colour)


@dataclass(frozen=True)
class Stroke:
    """A line through some points, with round ends."""

    points: tuple[tuple[float, float], ...]
    thickness: float

    def draw(self, pen: "ImageDraw", colour: str) -> None:
        """Draw it in a drawing ``FINER`` times as large."""
        points = [(FINER * x, FINER * y) for x, y in self.points]
        pen.line(points, colour, round(FINER * self.thickness))
        half = 0.5 * FINER * self.thickness
        for x, y in points:
            pen.ellipse((x - half, y - half, x + half, y + half), colour)


Shape = Rounded | Stroke


def paint(
    width: int, height: int, layers: list[tuple[Shape, str]], ground: str,
    repeat: tuple[int, int] = (1, 1),
) -> bytes:
    """Lay shapes in colours ``#rrggbb`` over one another on a ground, as an opaque PNG.

    The middle column and row are repeated ``repeat`` times. Pictures are opaque because
    Tk must read back the screen for each piece of one that is not.
    """
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (width * FINER, height * FINER), ground)
    pen = ImageDraw.Draw(picture)
    for shape, colour in layers:
        shape.draw(pen, colour)
    wide = _widened(picture.reduce(FINER), repeat[0])
    whole = _widened(wide.transpose(Image.Transpose.TRANSPOSE), repeat[1])
    out = io.BytesIO()
    whole.transpose(Image.Transpose.TRANSPOSE).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _widened(picture: "Image", times: int) -> "Image":
    """The picture with its middle column so many times."""
    from PIL.Image import new

    middle, (width, height) = picture.width // 2, picture.size
    wide = new("RGB", (width + times - 1, height))
    wide.paste(picture.crop((middle, 0, middle + 1, height)).resize((times, height)), (middle, 0))
    wide.paste(picture.crop((0, 0, middle, height)), (0, 0))
    wide.paste(picture.crop((middle + 1, 0, width, height)), (middle + times, 0))
    return wide
