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
from calibtool.model.rings.annulus import Ignore, IndexArray, annulus_pixels

Accept = Callable[[FloatArray, IndexArray], BoolArray]
"""Given values and flat cell numbers (N,): which pixels to keep."""

SMALL_INTEGERS = 2
"""Bytes; in larger integer types the largest value marks gaps, not saturation."""


@dataclass(frozen=True)
class PolarCells:
    """Sums in K azimuth sectors × B radial bins; all arrays (K, B) unless said otherwise.

    ``count`` usable pixels, ``total`` of their values, ``squares`` of their values, ``radius``
    their mean radius in px (the middle of an empty cell), ``saturated`` pixels at the largest
    value of their type. ``azimuth`` (K,) in rad, ``edges`` (B + 1,) in px; ``integral`` says
    that all values are whole and not negative; ``n_pixels`` counts ignored ones too;
    ``full_scale`` is the value of saturated pixels (infinite where the type has none).
    """

    center: tuple[float, float]
    azimuth: FloatArray
    edges: FloatArray
    count: FloatArray
    total: FloatArray
    squares: FloatArray
    radius: FloatArray
    saturated: FloatArray
    integral: bool
    n_pixels: int
    full_scale: float = np.inf

    @property
    def step(self) -> float:
        """Width of a radial bin in px."""
        return float(self.edges[1] - self.edges[0])

    @property
    def mean(self) -> FloatArray:
        """Mean value of each cell; 0 where it is empty."""
        return np.asarray(self.total / np.maximum(self.count, 1.0))

    def only(self, inside: BoolArray) -> "PolarCells":
        """The same cells, emptied but for those ``inside`` (K, B)."""
        return replace(
            self,
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
            count=self.count[:, cut],
            total=self.total[:, cut],
            squares=self.squares[:, cut],
            radius=self.radius[:, cut],
            saturated=self.saturated[:, cut],
            n_pixels=round(self.n_pixels * float(share)),
        )


def polar_cells(
    data: NDArray[Any],
    mask: Ignore | None,
    center: tuple[float, float],
    edges: FloatArray,
    n_azimuth: int,
    accept: Accept | None = None,
) -> PolarCells:
    """Sum an annulus into cells.

    Parameters
    ----------
    data, mask
        Image and mask (True = ignore), shape (H, W); mask None judges by the values.
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
    sums = np.zeros((5, n_cells))
    n_pixels, integral = 0, True
    for pixels in annulus_pixels(data, mask, center, float(edges[0]), float(edges[-1])):
        n_pixels += len(pixels.x)
        dx, dy = pixels.x - center[0], pixels.y - center[1]
        radius = np.sqrt(dx * dx + dy * dy)
        turn = (np.arctan2(dy, dx) + np.pi) * (n_azimuth / (2.0 * np.pi))
        sector = np.minimum(turn.astype(np.intp), n_azimuth - 1)
        ring = np.clip(((radius - edges[0]) * scale).astype(np.intp), 0, n_radial - 1)
        cell = sector * n_radial + ring
        _count_saturated(pixels.values, cell, sums[4])
        keep = ~pixels.ignored
        cell, radius = cell[keep], radius[keep]
        values = pixels.values[keep].astype(np.float64)
        if accept is not None:
            kept = accept(values, cell)
            cell, radius, values = cell[kept], radius[kept], values[kept]
        integral = integral and bool(np.all(values == np.floor(values)) and np.all(values >= 0))
        for row, weights in enumerate((None, values, values * values, radius)):
            sums[row] += np.bincount(cell, weights, minlength=n_cells)
    count, total, squares, radii, saturated = sums.reshape(5, n_azimuth, n_radial)
    middle = 0.5 * (edges[1:] + edges[:-1])
    azimuth = (np.arange(n_azimuth, dtype=np.float64) + 0.5) * (2.0 * np.pi / n_azimuth) - np.pi
    mean_radius = np.where(count > 0, radii / np.maximum(count, 1.0), middle)
    return PolarCells(
        center=center,
        azimuth=azimuth,
        edges=edges,
        count=count,
        total=total,
        squares=squares,
        radius=mean_radius,
        saturated=saturated,
        integral=integral,
        n_pixels=n_pixels,
        full_scale=_full_scale(data),
    )


def _full_scale(data: NDArray[Any]) -> float:
    small = data.dtype.kind == "u" and data.dtype.itemsize <= SMALL_INTEGERS
    return float(np.iinfo(data.dtype).max) if small else np.inf


def _count_saturated(values: NDArray[Any], cell: IndexArray, sums: FloatArray) -> None:
    full = cell[values == _full_scale(values)]
    if len(full):
        sums += np.bincount(full, minlength=len(sums))
