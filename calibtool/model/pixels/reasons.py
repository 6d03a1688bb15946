"""Why a pixel is masked: one bit for each source of a mask."""

from collections.abc import Mapping
from dataclasses import replace
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray
from calibtool.model.image import Image


class Reason(IntFlag):
    """Source of a mask, in the order in which they are told."""

    VALUE = 1
    FILE = 2
    DETECTOR = 4
    MASK_FILE = 8
    DRAWN = 16
    DARK = 32
    FLAT = 64
    SATURATED = 128


WORDS: Mapping[Reason, str] = {
    Reason.VALUE: "no value",
    Reason.SATURATED: "saturated",
    Reason.FILE: "the image file says so",
    Reason.DETECTOR: "detector gap",
    Reason.MASK_FILE: "mask file",
    Reason.DRAWN: "drawn mask",
    Reason.DARK: "no value in the dark",
    Reason.FLAT: "no value in the flat",
}

Reasons = NDArray[np.uint8]
OF_MASK = Reason.MASK_FILE | Reason.DRAWN
"""What the steps of a mask set; the rest belongs to the image."""


def reasons_of(image: Image) -> Reasons:
    """Bits of `Reason` for each pixel, (H, W); a mask without any is taken for the values'."""
    if image.drawn is not None and image.base is not None:
        return np.asarray(reasons_of(image.base) | image.drawn)
    if image.reasons is not None:
        return image.reasons
    return image.mask.astype(np.uint8) * np.uint8(Reason.VALUE)


def with_reason(image: Image, reason: Reason, ignore: BoolArray | None) -> Image:
    """The image with more pixels masked, (H, W) True = ignore; None masks no more."""
    if ignore is None:
        return image
    return with_bits(image, reasons_of(image) | ignore.astype(np.uint8) * np.uint8(reason))


def with_mask(image: Image, bits: Reasons) -> Image:
    """An image without a mask of files or drawing with this one (bits of `OF_MASK`).

    The reasons of both stay apart: to join them would take as long as the rest of a stroke.
    """
    mask = bits != 0
    np.logical_or(mask, image.mask, out=mask)
    mask.setflags(write=False)
    bits.setflags(write=False)
    return replace(image, mask=mask, drawn=bits, base=image)


def with_bits(image: Image, bits: Reasons) -> Image:
    """The image with these bits of `Reason`, which become read-only."""
    mask = bits != 0
    mask.setflags(write=False)
    bits.setflags(write=False)
    return replace(image, mask=mask, reasons=bits, drawn=None)


def why_masked(image: Image, column: int, row: int) -> tuple[str, ...]:
    """In words, why a pixel is ignored; empty where it counts or lies outside."""
    height, width = image.mask.shape
    if not (0 <= column < width and 0 <= row < height) or not image.mask[row, column]:
        return ()
    pixel = slice(row, row + 1), slice(column, column + 1)
    bits = int(reasons_of(_part(image, pixel))[0, 0])
    return tuple(word for reason, word in WORDS.items() if bits & reason)


def _part(image: Image, part: tuple[slice, slice]) -> Image:
    """A part of an image, as far as its reasons go."""
    return replace(
        image,
        mask=image.mask[part],
        reasons=None if image.reasons is None else image.reasons[part],
        drawn=None if image.drawn is None else image.drawn[part],
        base=None if image.base is None else _part(image.base, part),
    )


def masked_counts(image: Image) -> dict[str, int]:
    """How many pixels each source masks, by its words; a pixel may have several."""
    bits: NDArray[Any] = np.bincount(reasons_of(image).ravel(), minlength=256)
    patterns = np.arange(len(bits))
    counts = {word: int(bits[(patterns & reason) > 0].sum()) for reason, word in WORDS.items()}
    return {word: count for word, count in counts.items() if count}
