"""Isolated hot pixels: far above their surroundings, with at most two bright neighbours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray
from calibtool.model.look.noise import SAMPLED, NoiseModel, noise_model
from calibtool.model.look.reduction import block_sums, strips

BLOCK_PX = 8
SUSPICIOUS = 5.0
"""A pixel this many σ above the mean of its block is looked at."""

CERTAIN = 10.0
"""It is hot if it is this many σ above the third brightest of its eight neighbours."""

ALONE = 8.0
"""And it rises so many times as far above its block as that neighbour: grains of a ring do not."""

MANY = 1e-3
MOST_LOOKS = 6
BLOCKS_AT_ONCE = 2048
FEW_IN_BLOCK = 2

NEIGHBOURS = tuple((j, i) for j in (-1, 0, 1) for i in (-1, 0, 1) if (i, j) != (0, 0))


def hot_pixels(data: NDArray[Any], mask: BoolArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of isolated hot pixels.

    A ring, however narrow, has more than two bright pixels around each of its own, and so
    has a spot of a grainy ring; defects of one to three pixels have not. A bright pixel that
    counts in the midst of others that do not is a defect too.

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
    block = min(BLOCK_PX, *data.shape)
    rows, columns = _above_their_block(data, mask, noise, block)
    edge = _edge_corners(data.shape, block)
    left = mask.copy()
    left[rows, columns] = True
    found = [(rows, columns)]
    if len(rows) > MANY * data.size:
        # so many are part of what was taken for noise
        noise = _pixel_noise(data, left)
        rows, columns = _above_their_block(data, left, noise, block)
        left[rows, columns] = True
        found.append((rows, columns))
    corners = np.concatenate([edge, *(_corners_of(*some, data.shape, block) for some in found)])
    for _ in range(MOST_LOOKS):
        # a hot pixel hides fainter ones in its block, until it is left out
        rows, columns = _above_in(data, left, noise, corners, block)
        if len(rows) == 0:
            break
        left[rows, columns] = True
        found.append((rows, columns))
        corners = _corners_of(rows, columns, data.shape, block)
    all_rows, all_columns = zip(*found, strict=True)
    return np.concatenate(all_rows), np.concatenate(all_columns)


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
    data: NDArray[Any], mask: BoolArray, noise: NoiseModel, block: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Hot pixels of all whole blocks."""
    total, count = block_sums(data, mask, block)
    mean = total / np.maximum(count, 1.0)
    limit = _limit(mean, count, noise).astype(np.float32)
    rows, columns = _above(data, mask, limit, block)
    hot = _is_hot(data, mask, noise, rows, columns, mean[rows // block, columns // block])
    return rows[hot], columns[hot]


def _above_in(
    data: NDArray[Any], mask: BoolArray, noise: NoiseModel, corners: NDArray[np.intp], block: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Hot pixels of the blocks with their first row and column at ``corners`` (N, 2)."""
    none = np.zeros(0, dtype=np.intp)
    found = [(none, none)]
    inside = np.arange(block)
    for part in np.array_split(corners, 1 + len(corners) // BLOCKS_AT_ONCE):
        rows = part[:, 0, None, None] + inside[:, None]
        columns = part[:, 1, None, None] + inside
        counts = ~mask[rows, columns]
        values = np.where(counts, data[rows, columns], 0).astype(np.float64)
        count = counts.sum(axis=(1, 2))
        mean = values.sum(axis=(1, 2)) / np.maximum(count, 1)
        which, j, i = np.nonzero(
            counts & (values > _limit(mean, count, noise)[:, None, None])
        )
        r, c = part[which, 0] + j, part[which, 1] + i
        hot = _is_hot(data, mask, noise, r, c, mean[which])
        found.append((r[hot], c[hot]))
    rows_found, columns_found = zip(*found, strict=True)
    return np.concatenate(rows_found), np.concatenate(columns_found)


def _limit(mean: NDArray[Any], count: NDArray[Any], noise: NoiseModel) -> NDArray[np.float64]:
    """Intensity from which a pixel of a block is looked at; all are where hardly any count."""
    limit = mean + SUSPICIOUS * np.sqrt(noise.variance(mean))
    return np.asarray(np.where(count <= FEW_IN_BLOCK, -np.inf, limit))


def _is_hot(
    data: NDArray[Any],
    mask: BoolArray,
    noise: NoiseModel,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    above: NDArray[np.float64],
) -> BoolArray:
    """Which of some pixels are hot; ``above`` is the mean of the block of each."""
    third, alone = _third_neighbour(data, mask, rows, columns)
    values = data[rows, columns].astype(np.float64)
    hot = values - above > ALONE * np.maximum(third - above, 0.0)
    dark = float(above.min()) if len(above) else 0.0
    hot &= values > third + CERTAIN * np.sqrt(noise.variance(np.maximum(third, dark)))
    # a handful of counts among none is chance, not a defect
    hot &= values > third + _least_step(data)
    return np.asarray(hot | alone)


def _corners_of(
    rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, ...], block: int
) -> NDArray[np.intp]:
    """First row and column (N, 2) of the blocks some pixels are in, those at the edge shifted."""
    corners = np.stack([rows // block, columns // block], axis=1) * block
    corners = np.minimum(corners, np.array(shape, dtype=np.intp) - block)
    return np.asarray(np.unique(corners, axis=0) if len(corners) else corners)


def _edge_corners(shape: tuple[int, ...], block: int) -> NDArray[np.intp]:
    """Blocks for the rows and columns at the end that do not fill one."""
    ends = [np.minimum(np.arange(0, side, block), side - block) for side in shape]
    last = [side - block for side in shape]
    found = np.zeros((0, 2), dtype=np.intp)
    if shape[0] % block:
        found = np.concatenate([found, [(last[0], c) for c in ends[1]]])
    if shape[1] % block:
        found = np.concatenate([found, [(r, last[1]) for r in ends[0]]])
    return found


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
) -> tuple[NDArray[np.float64], BoolArray]:
    """Third brightest of the neighbours that count, inf where fewer than four do; and no one."""
    h, w = data.shape
    around = np.full((len(NEIGHBOURS), len(rows)), -np.inf)
    for k, (j, i) in enumerate(NEIGHBOURS):
        r, c = rows + j, columns + i
        inside = (r >= 0) & (r < h) & (c >= 0) & (c < w)
        r, c = np.clip(r, 0, h - 1), np.clip(c, 0, w - 1)
        around[k] = np.where(inside & ~mask[r, c], data[r, c], -np.inf)
    third = np.partition(around, -3, axis=0)[-3]
    neighbours = np.isfinite(around).sum(axis=0)
    return np.where(neighbours >= 4, third, np.inf), np.asarray(neighbours == 0)
