"""The visible part of an image as a picture of exactly the canvas size.

The part is cut from the level of the pyramid that fits the screen and sampled first; only
then it gets its colours.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibtool.picture import Display, Picture
from calibtool.view.colormaps import Color, color
from calibtool.view.colouring import (
    MASKED,
    OUTSIDE,
    indices,
    limits,
    palette,
    sorted_sample,
    stretch_table,
)
from calibtool.view.palette import DARK, LIGHT
from calibtool.view.pyramid import Level, Pyramid
from calibtool.view.viewport import Viewport

if TYPE_CHECKING:
    from PIL import Image

# Pixels around a position from which the magnifier takes its own contrast, at the least.
LOCAL_HALF_WIDTH = 12
LOCAL_SAMPLE = 2500


def background(display: Display) -> Color:
    """Colour of what is not image."""
    return color((DARK if display.dark else LIGHT).image_background)


def colours(display: Display) -> bytes:
    """Red, green and blue of the 256 palette indices."""
    return palette(display.colormap, background(display))


class Renderer:
    """Frames of one picture, for the canvas and the magnifier."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.pyramid = Pyramid(picture.data, picture.mask)
        self._sample: NDArray[Any] | None = None

    def remasked(self, picture: Picture) -> "Renderer":
        """Frames of the same pixels under another mask, with the contrast there was.

        Takes over the reduced levels, so that this renderer must not be used any more.
        """
        other = Renderer(picture)
        other.pyramid = self.pyramid.remasked(other.pyramid.levels[0].mask)
        other._sample = self._sample
        return other

    def build(self) -> Iterator[None]:
        """Prepare the reduced levels step by step; frames can be had before."""
        return self.pyramid.build()

    def frame(self, view: Viewport, display: Display) -> "Image.Image":
        """RGB picture of ``view.width`` × ``view.height`` with the contrast of the image."""
        return _coloured(self.painted(view, display), display)

    def painted(self, view: Viewport, display: Display) -> NDArray[np.uint8]:
        """Palette indices of `frame`, shape (``view.height``, ``view.width``)."""
        if self._sample is None:
            self._sample = sorted_sample(self.picture.data, self.pyramid.levels[0].mask)
        contrast = limits(self._sample, display.low_percent, display.high_percent)
        return self._draw(view, display, contrast)

    def local_frame(self, view: Viewport, display: Display) -> "Image.Image":
        """RGB picture with the contrast of what is seen, for weak rings."""
        return _coloured(self._draw(view, display, self._local_limits(view)), display)

    def _local_limits(self, view: Viewport) -> tuple[float, float]:
        x, y = view.centre
        half_x = max(LOCAL_HALF_WIDTH, view.width / 2 / view.scale)
        half_y = max(LOCAL_HALF_WIDTH, view.height / 2 / view.scale)
        rows, columns = self.picture.data.shape
        part = (
            slice(*(int(min(max(v, 0), rows)) for v in (y - half_y, y + half_y + 1))),
            slice(*(int(min(max(v, 0), columns)) for v in (x - half_x, x + half_x + 1))),
        )
        mask = self.pyramid.levels[0].mask[part]
        return limits(sorted_sample(self.picture.data[part], mask, LOCAL_SAMPLE), 1, 99.7)

    def _draw(
        self, view: Viewport, display: Display, contrast: tuple[float, float]
    ) -> NDArray[np.uint8]:
        level = self.pyramid.level_for(view.scale)
        columns, left = nearest(view.x0, view.scale, view.width, level.factor, self._side(1))
        rows, top = nearest(view.y0, view.scale, view.height, level.factor, self._side(0))
        if rows.size == view.height and columns.size == view.width:
            return self._indices(level, rows, columns, display, contrast)
        whole = np.full((view.height, view.width), OUTSIDE, dtype=np.uint8)
        if rows.size and columns.size:
            target = whole[top : top + rows.size, left : left + columns.size]
            target[:] = self._indices(level, rows, columns, display, contrast)
        return whole

    def _indices(
        self,
        level: Level,
        rows: NDArray[np.intp],
        columns: NDArray[np.intp],
        display: Display,
        contrast: tuple[float, float],
    ) -> NDArray[np.uint8]:
        cut = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        values, mask = level.values[cut], level.mask[cut]
        rows, columns = rows - rows[0], columns - columns[0]
        enlarged = values.size < rows.size * columns.size
        if not enlarged:
            values, mask = _sampled(values, rows, columns), _sampled(mask, rows, columns)
        part = indices(values, *contrast, stretch_table(display.stretch))
        if display.show_mask:
            np.copyto(part, np.uint8(MASKED), where=mask)
        return part.take(columns, axis=1).take(rows, axis=0) if enlarged else part

    def _side(self, axis: int) -> int:
        return int(self.picture.data.shape[axis])


def _coloured(painted: NDArray[np.uint8], display: Display) -> "Image.Image":
    from PIL import Image

    height, width = painted.shape
    picture = Image.frombytes("P", (width, height), painted.tobytes())
    picture.putpalette(colours(display))
    return picture.convert("RGB")


def _sampled(
    values: NDArray[Any], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[Any]:
    """Values at all pairs of rows and columns, which begin with 0 and rise."""
    if rows.size < values.shape[0]:
        values = values.take(rows, axis=0, mode="clip")
    if columns.size < values.shape[1]:
        values = values.take(columns, axis=1, mode="clip")
    return values


def nearest(
    origin: float, scale: float, length: int, factor: int, side: int
) -> tuple[NDArray[np.intp], int]:
    """Pixels of a level under the pixels of a canvas, along one axis.

    Parameters
    ----------
    origin : float
        Image position of canvas pixel 0.
    scale : float
        Canvas pixels per image pixel.
    length, side : int
        Number of pixels of the canvas and of the full image.
    factor : int
        Image pixels per pixel of the level.

    Returns
    -------
    indices : ndarray, shape (n,)
        Index into the level for each canvas pixel that lies on the image.
    first : int
        The first of these canvas pixels.
    """
    position = np.floor(origin + np.arange(length) / scale + 0.5).astype(np.intp)
    first, last = np.searchsorted(position, [0, side])
    return position[first:last] // factor, int(first)
