"""Profiles along the ring's normal through single points."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray
from calibtool.model.rings.annulus import Ignore, ignored_pixels
from calibtool.model.rings.polar import PolarCells


def normal_strips(
    data: NDArray[Any],
    mask: Ignore,
    points: FloatArray,
    centers: FloatArray,
    *,
    half_length: float,
    half_width: float,
    step: float,
) -> PolarCells:
    """Sums of the pixels around each point against the distance along the ring's normal.

    Parameters
    ----------
    data, mask
        Image, shape (H, W), and its mask (True = ignore) or the rule for it.
    points, centers : ndarray, shape (N, 2)
        (x, y) of the points, and of the centre of curvature at each.
    half_length, half_width : float
        Of the strip, along the normal and along the ring, in px.
    step : float
        Width of a bin along the normal in px.

    Returns
    -------
    PolarCells
        A row a point; ``edges`` and ``radius`` count from the point outward, and follow the
        ring's curvature.
    """
    n_half = int(np.ceil(half_length / step))
    edges = step * np.arange(-n_half, n_half + 1, dtype=np.float64)
    sums = np.zeros((4, len(points), 2 * n_half))
    integral = True
    for row, (point, center) in enumerate(zip(points, centers, strict=True)):
        along, values = _strip(data, mask, point, center, edges[-1], half_width)
        index = np.clip((along / step + n_half).astype(np.intp), 0, 2 * n_half - 1)
        integral = integral and bool(np.all((values == np.floor(values)) & (values >= 0)))
        for part, weights in enumerate((None, values, values * values, along)):
            sums[part, row] = np.bincount(index, weights, minlength=2 * n_half)
    count = sums[0]
    middle = 0.5 * (edges[1:] + edges[:-1])
    radius = np.where(count > 0, sums[3] / np.maximum(count, 1.0), middle)
    none = np.zeros_like(count)
    return PolarCells(
        center=(0.0, 0.0),
        azimuth=np.zeros(len(points)),
        edges=edges,
        number=count,
        count=count,
        total=sums[1],
        squares=sums[2],
        radius=radius,
        saturated=none,
        integral=integral,
        n_pixels=int(count.sum()),
    )


def _strip(
    data: NDArray[Any],
    mask: Ignore,
    point: FloatArray,
    center: FloatArray,
    half_length: float,
    half_width: float,
) -> tuple[FloatArray, FloatArray]:
    """Distance along the normal and value of each usable pixel of one strip."""
    arm = point - center
    radius = float(np.hypot(*arm))
    normal = arm / radius
    steep = int(abs(normal[1]) > abs(normal[0]))
    line = np.arange(
        int(np.ceil(point[steep] - half_length * abs(normal[steep]))) - 1,
        int(point[steep] + half_length * abs(normal[steep])) + 2,
    )
    line = line[(line >= 0) & (line < data.shape[1 - steep])]
    slope = normal[1 - steep] / normal[steep]
    half = int(np.ceil(half_width / abs(normal[steep]))) + 1
    middle = np.round(point[1 - steep] + (line - point[steep]) * slope).astype(int)
    other = middle[:, None] + np.arange(-half, half + 1)
    first, second = np.broadcast_arrays(line[:, None], other)
    x, y = (second, first) if steep else (first, second)
    present = (other >= 0) & (other < data.shape[steep])
    x, y = x[present], y[present]
    dx, dy = x - center[0], y - center[1]
    along = np.sqrt(dx * dx + dy * dy) - radius
    across = normal[0] * dy - normal[1] * dx
    outward = normal[0] * dx + normal[1] * dy > 0
    inside = (np.abs(along) < half_length) & (np.abs(across) <= half_width) & outward
    x, y, along = x[inside], y[inside], along[inside]
    values = data[y, x]
    usable = ~ignored_pixels(mask, x, y, values)
    return along[usable], values[usable].astype(np.float64)
