"""The pattern unrolled for the eye: azimuth against ring radius, a ring that fits is straight."""

import math
from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.unwrap import unwrap
from calibtool.model.rings.annulus import Measured

FINE_PX = 0.25
"""Width in px of a cell beside one ring, where a tenth of a pixel is to be seen."""
CELLS = 400
"""Cells across the radii of all rings."""
LEAST_PIXELS = 3.0
"""Pixels that a cell has on the average, so that few are empty."""
GAP_PX = 1.5
"""Pixels farther apart have masked ones between them."""
SECTORS = (36, 360)


@dataclass(frozen=True, eq=False)
class Unrolled:
    """Mean intensity by ring radius and azimuth.

    ``mean`` (B, S): row k at ring radii from ``low_px + k·step_px`` on, column j at azimuths from
    -180° + j·360°/S on, 0° along +x and 90° down in the image; NaN where there is no usable
    pixel.
    """

    mean: FloatArray
    low_px: float
    step_px: float
    geometry: Geometry

    @property
    def high_px(self) -> float:
        """Upper end of the last row."""
        return self.low_px + self.step_px * len(self.mean)


def unroll(measured: Measured, geometry: Geometry, span: tuple[float, float]) -> Unrolled:
    """Unroll the pixels between two ring radii.

    Parameters
    ----------
    measured : Measured
        Intensities (H, W) and which of them to ignore.
    geometry : Geometry
        Beam, distance and tilt.
    span : (float, float)
        Least and largest ring radius, in px.
    """
    low, high = max(span[0], 0.0), span[1]
    step = max(FINE_PX, (high - low) / CELLS)
    per_turn = 2.0 * math.pi * low * step / LEAST_PIXELS
    # An even number, so that half a turn is whole sectors.
    n_sectors = 2 * (int(min(max(per_turn, SECTORS[0]), SECTORS[1])) // 2)
    cells = unwrap(measured, geometry, step=step, n_sectors=n_sectors, span=(low, high))
    mean = np.stack([
        _bridged(counts > 0, means, radii, low + step * (np.arange(counts.size) + 0.5))
        for counts, means, radii in zip(cells.count, cells.mean, cells.radius, strict=True)
    ])  # fmt: skip
    return Unrolled(np.roll(mean, n_sectors // 2, axis=0).T, low, step, geometry)


def _bridged(
    seen: BoolArray, mean: FloatArray, radius: FloatArray, middle: FloatArray
) -> FloatArray:
    """Intensities (B,) at the cells' middles, between those of pixels no more than a gap apart.

    Along rows and columns of the image pixels lie at whole distances, between which cells are
    empty though nothing is masked there.
    """
    if np.count_nonzero(seen) < 2:
        return np.where(seen, mean, np.nan)
    known = radius[seen]
    after = np.clip(np.searchsorted(known, middle), 1, known.size - 1)
    bridged = (known[after] - known[after - 1] <= GAP_PX) & (middle >= known[0])
    bridged &= middle <= known[-1]
    return np.where(seen | bridged, np.interp(middle, known, mean[seen]), np.nan)
