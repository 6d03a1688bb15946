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
    if image.reasons is not None:
        return image.reasons
    return image.mask.astype(np.uint8) * np.uint8(Reason.VALUE)


def with_reason(image: Image, reason: Reason, ignore: BoolArray | None) -> Image:
    """The image with more pixels masked, (H, W) True = ignore; None masks no more."""
    if ignore is None:
        return image
    return with_bits(image, reasons_of(image) | ignore.astype(np.uint8) * np.uint8(reason))


def with_mask(image: Image, bits: Reasons) -> Image:
    """The image, without a mask of files or drawing so far, with this one (bits of `OF_MASK`)."""
    if not image.mask.any():
        # A copy is not needed of what nobody changes.
        return with_bits(image, bits)
    return with_bits(image, np.asarray(reasons_of(image) | bits))


def with_bits(image: Image, bits: Reasons) -> Image:
    """The image with these bits of `Reason`, which become read-only."""
    mask = bits != 0
    mask.setflags(write=False)
    bits.setflags(write=False)
    return replace(image, mask=mask, reasons=bits)


def why_masked(image: Image, column: int, row: int) -> tuple[str, ...]:
    """In words, why a pixel is ignored; empty where it counts or lies outside."""
    height, width = image.mask.shape
    if not (0 <= column < width and 0 <= row < height) or not image.mask[row, column]:
        return ()
    bits = Reason.VALUE if image.reasons is None else int(image.reasons[row, column])
    return tuple(word for reason, word in WORDS.items() if bits & reason)


def masked_counts(image: Image) -> dict[str, int]:
    """How many pixels each source masks, by its words; a pixel may have several."""
    bits: NDArray[Any] = np.bincount(reasons_of(image).ravel(), minlength=256)
    patterns = np.arange(len(bits))
    counts = {word: int(bits[(patterns & reason) > 0].sum()) for reason, word in WORDS.items()}
    return {word: count for word, count in counts.items() if count}
