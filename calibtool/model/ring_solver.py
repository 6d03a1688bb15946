"""Solve the equations of the ring: Fisher scoring, with the weight each sector deserves."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.pixel_noise import Noise, estimate_noise, scatter_of_all
from calibtool.model.polar import PolarCells
from calibtool.model.ring_model import N_SHARED, RingEquations, RingState, ring_equations
from calibtool.model.ring_sectors import MIN_SECTORS, SectorView, view_sectors

MAX_STEPS = 15
MAX_VIEWS = 4


@dataclass(frozen=True)
class RingSolution:
    """State at the end, its covariance (4, 4) in x, y, R, σ, and what led to it.

    NaN in the covariance where too few sectors show the ring.
    """

    state: RingState
    covariance: FloatArray
    equations: RingEquations
    sectors: SectorView
    noise: Noise


def solve_ring(cells: PolarCells, n_sectors: int, state: RingState) -> RingSolution:
    """Maximise the likelihood from a state good to about a width.

    Parameters
    ----------
    cells : PolarCells
        The annulus around the ring.
    n_sectors : int
        Sectors with their own amplitude and background.
    state : RingState
        Where to start.

    Returns
    -------
    RingSolution
    """
    azimuth = cells.azimuth.reshape(n_sectors, -1).mean(axis=1)
    noise = scatter_of_all(cells)
    previous: FloatArray | None = None
    weight = np.ones(n_sectors)
    for view in range(MAX_VIEWS):
        for _ in range(MAX_STEPS):
            equations = ring_equations(cells, n_sectors, state, noise, previous)
            sectors = view_sectors(azimuth, equations, judge=False)
            covariance, step = _solve_shared(equations, np.where(sectors.usable, weight, 0.0))
            if not np.all(np.isfinite(step)):
                return RingSolution(state, covariance, equations, sectors, noise)
            previous = equations.mean
            state = state.moved(step)
            if np.all(np.abs(step) < 0.02 * np.sqrt(np.diag(covariance)) + 1e-7):
                break
        noise = estimate_noise(cells, equations.mean, equations.slope)
        equations = ring_equations(cells, n_sectors, state, noise, previous)
        sectors = view_sectors(azimuth, equations)
        same = np.allclose(weight, sectors.weight, atol=0.05)
        weight = sectors.weight
        if view > 0 and same:
            break
    covariance, _ = _solve_shared(equations, weight)
    return RingSolution(state, covariance, equations, sectors, noise)


def ring_snr(solution: RingSolution) -> float:
    """Mean amplitude of the sectors over its σ; NaN where nothing was solved."""
    if not np.all(np.isfinite(solution.covariance)):
        return float("nan")
    amplitude, sigma = solution.equations.amplitude, solution.equations.sigma_amplitude
    weight = 1.0 / sigma**2
    return float(np.sum(weight * amplitude) / np.sqrt(np.sum(weight)))


def _solve_shared(equations: RingEquations, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Covariance and step (NaN where too few sectors show the ring)."""
    if np.count_nonzero(weight) < MIN_SECTORS:
        return np.full((N_SHARED, N_SHARED), np.nan), np.full(N_SHARED, np.nan)
    normal = np.einsum("k,kij->ij", weight, equations.information)
    score = weight @ equations.score
    diagonal = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / np.outer(diagonal, diagonal) + 1e-10 * np.eye(len(normal))
    covariance = np.linalg.inv(scaled) / np.outer(diagonal, diagonal)
    return covariance, covariance @ score
