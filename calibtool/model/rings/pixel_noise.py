"""The noise of single pixels near a ring, and which of them it cannot explain."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.rings.annulus import IndexArray
from calibtool.model.rings.polar import Accept, PolarCells

BLOCKS = 6
"""Radial blocks a sector is cut into, to see the ordinary scatter beside hot pixels."""

EXPECTED_WITHIN = 0.1
"""Values that scatter as expected to this share are taken to do so exactly."""

LIMIT = 6.0
"""A pixel is set aside beyond so many σ, and so many counts more (few counts are skewed)."""


FEWEST, GROUP, MOST_BINS = 3, 14.0, 15
"""Other pixels there must be for one to be judged; how many are wanted; from how many bins."""

UNLIKE = 6.0
"""Standard deviations of χ² from which the pixels of a sector scatter unlike the others."""


@dataclass(frozen=True)
class Noise:
    """Variance of one pixel of weight 1 with mean m: ``max(alpha + beta·m, floor)``.

    ``expected`` where it is exactly Poisson's, or the variance that is known of the pixels.
    """

    alpha: float
    beta: float
    floor: float
    expected: bool = False

    def variance(self, mean: FloatArray) -> FloatArray:
        """Variance for each mean."""
        return np.maximum(self.alpha + self.beta * mean, self.floor)


def scatter_of_all(cells: PolarCells) -> Noise:
    """One variance for all pixels: the typical scatter within the cells."""
    level = _typical(_within(cells), np.maximum(cells.number - 1.0, 0.0))
    return Noise(max(level, 1e-300), 0.0, max(1e-3 * level, 1e-300))


def estimate_noise(cells: PolarCells, mean: FloatArray, slope: FloatArray) -> Noise:
    """Variance of a pixel as a line of its mean, from the squared distances to the model.

    What the model does not describe counts as noise: a skewed or textured ring is then
    weighted more evenly than its counts alone would have it.

    Parameters
    ----------
    cells : PolarCells
        The data.
    mean, slope : ndarray, shape (K, B)
        Expected values, and their derivative along the radius, which explains some scatter.

    Returns
    -------
    Noise
        Exactly Poisson where the values are whole numbers and scatter as such within 10 %, and
        exactly the known variance where they scatter by that.
    """
    total = max(float(cells.number.sum()), 1.0)
    square = residual_squares(cells, mean, slope)
    sample = float(square.sum()) / total
    middle = float(np.sum(cells.number * mean)) / total
    floor = max(0.02 * sample, 1e-300)
    if cells.integral and middle > 0 and abs(sample / middle - 1.0) < EXPECTED_WITHIN:
        return Noise(0.0, 1.0, 0.02 * middle, expected=True)
    if cells.unit is not None and abs(sample / cells.unit - 1.0) < EXPECTED_WITHIN:
        return Noise(cells.unit, 0.0, floor, expected=True)
    return _line(square, cells.number, mean - middle, middle, max(sample, 1e-300), floor)


def dispersion(cells: PolarCells, n_sectors: int, mean: FloatArray, noise: Noise) -> FloatArray:
    """How many times more than the typical sector's the pixels of each scatter, shape (K,).

    1 unless it is more than chance allows: the edge of a shadow or a bright grain in a sector
    makes two populations of its pixels, and their mean profile says little of the ring. Only
    the scatter within cells counts, so a profile of another shape is not taken for that.
    """
    square = (_within(cells) / noise.variance(mean)).reshape(n_sectors, -1).sum(axis=1)
    free = np.maximum(cells.number - 1.0, 0.0).reshape(n_sectors, -1).sum(axis=1)
    ratio = square / np.maximum(free, 1.0)
    typical = float(np.median(ratio[free > 0])) if np.any(free > 0) else 0.0
    if typical <= 0.0:
        return np.ones(n_sectors)
    ratio /= typical
    chance = 1.0 + UNLIKE * np.sqrt(2.0 / np.maximum(free, 1.0))
    return np.asarray(np.where(ratio > chance, ratio, 1.0))


def residual_squares(cells: PolarCells, mean: FloatArray, slope: FloatArray) -> FloatArray:
    """Sum of the squared distances of each cell's pixels from the model, shape (K, B)."""
    square = cells.squares - 2.0 * mean * cells.total + cells.count * mean**2
    # The ring's own slope within a cell is no misfit (a bad model must not explain all away).
    spread = cells.count * (slope * cells.step) ** 2 / 12.0
    return np.asarray(np.maximum(square - np.minimum(spread, 0.9 * square), 0.0))


def _within(cells: PolarCells) -> FloatArray:
    """Sum of the squared distances of each cell's pixels from their own mean."""
    return np.asarray(np.maximum(cells.squares - cells.count * cells.mean**2, 0.0))


def _typical(scatter: FloatArray, free: FloatArray) -> float:
    """Median over blocks of cells of the variance within."""
    columns = np.array_split(np.arange(scatter.shape[1]), min(BLOCKS, scatter.shape[1]))
    sums = np.stack([scatter[:, part].sum(axis=1) for part in columns])
    frees = np.stack([free[:, part].sum(axis=1) for part in columns])
    seen = frees > 0
    if not seen.any():
        return 0.0
    return float(np.median(sums[seen] / frees[seen]))


def _line(
    scatter: FloatArray,
    free: FloatArray,
    offset: FloatArray,
    middle: float,
    sample: float,
    floor: float,
) -> Noise:
    value = np.divide(scatter, free, out=np.zeros_like(scatter), where=free > 0)
    level, beta = sample, 0.0
    for _ in range(4):
        variance = np.maximum(level + beta * offset, 0.05 * sample)
        weight = free / variance**2
        s0, s1, s2 = (float((weight * offset**power).sum()) for power in (0, 1, 2))
        y0, y1 = (float((weight * offset**power * value).sum()) for power in (0, 1))
        det = s0 * s2 - s1**2
        if not det > 1e-9 * s0 * s2:
            break
        beta = max((s0 * y1 - s1 * y0) / det, 0.0)
        level = (y0 - beta * s1) / s0
    return Noise(level - beta * middle, beta, floor)


def standing_out(cells: PolarCells) -> Accept | None:
    """A choice of pixels without those that stand out of their surroundings, or None for all.

    A pixel is compared with the others of its cell and of the cells next to it along the
    radius: with their mean, and with their scatter or the typical one, whichever is larger.
    So neither a texture nor a slope makes a pixel hot.

    Parameters
    ----------
    cells : PolarCells
        The data.

    Returns
    -------
    callable or None
        To be given to `polar_cells` with the same edges.
    """
    if not cells.count.any():
        return None
    width = _group_width(cells)
    count, total, squares = (
        _summed(values, width) for values in (cells.count, cells.total, cells.squares)
    )
    within = np.maximum(squares - total**2 / np.maximum(count, 1.0), 0.0)
    least = _typical(within, np.maximum(count - 1.0, 0.0))
    skew = 1.0 if cells.integral else 0.0
    if not np.any(within > _most(count, total, least) + 0.7 * (LIMIT * skew) ** 2):
        return None
    count, total, squares = count.ravel(), total.ravel(), squares.ravel()

    def accept(values: FloatArray, cell: IndexArray) -> BoolArray:
        others = count[cell] - 1.0
        safe = np.maximum(others, 1.0)
        mean = (total[cell] - values) / safe
        scatter = np.maximum((squares[cell] - values**2) / safe - mean**2, least)
        far = np.abs(values - mean) > LIMIT * (np.sqrt(scatter) + skew)
        return np.asarray(~far | (others < FEWEST))

    return accept


def _most(count: FloatArray, total: FloatArray, least: float) -> FloatArray:
    """Sum of squares that ordinary pixels make at most: brighter places scatter more."""
    mean = total / np.maximum(count, 1.0)
    usual = float(np.median(mean[count > 0]))
    variance = least * np.maximum(mean / usual, 1.0) if usual > 0 else np.full(mean.shape, least)
    return np.asarray(variance * (count + 6.0 * np.sqrt(2.0 * count) + 0.7 * LIMIT**2))


def _group_width(cells: PolarCells) -> int:
    """Odd number of radial bins that hold enough pixels to judge one of them."""
    filled = cells.count[cells.count > 0]
    usual = max(float(np.mean(filled)), 0.5) if len(filled) else 1.0
    return 2 * min(int(GROUP / usual / 2.0), MOST_BINS // 2) + 1


def _summed(values: FloatArray, width: int) -> FloatArray:
    """Sum over ``width`` neighbours along the second axis."""
    half = width // 2
    padded = np.pad(values, ((0, 0), (half + 1, half)))
    running = np.cumsum(padded, axis=1)
    return np.asarray(running[:, width:] - running[:, :-width])
