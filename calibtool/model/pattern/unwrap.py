"""The image unwrapped around a geometry: sums of pixels by ring radius and azimuth."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.rings.annulus import Measured

STRIP_PX = 1 << 17
"""Pixels looked at together: enough for numpy to be fast, little enough to stay in the cache."""

PER_CELL = 8
"""Pixels looked at together for each cell, as adding up the cells of a strip takes time, too."""

WORKERS = 2

DIRECTIONS = 1 << 16
"""Directions told apart around the beam: 0.005°, a tenth of a pixel at 1000 px."""


@dataclass(frozen=True, eq=False)
class Unwrapped:
    """Pixels gathered in cells of ring radius (columns) and azimuth (rows).

    Column k holds ring radii from ``low + k·step`` on, row j azimuths around
    ``azimuth[j]``. ``count`` (S, B) is the number of usable pixels, ``mean`` (S, B) their mean
    value, ``radius`` (S, B) their mean ring radius, ``noise`` (S, B) the mean of the variances
    given with the image, or None.
    """

    geometry: Geometry
    low: float
    step: float
    azimuth: FloatArray
    count: FloatArray
    mean: FloatArray
    radius: FloatArray
    noise: FloatArray | None = None

    def columns(self, low: float, high: float) -> slice:
        """Columns between two ring radii."""
        first = max(0, int(np.floor((low - self.low) / self.step)))
        last = min(self.count.shape[1], int(np.ceil((high - self.low) / self.step)))
        return slice(first, max(first, last))


def unwrap(
    measured: Measured,
    geometry: Geometry,
    *,
    step: float,
    n_sectors: int,
    span: tuple[float, float],
) -> Unwrapped:
    """Gather the pixels of an image by ring radius and azimuth.

    Parameters
    ----------
    measured : Measured
        Intensities (H, W), what to ignore, and the variance of each pixel where it is known.
    geometry : Geometry
        Which ring radius and azimuth a pixel has.
    step : float
        Width of a cell in ring radius, in px.
    n_sectors : int
        Number of azimuths.
    span : (float, float)
        Least and largest ring radius, in px.
    """
    from concurrent.futures import ThreadPoolExecutor

    n_bins = max(1, int(np.ceil((span[1] - span[0]) / step)))
    layout = _Layout(geometry, span[0], step, n_sectors, n_bins)

    image, variance = measured.data, measured.variance

    def part(rows: slice) -> list[NDArray[Any]]:
        values, rule = image[rows], measured.ignore
        ignored = rule(values) if callable(rule) else rule[rows]
        noise = None if variance is None else variance[rows]
        return layout.sums(values, ignored, rows.start, noise)

    size = n_sectors * n_bins
    sums = [np.zeros(size) for _ in range(3 if variance is None else 4)]
    with ThreadPoolExecutor(WORKERS) as pool:
        for values in pool.map(part, _strips(image.shape, max(STRIP_PX, PER_CELL * size))):
            for total, value in zip(sums, values, strict=True):
                total += value
    shape = (n_sectors, n_bins)
    count, value, radius, *noise = (total.reshape(shape) for total in sums)
    many = np.maximum(count, 1.0)
    middle = span[0] + step * (np.arange(n_bins) + 0.5)
    return Unwrapped(
        geometry,
        span[0],
        step,
        np.asarray((np.arange(n_sectors) + 0.5) * (2.0 * np.pi / n_sectors), dtype=np.float64),
        np.asarray(count, dtype=np.float64),
        np.asarray(value / many).astype(np.float64),
        np.where(count > 0, radius / many, middle),
        np.where(count > 0, noise[0] / many, 1.0) if noise else None,
    )


def _strips(shape: tuple[int, ...], size: int) -> Iterator[slice]:
    rows, columns = shape
    step = max(1, size // max(columns, 1))
    return (slice(top, min(top + step, rows)) for top in range(0, rows, step))


@dataclass(frozen=True)
class _Layout:
    geometry: Geometry
    low: float
    step: float
    n_sectors: int
    n_bins: int

    def sums(
        self,
        image: NDArray[Any],
        ignore: BoolArray,
        top: int,
        variance: NDArray[Any] | None,
    ) -> list[NDArray[Any]]:
        """Number, sum of values, of radii (and of variances) of some rows, by cell."""
        rows, columns = image.shape
        x = np.arange(columns, dtype=np.float32)[None, :]
        y = np.arange(top, top + rows, dtype=np.float32)[:, None]
        radius = self.geometry.ring_radius(x, y)
        column = (radius - np.float32(self.low)) * np.float32(1.0 / self.step)
        inside = np.flatnonzero((column >= 0.0) & (column < self.n_bins) & ~ignore)
        u, v = x - np.float32(self.geometry.beam_x_px), y - np.float32(self.geometry.beam_y_px)
        first = _sector(self.n_sectors) * np.int32(self.n_bins)
        cell = first.take(_direction(u, v).take(inside)) + column.take(inside).astype(np.int32)
        values = [None, image.take(inside), radius.take(inside)]
        if variance is not None:
            values.append(variance.take(inside))
        size = self.n_sectors * self.n_bins
        return [np.bincount(cell, value, size) for value in values]


def _direction(u: NDArray[np.float32], v: NDArray[np.float32]) -> NDArray[np.int32]:
    """Number of the direction (0…`DIRECTIONS`) of positions around the beam, from −90° on.

    It follows a walk around a square, which costs a fifth of an arc tangent.
    """
    walk = v / np.maximum(np.abs(u) + np.abs(v), np.float32(1e-6))
    np.subtract(np.float32(2.0), walk, out=walk, where=u < 0.0)
    walk += np.float32(1.0)
    walk *= np.float32(DIRECTIONS / 4.0)
    return np.asarray(walk.astype(np.int32))


@functools.cache
def _sector(n_sectors: int) -> NDArray[np.int32]:
    """The sector of each direction; the last direction is the first one, reached by rounding."""
    walk = (np.arange(DIRECTIONS + 1) % DIRECTIONS + 0.5) * (4.0 / DIRECTIONS) - 1.0
    across = np.where(walk < 1.0, walk, 2.0 - walk)
    along = np.where(walk < 1.0, 1.0 - np.abs(across), np.abs(across) - 1.0)
    turn = np.arctan2(across, along) * (0.5 / np.pi) % 1.0
    return (turn * n_sectors).astype(np.int32)
