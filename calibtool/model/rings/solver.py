"""Solve the equations of the ring: Fisher scoring, with the weight each sector deserves."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.pixel_noise import Noise, dispersion, estimate_noise, scatter_of_all
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.ring_model import N_SHARED, RingEquations, RingState, ring_equations
from calibtool.model.rings.sectors import MIN_SECTORS, SectorView, extra_variance, view_sectors

MAX_STEPS = 15
MAX_VIEWS = 4

SHORTEST_ARC = 9
"""An arc is at least this part of the circle (40°)."""

MUCH_MORE = 2.0

SAME_RING = 0.2
"""Sectors off by less than this share of the ring's width show the same ring."""

FEW_OUTLIERS = 0.1


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


def solve_ring(
    cells: PolarCells,
    n_sectors: int,
    state: RingState,
    noise: Noise | None = None,
    *,
    gaussian: bool = True,
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
        As far as it is known; None begins with the scatter of all pixels.
    gaussian : bool
        False where the profile is known to be none: all misfit is then in the noise of the
        pixels, and no sector is set apart for it.

    Returns
    -------
    RingSolution
    """
    azimuth = cells.azimuth.reshape(n_sectors, -1).mean(axis=1)
    noise = noise or scatter_of_all(cells)
    previous: FloatArray | None = None
    weight = np.ones(n_sectors)
    for view in range(MAX_VIEWS):
        for _ in range(MAX_STEPS):
            equations = ring_equations(cells, n_sectors, state, noise, previous)
            sectors = view_sectors(azimuth, equations, judge=False)
            covariance, step = solve_shared(equations, np.where(sectors.usable, weight, 0.0))
            if not np.all(np.isfinite(step)):
                return RingSolution(state, covariance, equations, sectors, noise)
            previous = equations.mean
            state = state.moved(step)
            if np.all(np.abs(step) < 0.02 * np.sqrt(np.maximum(np.diag(covariance), 0.0)) + 1e-7):
                break
        noise, unlike = _noise(cells, n_sectors, equations, gaussian)
        equations = ring_equations(cells, n_sectors, state, noise, previous)
        sectors = view_sectors(azimuth, equations, unlike)
        same = np.allclose(weight, sectors.weight, atol=0.05)
        weight = sectors.weight
        if view > 0 and same:
            break
    covariance, _ = solve_shared(equations, weight)
    return RingSolution(state, covariance, equations, sectors, noise)


def _noise(
    cells: PolarCells, n_sectors: int, equations: RingEquations, gaussian: bool
) -> tuple[Noise, FloatArray]:
    """Noise of the pixels, and how many times more variance some sectors have, (K,)."""
    noise = estimate_noise(cells, equations.mean, equations.slope)
    unlike = dispersion(cells, n_sectors, equations.mean, noise)
    if not gaussian or np.all(unlike == 1.0):
        return noise, np.ones(n_sectors)
    # A shadow's edge must not hide that the rest are counts. Where the rest are none either,
    # all of the misfit is in the weights already, and no sector can be told from the others.
    alike = np.repeat(unlike == 1.0, len(cells.azimuth) // n_sectors)[:, None]
    rest = estimate_noise(cells.only(alike), equations.mean, equations.slope)
    return (rest, unlike) if rest.expected else (noise, np.ones(n_sectors))


def outliers_left_out(solution: RingSolution) -> FloatArray:
    """Half of what x, y, R, σ (4,) would move by with the nearer outliers taken in.

    Where more than a few sectors were set aside although they show the same ring, the choice
    is a matter of taste.
    """
    sectors = solution.sectors
    near = sectors.usable & (np.abs(sectors.residual) < SAME_RING * solution.state.sigma)
    n_out = np.count_nonzero(near & ~sectors.kept)
    if n_out <= FEW_OUTLIERS * np.count_nonzero(near):
        return np.zeros(N_SHARED)
    extra2 = extra_variance(sectors.residual[near], sectors.sigma[near])
    sigma2 = np.where(near, sectors.sigma, 1.0) ** 2
    _, step = solve_shared(solution.equations, np.where(near, sigma2 / (sigma2 + extra2), 0.0))
    return 0.5 * np.abs(np.where(np.isfinite(step), step, 0.0))


def ring_snr(solution: RingSolution) -> float:
    """Mean amplitude of the sectors over its σ; NaN where nothing was solved.

    Where an arc alone shows much more than the whole, the dark rest of the circle says
    nothing about it, and the arc counts.
    """
    if not np.all(np.isfinite(solution.covariance)):
        return float("nan")
    amplitude, sigma = solution.equations.amplitude, solution.equations.sigma_amplitude
    weight = 1.0 / sigma**2
    whole = float(np.sum(weight * amplitude) / np.sqrt(np.sum(weight)))
    arc = _snr_of_arc(amplitude / sigma)
    return arc if arc > MUCH_MORE * max(whole, 0.0) else whole


def _snr_of_arc(snr: FloatArray) -> float:
    """Largest Σ snr / √n of all runs of n sectors (K,) that are long enough for an arc."""
    many = len(snr)
    length = np.arange(max(many // SHORTEST_ARC, 1), many + 1)
    sums = np.concatenate([[0.0], np.cumsum(np.tile(snr, 2))])
    runs = sums[np.arange(many)[:, None] + length] - sums[:many, None]
    return float(np.max(runs / np.sqrt(length)))


def solve_shared(equations: RingEquations, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Covariance (4, 4) and step (4,) of x, y, R, σ from sectors with weights (K,).

    NaN where too few sectors show the ring.
    """
    if np.count_nonzero(weight) < MIN_SECTORS:
        return np.full((N_SHARED, N_SHARED), np.nan), np.full(N_SHARED, np.nan)
    normal = np.einsum("k,kij->ij", weight, equations.information)
    score = weight @ equations.score
    diagonal = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / np.outer(diagonal, diagonal) + 1e-10 * np.eye(len(normal))
    covariance = np.linalg.inv(scaled) / np.outer(diagonal, diagonal)
    return covariance, covariance @ score
