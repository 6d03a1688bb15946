"""Take the light of a neighbouring ring out of the window of a ring.

A neighbour less than five widths away reaches under the ring, on one side only, and pulls its
radius. Both are fitted together to the mean profile, as Gaussians of one width on a line, and
the neighbour's share is subtracted from every cell.
"""

from dataclasses import replace

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.ring_model import RingState

STEPS = 25
LEAST_APART = 2.2
"""Widths two rings of one width must be apart to show two maxima (2 σ) for certain."""

CLEAR = 5.0
"""σ by which the neighbour must stand out."""


def without_neighbour(
    cells: PolarCells, state: RingState, inner: float, outer: float, reach: float
) -> PolarCells:
    """Subtract the neighbour that cuts the window, if it can be told.

    Parameters
    ----------
    cells : PolarCells
        Around the ring's centre, and so far that the neighbour lies within.
    state : RingState
        The ring.
    inner, outer : float
        Window of the ring in px (`ring_window`).
    reach : float
        Half-length in px of a window that nothing cuts.
    """
    sides = [side for side, half in ((-1.0, -inner), (1.0, outer)) if half < 0.999 * reach]
    for side in sides:
        valley = -inner if side < 0 else outer
        cells = _subtracted(cells, state, side, valley)
    return cells


def _subtracted(cells: PolarCells, state: RingState, side: float, valley: float) -> PolarCells:
    count = cells.count.sum(axis=0)
    middle = 0.5 * (cells.edges[1:] + cells.edges[:-1])
    t = side * (middle - state.radius)
    used = (count > 0) & (t > -valley)
    level = cells.total.sum(axis=0) / np.maximum(count, 1.0)
    beyond = used & (t > valley)
    if np.count_nonzero(beyond) < 3 or np.count_nonzero(used) < 12:
        return cells
    place = float(t[beyond][np.argmax(level[beyond])])
    if place > t[used].max() - 0.5 * state.sigma:
        return cells
    weight = count[used]
    if cells.integral:
        weight = weight / np.maximum(level[used], max(1e-3 * float(level[used].max()), 1e-12))
    fitted = _two_peaks(t[used], level[used], weight, state.sigma, place)
    if fitted is None:
        return cells
    height, place, sigma2 = fitted
    light = height * np.exp(-0.5 * (side * (cells.radius - state.radius) - place) ** 2 / sigma2)
    total = cells.total - cells.count * light
    squares = cells.squares - 2.0 * light * cells.total + cells.count * light**2
    return replace(cells, total=total, squares=squares, integral=False)


def _two_peaks(
    t: FloatArray, level: FloatArray, weight: FloatArray, sigma: float, place: float
) -> tuple[float, float, float] | None:
    """Height, place and σ² of the neighbour, by Gauss-Newton; None where it does not settle.

    The heights and the line are linear and solved for; the ring's own place, the neighbour's
    and their common width are not.
    """
    root = np.sqrt(weight)
    shared = np.array([0.0, place, sigma])
    for _ in range(STEPS):
        own, other, width = shared
        u, v = t - own, t - other
        first, second = np.exp(-0.5 * (u / width) ** 2), np.exp(-0.5 * (v / width) ** 2)
        local = np.stack([first, second, np.ones_like(t), t / place], axis=1)
        heights = np.linalg.lstsq(local * root[:, None], level * root, rcond=1e-10)[0]
        a, b = heights[0] * first / width**2, heights[1] * second / width**2
        moves = np.stack([a * u, b * v, (a * u**2 + b * v**2) / width], axis=1)
        design = np.concatenate([local, moves], axis=1) * root[:, None]
        rest = (level - local @ heights) * root
        step = np.clip(np.linalg.lstsq(design, rest, rcond=1e-10)[0][4:], -0.3 * width, 0.3 * width)
        shared = shared + step
        apart = (shared[1] - shared[0]) / max(shared[2], 1e-9)
        if not 0.4 * sigma < shared[2] < 2.5 * sigma or not LEAST_APART < apart < 9.0:
            return None
        if np.all(np.abs(step) < 1e-4 * sigma):
            break
    covariance = np.linalg.pinv(design.T @ design)
    if heights[0] <= 0 or heights[1] < CLEAR * np.sqrt(covariance[1, 1]):
        return None
    return float(heights[1]), float(shared[1]), float(shared[2] ** 2)
