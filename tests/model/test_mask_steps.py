"""Masks drawn step by step: each shape covers the pixels whose centres it covers."""

import numpy as np
import pytest

from calibtool.model.exposure import MaskStep
from calibtool.model.image import Image
from calibtool.model.pixels.mask_steps import mask_bits
from calibtool.model.pixels.reasons import (
    Reason,
    masked_counts,
    why_masked,
    with_mask,
    with_reason,
)

SHAPE = (40, 60)
Y, X = np.mgrid[0:40, 0:60]
NOTHING = np.zeros(SHAPE, dtype=bool)


def drawn(*steps: MaskStep) -> np.ndarray:
    return mask_bits(steps, SHAPE, lambda _step: NOTHING) != 0


def turned(x: float, y: float) -> np.ndarray:
    return np.degrees(np.arctan2(Y - y, X - x)) % 360


SHAPES = {
    "rectangle": (
        MaskStep("rectangle", (20.4, 30.0, 10.0, 4.6)),
        (X >= 10) & (X <= 20) & (Y >= 5) & (Y <= 30),
    ),
    "rectangle over the border": (MaskStep("rectangle", (-9, -9, 3, 90)), X <= 3),
    "circle": (MaskStep("circle", (30.2, 20.1, 7.5)), np.hypot(X - 30.2, Y - 20.1) <= 7.5),
    "triangle": (
        MaskStep("polygon", (0.5, -5, 0.5, 60, 30.5, 60, 30.5, -5)), (X > 0) & (X <= 30),
    ),
    "wedge": (
        MaskStep("wedge", (20.3, 15.2, 30, 80)),
        (turned(20.3, 15.2) >= 30) & (turned(20.3, 15.2) <= 80),
    ),
    "wedge beyond the half": (
        MaskStep("wedge", (20.3, 15.2, 80, 30)),
        (turned(20.3, 15.2) >= 80) | (turned(20.3, 15.2) <= 30),
    ),
    "brush": (
        MaskStep("brush", (2.5, 10, 10, 30, 10)),
        np.hypot(X - np.clip(X, 10, 30), Y - 10) <= 2.5,
    ),
    "brush set down once": (MaskStep("brush", (1.0, 10, 10)), np.hypot(X - 10, Y - 10) <= 1),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_covers_what_lies_in_it(name: str) -> None:
    step, wanted = SHAPES[name]
    np.testing.assert_array_equal(drawn(step), wanted)


@pytest.mark.parametrize("name", SHAPES)
def test_erasing_the_shape_takes_it_away_again(name: str) -> None:
    step, wanted = SHAPES[name]
    erased = MaskStep(step.kind, step.numbers, erase=True)
    np.testing.assert_array_equal(drawn(MaskStep("invert"), erased), ~wanted)


def test_a_mask_grows_to_all_sides_and_keeps_its_sources() -> None:
    file = NOTHING.copy()
    file[20, 30] = True
    steps = [MaskStep("file", path="m"), MaskStep("grow", (4.0,))]
    bits = mask_bits(steps, SHAPE, lambda _step: file)
    far = np.maximum(np.abs(X - 30), np.abs(Y - 20))
    assert not (bits[far > 4]).any()
    assert (bits[np.hypot(X - 30, Y - 20) <= 4] != 0).all()
    assert bits[20, 30] == Reason.MASK_FILE
    assert set(np.unique(bits)) == {0, Reason.MASK_FILE, Reason.DRAWN}


def test_a_pixel_tells_all_reasons_and_each_source_is_counted() -> None:
    data = np.ones(SHAPE)
    image = with_reason(Image(data, data < 0, reasons=np.zeros(SHAPE, np.uint8)),
                        Reason.DETECTOR, X < 2)  # fmt: skip
    image = with_mask(image, mask_bits([MaskStep("rectangle", (1, 0, 4, 9))], SHAPE, drawn))
    assert why_masked(image, 1, 3) == ("detector gap", "drawn mask")
    assert why_masked(image, 4, 3) == ("drawn mask",)
    assert why_masked(image, 5, 3) == ()
    assert why_masked(image, -1, 3) == ()
    assert masked_counts(image) == {"detector gap": 80, "drawn mask": 40}
