"""Several frames as one exposure: their mean, sum or median, a frame in memory at a time."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.errors import InputError
from calibtool.model.exposure import Combine
from calibtool.model.image import Image
from calibtool.model.pixels.reasons import Reasons, reasons_of, with_bits

Frames = Callable[[], Iterator[Image]]
"""Begins the frames anew, one after the other, each (H, W)."""

BLOCK_BYTES = 64 * 2**20
"""What a block of rows of all frames may take for the median, or two frames where that is more."""

FEW_COUNTS = 0.1
"""Share of its mean by which the median may be off: where counts are few it is not their mean."""


@dataclass(frozen=True, eq=False)
class Combined:
    """Frames combined, and what that means for the noise.

    ``image`` has the header of the first frame. ``counts`` says that the frames were whole
    numbers. ``parts`` is the number of frames, ``exposures`` of how many exposures the values
    are the sum (1 for a mean or median), and ``relative`` the variance of a value over that
    which its expected count would have (1 for a sum).
    """

    image: Image
    counts: bool
    parts: int = 1
    exposures: int = 1
    relative: float = 1.0
    note: str = ""


def one_frame(image: Image) -> Combined:
    """A single frame as it is."""
    return Combined(image, image.data.dtype.kind in "iu")


def combine(frames: Frames, how: Combine) -> Combined:
    """Combine frames of one shape.

    A pixel that is masked in any frame is masked. Sums of whole numbers stay whole.

    Parameters
    ----------
    frames : callable
        Gives the frames; called once, for a median once for each block of rows.
    how : {"mean", "sum", "median"}
        The median is free of what strikes a pixel in one frame only (cosmic rays).

    Raises
    ------
    InputError
        There is no frame, or they differ in shape.
    """
    first, total, bits, parts = _added(frames())
    counts = first.data.dtype.kind in "iu"
    if how == "sum":
        return Combined(_image(first, _narrow(total, first.data), bits), counts, parts, parts)
    mean = total / parts
    if how == "mean":
        image = _image(first, _as_float(mean, first.data), bits)
        return Combined(image, counts, parts, 1, 1.0 / parts)
    median = _median(frames, mean.shape, parts)
    note = _of_few_counts(mean, median, bits == 0)
    image = _image(first, _as_float(median, first.data), bits)
    return Combined(image, counts, parts, 1, median_factor(parts) / parts, note)


def median_factor(parts: int) -> float:
    """Variance of the median of so many normal values over that of their mean."""
    return 1.0 if parts <= 2 else 0.5 * math.pi * parts / (parts + (0.5 if parts % 2 else 1.3))


def _added(frames: Iterable[Image]) -> tuple[Image, NDArray[np.float64], Reasons, int]:
    """First frame, sum, reasons of all masks, and number of the frames."""
    first: Image | None = None
    parts = 0
    for frame in frames:
        if first is None:
            first = frame
            total = frame.data.astype(np.float64)
            bits = reasons_of(frame).copy()
        else:
            _check_shape(frame, first)
            total += frame.data
            bits |= reasons_of(frame)
        parts += 1
    if first is None:
        raise InputError("There is no frame to combine; name at least one with --frames.")
    return first, total, bits, parts


def _check_shape(frame: Image, first: Image) -> None:
    if frame.data.shape != first.data.shape:
        (rows, columns), (y, x) = frame.data.shape, first.data.shape
        raise InputError(
            f"{frame.path} has {columns} × {rows} pixels and {first.path} {x} × {y}, so they are "
            "not one exposure; choose frames of one size."
        )


def _median(frames: Frames, shape: tuple[int, ...], parts: int) -> NDArray[np.float64]:
    rows, columns = shape
    room = max(BLOCK_BYTES, 16 * rows * columns)
    height = max(room // (8 * columns * parts), 1)
    out = np.empty(shape)
    for top in range(0, rows, height):
        part = slice(top, min(top + height, rows))
        block = np.empty((parts, part.stop - part.start, columns))
        for number, frame in enumerate(frames()):
            block[number] = frame.data[part]
        out[part] = np.median(block, axis=0, overwrite_input=True)
    return out


def _of_few_counts(
    mean: NDArray[np.float64], median: NDArray[np.float64], valid: NDArray[np.bool_]
) -> str:
    if not valid.any():
        return ""
    expected, found = float(np.median(mean[valid])), float(np.mean(median[valid]))
    if abs(found - expected) <= FEW_COUNTS * abs(expected):
        return ""
    return (
        f"The frames have so few counts (about {expected:.2g} a pixel) that their median "
        "is not their mean: combine them by --combine mean or sum."
    )


def _image(first: Image, data: NDArray[Any], bits: Reasons) -> Image:
    data.setflags(write=False)
    return with_bits(replace(first, data=data), bits)


def _narrow(total: NDArray[np.float64], like: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers as such, in no larger a type than they need."""
    if like.dtype.kind not in "iu":
        return _as_float(total, like)
    kind = np.int32 if float(np.abs(total).max(initial=0.0)) < 2**31 - 1 else np.int64
    return total.astype(kind)


def _as_float(values: NDArray[np.float64], like: NDArray[Any]) -> NDArray[Any]:
    return values if like.dtype == np.float64 else values.astype(np.float32)
