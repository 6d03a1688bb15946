"""How much a pixel scatters, by its expected value: counts where it counts, else measured."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray

WHOLE = 1e-6
"""Values so near to whole numbers are counts, however they were stored."""

LEVELS = 8
TRIMMED, TRIMMED_MEAN = 0.95, 0.7586
"""Mean of the smallest 95 % of squares of a standard normal variable (χ² with 1 degree)."""

SPARSE = 0.99
"""Share of the pixels without those of spots and hot pixels."""

MANY_COUNTS, LIKE_COUNTS = 10.0, 1.5
"""From so large a median on whole numbers are taken for counts only where neighbours differ as
counts do, within this factor: those of a camera have an offset and a gain.
"""

COUNTED = 0.2
"""Where the scatter is that of counts within so much, it is taken to be just that."""


@dataclass(frozen=True)
class Noise:
    """Variance of one pixel: ``constant + factor·max(μ, floor)``."""

    constant: float
    factor: float
    floor: float

    def variance(self, expected: FloatArray) -> FloatArray:
        """Variance of pixels of some expected value."""
        return np.asarray(self.constant + self.factor * np.maximum(expected, self.floor))


def first_noise(image: NDArray[Any], ignore: NDArray[np.bool_]) -> Noise:
    """What to begin with: that of counts, or a constant from neighbouring pixels.

    Parameters
    ----------
    image, ignore : ndarray, shape (H, W)
        Intensities, and True where a pixel is to be left out.
    """
    thin = max(1, image.size // 200_000)
    values = image.ravel()[::thin][~ignore.ravel()[::thin]].astype(np.float64)
    if not values.size:
        return Noise(1.0, 0.0, 0.0)
    middle = float(np.median(values))
    whole = np.all(values > -WHOLE) and np.all(np.abs(values - np.rint(values)) < WHOLE)
    counts = Noise(0.0, 1.0, max(0.05, 0.02 * middle))
    if whole and middle < MANY_COUNTS:
        return counts
    every = max(1, image.shape[0] // 200)
    rows, bad = image[::every].astype(np.float64), ignore[::every]
    steps = rows[:, 2:-2] - 0.5 * (rows[:, 1:-3] + rows[:, 3:-1])
    # pixels apart, whose own noise is not in the steps
    level = 0.5 * (rows[:, :-4] + rows[:, 4:])
    good = ~(bad[:, 2:-2] | bad[:, 1:-3] | bad[:, 3:-1] | bad[:, :-4] | bad[:, 4:])
    steps, level = steps[good], level[good]
    if not steps.size:
        spread = max(float(np.var(values)), 1e-12 * (1.0 + middle**2))
        return counts if whole else Noise(spread, 0.0, 0.0)
    variance = (1.4826 * float(np.median(np.abs(steps)))) ** 2 / 1.5
    if variance <= 1e-12 * (1.0 + middle**2):
        # Few counts, a background taken off: most pixels have one value, and the median no width.
        variance = float(np.mean(np.sort(steps**2)[: int(SPARSE * len(steps)) + 1])) / 1.5
    if whole and 1.0 / LIKE_COUNTS < variance / middle < LIKE_COUNTS:
        return counts
    constant = Noise(max(variance, 1e-12 * (1.0 + middle**2)), 0.0, 0.0)
    return measured_noise(steps**2 / 1.5, level, constant)


def measured_noise(square: FloatArray, level: FloatArray, before: Noise) -> Noise:
    """The scatter of cells around a fit: constant and factor by least squares.

    Kept as it was where it was that of counts and the cells agree with that.

    Parameters
    ----------
    square, level : ndarray, shape (N,)
        Squared residuals as those of one pixel, free of what the fit took, and the model there.
    before : Noise
        What was taken for it.
    """
    if len(square) < 20 * LEVELS:
        return before
    order = np.argsort(level, kind="stable")
    mean, variance = [], []
    for part in np.array_split(order, LEVELS):
        some = np.sort(square[part])[: int(TRIMMED * len(part))]
        mean.append(float(np.mean(level[part])))
        variance.append(float(np.mean(some)) / TRIMMED_MEAN)
    at, seen = np.array(mean), np.array(variance)
    expected = before.variance(at)
    if before.factor == 1.0 and np.all(np.abs(seen / expected - 1.0) < COUNTED):
        return before
    return _line(at, seen)


def _line(at: FloatArray, seen: FloatArray) -> Noise:
    """Straight line through variances by level: that at the lowest one, and a rise from there.

    A camera's values have an offset, so that the line does not go through the origin.
    """
    from scipy.optimize import nnls

    low = float(np.min(at))
    design = np.stack([np.ones_like(at), at - low], axis=1) / seen[:, None].clip(1e-300)
    (lowest, factor), _ = nnls(design, np.ones_like(at))
    constant = max(float(lowest), 0.05 * float(np.min(seen)))
    return Noise(constant - float(factor) * low, float(factor), low)
