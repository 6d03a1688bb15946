"""Small grey pictures of images that are to be chosen from."""

from collections.abc import Sequence

import numpy as np

from calibtool.errors import CalibtoolError
from calibtool.io.images import load_image
from calibtool.model.image import Image
from calibtool.scene import Thumbnail

SIDE_PX = 96
LOW, HIGH = 5.0, 99.5
"""Percentiles of what is shown that are black and white."""

SOFTENING = 0.05
"""Share of the range that the asinh scale brings out."""


def thumbnails(paths: Sequence[str]) -> tuple[Thumbnail | None, ...]:
    """A picture of the first frame of each image, None where it cannot be read."""
    return tuple(map(_of_file, paths))


def _of_file(path: str) -> Thumbnail | None:
    try:
        return thumbnail(load_image(path))
    except CalibtoolError:
        return None


def thumbnail(image: Image) -> Thumbnail:
    """An image in no more than 96 × 96 pixels: the largest of each block, so that arcs stay."""
    rows, columns = image.data.shape
    step = -(-max(rows, columns) // SIDE_PX)
    values = np.where(image.mask, np.nan, image.data.astype(np.float32))
    padded = np.pad(values, ((0, -rows % step), (0, -columns % step)), constant_values=np.nan)
    blocks = padded.reshape(padded.shape[0] // step, step, -1, step)
    small = np.fmax.reduce(np.fmax.reduce(blocks, axis=3), axis=1)
    known = np.isfinite(small)
    if not known.any():
        return Thumbnail(small.shape[1], small.shape[0], bytes(small.size))
    low, high = np.percentile(small[known], (LOW, HIGH))
    share = np.clip(np.where(known, small - low, 0.0) / max(high - low, 1e-30), 0.0, 1.0)
    grey = 255.0 * np.arcsinh(share / SOFTENING) / np.arcsinh(1.0 / SOFTENING)
    return Thumbnail(small.shape[1], small.shape[0], grey.astype(np.uint8).tobytes())
