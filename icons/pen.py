"""A pen with round ends on a 24 × 24 grid, smoothed by drawing large and reducing."""

from math import cos, radians, sin

from PIL import Image, ImageDraw

GRID = 24
OVERSAMPLING = 16
Point = tuple[float, float]
Colour = tuple[int, int, int, int]


class Pen:
    """Draws one picture of ``size`` px; positions and widths are in units of the grid."""

    def __init__(self, size: int, ink: Colour, accent: Colour, width: float = 1.9) -> None:
        self.ink, self.accent, self.width = ink, accent, width
        self._size = size
        self._unit = size * OVERSAMPLING / GRID
        # The transparent ground has the ink's colour, so that no dark fringe is mixed in.
        self._image = Image.new("RGBA", (size * OVERSAMPLING,) * 2, (*ink[:3], 0))
        self._draw = ImageDraw.Draw(self._image)

    def line(self, *points: Point, colour: Colour | None = None, width: float = 0) -> None:
        """Draw a polyline with round ends and corners."""
        colour, width = colour or self.ink, width or self.width
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * self._unit))
        for point in points:
            self.dot(point, width / 2, colour)

    def dot(self, centre: Point, radius: float, colour: Colour | None = None) -> None:
        """Draw a filled circle."""
        x, y = centre
        box = [(v * self._unit) for v in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, fill=colour or self.ink)

    def ring(self, centre: Point, radius: float, colour: Colour | None = None) -> None:
        """Draw a circle."""
        self.arc(centre, radius, 0, 360, colour)

    def arc(
        self, centre: Point, radius: float, start: float, end: float, colour: Colour | None = None
    ) -> None:
        """Draw an arc from ``start`` to ``end`` degrees, clockwise from the right."""
        steps = max(8, round(abs(end - start) / 3))
        angles = [radians(start + (end - start) * i / steps) for i in range(steps + 1)]
        x, y = centre
        self.line(*[(x + radius * cos(a), y + radius * sin(a)) for a in angles], colour=colour)

    def shape(self, *points: Point, colour: Colour | None = None) -> None:
        """Draw the outline of a polygon."""
        self.line(*points, points[0], colour=colour)

    def fill(self, *points: Point, colour: Colour | None = None) -> None:
        """Draw a filled polygon."""
        self._draw.polygon(
            [(x * self._unit, y * self._unit) for x, y in points], fill=colour or self.ink
        )

    def picture(self) -> Image.Image:
        """Give the finished picture."""
        return self._image.resize((self._size,) * 2, Image.Resampling.BOX)
