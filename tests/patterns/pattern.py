"""Expected counts of a powder pattern on a flat detector, integrated over each pixel."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tests.patterns.geometry import FloatArray, Geometry

REACH = 6.0
"""A ring is drawn as far as this many widths."""


class Ring(NamedTuple):
    """A ring that reaches the image: its line (from 0), angle and σ in rad, height in counts."""

    line: int
    angle: float
    width: float
    height: float


@dataclass(frozen=True)
class Background:
    """Smooth counts below the rings: level, exponential slope (per px, along x and y), halo."""

    level: float = 5.0
    slope: tuple[float, float] = (0.0, 0.0)
    halo: float = 0.0
    halo_px: float = 30.0

    def expected(self, shape: tuple[int, int], geometry: Geometry) -> FloatArray:
        y, x = np.ogrid[: shape[0], : shape[1]]
        rise = self.slope[0] * (x - 0.5 * shape[1]) + self.slope[1] * (y - 0.5 * shape[0])
        square = (x - geometry.beam_x_px) ** 2 + (y - geometry.beam_y_px) ** 2
        halo = self.halo / (1.0 + square / self.halo_px**2) ** 1.5
        return np.asarray(self.level * np.exp(rise) + halo + np.zeros(shape))


@dataclass(frozen=True)
class Pattern:
    """What is to be drawn.

    ``d_nm`` and ``heights`` (counts above the background) of the lines; ``width_px`` is σ on a
    detector at right angles, ``growth`` its relative increase at tan 2θ = 1; ``skew`` puts 30 %
    of a ring into a wider part that many widths outside, the centroid staying. ``texture``
    (lines, A) is a factor on the height and ``shifts`` (lines, A) a place in widths, by azimuth.
    """

    shape: tuple[int, int]
    geometry: Geometry
    wavelength_nm: float
    d_nm: tuple[float, ...]
    heights: tuple[float, ...]
    width_px: float = 2.0
    growth: float = 0.0
    skew: float = 0.0
    background: Background = field(default_factory=Background)
    texture: FloatArray | None = field(default=None, repr=False)
    shifts: FloatArray | None = field(default=None, repr=False)

    def rings(self) -> Iterator[Ring]:
        low, high = self.angles_seen()
        for line, (d, height) in enumerate(zip(self.d_nm, self.heights, strict=True)):
            sine = self.wavelength_nm / (2 * d)
            if sine >= 0.9 or height <= 0:
                continue
            angle = 2 * math.asin(sine)
            width = self.width_px * (1 + self.growth * math.tan(angle)) * math.cos(angle) ** 2
            width /= self.geometry.distance_px
            if low - 2 * width < angle < min(high, 1.4) + 2 * width:
                yield Ring(line, angle, width, height)

    def angles_seen(self) -> tuple[float, float]:
        """Smallest and largest scattering angle on the image, in rad."""
        h, w = self.shape
        rim = np.concatenate([np.arange(w), np.arange(w), np.zeros(h), np.full(h, w - 1)])
        rows = np.concatenate([np.zeros(w), np.full(w, h - 1), np.arange(h), np.arange(h)])
        angle = self.geometry.two_theta(rim, rows)
        x, y = self.geometry.beam_x_px, self.geometry.beam_y_px
        inside = -0.5 <= x <= w - 0.5 and -0.5 <= y <= h - 0.5
        return (0.0 if inside else float(angle.min())), float(angle.max())

    def radius_px(self, line: int) -> float:
        """Radius of a line on a detector at right angles to the beam."""
        angle = 2 * math.asin(self.wavelength_nm / (2 * self.d_nm[line]))
        return self.geometry.distance_px * math.tan(angle)

    def expected(self) -> FloatArray:
        """Counts (H, W): Gauss-Legendre nodes in each pixel, more of them for narrow rings."""
        total = self.background.expected(self.shape, self.geometry)
        y, x = np.indices(self.shape, dtype=float).reshape(2, -1)
        centre = self.geometry.two_theta(x, y)
        turns = self.geometry.azimuth(x, y)
        rings = [
            (ring, np.flatnonzero(np.abs(centre - ring.angle) < self._reach(ring)))
            for ring in self.rings()
        ]
        flat = total.reshape(-1)
        nodes, weights = np.polynomial.legendre.leggauss(4 if self.width_px < 1.2 else 2)
        for dx, weight_x in zip(0.5 * nodes, weights, strict=True):
            for dy, weight_y in zip(0.5 * nodes, weights, strict=True):
                angle = self.geometry.two_theta(x + dx, y + dy)
                for ring, near in rings:
                    part = self.peak(ring, angle[near], turns[near])
                    flat[near] += 0.25 * weight_x * weight_y * part
        return total

    def _reach(self, ring: Ring) -> float:
        pixel = math.cos(ring.angle) ** 2 / self.geometry.distance_px
        return REACH * ring.width * (1 + 0.6 * self.skew) + pixel

    def peak(self, ring: Ring, angle: FloatArray, turns: FloatArray) -> FloatArray:
        """Counts of one ring by scattering angle (rad) and azimuth (turns)."""
        t = (angle - ring.angle) / ring.width
        if self.shifts is not None:
            t = t - _by_azimuth(self.shifts[ring.line], turns)
        shape = np.exp(-0.5 * (t + 0.3 * self.skew) ** 2)
        if self.skew:
            outer = np.exp(-0.5 * ((t - 0.7 * self.skew) / 1.5) ** 2) / 1.5
            shape = 0.7 * shape + 0.3 * outer
        if self.texture is not None:
            shape = shape * _by_azimuth(self.texture[ring.line], turns)
        return np.asarray(ring.height * shape)


def _by_azimuth(table: FloatArray, turns: FloatArray) -> FloatArray:
    place = turns * len(table)
    low = place.astype(int)
    share = place - low
    first, second = low % len(table), (low + 1) % len(table)
    return np.asarray((1 - share) * table[first] + share * table[second])
