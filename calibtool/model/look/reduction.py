"""The image reduced to blocks, without isolated hot pixels, and its noise."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.noise import NoiseModel, noise_model

Float32Array = NDArray[np.float32]

BLOCKS_ACROSS = 560
"""The image is reduced to about this many blocks squared: more costs time, less costs rings."""

TRUNCATED = 3.0
LEAST_WEIGHT = np.float32(1e-6)
"""Of σ that a Gaussian reaches, and of weight that is divided by."""

STRIP_PX = 1 << 16
"""Pixels handled at a time, so that no copy of a large image is ever made."""


@dataclass(frozen=True, eq=False)
class Level:
    """Mean of blocks of ``block_px`` × ``block_px`` pixels.

    ``mean`` has shape (h, w), and so has ``weight``, the share of the block's pixels that
    count (0…1); ``noise`` is that of one pixel. Block (column i, row j) is centred on the
    index pixel ``(block_px·i + (block_px − 1)/2, …)``. ``known`` is the variance of the means
    where it did not have to be measured.
    """

    block_px: int
    mean: Float32Array
    weight: Float32Array
    noise: NoiseModel
    known: Float32Array | None = None

    def variance(self, rows: slice) -> Float32Array:
        """Variance of the mean of the blocks of some rows."""
        if self.known is not None:
            return self.known[rows]
        pixels = np.maximum(self.weight[rows] * self.block_px**2, 1.0)
        return (self.noise.variance(self.mean[rows]) / pixels).astype(np.float32)

    def to_px(self, blocks: FloatArray) -> FloatArray:
        """Positions in blocks to index pixels."""
        return np.asarray(blocks * self.block_px + 0.5 * (self.block_px - 1))


def smooth(values: Float32Array, size: float) -> Float32Array:
    """A Gaussian of σ ``size`` blocks run over a level."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(values, size, mode="nearest", truncate=TRUNCATED))


def smoothed(values: Float32Array, weight: Float32Array, size: float) -> Float32Array:
    """The mean of what counts under such a Gaussian."""
    total = np.maximum(smooth(weight, size), LEAST_WEIGHT)
    return np.asarray(smooth(values * weight, size) / total)


def block_size(shape: tuple[int, int]) -> int:
    """Pixels along the side of a block for an image of this shape."""
    return max(1, int(np.ceil(np.sqrt(shape[0] * shape[1]) / BLOCKS_ACROSS - 0.05)))


def strips(rows: int, columns: int, block: int, pixels: int = STRIP_PX) -> list[slice]:
    """Slices of whole rows of blocks, each of about so many pixels."""
    step = max(1, pixels // max(columns, 1) // block) * block
    return [slice(top, min(top + step, rows)) for top in range(0, rows, step)]


def block_sums(
    data: NDArray[Any], mask: BoolArray, block: int
) -> tuple[Float32Array, Float32Array]:
    """Sum of the pixels that count in each block, and how many they are.

    Rows and columns at the end that do not fill a block are left out.
    """
    rows, columns = (data.shape[0] // block) * block, (data.shape[1] // block) * block
    shape = (rows // block, columns // block)
    total, count = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for part in strips(rows, columns, block):
        masked = mask[part, :columns]
        values = data[part, :columns].astype(np.float32)
        out = slice(part.start // block, part.stop // block)
        if masked.any():
            values[masked] = 0.0
            count[out] = _sum_blocks((~masked).astype(np.float32), block)
        else:
            count[out] = block * block
        total[out] = _sum_blocks(values, block)
    return total, count


def _sum_blocks(values: Float32Array, block: int) -> Float32Array:
    if block == 1:
        return values
    rows, columns = values.shape[0] // block, values.shape[1] // block
    along = values.reshape(-1, columns, block) @ np.ones(block, np.float32)
    return np.asarray(along.reshape(rows, block, columns).sum(axis=1))


def _halved(values: Float32Array) -> Float32Array:
    rows, columns = values.shape[0] // 2 * 2, values.shape[1] // 2 * 2
    cut = values[:rows, :columns]
    return np.asarray(cut[::2, ::2] + cut[1::2, ::2] + cut[::2, 1::2] + cut[1::2, 1::2])


def levels(
    data: NDArray[Any],
    mask: BoolArray,
    *,
    coarsest_px: int,
    smallest_side: int = 24,
    variance: NDArray[Any] | None = None,
) -> list[Level]:
    """The image in blocks, each level twice as coarse as the one before.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.
    mask : ndarray of bool, shape (H, W)
        True = ignore.
    coarsest_px : int
        Levels end at blocks of about this size.
    smallest_side : int
        Levels end before the image has fewer blocks than this on its shorter side.
    variance : ndarray, shape (H, W), optional
        Of each pixel, where it is known.

    Returns
    -------
    list of Level
        Finest first, at least one.
    """
    block = block_size((data.shape[0], data.shape[1]))
    total, count = block_sums(data, mask, block)
    spread = None if variance is None else block_sums(variance, mask, block)[0]
    noise = noise_model(total, count)
    result = []
    while True:
        result.append(_level(total, count, spread, block, noise))
        if 2 * block > coarsest_px or min(total.shape) < 2 * smallest_side:
            return result
        total, count, block = _halved(total), _halved(count), 2 * block
        spread = None if spread is None else _halved(spread)


def _level(
    total: Float32Array,
    count: Float32Array,
    spread: Float32Array | None,
    block: int,
    noise: NoiseModel,
) -> Level:
    many = np.maximum(count, 1.0, dtype=np.float32)
    known = None if spread is None else np.divide(spread, many * many, dtype=np.float32)
    mean = np.divide(total, many, dtype=np.float32)
    return Level(block, mean, count / np.float32(block * block), noise, known)
