"""Where a calibrant's lines could lie: every ring tried as every line, the hopeless left out.

One ring taken for one line fixes the scale where the wavelength is known, and at small angles
where it is not; two rings taken for two lines fix both. Each trial is judged roughly by the
rings its strong lines meet and miss; the best few of each calibrant go on.
"""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.bragg import from_two_rings, line_radii
from calibtool.model.pattern.lines import LineTable
from calibtool.model.pattern.sight import Sight

LONGEST_NM = 0.25
"""Wavelength in nm beyond which no laboratory or beamline calibrates with rings."""

PER_CALIBRANT = 4
"""Trials of one calibrant that go on."""

_ANCHORS = 6
_PAIRED = 4
_LINES_TRIED, _FEWEST_TRIED, _STRONG = 20, 12, 0.04
_MISS = 0.5
_SLACK = 0.003
"""Relative error of a radius that is predicted from two others."""


@dataclass(frozen=True, eq=False)
class Trials:
    """H places of calibrants: row of the catalogue, scale K in nm·px, λ² in nm², all (H,)."""

    row: NDArray[np.intp]
    scale: FloatArray
    lambda_squared: FloatArray

    def take(self, index: NDArray[np.intp] | BoolArray) -> "Trials":
        """Some of them."""
        return Trials(self.row[index], self.scale[index], self.lambda_squared[index])


def joined(some: Trials, others: Trials) -> Trials:
    """Both, one after the other."""
    return Trials(
        np.concatenate([some.row, others.row]),
        np.concatenate([some.scale, others.scale]),
        np.concatenate([some.lambda_squared, others.lambda_squared]),
    )


def trials_at(sight: Sight, table: LineTable, lambda_squared: float) -> Trials:
    """The best trials of each calibrant at one wavelength, 0 for small angles."""
    rows, tried = _strong_lines(table)
    anchors = sight.radius_px[_anchors(sight, _ANCHORS)]
    unit = line_radii(np.ones_like(tried), np.float64(lambda_squared), tried)
    scale = anchors[:, None, None] / unit
    real = np.isfinite(unit) & (tried > 1e-8)
    place = np.broadcast_to(np.arange(len(rows))[:, None], scale.shape)[:, real].ravel()
    scale = scale[:, real].ravel()
    trials = Trials(rows[place], scale, np.full(len(scale), lambda_squared))
    return _best(trials, _rough_scores(sight, scale[:, None] * unit[place]))


def trials_at_distance(sight: Sight, table: LineTable, distance_px: float) -> Trials:
    """The best trials of each calibrant at a distance L in px: each ring as each line tells λ."""
    rows, tried = _strong_lines(table)
    anchors = sight.radius_px[_anchors(sight, _ANCHORS)]
    sines = np.sin(0.5 * np.arctan(anchors / distance_px))
    wavelength = 2.0 * sines[:, None, None] * tried
    real = (wavelength < LONGEST_NM) & (tried > 1e-8)
    row = np.broadcast_to(rows[:, None], wavelength.shape)[real]
    trials = Trials(row, distance_px * wavelength[real], wavelength[real] ** 2)
    return _best(trials, _rough_scores(sight, _tried_radii(table, trials)))


def trials_of_pairs(sight: Sight, table: LineTable) -> Trials:
    """The best trials of each calibrant at wavelengths that two rings tell."""
    pairs = _pairs(_anchors(sight, _PAIRED))
    found = []
    for a, b in pairs:
        inner_r, outer_r = sight.radius_px[a], sight.radius_px[b]
        row, inner_d, outer_d, low, high = _line_pairs(table)
        squared = (outer_r / inner_r) ** 2
        fits = (low < squared) & (squared < high)
        count = int(fits.sum())
        scale, square = from_two_rings(
            np.full(count, inner_r), np.full(count, outer_r), inner_d[fits], outer_d[fits]
        )
        found.append(Trials(row[fits], scale, square))
    if not found:
        return Trials(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    trials = functools.reduce(joined, found)
    return _best(trials, _rough_scores(sight, _tried_radii(table, trials)))


def _anchors(sight: Sight, most: int) -> NDArray[np.intp]:
    """The rings that stand out most, ascending in radius."""
    return np.sort(np.argsort(-sight.snr, kind="stable")[:most])


def _pairs(anchors: NDArray[np.intp]) -> list[tuple[int, int]]:
    places = anchors.tolist()
    return [(a, b) for i, a in enumerate(places) for b in places[i + 1 :]]


@functools.lru_cache(maxsize=8)
def _strong_lines(table: LineTable) -> tuple[NDArray[np.intp], FloatArray]:
    """Rows of the families and the d (F, S) of the first lines of each worth trying."""
    rows = np.flatnonzero(table.family == np.arange(len(table.family)))
    d = np.full((len(rows), _LINES_TRIED), 1e-9)
    for place, row in enumerate(rows):
        real = np.where(table.d_nm[row] > 1e-8, table.strength[row], 0.0)
        # Where the first orders are off the image, faint ones are all there is.
        least = min(_STRONG, float(np.sort(real)[-_FEWEST_TRIED:][0]))
        good = np.flatnonzero((real >= least) & (real > 0.0))[:_LINES_TRIED]
        d[place, : len(good)] = table.d_nm[row, good]
    return rows, d


@functools.lru_cache(maxsize=8)
def _line_pairs(
    table: LineTable,
) -> tuple[NDArray[np.intp], FloatArray, FloatArray, FloatArray, FloatArray]:
    """Row, inner d, outer d of all pairs, and the squared ratios of radii between which λ is."""
    rows, d = _strong_lines(table)
    i, j = np.triu_indices(d.shape[1], 1)
    row = np.repeat(rows, len(i))
    inner, outer = d[:, i].ravel(), d[:, j].ravel()
    real = outer > 1e-8
    row, inner, outer = row[real], inner[real], outer[real]
    longest = np.minimum(LONGEST_NM**2, 0.9 * 2.0 * outer * outer)
    one = np.ones_like(inner)
    high = (line_radii(one, longest, outer) / line_radii(one, longest, inner)) ** 2
    return row, inner, outer, (inner / outer) ** 2, np.asarray(high)


def _best(trials: Trials, score: FloatArray) -> Trials:
    """The best few of each calibrant that differ from each other."""
    key = (
        trials.row * 4_000_000
        + np.round(np.log(trials.scale) / 0.005).astype(np.int64) * 1000
        + np.round(np.sqrt(trials.lambda_squared) / 0.01).astype(np.int64)
    )
    ranked = np.argsort(-score, kind="stable")
    _, first = np.unique(key[ranked], return_index=True)
    unique = ranked[np.sort(first)]
    by_row = unique[np.argsort(trials.row[unique], kind="stable")]
    row = trials.row[by_row]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    rank = np.arange(len(row)) - np.repeat(starts, np.diff(np.append(starts, len(row))))
    return trials.take(by_row[rank < PER_CALIBRANT])


def _tried_radii(table: LineTable, trials: Trials) -> FloatArray:
    """Radii (H, S) of the lines tried."""
    rows, tried = _strong_lines(table)
    d = tried[np.searchsorted(rows, trials.row)]
    return line_radii(trials.scale[:, None], trials.lambda_squared[:, None], d)


def _rough_scores(sight: Sight, radii: FloatArray) -> FloatArray:
    """Rings met less rings missed by the lines of each trial, at radii (H, S) in px."""
    return np.asarray(_rough_table(sight)[sight.place(radii)].sum(axis=1))


def _rough_table(sight: Sight) -> FloatArray:
    """By radius: 1 where a ring is, and the price of a line where none is."""
    table = np.where(sight.share > 0.3, -_MISS, 0.0)
    between = sight.place(sight.radius_px[[0, -1]])
    table[: between[0]] = table[between[1] :] = 0.0
    table[sight.covered] = 0.0
    slack = 2.0 * (sight.error_px + np.abs(sight.common_px))
    slack += _SLACK * sight.radius_px + sight.step_px
    for low, high in sight.place(sight.radius_px[:, None] + np.outer(slack, [-1.0, 1.0])):
        table[low : high + 1] = 1.0
    table[-1] = 0.0
    return table
