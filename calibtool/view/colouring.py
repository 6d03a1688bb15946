"""Intensities to palette indices: limits, stretch and lookup table.

A palette has ``N_COLORS`` colours, then one for masked pixels and one for what is not image.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.view.colormaps import Color, mask_tint, ramp

N_COLORS = 254
MASKED = 254
OUTSIDE = 255
N_STEPS = 65536
# How steeply each stretch starts: the intensity, as part of the range, that it brings out.
ASINH_SOFTENING = 0.015
LOG_SOFTENING = 0.002


def sorted_sample(
    values: NDArray[Any], mask: NDArray[np.bool_], most: int = 200_000
) -> NDArray[Any]:
    """Valid pixels in rising order, every so many of them in large images.

    Parameters
    ----------
    values, mask : ndarray, shape (H, W)
        Intensities; mask True = ignored.
    most : int
        Roughly the number of pixels looked at.

    Returns
    -------
    ndarray, shape (n,)
        Empty where no pixel is valid.
    """
    step = max(1, int(np.ceil(np.sqrt(values.size / most))))
    # Steps of rows and columns differ so that no pattern of the detector is hit throughout.
    part = slice(None, None, step), slice(None, None, step + (step > 1))
    sample = values[part][~mask[part]]
    if sample.dtype.kind == "f":
        sample = sample[np.isfinite(sample)]
    sample.sort()
    return sample


def limits(
    sample: NDArray[Any], low_percent: float, high_percent: float
) -> tuple[float, float]:
    """Intensities of the first and the last colour, from percentiles.

    Parameters
    ----------
    sample : ndarray, shape (n,)
        Intensities in rising order.
    low_percent, high_percent : float
        Percentiles, 0…100.

    Returns
    -------
    low, high : float
        ``high`` is larger than ``low`` even where all pixels are equal or there is none.
    """
    if sample.size == 0:
        return 0.0, 1.0
    last = sample.size - 1
    low = float(sample[round(low_percent / 100 * last)])
    high = float(sample[round(high_percent / 100 * last)])
    if high <= low:
        high = float(sample[-1])
    return low, high if high > low else low + max(1.0, abs(low) * 1e-6)


@lru_cache(maxsize=8)
def stretch_table(stretch: str) -> NDArray[np.uint8]:
    """Palette index of ``N_STEPS`` intensities evenly spaced between the limits."""
    part = np.linspace(0.0, 1.0, N_STEPS)
    if stretch == "asinh":
        part = np.arcsinh(part / ASINH_SOFTENING) / np.arcsinh(1 / ASINH_SOFTENING)
    elif stretch == "log":
        part = np.log1p(part / LOG_SOFTENING) / np.log1p(1 / LOG_SOFTENING)
    elif stretch == "sqrt":
        part = np.sqrt(part)
    table = np.minimum(part * N_COLORS, N_COLORS - 1).astype(np.uint8)
    table.flags.writeable = False
    return table


def indices(
    values: NDArray[Any], low: float, high: float, table: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Palette index of each intensity.

    Parameters
    ----------
    values : ndarray
        Intensities of any type and shape.
    low, high : float
        Limits; what is beyond gets the first or last colour, NaN any.
    table : ndarray, shape (N_STEPS,)
        From `stretch_table`.
    """
    slope = (N_STEPS - 1) / (high - low)
    # float32 holds the offset from the low limit well enough, but not always the value itself.
    kind = np.float32 if values.dtype.itemsize <= 2 or abs(low) < 16 * (high - low) else np.float64
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.subtract(values, low, dtype=kind)
        steps *= kind(slope)
        np.clip(steps, 0, N_STEPS - 1, out=steps)
        return np.asarray(table.take(steps.astype(np.uint16), mode="clip"))


@lru_cache(maxsize=16)
def palette(colormap: str, background: Color) -> bytes:
    """256 colours as red, green, blue bytes for an image of palette indices."""
    colors = [*ramp(colormap, N_COLORS), mask_tint(colormap), background]
    return bytes(part for entry in colors for part in entry)
