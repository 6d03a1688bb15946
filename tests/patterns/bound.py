"""The least σ that any estimator can have (Cramér-Rao) from the Poisson counts of a pattern.

Free beside the geometry: the height of each ring, one width for each group of rings nearer than
seven widths, level and slope of the background below each group, and the skewness of skewed
rings. Pixels farther than six widths from a ring, or beyond half the way to the next group, tell
nothing, as in a fit that has windows.
"""

from dataclasses import dataclass, replace

import numpy as np

from tests.patterns.detector import BoolArray
from tests.patterns.geometry import FloatArray
from tests.patterns.pattern import Pattern, Ring

NEAR, WINDOW = 7.0, 6.0
PATCHES = 170
"""Parts of a circle in which grains lie off their ring together: √(4π) times their size."""

ENOUGH = 25_000
"""Pixels of a group that are summed; where it has more, every n-th stands for its neighbours."""

LOOSE = np.array([1e4, 1e4, np.inf, 0.5, 0.5, 3.0])
"""σ of what is known beforehand of the parameters: it keeps the information invertible."""


@dataclass(frozen=True)
class Bound:
    """Fisher information (6, 6) of beam x, y, distance (mm), s_x, s_y and ln λ; S/N by line."""

    information: FloatArray
    distance_mm: float
    snr: dict[int, float]

    def covariance(self, *, wavelength_known: bool = True) -> FloatArray:
        """Least covariance (6, 6); row and column 5 are 0 where the wavelength is known."""
        scale = np.array([1, 1, self.distance_mm, 1, 1, 1.0])
        loose = 1 / np.where(np.isinf(LOOSE), 3.0 * self.distance_mm, LOOSE) ** 2
        information = (self.information + np.diag(loose)) * np.outer(scale, scale)
        n = 5 if wavelength_known else 6
        result = np.zeros((6, 6))
        result[:n, :n] = np.linalg.inv(information[:n, :n])
        return np.asarray(result * np.outer(scale, scale))

    def sigma(self, *, wavelength_known: bool = True) -> FloatArray:
        """Least σ (6,) of beam x, y, distance (mm), s_x, s_y, ln λ."""
        return np.sqrt(np.diag(self.covariance(wavelength_known=wavelength_known)))

    def strong(self, snr: float = 12.0) -> list[int]:
        """Lines whose ring has at least this signal-to-noise ratio."""
        return [line for line, value in self.snr.items() if value >= snr]


def bound(
    pattern: Pattern,
    expected: FloatArray | None = None,
    *,
    blind: BoolArray | None = None,
    shade: FloatArray | None = None,
) -> Bound:
    """Bound of a pattern; ``expected`` counts (H, W) with the shade, where they are at hand."""
    mean = pattern.expected() * (1.0 if shade is None else shade) if expected is None else expected
    y, x = np.indices(pattern.shape, dtype=float).reshape(2, -1)
    angle = pattern.geometry.two_theta(x, y)
    seen = np.ones(angle.shape, bool) if blind is None else ~blind.reshape(-1)
    information, snr = np.zeros((6, 6)), {}
    for rings, low, high in _groups(pattern):
        near = np.flatnonzero(seen & (angle > low) & (angle < high))
        if len(near) < 50:
            continue
        every = 1 + len(near) // ENOUGH
        near = near[::every]
        counts = np.maximum(mean.reshape(-1)[near], 1e-6)
        factor = np.ones(len(near)) if shade is None else shade.reshape(-1)[near]
        design, slopes = _design(pattern, rings, x[near], y[near])
        design, slopes = design * factor, slopes * factor
        full = every * (design / counts) @ design.T
        if pattern.shifts is not None:
            turn = pattern.geometry.azimuth(x[near], y[near])
            full -= _lost(pattern, rings, turn, design, slopes, counts / every)
        nuisance = full[6:, 6:]
        inverse = np.linalg.pinv(nuisance, rcond=1e-13, hermitian=True)
        information += full[:6, :6] - full[:6, 6:] @ inverse @ full[6:, :6]
        # Without a count of its own a ring drops out of the inverse: it is not there.
        alone = np.sqrt(np.maximum(np.diag(nuisance)[: len(rings)], 0.0))
        beside = 1.0 / np.sqrt(np.maximum(np.diag(inverse)[: len(rings)], 1e-30))
        snr |= {
            ring.line: float(ring.height * s)
            for ring, s in zip(rings, np.minimum(alone, beside), strict=True)
        }
    return Bound(information, pattern.geometry.distance_mm, snr)


def _lost(
    pattern: Pattern,
    rings: list[Ring],
    turn: FloatArray,
    design: FloatArray,
    slopes: FloatArray,
    variance: FloatArray,
) -> FloatArray:
    """Information that is lost where the grains of each patch of a ring lie off it by their own."""
    assert pattern.shifts is not None
    spread = [max(float(np.std(pattern.shifts[r.line])) * r.width, 1e-12) for r in rings]
    patch = (turn * PATCHES).astype(int) % PATCHES
    lost = np.zeros((len(design), len(design)))
    for one in range(PATCHES):
        there = np.flatnonzero(patch == one)
        weighted = slopes[:, there] / variance[there]
        cross = weighted @ design[:, there].T
        own = weighted @ slopes[:, there].T + np.diag(np.power(spread, -2))
        lost += cross.T @ np.linalg.solve(own, cross)
    return lost


def _groups(pattern: Pattern) -> list[tuple[list[Ring], float, float]]:
    """Rings that belong together, and the angles between which they are looked at."""
    groups: list[list[Ring]] = []
    for ring in sorted(pattern.rings(), key=lambda r: r.angle):
        if groups and ring.angle - groups[-1][-1].angle < NEAR * ring.width:
            groups[-1].append(ring)
        else:
            groups.append([ring])
    edges = []
    for group in groups:
        reach = WINDOW * group[0].width
        edges.append([group[0].angle - reach, group[-1].angle + reach])
    for before, after, a, b in zip(edges, edges[1:], groups, groups[1:], strict=False):
        middle = 0.5 * (a[-1].angle + b[0].angle)
        before[1], after[0] = min(before[1], middle), max(after[0], middle)
    return [(group, low, high) for group, (low, high) in zip(groups, edges, strict=True)]


def _design(
    pattern: Pattern, rings: list[Ring], x: FloatArray, y: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Derivatives (6 + nuisance, pixels) of the expected counts, and those by each ring's angle."""
    place = pattern.geometry.two_theta(x, y), pattern.geometry.azimuth(x, y)
    steps, widen, moved = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x))
    peaks, slopes = [], []
    for ring in (_blurred(pattern, ring) for ring in rings):
        e = 1e-3 * ring.width
        ahead = pattern.peak(ring._replace(angle=ring.angle - e), *place)
        behind = pattern.peak(ring._replace(angle=ring.angle + e), *place)
        slope = (ahead - behind) / (2 * e)
        steps += slope
        slopes.append(slope)
        moved -= slope * 2 * np.tan(ring.angle / 2)
        wide = pattern.peak(ring._replace(width=ring.width * 1.001), *place)
        slim = pattern.peak(ring._replace(width=ring.width * 0.999), *place)
        widen += (wide - slim) / 0.002
        peaks.append(pattern.peak(ring, *place) / ring.height)
    geometry = steps * pattern.geometry.slopes(x, y)
    level = np.ones(len(x))
    tilted = (place[0] - place[0].mean()) / rings[0].width
    rows = [*geometry, moved, *peaks, widen, level, tilted]
    if pattern.skew:
        rows.append(_skewing(pattern, rings, *place))
    return np.asarray(rows), np.asarray(slopes)


def _skewing(pattern: Pattern, rings: list[Ring], *place: FloatArray) -> FloatArray:
    more, less = (replace(pattern, skew=pattern.skew + e) for e in (1e-3, -1e-3))
    blurred = [_blurred(pattern, ring) for ring in rings]
    return np.asarray(sum(more.peak(r, *place) - less.peak(r, *place) for r in blurred) / 2e-3)


def _blurred(pattern: Pattern, ring: Ring) -> Ring:
    """Ring averaged over the pixel, to second order: σ² + 1/12 px²."""
    pixel = np.cos(ring.angle) ** 2 / pattern.geometry.distance_px
    width = float(np.sqrt(ring.width**2 + pixel**2 / 12))
    return ring._replace(width=width, height=ring.height * ring.width / width)
