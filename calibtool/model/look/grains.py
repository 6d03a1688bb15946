"""Bright pixels that were taken for hot ones and are grains of a ring.

Defects lie anywhere on the detector; where they crowd on a ring, they are the ring.
"""

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, CircleLike

CROWDED = 3.0
"""So many times as many on the ring as elsewhere are no chance."""

FEW = 10


def with_grains(
    ignore: BoolArray,
    hot: tuple[NDArray[np.intp], NDArray[np.intp]],
    ring: CircleLike,
    half_width_px: float,
) -> BoolArray:
    """Return the mask with the grains of a ring counted again.

    Parameters
    ----------
    ignore : ndarray of bool, shape (H, W)
        Mask, True = ignore, the hot pixels among them.
    hot : (ndarray of int, ndarray of int), shape (N,)
        Rows and columns of the hot pixels.
    ring : CircleLike
        Where the ring is, in index pixels.
    half_width_px : float
        How far from it its light reaches.

    Returns
    -------
    ndarray of bool, shape (H, W)
        The same array where there are no grains.
    """
    rows, columns = hot
    radius = np.hypot(columns - ring.center_x_px, rows - ring.center_y_px)
    on_ring = np.abs(radius - ring.radius_px) <= half_width_px
    # Of the whole circle, also where it is not on the image: rather too many than too few.
    area = 4.0 * np.pi * ring.radius_px * half_width_px
    expected = area * len(rows) / ignore.size
    if np.count_nonzero(on_ring) <= CROWDED * expected + FEW:
        return ignore
    counted = ignore.copy()
    counted[rows[on_ring], columns[on_ring]] = False
    return counted
