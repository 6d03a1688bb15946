"""Where image pixels lie on a canvas: one frozen value, no toolkit.

An integer canvas coordinate is the centre of a screen pixel and an integer image position the
centre of an image pixel, so what is under the pointer is read without half-pixel offsets.
"""

from dataclasses import dataclass, replace

LARGEST_SCALE = 64.0


@dataclass(frozen=True)
class Viewport:
    """A view of an image on a canvas of ``width`` × ``height`` screen pixels.

    ``x0``, ``y0`` is the image position (x, y) = (column, row) at the centre of the canvas
    pixel (0, 0); ``scale`` is in screen pixels per image pixel.
    """

    width: int
    height: int
    x0: float = 0.0
    y0: float = 0.0
    scale: float = 1.0

    @classmethod
    def around(cls, width: int, height: int, x: float, y: float, scale: float) -> "Viewport":
        """View with the image position (x, y) in the middle of the canvas."""
        return cls(
            width, height, x - (width - 1) / 2 / scale, y - (height - 1) / 2 / scale, scale
        )

    @classmethod
    def fitted(cls, width: int, height: int, shape: tuple[int, ...]) -> "Viewport":
        """View of a whole image of shape (H, W), as large as the canvas allows."""
        rows, columns = shape[0], shape[1]
        scale = min(width / columns, height / rows, LARGEST_SCALE)
        return cls.around(width, height, (columns - 1) / 2, (rows - 1) / 2, scale)

    @property
    def centre(self) -> tuple[float, float]:
        """Image position (x, y) in the middle of the canvas."""
        return self.to_image((self.width - 1) / 2, (self.height - 1) / 2)

    def to_image(self, canvas_x: float, canvas_y: float) -> tuple[float, float]:
        """Image position (x, y) of a canvas coordinate."""
        return self.x0 + canvas_x / self.scale, self.y0 + canvas_y / self.scale

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Canvas coordinate of an image position (x, y)."""
        return (x - self.x0) * self.scale, (y - self.y0) * self.scale

    def zoomed(
        self, factor: float, canvas_x: float, canvas_y: float, smallest: float
    ) -> "Viewport":
        """Zoom by a factor; the image position under the canvas coordinate stays there."""
        scale = min(max(self.scale * factor, smallest), LARGEST_SCALE)
        x, y = self.to_image(canvas_x, canvas_y)
        return replace(self, x0=x - canvas_x / scale, y0=y - canvas_y / scale, scale=scale)

    def panned(self, canvas_dx: float, canvas_dy: float) -> "Viewport":
        """Shift the image by some screen pixels."""
        return replace(
            self, x0=self.x0 - canvas_dx / self.scale, y0=self.y0 - canvas_dy / self.scale
        )

    def resized(self, width: int, height: int) -> "Viewport":
        """The same middle and scale on a canvas of another size."""
        return Viewport.around(width, height, *self.centre, self.scale)

    def kept_inside(self, shape: tuple[int, ...]) -> "Viewport":
        """Shifted just so far that the middle of the canvas is on an image of shape (H, W)."""
        x, y = self.centre
        inside_x = min(max(x, -0.5), shape[1] - 0.5)
        inside_y = min(max(y, -0.5), shape[0] - 0.5)
        return replace(self, x0=self.x0 + inside_x - x, y0=self.y0 + inside_y - y)
