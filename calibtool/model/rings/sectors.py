"""How far the sectors of a ring can be believed: outliers, and scatter beyond the noise."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.rings.arcs import lit_arc
from calibtool.model.rings.ring_model import RingEquations

RADIAL = 2
"""Index of R in the equations: a shift of a sector along its own radius."""

MIN_SECTORS = 4
SEEN = 1.5
"""Amplitude over its σ from which a sector counts."""

FAINT = 0.02
"""Share of the bright sectors' amplitude below which a sector shows chance, or another thing."""

TRIPLES = 300
OUTLYING = 4.5

LIKE_SIGMA = 3.0
LIKEST = 0.85
"""Correlation of neighbouring sectors: from how many σ it counts, and the most believed."""


@dataclass(frozen=True)
class SectorView:
    """The sectors seen one by one, all (K,).

    ``residual`` and ``sigma`` of the ring's radius in the sector (px, from the equations of
    that sector alone), ``usable`` where the ring is seen at all, ``weight`` in the common fit
    (1 when the sector is taken at its word, 0 for an outlier), ``extra_px`` the scatter that
    the noise of the pixels does not explain.
    """

    azimuth: FloatArray
    residual: FloatArray
    sigma: FloatArray
    usable: BoolArray
    weight: FloatArray
    extra_px: float

    @property
    def kept(self) -> BoolArray:
        """Usable and no outlier."""
        return self.usable & (self.weight > 0)


def view_sectors(
    azimuth: FloatArray,
    equations: RingEquations,
    unlike: FloatArray | None = None,
    *,
    judge: bool = True,
) -> SectorView:
    """Residual, σ and weight of each sector.

    Parameters
    ----------
    azimuth : ndarray, shape (K,)
        Of the sectors, in rad.
    equations : RingEquations
        At the state to be judged.
    unlike : ndarray, shape (K,), optional
        How many times more variance than the noise's the pixels of each sector have.
    judge : bool
        False takes every usable sector at its word.
    """
    information = equations.information[:, RADIAL, RADIAL]
    usable = (equations.amplitude > SEEN * equations.sigma_amplitude) & (information > 0)
    arc = lit_arc(equations.amplitude / equations.sigma_amplitude, information > 0)
    if arc is not None:
        # beyond the ends of an arc chance would hold the circle
        usable &= arc
    if usable.any():
        usable &= equations.amplitude > FAINT * np.percentile(equations.amplitude[usable], 90)
    safe = np.where(usable, information, 1.0)
    residual = np.where(usable, equations.score[:, RADIAL] / safe, 0.0)
    factor = np.ones_like(residual) if unlike is None else unlike
    sigma = np.where(usable, np.sqrt(factor / safe), np.inf)
    weight = usable / factor
    extra = 0.0
    enough = judge and np.count_nonzero(usable) >= 6
    if enough and scatter_excess(residual[usable], sigma[usable]):
        keep, extra2 = _judge(azimuth[usable], residual[usable], sigma[usable])
        shrunk = sigma[usable] ** 2 / (sigma[usable] ** 2 + extra2)
        weight[usable] *= np.where(keep, shrunk, 0.0)
        extra = float(np.sqrt(extra2))
    return SectorView(azimuth, residual, sigma, usable, weight, extra)


def scatter_excess(residual: FloatArray, sigma: FloatArray) -> bool:
    """Whether residuals scatter more than chance allows (2.5 standard deviations of χ²)."""
    free = max(len(residual) - 3, 1)
    return bool(np.sum((residual / sigma) ** 2) > free + 2.5 * np.sqrt(2.0 * free))


def _judge(
    azimuth: FloatArray, residual: FloatArray, sigma: FloatArray
) -> tuple[BoolArray, float]:
    """Sectors to keep, and the variance to add to theirs."""
    design = np.column_stack([np.cos(azimuth), np.sin(azimuth), np.ones_like(azimuth)])
    deviation = residual - design @ _robust_circle(design, residual)
    scale = 1.4826 * float(np.median(np.abs(deviation))) * (1.0 + 5.0 / max(len(residual) - 3, 1))
    keep = np.abs(deviation) <= OUTLYING * np.sqrt(np.minimum(sigma, 5.0 * scale) ** 2 + scale**2)
    if np.count_nonzero(keep) < max(MIN_SECTORS, 0.5 * len(keep)):
        keep[:] = True
    chosen, weight = design[keep], 1.0 / (sigma[keep] ** 2 + scale**2)
    normal = chosen.T @ (chosen * weight[:, None])
    fitted = np.linalg.lstsq(normal, chosen.T @ (weight * residual[keep]), rcond=1e-12)[0]
    return keep, extra_variance(residual[keep] - chosen @ fitted, sigma[keep])


def _robust_circle(design: FloatArray, residual: FloatArray) -> FloatArray:
    """Least median of absolute deviations over circles through three sectors (Rousseeuw)."""
    rng = np.random.default_rng(len(residual))
    picks = rng.random((TRIPLES, len(residual))).argsort(axis=1, kind="stable")[:, :3]
    matrices = design[picks]
    sound = np.abs(np.linalg.det(matrices)) > 1e-4
    least_squares = np.linalg.lstsq(design, residual, rcond=None)[0]
    candidates = [least_squares[None, :]]
    if sound.any():
        right = residual[picks[sound]][:, :, None]
        candidates.append(np.linalg.solve(matrices[sound], right)[:, :, 0])
    circles = np.concatenate(candidates)
    score = np.median(np.abs(residual - circles @ design.T), axis=1)
    return np.asarray(circles[int(np.argmin(score))])


def extra_variance(residual: FloatArray, sigma: FloatArray) -> float:
    """Variance (px²) to add to each σ² so that the residuals scatter as they should.

    The estimator of Mandel and Paule, J. Am. Stat. Assoc. 77 (1982) 377, for three parameters
    already fitted; 0 unless the excess is significant.
    """
    free = max(len(residual) - 3, 1)
    if not scatter_excess(residual, sigma):
        return 0.0
    low, high = 0.0, float(np.max(residual**2)) * len(residual)
    for _ in range(40):
        middle = 0.5 * (low + high)
        chi2 = float(np.sum(residual**2 / (sigma**2 + middle)))
        low, high = (middle, high) if chi2 > free else (low, middle)
    return high


def excess_variance(sectors: SectorView) -> float:
    """Factor on all variances where the sectors still scatter more than they claim, else 1."""
    used = sectors.kept
    free = np.count_nonzero(used) - 3
    if free < 3:
        return 1.0
    variance = sectors.sigma[used] ** 2 + sectors.extra_px**2
    chi2 = float(np.sum(sectors.residual[used] ** 2 / variance))
    return chi2 / free if chi2 > free + 2.5 * np.sqrt(2.0 * free) else 1.0


def likeness(residual: FloatArray, sigma: FloatArray, kept: BoolArray) -> float:
    """Factor on the variance of a mean because neighbouring sectors err alike, at least 1.

    (1 + ρ)/(1 − ρ) for residuals (K,) whose correlation with the next sector is ρ and fades
    geometrically (Bartlett's formula for the mean of an autoregressive series); 1 unless ρ is
    significant.
    """
    z = np.where(kept, residual / np.where(kept, sigma, 1.0), 0.0)
    pairs = int(np.count_nonzero(kept & np.roll(kept, -1)))
    square = float(np.sum(z**2)) / max(int(np.count_nonzero(kept)), 1)
    if pairs < 8 or square <= 0.0:
        return 1.0
    correlation = float(np.sum(z * np.roll(z, -1))) / pairs / square
    if correlation < LIKE_SIGMA / np.sqrt(pairs):
        return 1.0
    bounded = min(correlation, LIKEST)
    return (1.0 + bounded) / (1.0 - bounded)
