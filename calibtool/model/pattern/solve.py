"""One step of the geometry from the sectors of all rings, and how far it can be trusted.

Each ring in each sector says by how much it is shifted and how well that is known.  Grains and
texture make sectors scatter by more than their counts say (ω), skewed peaks and overlaps make
whole rings lie off (ν): both are measured and enter as variances, so that no sector and no ring
is trusted beyond what sectors and rings really do.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.sectors import Sectors

OUTLIER = 5.0
"""A sector farther off than so many σ (ω included) is left out."""

CHANCE = 3.0
"""σ of chance beyond which rings, or parts of a circle, scatter more than they should."""

ODD_SHARE, FEWEST_SPARE = 0.12, 4
"""Share of the rings that may lie off for reasons of their own; it is one at least where so many
rings are left."""

CLEARLY = 4.0
"""σ of chance by which the sectors of a ring must scatter beyond their counts to have an ω of their
own."""

BLOCKS = (24, 8)
"""Parts of a circle whose scores are taken as independent for the sandwich estimates."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The sectors of some groups and what the positions depend on: ``by`` (G, S, m, P)."""

    sectors: Sectors
    by: FloatArray


@dataclass(frozen=True, eq=False)
class Scatter:
    """Scatter of sectors (ω) and of whole rings (ν) beyond their counts, in px."""

    omega_px: float = 0.0
    nu_px: float = 0.0

    @property
    def total_px(self) -> float:
        """Both together."""
        return float(np.hypot(self.omega_px, self.nu_px))


@dataclass(frozen=True, eq=False)
class Step:
    """Change of the parameters and their covariance, 0 for those that are held.

    ``offset`` and ``sigma_offset`` (K,) are the mean shift of each ring (0 and ∞ for one that is
    too faint to tell), ``used`` and
    ``left_out`` (K,) the sectors of each that count and that were set aside.
    """

    change: FloatArray
    covariance: FloatArray
    scatter: Scatter
    offset: FloatArray
    sigma_offset: FloatArray
    used: FloatArray
    left_out: FloatArray


@dataclass
class _Sums:
    hessian: FloatArray
    gradient: FloatArray
    cross: FloatArray
    within: FloatArray
    offsets: FloatArray
    blocks: list[FloatArray]
    n_blocks: list[int]
    used: FloatArray
    left_out: FloatArray
    above: FloatArray


def solve(
    evidence: list[Evidence],
    free: BoolArray,
    prior: FloatArray,
    off: FloatArray,
    stride: FloatArray,
    n_rings: int,
    n_radial: int,
    common: FloatArray,
) -> Step:
    """Solve for the free parameters.

    Parameters
    ----------
    evidence : list of Evidence
        That of all groups.
    free : ndarray of bool, shape (P,)
        Parameters to change.
    prior : ndarray, shape (P,)
        1/σ² of what is known of each parameter beforehand.
    off : ndarray, shape (P,)
        How far each is from that.
    stride : ndarray, shape (P,)
        How far each parameter goes in one step at most, where the rings hardly tell it.
    n_rings : int
        Rings in all.
    n_radial : int
        How many numbers the rings' mean radii determine; with as many as there are rings
        none can be seen to lie off.
    common : ndarray, shape (K,)
        σ (px) by which all rings may lie off together.
    """
    omega2 = _omega2(evidence, int(np.count_nonzero(free)), n_rings)
    sums = _summed(evidence, free, n_rings, omega2)
    sums.hessian[np.diag_indices_from(sums.hessian)] += prior[free]
    sums.gradient -= prior[free] * off[free]
    nu2 = _nu2(sums, n_rings - n_radial)
    hessian, gradient = _with_offsets(sums, nu2, common)
    plain, covariance = _inverse(sums.hessian), _inverse(hessian)
    widened = _widening(sums, plain)
    total = np.zeros((len(free), len(free)))
    total[np.ix_(free, free)] = covariance * np.outer(widened, widened)
    change = np.zeros(len(free))
    change[free] = _inverse(hessian + np.diag(1.0 / stride[free] ** 2)) @ gradient
    within = np.diag(sums.within)
    told = within > 0.0
    safe = np.where(told, within, 1.0)
    return Step(
        change, total, Scatter(float(np.sqrt(np.median(omega2))), float(np.sqrt(nu2))),
        np.where(told, sums.offsets / safe, 0.0), np.where(told, 1.0 / np.sqrt(safe), np.inf),
        sums.used, sums.left_out,
    )  # fmt: skip


def _summed(evidence: list[Evidence], free: BoolArray, n_rings: int, omega2: FloatArray) -> _Sums:
    n = int(np.count_nonzero(free))
    sums = _Sums(
        np.zeros((n, n)), np.zeros(n), np.zeros((n, n_rings)), np.zeros((n_rings, n_rings)),
        np.zeros(n_rings), [np.zeros((n, n)) for _ in BLOCKS], [0 for _ in BLOCKS],
        np.zeros(n_rings), np.zeros(n_rings), np.ones(n_rings),
    )  # fmt: skip
    for group in evidence:
        by, rings = group.by[..., free], group.sectors.rings
        score, info, kept = _tempered(group.sectors, omega2[rings])
        weighted = info @ by
        sums.hessian += np.tensordot(by, weighted, axes=([0, 1, 2], [0, 1, 2]))
        each = (by.swapaxes(2, 3) @ score[..., None])[..., 0]
        sums.gradient += each.sum(axis=(0, 1))
        sums.cross[:, rings] += np.moveaxis(weighted.sum(axis=1), 2, 0)
        sums.within[rings[:, :, None], rings[:, None, :]] += info.sum(axis=1)
        sums.offsets[rings] += score.sum(axis=1)
        n_sectors = each.shape[1]
        for k, wanted in enumerate(BLOCKS):
            n_blocks = min(wanted, n_sectors)
            edges = np.arange(n_blocks) * n_sectors // n_blocks
            blocks = np.add.reduceat(each, edges, axis=1).reshape(-1, n)
            sums.blocks[k] += blocks.T @ blocks
            sums.n_blocks[k] += int(np.count_nonzero(blocks.any(axis=1)))
        there = np.einsum("gsmm->gsm", group.sectors.information) > 0
        sums.above[rings] = group.sectors.above
        sums.used[rings] += np.count_nonzero(kept & there, axis=1)
        sums.left_out[rings] += np.count_nonzero(~kept & there, axis=1)
    return sums


def _tempered(
    sectors: Sectors, omega2: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Score (G, S, m) and information (G, S, m, m) with the scatter ω² (G, m); which are kept."""
    info, score = sectors.information, sectors.score
    damping = np.linalg.inv(np.eye(info.shape[2]) + info * omega2[:, None, None, :])
    info, score = damping @ info, (damping @ score[..., None])[..., 0]
    own = np.einsum("gsii->gsi", info)
    kept = score**2 <= OUTLIER**2 * np.maximum(own, 0.0)
    both = kept[..., None] & kept[:, :, None, :]
    return np.where(kept, score, 0.0), np.where(both, info, 0.0), kept


def _omega2(evidence: list[Evidence], n_free: int, n_rings: int) -> FloatArray:
    """Variance (px²) that the sectors of each ring scatter by beyond their counts, shape (K,).

    The rings share one, the median by information, but those that scatter by clearly more.
    """
    n_sectors = evidence[0].by.shape[1]
    info, score2 = np.zeros((n_rings, n_sectors)), np.zeros((n_rings, n_sectors))
    for group in evidence:
        sectors = group.sectors
        info[sectors.rings] = np.einsum("gsmm->gms", sectors.information)
        score2[sectors.rings] = sectors.score.swapaxes(1, 2) ** 2
    there = info > 1e-12
    number = there.sum(axis=1)
    info = np.where(there, info, 1.0)
    score2 = np.where(there, score2, 0.0)

    def mean(omega2: FloatArray) -> FloatArray:
        """χ² per sector of each ring."""
        ratio = np.minimum(score2 / (info * (1.0 + omega2[:, None] * info)), OUTLIER**2)
        return np.asarray(ratio.sum(axis=1) / np.maximum(number, 1))

    usual = 1.0 - min(n_free / max(int(number.sum()), 1), 0.5)
    plain = mean(np.zeros(n_rings))
    own2 = np.where(plain > usual, _raised_until(mean, usual, score2 / info**2), 0.0)
    clear = plain > 1.0 + CLEARLY * np.sqrt(2.0 / np.maximum(number, 1))
    shared = _weighted_median(own2, np.where(there, info, 0.0).sum(axis=1))
    return np.where(clear, np.maximum(own2, shared), shared)


def _raised_until(
    mean: Callable[[FloatArray], FloatArray], usual: float, largest: FloatArray
) -> FloatArray:
    """ω² (K,) at which the mean χ² of each ring is what is usual, by bisection."""
    high = largest.max(axis=1, initial=0.0)
    low = np.zeros_like(high)
    for _ in range(30):
        middle = 0.5 * (low + high)
        beyond = mean(middle) > usual
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return np.asarray(high)


def _weighted_median(values: FloatArray, weight: FloatArray) -> float:
    ranked = np.argsort(values, kind="stable")
    total = np.cumsum(weight[ranked])
    return float(values[ranked][np.searchsorted(total, 0.5 * total[-1])]) if total[-1] > 0 else 0.0


def _nu2(sums: _Sums, spare: int) -> float:
    """Variance (px²) that rings lie off by as a whole, by the method of moments.

    What the form of a strong ring leaves shifts a fainter one beside it by more, as their heights
    are to one another.
    """
    own = np.diag(sums.within)
    there = own > 0
    n = int(np.count_nonzero(there))
    # One blend that lies off is no reason to doubt all rings.
    odd = max(int(ODD_SHARE * n), 1 if spare >= FEWEST_SPARE else 0)
    spare -= len(own) - n + odd
    if spare < 1 or n < 2:
        return 0.0
    faint2 = sums.above[there] ** 2
    offset2, variance = (sums.offsets[there] / own[there]) ** 2 / faint2, 1.0 / own[there] / faint2
    kept = np.argsort(offset2 / variance, kind="stable")[: n - odd]
    offset2, variance = offset2[kept], variance[kept]

    def excess(nu2: float) -> float:
        return float(np.sum(offset2 / (variance + nu2))) - spare

    if excess(0.0) <= CHANCE * math.sqrt(2.0 * spare):
        return 0.0
    low, high = 0.0, float(np.max(offset2)) * len(offset2)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return high


def _with_offsets(
    sums: _Sums, nu2: float, common: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Hessian and gradient with the rings' offsets eliminated: ν each, and what they share."""
    variance = nu2 * np.diag(sums.above**2) + np.outer(common, common)
    if not np.any(variance):
        return sums.hessian, sums.gradient
    free = variance @ np.linalg.inv(np.eye(len(common)) + sums.within @ variance)
    hessian = sums.hessian - sums.cross @ free @ sums.cross.T
    return hessian, sums.gradient - sums.cross @ free @ sums.offsets


def _widening(sums: _Sums, covariance: FloatArray) -> FloatArray:
    """By how much parts of the rings scatter more than the covariance says, at least 1."""
    n = len(covariance)
    widest = np.ones(n)
    for blocks, n_blocks in zip(sums.blocks, sums.n_blocks, strict=True):
        spare = n_blocks - n
        if spare < n:
            continue
        sandwich = covariance @ (blocks * n_blocks / spare) @ covariance
        ratio = np.diag(sandwich) / np.maximum(np.diag(covariance), 1e-300)
        # What chance alone makes of the ratio is no reason to widen.
        chance = 1.0 + CHANCE * np.sqrt(2.0 / spare)
        widest = np.maximum(widest, np.where(ratio > chance, np.sqrt(np.maximum(ratio, 1.0)), 1.0))
    return widest


def _inverse(hessian: FloatArray) -> FloatArray:
    """Inverse of a positive matrix whose parameters have very different units."""
    unit = 1.0 / np.sqrt(np.maximum(np.diag(hessian), 1e-300))
    scaled = hessian * np.outer(unit, unit)
    return np.asarray(np.linalg.pinv(scaled, 1e-12, hermitian=True) * np.outer(unit, unit))
