"""Where around a centre something sticks out on both sides: candidates for rings."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.polar import PolarMap

HALF_WIDTHS = ((1, (0, 1, 2, 3)), (2, (2, 3, 5, 8, 12, 18)))
"""Half-widths of the boxes that are compared with what is beside them, in so many bins."""

MERGED = 2
SECTORS_AT_ONCE = 12

WIDTH_OF_BOX = 0.7
"""Width (σ) of the Gaussian that stands out most in a box of half-width + ½ = 1."""

SOFT = 2.0
"""Above so many σ a sector counts by its logarithm: no spot outvotes a ring."""

LEAST = 3.5
"""In σ; what is only just above chance is looked at more closely, and mostly given up then."""

MOST = 30
APART_WIDTHS = 2.0
NARROWER, CLEAR = 2.5, 6.0
LEAST_RADIUS_WIDTHS = 3.0


@dataclass(frozen=True)
class Bump:
    """Something round: parameter and width in px, and how far above chance it is, in σ."""

    radius_px: float
    width_px: float
    score: float


def bumps(polar: PolarMap) -> list[Bump]:
    """What sticks out of its surroundings in most sectors of a map, clearest first."""
    found = []
    for bins, half_widths in HALF_WIDTHS:
        coarse = polar.merged(MERGED).rebinned(bins)
        for half, score in zip(half_widths, _scores(coarse, half_widths), strict=True):
            width = WIDTH_OF_BOX * (half + 0.5) * coarse.bin_px
            middle = score[1:-1]
            top = (middle > score[:-2]) & (middle >= score[2:]) & (middle > LEAST)
            top &= coarse.radius_px[1:-1] > LEAST_RADIUS_WIDTHS * width
            at = np.flatnonzero(top) + 1
            found += [Bump(float(coarse.radius_px[k]), width, float(score[k])) for k in at]
    found.sort(key=lambda bump: (-bump.score, bump.width_px, bump.radius_px))
    kept: list[Bump] = []
    for bump in found:
        if len(kept) < MOST and all(_apart(bump, other) for other in kept):
            kept.append(bump)
    return kept


def _apart(bump: Bump, better: Bump) -> bool:
    """Whether a bump is another one, or a clear one on top of one that is much wider."""
    off = abs(bump.radius_px - better.radius_px)
    on_top = NARROWER * bump.width_px < better.width_px and bump.score > CLEAR
    return off > APART_WIDTHS * (bump.width_px if on_top else max(bump.width_px, better.width_px))


def _scores(polar: PolarMap, half_widths: tuple[int, ...]) -> list[FloatArray]:
    """How far each bin (B,) is above what is beside it, in σ, for boxes of these half-widths."""
    bins = polar.mean.shape[1]
    total, count = np.zeros((2, len(half_widths), bins))
    for first in range(0, len(polar.mean), SECTORS_AT_ONCE):
        sums = _Sums(polar, slice(first, first + SECTORS_AT_ONCE))
        for k, half in enumerate(half_widths):
            z, ok = sums.contrast(half)
            total[k] += z.sum(axis=0)
            count[k] += ok.sum(axis=0)
    return list(total / np.sqrt(np.maximum(count, 1.0)))


class _Sums:
    """Running sums of some sectors along the bins, so that any box costs the same."""

    def __init__(self, polar: PolarMap, sectors: slice) -> None:
        self.bins = polar.mean.shape[1]
        n = polar.count[sectors].astype(np.float64)
        self.there = _running((n > 0).astype(np.float64))
        self.count = _running(n)
        self.total = _running(n * polar.mean[sectors])
        self.noise = _running(n * n * polar.variance[sectors])

    def contrast(self, half: int) -> tuple[FloatArray, BoolArray]:
        """Boxes over the mean of those beside them, (K, B) in σ, softened, and where they are."""
        inner, outer = half + half // 2 + 1, half + half // 2 + 1 + max(half + 1, 2)
        n, total, _, share = self._box(-half, half + 1)
        ok = share > 0.6
        n_in, total_in, noise_in, share = self._box(-outer, -inner)
        ok &= share > 0.5
        n_out, total_out, noise_out, share = self._box(inner + 1, outer + 1)
        ok &= share > 0.5
        n, n_in, n_out = (np.maximum(many, 1e-9) for many in (n, n_in, n_out))
        # noise as it would be without a ring, so that a bright one is not held for its own
        noise = (noise_in + noise_out) / (n_in + n_out)
        z = total / n - 0.5 * (total_in / n_in + total_out / n_out)
        z = np.where(ok, z / np.sqrt(noise * (1 / n + 0.25 / n_in + 0.25 / n_out) + 1e-30), 0.0)
        return SOFT * np.arcsinh(z / SOFT), ok

    def _box(
        self, start: int, stop: int
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Sums over the boxes from start to stop of each bin, and the share of bins there."""
        low = np.clip(np.arange(self.bins) + start, 0, self.bins)
        high = np.clip(np.arange(self.bins) + stop, 0, self.bins)
        sums = (self.count, self.total, self.noise, self.there)
        n, total, noise, there = (part[:, high] - part[:, low] for part in sums)
        return n, total, noise, there / (stop - start)


def _running(values: FloatArray) -> FloatArray:
    return np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))
