"""An image at 1, 1/2, 1/4 … of its size, so that a frame costs what the screen costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST_SIDE = 32
ROWS_PER_STEP = 64
MOST_CHANGED = 1_000_000
"""Pixels that are reduced again at once; more are left to `Pyramid.build`."""

SQRT_2 = 2**0.5


@dataclass(frozen=True, eq=False)
class Level:
    """An image reduced by ``factor``: ``values`` and ``mask`` of the same shape.

    Pixel (i, j) covers the columns ``factor``·i … ``factor``·(i+1) − 1 of the full image and
    the rows likewise. A reduced pixel is the mean of its valid pixels and masked where it has
    none.
    """

    values: NDArray[Any]
    mask: NDArray[np.bool_]
    factor: int

    def skipping(self, step: int) -> "Level":
        """Every ``step``-th row and column, without a copy: what there is before the means."""
        if step < 2:
            return self
        part = slice(None, None, step), slice(None, None, step)
        return Level(self.values[part], self.mask[part], self.factor * step)


class Pyramid:
    """Levels of one image, built a few rows at a time so that no event has to wait.

    Parameters
    ----------
    data, mask : ndarray, shape (H, W)
        The image, kept without a copy; mask True = ignored.

    Notes
    -----
    The reduced levels are float32 and take together 4/3 byte a pixel of the image for the
    values and 1/3 for the masks.
    """

    def __init__(self, data: NDArray[Any], mask: NDArray[Any]) -> None:
        self.levels = [Level(data, np.asarray(mask, dtype=bool), 1)]

    def build(self) -> Iterator[None]:
        """Add the reduced levels; one step of the iterator is a few milliseconds."""
        while min(self.levels[-1].values.shape) >= 2 * SMALLEST_SIDE:
            finer = self.levels[-1]
            shape = tuple((side + 1) // 2 for side in finer.values.shape)
            values = np.empty(shape, dtype=np.float32)
            mask = np.empty(shape, dtype=bool)
            for top in range(0, shape[0], ROWS_PER_STEP):
                rows = slice(top, min(top + ROWS_PER_STEP, shape[0]))
                fine_rows = slice(2 * rows.start, 2 * rows.stop)
                values[rows], mask[rows] = halved(finer.values[fine_rows], finer.mask[fine_rows])
                yield
            self.levels.append(Level(values, mask, 2 * finer.factor))

    def remasked(self, mask: NDArray[np.bool_]) -> "Pyramid":
        """The same pixels under another mask; what few pixels it changes is done at once.

        Takes over the reduced levels, so that this pyramid must not be used any more.
        """
        other = Pyramid(self.levels[0].values, mask)
        changed = _changed(self.levels[0].mask, mask)
        if changed is None:
            other.levels += self.levels[1:]
            return other
        rows, columns = changed
        if (rows.stop - rows.start) * (columns.stop - columns.start) > MOST_CHANGED:
            return other
        for level in self.levels[1:]:
            finer = other.levels[-1]
            rows, columns = _half(rows), _half(columns)
            fine = _double(rows), _double(columns)
            coarse = halved(finer.values[fine], finer.mask[fine])
            level.values[rows, columns], level.mask[rows, columns] = coarse
            other.levels.append(Level(level.values, level.mask, level.factor))
        return other

    def level_for(self, scale: float) -> Level:
        """Level whose pixels are nearest in size to those of a screen.

        Until the means are made, rows and columns are left out in their stead.

        Parameters
        ----------
        scale : float
            Screen pixels per pixel of the full image.
        """
        best = self.levels[0]
        for level in self.levels[1:]:
            # Half an octave finer than the screen at most: coarser would look blocky.
            if level.factor * scale <= SQRT_2:
                best = level
        return best.skipping(int(SQRT_2 / (best.factor * scale)))


def _half(part: slice) -> slice:
    return slice(part.start // 2, (part.stop + 1) // 2)


def _double(part: slice) -> slice:
    return slice(2 * part.start, 2 * part.stop)


def _changed(before: NDArray[np.bool_], now: NDArray[np.bool_]) -> tuple[slice, slice] | None:
    """Rows and columns in which two masks differ, None where they are alike."""
    tops, differs = [], np.zeros(now.shape[1], dtype=np.uint8)
    for top in range(0, len(now), ROWS_PER_STEP):
        band = slice(top, top + ROWS_PER_STEP)
        if not np.array_equal(before[band], now[band]):
            tops.append(top)
            # Of bytes the maximum is found faster than of booleans whether there is any.
            differs |= (before[band] != now[band]).view(np.uint8).max(axis=0)
    if not tops:
        return None
    columns = np.flatnonzero(differs)
    rows = slice(tops[0], min(tops[-1] + ROWS_PER_STEP, len(now)))
    return rows, slice(int(columns[0]), int(columns[-1]) + 1)


def halved(
    values: NDArray[Any], mask: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Mean of the valid pixels of each 2 × 2 block.

    Parameters
    ----------
    values, mask : ndarray, shape (h, w)
        Part of an image; an odd last row or column counts as half of a block.

    Returns
    -------
    values, mask : ndarray, shape (⌈h/2⌉, ⌈w/2⌉)
        A block without a valid pixel has the value 0 and is masked.
    """
    odd = tuple((0, side % 2) for side in values.shape)
    if any(extra for _, extra in odd):
        values = np.pad(values, odd)
        mask = np.pad(mask, odd, constant_values=True)
    with np.errstate(invalid="ignore", over="ignore"):
        return _means(values, mask)


def _means(
    values: NDArray[Any], mask: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    if not mask.any():
        pairs = np.add(values[0::2], values[1::2], dtype=np.float32)
        return (pairs[:, 0::2] + pairs[:, 1::2]) * np.float32(0.25), mask[::2, ::2].copy()
    valid: NDArray[np.float32] = np.where(mask, 0, values).astype(np.float32)
    count = (~mask).astype(np.uint8)
    rows, count = valid[0::2] + valid[1::2], count[0::2] + count[1::2]
    total, count = rows[:, 0::2] + rows[:, 1::2], count[:, 0::2] + count[:, 1::2]
    mean = np.divide(total, np.maximum(count, 1), dtype=np.float32)
    return mean, np.asarray(count == 0)
