"""Sums over the pixels of an annulus in cells of azimuth and radius.

A cell much narrower than the ring keeps all the information about it (the loss of a bin of
width Δ on a Gaussian of width σ is of the order (Δ/σ)²/12), so that a fit of some thousand
cells replaces one of a million pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.rings.annulus import IndexArray, Measured, Pixels, annulus_pixels

Accept = Callable[[FloatArray, IndexArray], BoolArray]
"""Given values and flat cell numbers (N,): which pixels to keep."""

SMALL_INTEGERS = 2
"""Bytes; in larger integer types the largest value marks gaps, not saturation."""


@dataclass(frozen=True)
class PolarCells:
    """Sums in K azimuth sectors × B radial bins; all arrays (K, B) unless said otherwise.

    ``number`` of usable pixels and ``count``, in which each counts by its weight (1, or
    ``unit`` over its variance where that is known); ``total`` of the weighted values,
    ``squares`` of the weighted squares, ``radius`` their mean radius in px (the middle of an
    empty cell), ``saturated`` pixels at the largest value of their type. ``azimuth`` (K,) in
    rad, ``edges`` (B + 1,) in px; ``integral`` says that all values are whole, not negative
    and of equal weight; ``n_pixels`` counts ignored ones too; ``full_scale`` is the value of
    saturated pixels (infinite where the type has none). ``unit`` is the variance of a pixel of
    weight 1, None where the variances are not known.
    """

    center: tuple[float, float]
    azimuth: FloatArray
    edges: FloatArray
    number: FloatArray
    count: FloatArray
    total: FloatArray
    squares: FloatArray
    radius: FloatArray
    saturated: FloatArray
    integral: bool
    n_pixels: int
    full_scale: float = np.inf
    unit: float | None = None

    @property
    def step(self) -> float:
        """Width of a radial bin in px."""
        return float(self.edges[1] - self.edges[0])

    @property
    def mean(self) -> FloatArray:
        """Mean value of each cell; 0 where it is empty."""
        return _ratio(self.total, self.count)

    def only(self, inside: BoolArray) -> "PolarCells":
        """The same cells, emptied but for those ``inside`` (K, B)."""
        return replace(
            self,
            number=np.where(inside, self.number, 0.0),
            count=np.where(inside, self.count, 0.0),
            total=np.where(inside, self.total, 0.0),
            squares=np.where(inside, self.squares, 0.0),
        )

    def between(self, low: float, high: float) -> "PolarCells":
        """The bins whose middle lies between two radii in px."""
        middle = 0.5 * (self.edges[1:] + self.edges[:-1])
        chosen = np.flatnonzero((middle >= low) & (middle <= high))
        if len(chosen) < 2 or len(chosen) == len(middle):
            return self
        cut = slice(int(chosen[0]), int(chosen[-1]) + 1)
        area = self.edges**2
        share = (area[cut.stop] - area[cut.start]) / (area[-1] - area[0])
        return replace(
            self,
            edges=self.edges[cut.start : cut.stop + 1],
            number=self.number[:, cut],
            count=self.count[:, cut],
            total=self.total[:, cut],
            squares=self.squares[:, cut],
            radius=self.radius[:, cut],
            saturated=self.saturated[:, cut],
            n_pixels=round(self.n_pixels * float(share)),
        )


def polar_cells(
    image: Measured,
    center: tuple[float, float],
    edges: FloatArray,
    n_azimuth: int,
    accept: Accept | None = None,
) -> PolarCells:
    """Sum an annulus into cells.

    Parameters
    ----------
    image : Measured
        The image; where its variances are known, pixels count by them.
    center : (float, float)
        (x, y) in index pixels.
    edges : ndarray, shape (B + 1,)
        Equally spaced radii in px.
    n_azimuth : int
        Number of sectors; the first begins at −π.
    accept : callable, optional
        Further choice of pixels.

    Returns
    -------
    PolarCells
    """
    n_radial = len(edges) - 1
    n_cells = n_azimuth * n_radial
    scale = 1.0 / (edges[1] - edges[0])
    sums = np.zeros((6, n_cells))
    n_pixels, integral = 0, image.variance is None
    low, high = float(edges[0]), float(edges[-1])
    for pixels in annulus_pixels(image.data, image.ignore, center, low, high):
        n_pixels += len(pixels.x)
        dx, dy = pixels.x - center[0], pixels.y - center[1]
        radius = np.sqrt(dx * dx + dy * dy)
        turn = (np.arctan2(dy, dx) + np.pi) * (n_azimuth / (2.0 * np.pi))
        sector = np.minimum(turn.astype(np.intp), n_azimuth - 1)
        ring = np.clip(((radius - edges[0]) * scale).astype(np.intp), 0, n_radial - 1)
        cell = sector * n_radial + ring
        _count_saturated(pixels.values, cell, sums[5])
        keep = ~pixels.ignored
        if accept is not None:
            keep[keep] = accept(pixels.values[keep].astype(np.float64), cell[keep])
        cell, values = cell[keep], pixels.values[keep].astype(np.float64)
        integral = integral and bool(np.all(values == np.floor(values)) and np.all(values >= 0))
        sums[0] += np.bincount(cell, minlength=n_cells)
        for row, term in enumerate(_terms(image, pixels, keep, values, radius[keep])):
            sums[row + 1] += np.bincount(cell, term, minlength=n_cells)
    unit = None
    if image.variance is not None:
        # Weights of 1 on the average, so that the sum of them still counts pixels.
        unit = float(sums[0].sum()) / max(float(sums[1].sum()), 1e-300)
        sums[1:5] *= unit
    number, count, total, squares, radii, saturated = sums.reshape(6, n_azimuth, n_radial)
    middle = 0.5 * (edges[1:] + edges[:-1])
    azimuth = (np.arange(n_azimuth, dtype=np.float64) + 0.5) * (2.0 * np.pi / n_azimuth) - np.pi
    return PolarCells(
        center=center,
        azimuth=azimuth,
        edges=edges,
        number=number,
        count=count,
        total=total,
        squares=squares,
        radius=np.where(count > 0, _ratio(radii, count), middle),
        saturated=saturated,
        integral=integral,
        n_pixels=n_pixels,
        full_scale=_full_scale(image.data),
        unit=unit,
    )


def _terms(
    image: Measured, pixels: Pixels, keep: BoolArray, values: FloatArray, radius: FloatArray
) -> tuple[FloatArray | None, ...]:
    """What to sum over each cell: weight (None = 1), and weighted values, squares and radii."""
    if image.variance is None:
        return None, values, values * values, radius
    weight = 1.0 / image.variance[pixels.y[keep], pixels.x[keep]].astype(np.float64)
    return weight, weight * values, weight * values * values, weight * radius


def _ratio(total: FloatArray, count: FloatArray) -> FloatArray:
    """Mean of each cell; 0 where it is empty."""
    return np.asarray(np.divide(total, count, out=np.zeros_like(total), where=count > 0))


def _full_scale(data: NDArray[Any]) -> float:
    small = data.dtype.kind == "u" and data.dtype.itemsize <= SMALL_INTEGERS
    return float(np.iinfo(data.dtype).max) if small else np.inf


def _count_saturated(values: NDArray[Any], cell: IndexArray, sums: FloatArray) -> None:
    full = cell[values == _full_scale(values)]
    if len(full):
        sums += np.bincount(full, minlength=len(sums))
