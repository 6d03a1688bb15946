"""Points on bright ridges of the image, with the direction across the ridge."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.finder.reduction import Float32Array, Level

SMOOTHING = 1.4
"""σ of the smoothing before the second derivatives, in blocks."""

MOST_POINTS = 1600
LEAST_SNR = 2.2
MOST_SNR = 6.0
"""A point's weight grows with its significance only so far: no spot outvotes a ring."""


@dataclass(frozen=True, eq=False)
class Ridges:
    """Points on ridges of one level.

    ``xy`` (N, 2) in index pixels, ``normal`` (N, 2) unit vectors across the ridge, ``weight``
    (N,) the significance of the curvature, bounded; ``scale_px`` the width looked at.
    """

    xy: FloatArray
    normal: FloatArray
    weight: FloatArray
    scale_px: float

    def without(self, points: BoolArray) -> "Ridges":
        """The others than ``points`` (N,)."""
        keep = ~points
        return Ridges(self.xy[keep], self.normal[keep], self.weight[keep], self.scale_px)


def _curvatures(smooth: Float32Array) -> tuple[Float32Array, Float32Array, Float32Array]:
    """Second differences xx, yy and xy of the inner part (h − 2, w − 2)."""
    mid = smooth[1:-1, 1:-1]
    xx = smooth[1:-1, 2:] + smooth[1:-1, :-2] - 2 * mid
    yy = smooth[2:, 1:-1] + smooth[:-2, 1:-1] - 2 * mid
    xy = 0.25 * (smooth[2:, 2:] + smooth[:-2, :-2] - smooth[2:, :-2] - smooth[:-2, 2:])
    return xx, yy, np.asarray(xy, np.float32)


def _noise_gain() -> float:
    """Standard deviation of the second difference for unit white noise in the blocks."""
    half = 8
    k = np.exp(-0.5 * (np.arange(-half, half + 1) / SMOOTHING) ** 2)
    k /= k.sum()
    second = np.convolve(k, [1.0, -2.0, 1.0])
    return float(np.sqrt((second**2).sum() * (k**2).sum()))


def find_ridges(level: Level) -> Ridges:
    """Ridge points of a level: strongest curvature across, little along.

    Parameters
    ----------
    level : Level
        The reduced image.

    Returns
    -------
    Ridges
        At most ``MOST_POINTS`` points, the most significant.
    """
    from scipy.ndimage import gaussian_filter

    def smooth(values: Float32Array) -> Float32Array:
        return np.asarray(gaussian_filter(values, SMOOTHING, mode="nearest", truncate=3.0))

    usable = np.where(level.weight >= 0.3, level.weight, np.float32(0.0))
    near = np.maximum(smooth(usable), np.float32(1e-6))
    offset = np.float32(np.average(level.mean, weights=usable + np.float32(1e-9)))
    image = smooth((level.mean - offset) * usable) / near
    trusted = smooth((level.weight >= 0.3).astype(np.float32))[1:-1, 1:-1] > 0.97
    xx, yy, xy = _curvatures(np.asarray(image, np.float32))
    half_sum, half_gap = 0.5 * (xx + yy), np.hypot(0.5 * (xx - yy), xy)
    across = half_gap - half_sum
    along = np.abs(half_sum + half_gap)
    sigma = np.sqrt(smooth(level.variance)[1:-1, 1:-1]) * np.float32(_noise_gain())
    snr = across / np.maximum(sigma, np.float32(1e-20))
    keep = trusted & (snr > LEAST_SNR) & (along < 0.6 * across)
    return _points(level, keep, snr, across, xx - yy, xy)


def _points(
    level: Level,
    keep: np.ndarray,
    snr: Float32Array,
    across: Float32Array,
    difference: Float32Array,
    xy: Float32Array,
) -> Ridges:
    keep[[0, -1]] = False
    keep[:, [0, -1]] = False
    rows, columns = np.nonzero(keep)
    # the normal is the eigenvector of the most negative curvature
    angle = 0.5 * np.arctan2(2 * xy[rows, columns], difference[rows, columns]) + 0.5 * np.pi
    normal = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    step = np.rint(normal).astype(int)
    here = across[rows, columns]
    before = across[rows - step[:, 1], columns - step[:, 0]]
    after = across[rows + step[:, 1], columns + step[:, 0]]
    top = (here >= before) & (here > after)
    bend = 2 * here - before - after
    shift = 0.5 * (after - before) / np.where(bend > 0, bend, 1.0)
    spots = np.stack([columns + 1.0, rows + 1.0], axis=1) + shift[:, None] * step
    strength = snr[rows, columns]
    chosen = np.flatnonzero(top)
    if len(chosen) > MOST_POINTS:
        chosen = chosen[np.argsort(-strength[chosen], kind="stable")[:MOST_POINTS]]
    return Ridges(
        level.to_px(spots[chosen]),
        normal[chosen].astype(np.float64),
        np.minimum(strength[chosen], MOST_SNR).astype(np.float64),
        float(np.hypot(SMOOTHING, 0.3) * level.block_px),
    )
