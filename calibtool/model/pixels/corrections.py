"""Dark current and uneven gain taken off an image, with the variance of what is left.

A value n of a detector with the mean dark D and the relative gain f becomes x = (n − D)/f. The
noise of n is that of counts, of variance f·x + D, in whatever unit the detector counts: the
fits find the unit from the scatter, and take only the ratios of the pixels from here. To it
comes the noise of the dark and of the flat themselves, where these are counts::

    v = ((f·x + D)·q + s²·D₀/N_D)/f² + x²/(F·N_F),    D = s·D₀

with q the variance of a value over its expected count (1/N for the mean of N frames), s the
ratio of the exposure times, D₀ and F the means of N_D darks and N_F flats. For x its average
over the neighbours stands: a weight that knows the pixel's own noise would draw the mean down.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.errors import InputError
from calibtool.model.circle import BoolArray
from calibtool.model.image import Image, has_no_value
from calibtool.model.pixels.combining import Combined
from calibtool.model.pixels.reasons import Reason, with_reason

NEIGHBOURS = 5
"""Width in px of the square over which the expected value is averaged."""

MOST_BAD = 0.5
TOO_DARK_SIGMA = 3.0
LEAST_SHARE = 1e-3
"""Of the typical variance, which no pixel is below: nothing is known exactly."""

EXACT = 2**24
"""Whole numbers up to this are exact in 32-bit floats."""

Array32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Flat:
    """Mean of so many flats, ``data`` and ``ignore`` (H, W); whether they are counts."""

    name: str
    data: NDArray[Any]
    ignore: BoolArray
    counts: bool
    parts: int = 1


@dataclass(frozen=True, eq=False)
class Dark(Flat):
    """The same of darks; ``scale`` is the exposure time of a frame over that of the dark."""

    scale: float = 1.0


def corrected(combined: Combined, dark: Dark | None, flat: Flat | None) -> Image:
    """The image with dark and flat taken off, and its variance.

    Parameters
    ----------
    combined : Combined
        One frame, or several.
    dark : Dark, optional
        Taken off as many times as there are exposures in the sum.
    flat : Flat, optional
        Divided by, after its mean has been made 1.

    Returns
    -------
    Image
        ``data`` in floats unless nothing was done; ``variance`` (H, W) float32, None for plain
        counts and for floats that are no counts. Pixels that dark or flat lack are masked.

    Raises
    ------
    InputError
        Dark or flat has another shape than the image, or cannot be one.
    """
    image = combined.image
    if dark is None and flat is None:
        if combined.relative == 1.0 or not combined.counts:
            return image
        expected = np.maximum(_smooth(image.data, image.mask), 0.0) * np.float32(combined.relative)
        return _with_variance(image, expected)
    gain = None if flat is None else _gain(flat, image)
    image = with_reason(image, Reason.FLAT, None if gain is None else ~(gain > 0.0))
    level: Any = 0.0
    if dark is not None:
        _check_shape("dark", dark.name, dark.data, image)
        image = with_reason(image, Reason.DARK, dark.ignore | has_no_value(dark.data))
        level = dark.data.astype(np.float32) * np.float32(dark.scale * combined.exposures)
        _check_level(dark, level, image)
    wide = image.data.dtype == np.float64 or _beyond(image.data)
    data: Any = image.data.astype(np.float64 if wide else np.float32)
    data -= level
    if gain is not None:
        data /= np.where(gain > 0.0, gain, 1.0)
    data.setflags(write=False)
    image = replace(image, data=data)
    return _with_variance(image, _variance(combined, image, level, dark, flat, gain))


def _variance(
    combined: Combined,
    image: Image,
    level: Any,
    dark: Dark | None,
    flat: Flat | None,
    gain: Array32 | None,
) -> Array32:
    expected = np.maximum(_smooth(image.data, image.mask), 0.0)
    f = np.float32(1.0) if gain is None else np.where(gain > 0.0, gain, np.float32(1.0))
    variance = (expected * f + np.maximum(level, 0.0)) * np.float32(combined.relative)
    if dark is not None and dark.counts:
        factor = (dark.scale * combined.exposures) ** 2 / dark.parts
        variance += np.maximum(dark.data.astype(np.float32), 0.0) * np.float32(factor)
    variance /= f * f
    if flat is not None and flat.counts:
        seen = np.maximum(flat.data.astype(np.float32) * np.float32(flat.parts), 1.0)
        variance += expected * expected / seen
    return np.asarray(variance, dtype=np.float32)


def _with_variance(image: Image, variance: Array32) -> Image:
    """No pixel is known exactly, and none without a value is known at all."""
    sound = variance[~image.mask & np.isfinite(variance)]
    typical = float(np.median(sound)) if sound.size else 1.0
    floor = np.float32(max(LEAST_SHARE * typical, 1e-12))
    variance = np.fmax(variance, floor).astype(np.float32)
    variance.setflags(write=False)
    return replace(image, variance=variance)


def _gain(flat: Flat, image: Image) -> Array32:
    """Flat with a mean of 1 over its usable pixels, 0 where it cannot be used."""
    _check_shape("flat", flat.name, flat.data, image)
    usable = ~flat.ignore & ~has_no_value(flat.data) & (flat.data > 0)
    bad = 1.0 - float(usable.mean())
    if bad > MOST_BAD:
        raise InputError(
            f"{flat.name} cannot be the flat: {100.0 * bad:.0f} % of its pixels are zero, negative "
            "or without a value; choose an evenly lit frame from which the dark has been taken."
        )
    mean = float(flat.data[usable].mean(dtype=np.float64))
    gain = flat.data.astype(np.float32) / np.float32(mean)
    return np.where(usable, gain, np.float32(0.0))


def _check_shape(what: str, name: str, data: NDArray[Any], image: Image) -> None:
    if data.shape != image.data.shape:
        (rows, columns), (y, x) = data.shape, image.data.shape
        raise InputError(
            f"{name} cannot be the {what}: it has {columns} × {rows} pixels and the image "
            f"{x} × {y}; choose one of the same detector and binning."
        )


def _check_level(dark: Dark, level: Any, image: Image) -> None:
    """Refuse a dark that is brighter than the image: another exposure time, or no dark at all."""
    valid = ~image.mask
    if not valid.any():
        raise InputError(
            f"{dark.name} cannot be the dark: no pixel of it or of the image has a value; choose "
            "another one."
        )
    raw = image.data[valid].astype(np.float64)
    below = raw - level[valid] < -TOO_DARK_SIGMA * np.sqrt(np.maximum(level[valid], 1.0))
    share = float(below.mean())
    if share > MOST_BAD:
        raise InputError(
            f"{dark.name} cannot be the dark: it is brighter than the image in {100.0 * share:.0f} "
            "% of the pixels; choose one of the same exposure time."
        )


def _smooth(data: NDArray[Any], ignore: BoolArray) -> Array32:
    """Average over the usable pixels of each square of neighbours."""
    from scipy.ndimage import uniform_filter

    usable = ~ignore & ~has_no_value(data)
    values = np.where(usable, data, 0).astype(np.float32)
    share = uniform_filter(usable.astype(np.float32), NEIGHBOURS, mode="nearest")
    mean = uniform_filter(values, NEIGHBOURS, mode="nearest")
    return np.asarray(np.divide(mean, share, out=np.zeros_like(mean), where=share > 1e-3))


def _beyond(data: NDArray[Any]) -> bool:
    """Whether whole numbers are too large for 32-bit floats."""
    wide = data.dtype.kind in "iu" and data.dtype.itemsize > 2
    return wide and int(data.max(initial=0)) > EXACT
