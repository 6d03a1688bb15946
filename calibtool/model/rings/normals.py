"""Which way the ring's normal points at clicked points."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray
from calibtool.model.rings.annulus import Ignore

FAR_PX = 1e5
"""Where the centre of curvature is put when only the direction is known."""

BLOCK, HALF_BLOCKS = 3, 8


def curvature_centers(
    data: NDArray[Any],
    mask: Ignore,
    points: FloatArray,
    center: tuple[float, float] | None,
) -> FloatArray:
    """Centre of curvature of the ring at each point, shape (N, 2).

    ``center`` where it is given; else that of the circle through three or more points; else
    far away along the direction in which the intensity around the point varies most.
    """
    if center is not None:
        return np.tile(np.asarray(center, dtype=np.float64), (len(points), 1))
    common = _circle_center(points) if len(points) >= 3 else None
    if common is not None:
        return np.tile(common, (len(points), 1))
    return np.array([p - FAR_PX * _steepest(data, mask, p) for p in points]).reshape(-1, 2)


def _circle_center(points: FloatArray) -> FloatArray | None:
    """Centre of the algebraic circle (x² + y² = 2ax + 2by + c), None when nearly a line."""
    middle = points.mean(axis=0)
    scaled = points - middle
    size = float(np.sqrt(np.mean(np.sum(scaled**2, axis=1))))
    if size == 0.0:
        return None
    scaled = scaled / size
    design = np.column_stack([2.0 * scaled, np.ones(len(points))])
    fitted, _, rank, _ = np.linalg.lstsq(design, np.sum(scaled**2, axis=1), rcond=1e-6)
    if rank < 3 or np.hypot(fitted[0], fitted[1]) > 100.0:
        return None
    return np.asarray(middle + size * fitted[:2])


def _steepest(data: NDArray[Any], mask: Ignore, point: FloatArray) -> FloatArray:
    """Unit vector of the largest mean square gradient around a point (structure tensor)."""
    half = BLOCK * HALF_BLOCKS
    low = np.maximum(np.round(point).astype(int) - half, 0)
    window = (slice(low[1], low[1] + 2 * half), slice(low[0], low[0] + 2 * half))
    values = data[window]
    ignored = (mask(values) if callable(mask) else mask[window]) | ~np.isfinite(values)
    rows, columns = (size // BLOCK for size in values.shape)
    if rows < 2 or columns < 2:
        return np.array([1.0, 0.0])
    blocks = (slice(rows * BLOCK), slice(columns * BLOCK))
    shape = (rows, BLOCK, columns, BLOCK)
    usable = (~ignored[blocks]).reshape(shape)
    total = np.where(usable, values[blocks].reshape(shape), 0).astype(np.float64).sum(axis=(1, 3))
    count = usable.sum(axis=(1, 3))
    mean = total / np.maximum(count, 1)
    gy, gx = np.gradient(mean)
    # A gradient towards an empty block is that of the mask.
    sound = count > 0
    sound[1:] &= count[:-1] > 0
    sound[:-1] &= count[1:] > 0
    sound[:, 1:] &= count[:, :-1] > 0
    sound[:, :-1] &= count[:, 1:] > 0
    gx, gy = np.where(sound, gx, 0.0), np.where(sound, gy, 0.0)
    tensor = np.array([[np.sum(gx * gx), np.sum(gx * gy)], [np.sum(gx * gy), np.sum(gy * gy)]])
    return np.asarray(np.linalg.eigh(tensor)[1][:, 1])
