"""The steps of a mask drawn into pixels."""

import math
from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from calibtool.errors import InputError
from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.exposure import MaskStep
from calibtool.model.pixels.reasons import Reason, Reasons

Loaded = Callable[[MaskStep], BoolArray]
"""The mask of a file, shape (H, W), True = ignore."""

DRAWN = np.uint8(Reason.DRAWN)
MOST_GROWTH_PX = 200
FULL_TURN_DEG = 360.0
ARC_STEP_DEG = 30.0


def mask_bits(steps: Sequence[MaskStep], shape: tuple[int, int], loaded: Loaded) -> Reasons:
    """All steps one after the other, on an empty mask.

    Parameters
    ----------
    steps : sequence of MaskStep
        In the order they were made.
    shape : (int, int)
        Rows and columns.
    loaded : callable
        Gives the mask of a step that is a file.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Bits of `Reason.MASK_FILE` and `Reason.DRAWN`.
    """
    empty = np.zeros(shape, dtype=np.uint8)
    return reduce(lambda bits, step: after_step(bits, step, loaded), steps, empty)


def after_step(bits: Reasons, step: MaskStep, loaded: Loaded) -> Reasons:
    """A new mask: that of before with one step more."""
    if step.kind == "file":
        return np.asarray(bits | loaded(step).astype(np.uint8) * np.uint8(Reason.MASK_FILE))
    if step.kind == "invert":
        return np.where(bits == 0, DRAWN, np.uint8(0))
    if step.kind == "grow":
        return _grown(bits, step)
    out = bits.copy()
    _fill(out, step)
    return out


def _grown(bits: Reasons, step: MaskStep) -> Reasons:
    """As many rounds of taking in the four neighbours and, every other time, the corners too."""
    width = min(round(step.numbers[0]), MOST_GROWTH_PX)
    mask = bits != 0
    for number in range(width):
        wider = mask.copy()
        wider[1:] |= mask[:-1]
        wider[:-1] |= mask[1:]
        # In odd rounds the columns see the rows' new pixels, which makes an octagon.
        source = wider.copy() if number % 2 else mask
        wider[:, 1:] |= source[:, :-1]
        wider[:, :-1] |= source[:, 1:]
        mask = wider
    out = bits.copy()
    out[mask & (bits == 0)] = DRAWN
    return out


def _fill(bits: Reasons, step: MaskStep) -> None:
    n = step.numbers
    if step.kind == "rectangle":
        columns = _span(min(n[0], n[2]), max(n[0], n[2]), bits.shape[1])
        _set(bits[_span(min(n[1], n[3]), max(n[1], n[3]), bits.shape[0]), columns], step)
    elif step.kind == "circle":
        _capsule(bits, step, (n[0], n[1]), (n[0], n[1]), n[2])
    elif step.kind == "brush":
        points = list(zip(n[1::2], n[2::2], strict=True))
        for start, end in zip(points, points[1:] or points, strict=False):
            _capsule(bits, step, start, end, n[0])
    elif step.kind == "polygon":
        _polygon(bits, step, list(zip(n[::2], n[1::2], strict=True)))
    elif step.kind == "wedge":
        _polygon(bits, step, _wedge_corners(n, bits.shape))
    else:
        raise InputError(f"A mask has no step named {step.kind}; draw it again.")


def _set(part: Reasons, step: MaskStep) -> None:
    if step.erase:
        part.fill(0)
    else:
        part |= DRAWN


def _set_rows(
    bits: Reasons, step: MaskStep, rows: slice, left: FloatArray, right: FloatArray
) -> None:
    """Set the pixels of each row whose centres lie from ``left`` to ``right``, NaN for none.

    That is faster than to ask each pixel: a large shape has millions of them.
    """
    first = np.ceil(np.maximum(left, 0.0))
    end = np.floor(np.minimum(right, bits.shape[1] - 1.0)) + 1.0
    some = np.flatnonzero(end > first)
    for row, start, stop in zip(
        (rows.start + some).tolist(), first[some].astype(int).tolist(),
        end[some].astype(int).tolist(), strict=True,
    ):  # fmt: skip
        if step.erase:
            bits[row, start:stop] = 0
        else:
            bits[row, start:stop] |= DRAWN


def _span(low: float, high: float, size: int) -> slice:
    """Pixels whose centres lie between two positions."""
    first, last = max(math.ceil(low), 0), min(math.floor(high), size - 1)
    return slice(first, max(last + 1, first))


def _capsule(
    bits: Reasons,
    step: MaskStep,
    start: tuple[float, float],
    end: tuple[float, float],
    radius: float,
) -> None:
    """All pixels no farther from a line between two places than a radius.

    These are two discs and the rectangle between them; together they are convex, so that a row
    has one piece of them.
    """
    rows = _span(min(start[1], end[1]) - radius, max(start[1], end[1]) + radius, bits.shape[0])
    y = np.arange(rows.start, rows.stop, dtype=np.float64)
    ends = np.array([_of_disc(y, x, y0, radius) for x, y0 in (start, end)])
    if start != end:
        ends = np.vstack([ends, _of_rectangle(y, start, end, radius)[None]])
    # Rows that a part does not reach have NaN.
    left, right = np.fmin.reduce(ends[:, 0]), np.fmax.reduce(ends[:, 1])
    _set_rows(bits, step, rows, left, right)


def _of_disc(y: FloatArray, x0: float, y0: float, radius: float) -> FloatArray:
    """Left and right end of each row of a disc, (2, n)."""
    square = radius**2 - (y - y0) ** 2
    half = np.sqrt(np.where(square >= 0.0, square, np.nan))
    return np.array([x0 - half, x0 + half])


def _of_rectangle(
    y: FloatArray, start: tuple[float, float], end: tuple[float, float], radius: float
) -> FloatArray:
    """Left and right end of each row of the rectangle on both sides of a line, (2, n)."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    across = radius * -dy / length, radius * dx / length
    x0, y0 = start
    corners = [(x0 + across[0], y0 + across[1]), (x0 - across[0], y0 - across[1]),
               (x0 + dx - across[0], y0 + dy - across[1]),
               (x0 + dx + across[0], y0 + dy + across[1])]  # fmt: skip
    return _crossings(y, corners)[:, :2].T


def _crossings(y: FloatArray, corners: list[tuple[float, float]]) -> FloatArray:
    """Where each row crosses the sides of a polygon, rising, (n, sides); NaN where no more do."""
    ends = np.array([*corners, corners[0]], dtype=np.float64)
    x0, y0, x1, y1 = ends[:-1, 0], ends[:-1, 1], ends[1:, 0], ends[1:, 1]
    slope = np.divide(x1 - x0, y1 - y0, out=np.zeros_like(x0), where=y1 != y0)
    row = y[:, None]
    crossed = (y0 <= row) != (y1 <= row)
    return np.sort(np.where(crossed, x0 + (row - y0) * slope, np.nan), axis=1)


def _polygon(bits: Reasons, step: MaskStep, corners: list[tuple[float, float]]) -> None:
    """Pixels whose centres are inside by the even-odd rule."""
    heights = [y for _x, y in corners]
    rows = _span(min(heights), max(heights), bits.shape[0])
    places = _crossings(np.arange(rows.start, rows.stop, dtype=np.float64), corners)
    for pair in range(0, places.shape[1] - 1, 2):
        _set_rows(bits, step, rows, places[:, pair], places[:, pair + 1])


def _wedge_corners(
    numbers: tuple[float, ...], shape: tuple[int, ...]
) -> list[tuple[float, float]]:
    """The wedge as a polygon that reaches beyond the image."""
    x, y, start, stop = numbers
    turn = (stop - start) % FULL_TURN_DEG or FULL_TURN_DEG
    far = 2.0 * (abs(x) + abs(y) + sum(shape))
    many = max(math.ceil(turn / ARC_STEP_DEG), 1)
    directions = [math.radians(start + turn * i / many) for i in range(many + 1)]
    arc = [(x + far * math.cos(a), y + far * math.sin(a)) for a in directions]
    return [(x, y), *arc] if turn < FULL_TURN_DEG else arc
