"""Solve the equations of the ring: Fisher scoring with honest weights for the sectors."""

from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.polar import PolarCells
from calibtool.model.ring_model import (
    N_SHARED,
    Noise,
    RingEquations,
    RingState,
    estimate_noise,
    ring_equations,
)

MAX_STEPS = 30
MIN_SECTORS = 4
RADIAL = 2
"""Index of R in the equations: a shift of a sector along its own radius."""


@dataclass(frozen=True)
class SectorView:
    """The sectors seen one by one, all (K,).

    ``residual`` and ``sigma`` of the ring's radius in the sector (px, from the equations of
    that sector alone), ``usable`` where the ring is seen at all, ``weight`` in the common fit
    (1 when the sector is taken at its word).
    """

    residual: FloatArray
    sigma: FloatArray
    usable: BoolArray
    weight: FloatArray
    extra_px: float


@dataclass(frozen=True)
class RingSolution:
    """State at the end, its covariance (4, 4) in x, y, R, σ, and what led to it."""

    state: RingState
    covariance: FloatArray
    equations: RingEquations
    sectors: SectorView
    noise: Noise
    converged: bool


def solve_ring(
    cells: PolarCells, n_sectors: int, state: RingState, noise: Noise | None = None
) -> RingSolution:
    """Maximise the likelihood from a state good to about a width.

    Parameters
    ----------
    cells : PolarCells
        The annulus around the ring.
    n_sectors : int
        Sectors with their own amplitude and background.
    state : RingState
        Where to start.
    noise : Noise, optional
        Variance of a pixel; None estimates it on the way.

    Returns
    -------
    RingSolution
    """
    known = noise
    noise = noise or _scatter_of_all(cells)
    previous: FloatArray | None = None
    converged = False
    for iteration in range(MAX_STEPS):
        equations = ring_equations(cells, n_sectors, state, noise, previous)
        previous = equations.mean
        if known is None and iteration in (1, 3, 6):
            noise = estimate_noise(cells, equations, np.ones(len(cells.azimuth), bool))
        sectors = view_sectors(cells, equations, robust=iteration >= 3)
        covariance, step = _solve_shared(equations, sectors)
        if not np.all(np.isfinite(step)):
            break
        small = np.abs(step) < 2e-3 * np.sqrt(np.diag(covariance)) + 1e-7
        if iteration > 7 and small.all():
            converged = True
            break
        state = state.moved(step)
    return RingSolution(state, covariance, equations, sectors, noise, converged)


def _scatter_of_all(cells: PolarCells) -> Noise:
    n = max(float(cells.count.sum()), 1.0)
    rest = float(np.sum(cells.squares - cells.count * cells.mean**2)) / n
    return Noise(max(rest, 1e-300), 0.0, max(1e-3 * rest, 1e-300))


def _solve_shared(
    equations: RingEquations, sectors: SectorView
) -> tuple[FloatArray, FloatArray]:
    """Covariance and step (NaN where too few sectors show the ring)."""
    if np.count_nonzero(sectors.usable) < MIN_SECTORS:
        return np.full((N_SHARED, N_SHARED), np.nan), np.full(N_SHARED, np.nan)
    weight = np.where(sectors.usable, sectors.weight, 0.0)
    normal = np.einsum("k,kij->ij", weight, equations.information)
    score = weight @ equations.score
    diagonal = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / np.outer(diagonal, diagonal) + 1e-10 * np.eye(len(normal))
    covariance = np.linalg.inv(scaled) / np.outer(diagonal, diagonal)
    return covariance, covariance @ score


def view_sectors(cells: PolarCells, equations: RingEquations, *, robust: bool) -> SectorView:
    """Residual and σ of each sector, and the weight it deserves.

    The scatter beyond what the pixels' noise explains (grains, texture) is estimated from the
    sectors, as long as it is significant; outlying sectors are weighted down (Huber).
    """
    information = equations.information[:, RADIAL, RADIAL]
    usable = (equations.amplitude > 1.5 * equations.sigma_amplitude) & (information > 0)
    safe = np.where(usable, information, 1.0)
    residual = np.where(usable, equations.score[:, RADIAL] / safe, 0.0)
    sigma = np.where(usable, 1.0 / np.sqrt(safe), np.inf)
    view = SectorView(residual, sigma, usable, np.ones(len(residual)), 0.0)
    if not robust or np.count_nonzero(usable) < 6:
        return view
    extra2 = extra_variance(residual[usable], sigma[usable])
    total = np.sqrt(sigma**2 + extra2)
    z = np.abs(np.where(usable, residual / total, 0.0))
    weight = np.where(usable, sigma**2 / (sigma**2 + extra2), 0.0) if extra2 > 0 else view.weight
    huber = np.minimum(1.0, 3.0 / np.maximum(z, 1e-9))
    return replace(view, weight=weight * huber, extra_px=float(np.sqrt(extra2)))


def extra_variance(residual: FloatArray, sigma: FloatArray) -> float:
    """Variance (px²) to add to each σ² so that the residuals scatter as they should.

    Mandel and Paule's estimator with residuals cut at 3 σ; 0 unless the excess of χ² over its
    expectation is more than 2.5 of its standard deviations.
    """
    free = max(len(residual) - 3, 1)

    def chi2(extra: float) -> float:
        return float(np.sum(np.minimum(residual**2 / (sigma**2 + extra), 9.0)))

    if chi2(0.0) < free + 2.5 * np.sqrt(2.0 * free):
        return 0.0
    low, high = 0.0, float(np.max(residual**2)) + 1e-300
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if chi2(middle) > free else (low, middle)
    return high
