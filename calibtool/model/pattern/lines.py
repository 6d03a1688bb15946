"""Calibrants as the recognition sees them, and all of a catalogue as arrays of one shape."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray

IntArray = NDArray[np.intp]

MOST_LINES = 64
"""Lines of one calibrant that are looked at, the innermost; no first look sees more."""

MOST_UNKNOWN = 20
"""The same where no strengths are known: a longer comb of orders would explain any rings."""

SAME_SPACING = 1.5e-3
"""Relative difference of d below which two calibrants are editions of one substance.

The SRM numbers of Si, LaB6 and alumina differ by at most 0.05 %; first looks do not see less
than 0.1 %.
"""

_FAINTEST = 2e-4
"""Share of the strongest line below which a line is never seen."""

_TELLING = 0.12
"""Share of the strongest line above which the tables of different editions agree."""

_PADDING_NM = 1e-9
_UNKNOWN_STRENGTH = 0.3


@dataclass(frozen=True)
class Lines:
    """A calibrant as the recognition sees it.

    ``d_nm`` are the d-spacings, the largest first; ``strength`` the relative intensity of each
    line per length of its ring, 0 to 1 (empty: unknown); ``relative_sigma`` that of all d.
    """

    name: str
    d_nm: tuple[float, ...]
    strength: tuple[float, ...] = ()
    relative_sigma: float = 1e-5
    lattice: str = ""


@dataclass(frozen=True, eq=False)
class LineTable:
    """A catalogue of C calibrants with J places for lines each.

    ``d_nm`` (C, J) is 1e-9 where there is no line; ``number`` (C, J) counts each calibrant's
    lines from 1; ``strength`` (C, J) is 0.3 throughout where ``known`` (C,) is false;
    ``family`` (C,) is the row of the first calibrant with the same spacings.
    """

    lines: tuple[Lines, ...]
    d_nm: FloatArray
    number: IntArray
    strength: FloatArray
    known: BoolArray
    family: IntArray

    def names_of(self, row: int) -> tuple[str, ...]:
        """All calibrants of the family that row ``row`` stands for, the first one first."""
        return tuple(self.lines[i].name for i in np.flatnonzero(self.family == row))

    def row_of(self, name: str) -> int | None:
        """The row that stands for a calibrant, or None where the catalogue has it not."""
        names = [line.name for line in self.lines]
        return int(self.family[names.index(name)]) if name in names else None


def line_table(catalogue: Sequence[Lines]) -> LineTable:
    """The catalogue as arrays; made once for each catalogue."""
    return _line_table(tuple(catalogue))


@functools.lru_cache(maxsize=8)
def _line_table(catalogue: tuple[Lines, ...]) -> LineTable:
    picked = [_picked(lines) for lines in catalogue]
    width = max((len(p) for p in picked), default=0)
    shape = (len(catalogue), max(width, 1))
    d, number = np.full(shape, _PADDING_NM), np.zeros(shape, dtype=np.intp)
    strength = np.full(shape, 1e-6)
    known = np.array([bool(lines.strength) for lines in catalogue], dtype=bool)
    for row, (lines, pick) in enumerate(zip(catalogue, picked, strict=True)):
        d[row, : len(pick)] = np.asarray(lines.d_nm)[pick]
        number[row, : len(pick)] = pick + 1
        strength[row, : len(pick)] = _strengths(lines)[pick]
    return LineTable(catalogue, d, number, strength, known, _families(d, strength))


def _strengths(lines: Lines) -> FloatArray:
    if not lines.strength:
        return np.full(len(lines.d_nm), _UNKNOWN_STRENGTH)
    values = np.asarray(lines.strength, dtype=np.float64)
    return np.asarray(np.maximum(values / values.max(), 1e-6))


def _picked(lines: Lines) -> IntArray:
    """Indices of the lines worth looking at, in their order."""
    strength = _strengths(lines)
    visible = np.flatnonzero(strength >= _FAINTEST)
    return visible[: MOST_LINES if lines.strength else MOST_UNKNOWN]


def _families(d: FloatArray, strength: FloatArray) -> IntArray:
    """For each row the first row with the same strong lines to ``SAME_SPACING``."""
    family = np.arange(len(d))
    for row in range(1, len(d)):
        for other in range(row):
            if family[other] == other and _same(d[row], strength[row], d[other], strength[other]):
                family[row] = other
                break
    return family


def _same(d: FloatArray, strength: FloatArray, other: FloatArray, other_s: FloatArray) -> bool:
    n = min(np.count_nonzero(d > 2 * _PADDING_NM), np.count_nonzero(other > 2 * _PADDING_NM))
    reach = max(d[n - 1], other[n - 1]) * (1.0 - SAME_SPACING)
    mine = d[(strength > _TELLING) & (d > reach)]
    theirs = other[(other_s > _TELLING) & (other > reach)]
    return bool(n > 0 and _within(mine, other) and _within(theirs, d))


def _within(some: FloatArray, all_of: FloatArray) -> bool:
    off = np.abs(some[:, None] / all_of[None, :] - 1.0).min(axis=1, initial=np.inf)
    return len(some) > 0 and bool((off < SAME_SPACING).all())
