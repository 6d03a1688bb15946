"""The pixels of an annulus, in bands of rows, so that no temporary is as large as the image."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray
from calibtool.model.image import Image, PixelRule, has_no_value, pixel_rule

Ignore = BoolArray | PixelRule
"""A mask (True = ignore), or the rule that makes one from values."""

IndexArray = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Measured:
    """An image as the fits take it, all (H, W): values, which of them to ignore, and how sure.

    ``variance`` is that of each pixel's value; None where the values are to tell it.
    """

    data: NDArray[Any]
    ignore: Ignore
    variance: NDArray[np.floating[Any]] | None = None


def measured(image: Image, mask: BoolArray | None = None) -> Measured:
    """An image for the fits, with another mask than its own where one is given."""
    return Measured(image.data, image.mask if mask is None else mask, image.variance)


BAND_PIXELS = 32_768
"""Pixels handled at once: the temporaries of a band stay in the processor's cache."""


@dataclass(frozen=True)
class Pixels:
    """Some pixels: columns, rows, values (all shape (N,)), and where they must be ignored."""

    x: IndexArray
    y: IndexArray
    values: NDArray[Any]
    ignored: BoolArray


def annulus_pixels(
    data: NDArray[Any],
    mask: Ignore | None,
    center: tuple[float, float],
    r_min: float,
    r_max: float,
) -> Iterator[Pixels]:
    """Pixels whose centre lies between two radii, band by band.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.
    mask : ndarray of bool, shape (H, W), rule, or None
        True = ignore; None judges by the values (`pixel_rule`, worked out anew at each call).
        What is not finite is ignored in any case.
    center : (float, float)
        (x, y) in index pixels.
    r_min, r_max : float
        Radii in px.

    Yields
    ------
    Pixels
        In the order of the rows.
    """
    first, length, rows = _row_spans(data.shape, center, r_min, r_max)
    if not len(rows):
        return
    ignore = pixel_rule(data) if mask is None else mask
    cuts = np.searchsorted(np.cumsum(length), np.arange(0, length.sum(), BAND_PIXELS), "right")
    edges = np.unique(np.append(cuts, len(rows)))
    for low, high in pairwise(edges.tolist()):
        n = length[low:high]
        y = np.repeat(rows[low:high], n)
        x = np.arange(n.sum()) + np.repeat(first[low:high] - (np.cumsum(n) - n), n)
        values = data[y, x]
        yield Pixels(x, y, values, ignored_pixels(ignore, x, y, values))


def ignored_pixels(
    ignore: Ignore, x: IndexArray, y: IndexArray, values: NDArray[Any]
) -> BoolArray:
    """Which of some pixels to ignore: by mask or rule, and all that have no value."""
    ignored = ignore(values) if callable(ignore) else ignore[y, x]
    return ignored | has_no_value(values) if values.dtype.kind == "f" else ignored


def _row_spans(
    shape: tuple[int, ...], center: tuple[float, float], r_min: float, r_max: float
) -> tuple[IndexArray, IndexArray, IndexArray]:
    """First column, length and row of each run of pixels of the annulus, up to two runs a row."""
    x0, y0 = center
    rows = np.arange(max(0, int(np.ceil(y0 - r_max))), min(shape[0] - 1, int(y0 + r_max)) + 1)
    if y0 + r_max < 0:
        rows = rows[:0]
    dy2 = (rows - y0) ** 2
    outer = np.sqrt(np.maximum(r_max**2 - dy2, 0.0))
    inner = np.sqrt(np.maximum(r_min**2 - dy2, 0.0))
    split = dy2 < r_min**2
    left_end = np.where(split, np.floor(x0 - inner), np.floor(x0 + outer))
    begin = np.concatenate([np.ceil(x0 - outer), np.ceil(x0 + inner)[split]])
    end = np.concatenate([left_end, np.floor(x0 + outer)[split]])
    row = np.concatenate([rows, rows[split]])
    begin, end = np.maximum(begin, 0), np.minimum(end, shape[1] - 1)
    keep = end >= begin
    order = np.argsort(row[keep], kind="stable")
    first = begin[keep][order].astype(np.intp)
    return first, (end[keep][order].astype(np.intp) - first + 1), row[keep][order]
