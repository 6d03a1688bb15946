"""From expected counts to an image: what shades the detector, where it is blind, its numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.patterns.geometry import FloatArray, Geometry

BoolArray = NDArray[np.bool_]


def beamstop(
    shape: tuple[int, int], geometry: Geometry, radius: float, arm_deg: float | None = None
) -> FloatArray:
    """Transmission (H, W) of a disc before the beam, and of an arm that holds it."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    dx, dy = x - geometry.beam_x_px, y - geometry.beam_y_px
    shade = np.clip(0.5 + (np.hypot(dx, dy) - radius) / 1.5, 0.02, 1)
    if arm_deg is None:
        return np.asarray(shade)
    turn = np.radians(arm_deg)
    across = np.abs(dx * np.sin(turn) - dy * np.cos(turn))
    ahead = dx * np.cos(turn) + dy * np.sin(turn) > 0
    arm = np.clip(0.5 + across - 0.35 * radius, 0.05, 1)
    return np.asarray(np.where(ahead, np.minimum(shade, arm), shade))


def module_gaps(shape: tuple[int, int], columns: int, rows: int, width: int = 7) -> BoolArray:
    """True between the modules of a grid of ``columns`` × ``rows``."""
    blind = np.zeros(shape, bool)
    for axis, number in ((1, columns), (0, rows)):
        for cut in range(1, number):
            start = cut * shape[axis] // number - width // 2
            where = (slice(None), slice(start, start + width))
            blind[where if axis else where[::-1]] = True
    return blind


@dataclass(frozen=True)
class Detector:
    """How counts become numbers.

    ``kind``: ``counts`` (int32, blind pixels −1), ``ccd`` (uint16, gain and pedestal, blind
    pixels 0), ``float`` (float32, blind pixels NaN), ``subtracted`` (float32, a background
    taken off), ``drawn`` (uint8, no noise), ``8 bit`` (uint8).
    """

    kind: str = "counts"
    hot: int = 0
    blind: BoolArray | None = None
    shade: FloatArray | None = None

    def mean(self, expected: FloatArray) -> FloatArray:
        return expected if self.shade is None else expected * self.shade

    def read(self, expected: FloatArray, rng: np.random.Generator) -> NDArray[np.generic]:
        """One image of the expected counts."""
        mean = self.mean(expected)
        drawn = self.kind == "drawn"
        values = np.round(mean) if drawn else rng.poisson(mean).astype(float)
        if self.kind == "ccd":
            values = np.round(2.3 * values + rng.normal(100.0, 1.5, values.shape))
        if self.kind == "subtracted":
            values -= np.median(mean)
        if self.hot:
            where = rng.integers(0, values.size, self.hot)
            values.flat[where] += np.exp(rng.uniform(np.log(30), np.log(2e5), self.hot))
        return self._typed(values)

    def _typed(self, values: FloatArray) -> NDArray[np.generic]:
        blind = np.zeros(values.shape, bool) if self.blind is None else self.blind
        if self.kind in ("float", "subtracted"):
            return np.where(blind, np.nan, values).astype(np.float32)
        if self.kind == "ccd":
            return np.clip(np.where(blind, 0, values), 0, 65535).astype(np.uint16)
        if self.kind in ("drawn", "8 bit"):
            return np.clip(np.where(blind, 0, values), 0, 255).astype(np.uint8)
        return np.where(blind, -1, np.minimum(values, 2**31 - 1)).astype(np.int32)
