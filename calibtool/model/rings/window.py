"""How far from the ring its own profile reaches before a neighbour begins."""

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.ring_model import RingState

REACH = 5.0
"""Half-length of the window in widths: a free slope then costs a few per cent of σ."""

CORE, FAR = 1.3, 2.5
SHORTEST = 1.8


def ring_window(cells: PolarCells, state: RingState) -> tuple[float, float]:
    """Distances from the ring, inside (negative) and outside, between which it stands alone.

    Parameters
    ----------
    cells : PolarCells
        A wide annulus, in bins of about 1 px.
    state : RingState
        The ring, as an offset from the centre of those cells.

    Returns
    -------
    (float, float)
        In px. Each is cut at the lowest place of the profile before it rises again by more
        than noise and slope explain.
    """
    step = max(cells.step, 0.5 * state.sigma)
    t, level, error = _profile_along(cells, state, step)
    height = _height(t, level, state.sigma)
    level = _detrended(t, level, error, state.sigma)
    inner = _valley(-t[::-1], level[::-1], error[::-1], height, state.sigma)
    outer = _valley(t, level, error, height, state.sigma)
    return -inner, outer


def _profile_along(
    cells: PolarCells, state: RingState, step: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    cos, sin = np.cos(cells.azimuth)[:, None], np.sin(cells.azimuth)[:, None]
    t = cells.radius - state.radius - state.dx * cos - state.dy * sin
    n_half = int(np.ceil((REACH + 1.0) * state.sigma / step))
    index = np.round(t / step).astype(np.intp) + n_half
    inside = (index >= 0) & (index <= 2 * n_half) & (cells.count > 0)
    sums = [
        np.bincount(index[inside], values[inside], minlength=2 * n_half + 1)
        for values in (cells.count, cells.total, cells.squares)
    ]
    count = np.maximum(sums[0], 1.0)
    mean = sums[1] / count
    error = np.sqrt(np.maximum(sums[2] / count - mean**2, 0.0) / count)
    seen = sums[0] > 0
    place = step * (np.arange(2 * n_half + 1, dtype=np.float64) - n_half)
    return place[seen], mean[seen], error[seen]


def _height(t: FloatArray, level: FloatArray, sigma: float) -> float:
    core, far = np.abs(t) <= CORE * sigma, np.abs(t) >= FAR * sigma
    if not core.any() or not far.any():
        return 0.0
    return max(float(level[core].max() - np.median(level[far])), 0.0)


def _detrended(t: FloatArray, level: FloatArray, error: FloatArray, sigma: float) -> FloatArray:
    far = np.abs(t) >= FAR * sigma
    if np.count_nonzero(far & (t > 0)) < 2 or np.count_nonzero(far & (t < 0)) < 2:
        return level
    weight = 1.0 / (error[far] + 1e-3 * np.ptp(level) + 1e-300)
    slope, constant = np.polyfit(t[far], level[far], 1, w=weight / weight.max())
    return np.asarray(level - slope * t - constant)


def _valley(
    t: FloatArray, level: FloatArray, error: FloatArray, height: float, sigma: float
) -> float:
    """Distance of the lowest place before a rise, on the side where ``t`` is positive."""
    lowest, place = np.inf, REACH * sigma
    for distance, value, noise in zip(t, level, error, strict=True):
        if distance < CORE * sigma:
            continue
        if value < lowest:
            lowest, place = value, distance
        elif value - lowest > max(5.0 * noise, 0.06 * height):
            return float(min(max(place, SHORTEST * sigma), REACH * sigma))
    return REACH * sigma
