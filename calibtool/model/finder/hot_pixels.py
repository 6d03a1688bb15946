"""Isolated hot pixels: far above their surroundings, with at most two bright neighbours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray
from calibtool.model.finder.noise import SAMPLED, NoiseModel, noise_model
from calibtool.model.finder.reduction import block_sums, strips

BLOCK_PX = 8
SUSPICIOUS = 5.0
"""A pixel this many σ above the mean of its block is looked at."""

CERTAIN = 10.0
"""It is hot if it is this many σ above the third brightest of its eight neighbours."""

ALONE = 8.0
"""And it rises so many times as far above its block as that neighbour: grains of a ring do not."""

NEIGHBOURS = tuple((j, i) for j in (-1, 0, 1) for i in (-1, 0, 1) if (i, j) != (0, 0))


def hot_pixels(data: NDArray[Any], mask: BoolArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of isolated hot pixels.

    A ring, however narrow, has more than two bright pixels around each of its own, and so
    has a spot of a grainy ring; defects of one to three pixels have not.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.
    mask : ndarray of bool, shape (H, W)
        True = ignore.

    Returns
    -------
    rows, columns : ndarray of int, shape (N,)
    """
    noise = _pixel_noise(data, mask)
    rows, columns = _above_their_block(data, mask, noise)
    if len(rows) == 0:
        return rows, columns
    # a hot pixel hides fainter ones in its block, until it is left out
    left = mask.copy()
    left[rows, columns] = True
    more = _above_their_block(data, left, noise)
    return np.concatenate([rows, more[0]]), np.concatenate([columns, more[1]])


def _pixel_noise(data: NDArray[Any], mask: BoolArray) -> NoiseModel:
    """Noise of the pixels themselves, from pairs of rows all over the image."""
    h, w = data.shape
    step = max(2, 2 * int(h * w / (2 * SAMPLED)))
    pairs = np.arange(0, h - 1, step)
    rows = np.stack([pairs, pairs + 1], axis=1).ravel()
    count = (~mask[rows]).astype(np.float32)
    values = np.where(count > 0, data[rows], 0).astype(np.float32)
    return noise_model(values, count)


def _above_their_block(
    data: NDArray[Any], mask: BoolArray, noise: NoiseModel
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    block = min(BLOCK_PX, *data.shape)
    total, count = block_sums(data, mask, block)
    mean = total / np.maximum(count, 1.0)
    limit = (mean + SUSPICIOUS * np.sqrt(noise.variance(mean))).astype(np.float32)
    rows, columns = _above(data, mask, limit, block)
    third = _third_neighbour(data, mask, rows, columns)
    values = data[rows, columns].astype(np.float64)
    above = mean[rows // block, columns // block]
    hot = values - above > ALONE * np.maximum(third - above, 0.0)
    hot &= values > third + CERTAIN * np.sqrt(noise.variance(np.maximum(third, mean.min())))
    # a handful of counts among none is chance, not a defect
    hot &= values > third + _least_step(data)
    return rows[hot], columns[hot]


def _least_step(data: NDArray[Any]) -> float:
    return 4.0 if data.dtype.kind in "iu" else 0.0


def _above(
    data: NDArray[Any], mask: BoolArray, limit: NDArray[np.float32], block: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pixels above the limit of their block."""
    found_rows, found_columns = [], []
    wide = limit.shape[1] * block
    for part in strips(limit.shape[0] * block, wide, block):
        here = limit[part.start // block : part.stop // block]
        values = data[part, :wide].reshape(len(here), block, limit.shape[1], block)
        above = (values > here[:, None, :, None]).reshape(-1, wide) & ~mask[part, :wide]
        rows, columns = np.nonzero(above)
        found_rows.append(rows + part.start)
        found_columns.append(columns)
    return np.concatenate(found_rows), np.concatenate(found_columns)


def _third_neighbour(
    data: NDArray[Any], mask: BoolArray, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Third brightest of the neighbours that count, inf where fewer than four do."""
    h, w = data.shape
    around = np.full((len(NEIGHBOURS), len(rows)), -np.inf)
    for k, (j, i) in enumerate(NEIGHBOURS):
        r, c = rows + j, columns + i
        inside = (r >= 0) & (r < h) & (c >= 0) & (c < w)
        r, c = np.clip(r, 0, h - 1), np.clip(c, 0, w - 1)
        around[k] = np.where(inside & ~mask[r, c], data[r, c], -np.inf)
    third = np.partition(around, -3, axis=0)[-3]
    enough = np.isfinite(around).sum(axis=0) >= 4
    return np.where(enough, third, np.inf)
