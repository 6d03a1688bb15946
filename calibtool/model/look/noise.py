"""Noise of a pixel as a function of its intensity, measured on the image itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.model.circle import FloatArray

TRIMMED = 0.95
TRIMMED_MEAN = 0.7586
"""Mean of the smallest 95 % of squares of a standard normal variable (χ² with 1 degree)."""

GROUPS = 12
SAMPLED = 60000
"""Blocks looked at, about: enough for every group."""


@dataclass(frozen=True)
class NoiseModel:
    """Variance of one pixel at the intensities ``mean`` (rising), linear between them."""

    mean: FloatArray
    variance_at_mean: FloatArray

    def variance(self, intensity: ArrayLike) -> FloatArray:
        """Variance of one pixel of an expected intensity; the shape of the input."""
        return np.asarray(np.interp(np.asarray(intensity), self.mean, self.variance_at_mean))


def noise_model(total: NDArray[np.float32], count: NDArray[np.float32]) -> NoiseModel:
    """Measure the noise from 2 × 2 blocks: ``(a − b − c + d)/2`` knows no slope, only noise.

    Parameters
    ----------
    total, count : ndarray, shape (h, w)
        Sum and number of the pixels that count in each block.

    Returns
    -------
    NoiseModel
        For one pixel. Works for counts, for cameras with a pedestal and gain, and for images
        with a background subtracted, because nothing is assumed of the distribution.
    """
    squares, level = _contrasts(total, count)
    if squares.size < 6 * GROUPS:
        every = float(squares.mean()) if squares.size else 1.0
        return NoiseModel(np.array([0.0]), np.array([max(every, 1e-12)]))
    return _by_intensity(squares, level)


def _contrasts(
    total: NDArray[np.float32], count: NDArray[np.float32]
) -> tuple[FloatArray, FloatArray]:
    """Squared contrasts of 2 × 2 blocks, per pixel, and their intensities, each (N,)."""
    # whole pairs of rows, so that neighbours stay neighbours
    step = max(2, 2 * int(total.size / (2 * SAMPLED)))
    pairs = np.arange(0, total.shape[0] - 1, step)
    rows = np.stack([pairs, pairs + 1], axis=1).ravel()
    total, count = total[rows], count[rows]
    full = count >= 0.5 * max(float(count.max(initial=0.0)), 1.0)
    ok = full[::2, :-1] & full[1::2, :-1] & full[::2, 1:] & full[1::2, 1:]
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    contrast = 0.5 * (mean[::2, :-1] - mean[1::2, :-1] - mean[::2, 1:] + mean[1::2, 1:])
    level = 0.25 * (mean[::2, :-1] + mean[1::2, :-1] + mean[::2, 1:] + mean[1::2, 1:])
    pixels = 0.25 * (count[::2, :-1] + count[1::2, :-1] + count[::2, 1:] + count[1::2, 1:])
    squares = contrast[ok] ** 2 * pixels[ok]
    return np.asarray(squares, np.float64), np.asarray(level[ok], np.float64)


def _by_intensity(squares: FloatArray, level: FloatArray) -> NoiseModel:
    # the brightest pixels are few and matter most, so the groups get smaller towards them;
    # cut by value, so that equal intensities are never torn apart by the order of a sort
    cuts = np.quantile(level, 1.0 - 0.5 ** np.arange(1, GROUPS), method="lower")
    group = np.searchsorted(np.unique(cuts), level, side="left")
    parts = [np.flatnonzero(group == k) for k in range(GROUPS)]
    means, variances = [], []
    for part in (part for part in parts if len(part) >= 30):
        kept = np.sort(squares[part])[: max(int(TRIMMED * len(part)), 1)]
        means.append(float(np.median(level[part])))
        variances.append(float(kept.mean()) / TRIMMED_MEAN)
    x, first = np.unique(np.array(means), return_index=True)
    y = np.minimum(np.array(variances)[first], _most(x, np.array(variances)[first]))
    return NoiseModel(x, np.maximum(y, max(1e-3 * float(np.median(y)), 1e-12)))


def _most(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """Largest variance to believe: defects and grain at the bright end are not noise.

    Noise grows with the intensity no faster than in proportion (Poisson, a gain); what the
    darkest nine tenths of the pixels say is continued, with a factor for safety.
    """
    dark = min(5, len(mean))
    slopes = (variance[1:dark] - variance[0]) / np.maximum(mean[1:dark] - mean[0], 1e-12)
    slope = max(float(np.median(slopes)), 0.0) if len(slopes) else 0.0
    line = variance[0] + slope * (mean - mean[0])
    return np.asarray(np.maximum(3.0 * line, 1.5 * float(variance[:dark].max())))
