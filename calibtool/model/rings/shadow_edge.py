"""The edge of a shadow (a beamstop, an aperture) at the foot of a ring is none of its profile.

A beamstop is concentric with the ring, so its edge lies at the same distance in all sectors
and passes for one more part of the profile: the light falls below the background there, which
a Gaussian on a line follows by growing wider and moving away.
"""

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.profile_check import Profile, fitted_gaussians, mean_profile
from calibtool.model.rings.ring_model import RingState
from calibtool.model.rings.solver import RingSolution

CUTS = (0.85, 0.72, 0.6, 0.5)
"""Shares of the window on one side that are tried."""

BETTER = 0.15
"""Share of the misfit of the whole window, beyond chance, that may be left without the edge."""

CLEAR = 6.0
LEAST_WIDTHS = 1.4
FEWEST_BINS = 9


def shadow_cut(cells: PolarCells, solution: RingSolution) -> tuple[float, float, RingState] | None:
    """Distances (px) from the fitted ring between which there is no shadow, and the ring there.

    Parameters
    ----------
    cells : PolarCells
        What was fitted.
    solution : RingSolution
        The fit.

    Returns
    -------
    (float, float, RingState) or None
        None where no edge is seen.
    """
    state = solution.state
    width = float(np.sqrt(state.sigma**2 + (1.0 + cells.step**2) / 12.0))
    profile = mean_profile(cells, solution, width, within=6.0)
    whole = fitted_gaussians(profile, np.zeros(1), width)
    free = len(profile.t) - 5.0
    if free < FEWEST_BINS:
        return None
    chance = CLEAR * np.sqrt(2.0 * free)
    excess = np.inf if whole is None else whole[0] - free
    if excess < chance:
        return None
    ends = float(profile.t[0]), float(profile.t[-1])
    for cut in CUTS:
        for low, high in ((cut * ends[0], ends[1]), (ends[0], cut * ends[1])):
            found = _fit_between(profile, low, high, width)
            if found is None:
                continue
            left, place, sigma = found
            if left < max(BETTER * excess, chance / 3.0):
                moved = RingState(state.dx, state.dy, state.radius + place, sigma)
                return low - 1e-6, high + 1e-6, moved
    return None


def _fit_between(
    profile: Profile, low: float, high: float, width: float
) -> tuple[float, float, float] | None:
    """Misfit beyond chance, place and width of a Gaussian between two distances from the ring.

    None where there is no shadow outside of them.
    """
    inside = (profile.t >= low) & (profile.t <= high)
    if np.count_nonzero(inside) < FEWEST_BINS:
        return None
    part = Profile(profile.t[inside], profile.level[inside], profile.error[inside])
    fit = fitted_gaussians(part, np.zeros(1), 0.8 * width)
    if fit is None:
        return None
    chi2, places, heights, sigma = fit
    place = float(places[0])
    room = min(place - float(part.t[0]), float(part.t[-1]) - place)
    if heights[0] <= 0.0 or room < LEAST_WIDTHS * sigma or sigma > 1.1 * width:
        return None
    outside = Profile(profile.t[~inside], profile.level[~inside], profile.error[~inside])
    if not _is_darker(part, outside, place, float(heights[0]), sigma):
        return None
    return chi2 - (len(part.t) - 5.0), place, sigma


def _is_darker(
    part: Profile, outside: Profile, place: float, height: float, sigma: float
) -> bool:
    """Whether outside of a part it is darker than the Gaussian on a line that fits the part."""

    def peak(t: FloatArray) -> FloatArray:
        return np.asarray(height * np.exp(-0.5 * ((t - place) / sigma) ** 2))

    slope, constant = np.polyfit(part.t, part.level - peak(part.t), 1, w=1.0 / part.error)
    dark = outside.level - peak(outside.t) - constant - slope * outside.t
    weight = 1.0 / outside.error**2
    mean = float(np.sum(weight * dark) / np.sum(weight))
    return bool(mean < -CLEAR / np.sqrt(float(np.sum(weight))))
