"""The image unwrapped around a geometry: sums of pixels by ring radius and azimuth."""

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

WORKERS = 2


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

    def part(rows: slice) -> list[FloatArray]:
        values, rule = image[rows], measured.ignore
        ignored = rule(values) if callable(rule) else rule[rows]
        noise = None if variance is None else variance[rows]
        return layout.sums(values, ignored, rows.start, noise)

    size = n_sectors * n_bins
    sums = [np.zeros(size) for _ in range(3 if variance is None else 4)]
    with ThreadPoolExecutor(WORKERS) as pool:
        for values in pool.map(part, _strips(*image.shape)):
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


def _strips(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, STRIP_PX // max(columns, 1))
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
    ) -> list[FloatArray]:
        """Number, sum of values, of radii (and of variances) of some rows, by cell."""
        rows, columns = image.shape
        x = np.arange(columns, dtype=np.float32)[None, :]
        y = np.arange(top, top + rows, dtype=np.float32)[:, None]
        radius = self.geometry.ring_radius(x, y)
        inside = (radius >= self.low) & (radius < self.low + self.n_bins * self.step) & ~ignore
        row, column = np.nonzero(inside)
        radius = radius[row, column]
        u = column.astype(np.float32) - np.float32(self.geometry.beam_x_px)
        v = (row + top).astype(np.float32) - np.float32(self.geometry.beam_y_px)
        turn = np.arctan2(v, u) * np.float32(0.5 / np.pi)
        sector = (turn * self.n_sectors).astype(np.intp)
        sector -= turn < 0
        np.remainder(sector, self.n_sectors, out=sector)
        cell = ((radius - np.float32(self.low)) * np.float32(1.0 / self.step)).astype(np.intp)
        np.minimum(cell, self.n_bins - 1, out=cell)
        cell += sector * self.n_bins
        size = self.n_sectors * self.n_bins
        weights = [None, image[row, column], radius]
        if variance is not None:
            weights.append(variance[row, column])
        return [np.bincount(cell, weight, size).astype(np.float64) for weight in weights]
