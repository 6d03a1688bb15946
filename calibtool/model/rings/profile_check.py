"""Whether the profile of a ring is that of one ring.

Two rings less than about two and a half widths apart have one common hump, which a single
Gaussian fits to a false radius with a small σ; a clipped ring has a flat top, which says as
little. Both are flatter than a Gaussian, and two Gaussians of one common width describe them
better than one. A peak with longer tails than a Gaussian, or with a foot on one side, is not
described better by two alike, and is left alone.
"""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.solver import RingSolution

WITHIN = 3.0
"""Half-length in widths of the part that is compared."""

STARTS = (0.6, 1.0, 1.5)
"""Half-distances of the two peaks, in widths of the one, from which they are fitted."""

STEPS = 40
CLEAR = 6.0
FEWEST_BINS = 10
SHARE = 0.2
"""The lower of the peaks is at least so high beside the other; else it is a foot."""

RIVAL = 0.5
"""From this height beside the other a peak may be the one that is wanted."""

APART = 1.2
"""Widths the two must be apart."""

BETTER = 0.1
"""Share of the misfit of one Gaussian, beyond chance, that two must leave at most."""

NARROWEST_PX = 0.7
"""Width below which the pixels, not the ring, make the shape of the profile."""

LEAST_WIDTHS, LEAST_SIGMA = 0.1, 2.0
"""What is less off, in widths of the ring or in σ of its radius, does not matter."""


@dataclass(frozen=True)
class Profile:
    """Mean over the azimuths, without the background, all arrays (B,).

    ``t`` distance from the ring in px, ``level`` the intensity, ``error`` its σ.
    """

    t: FloatArray
    level: FloatArray
    error: FloatArray


@dataclass(frozen=True)
class TwoPeaks:
    """Two Gaussians of one width: χ², their distance, and that of the fit from either (in px).

    ``off_px`` leaves the lower one out where it can be told from the higher by its height.
    """

    chi2: float
    apart_px: float
    off_px: float


def two_rings(cells: PolarCells, solution: RingSolution, sigma_radius: float) -> TwoPeaks | None:
    """The two peaks a profile consists of that is not that of one ring.

    Parameters
    ----------
    cells : PolarCells
        What was fitted.
    solution : RingSolution
        The fit.
    sigma_radius : float
        σ of the radius in px as far as it is known.

    Returns
    -------
    TwoPeaks or None
        None where one Gaussian describes the profile, two do not, or it does not matter.
    """
    width = float(np.sqrt(solution.state.sigma**2 + (1.0 + cells.step**2) / 12.0))
    profile = mean_profile(cells, solution, width)
    if len(profile.t) < FEWEST_BINS or solution.state.sigma < NARROWEST_PX:
        return None
    free = len(profile.t) - 5.0
    chance = CLEAR * np.sqrt(2.0 * free)
    excess = _misfit_of_one(profile, width) - free
    if excess < chance:
        return None
    fits = [_two_peaks(profile, width, start * width) for start in STARTS]
    found = min((fit for fit in fits if fit is not None), key=lambda fit: fit.chi2, default=None)
    if found is None or found.chi2 - free > max(BETTER * excess, chance / 3.0):
        return None
    return found if found.off_px > max(LEAST_SIGMA * sigma_radius, LEAST_WIDTHS * width) else None


def mean_profile(
    cells: PolarCells, solution: RingSolution, width: float, within: float = WITHIN
) -> Profile:
    """Average around the ring as each sector shows it, within some widths.

    What the model leaves over is averaged and put on the mean ring, so that azimuths that
    end early (gaps, the border) do not bend the profile. Sectors that are off by more than
    noise (an ellipse) are moved onto the circle, where they would broaden the average.
    """
    state, sectors = solution.state, solution.sectors
    fold = len(cells.azimuth) // len(sectors.kept)
    sure = np.abs(sectors.residual) > 3.0 * sectors.sigma
    moved = np.where(sectors.kept & sure, sectors.residual, 0.0)
    cos, sin = np.cos(cells.azimuth), np.sin(cells.azimuth)
    center = state.radius + state.dx * cos + state.dy * sin
    t = cells.radius - center[:, None]
    kept = np.repeat(sectors.kept, fold)[:, None] & (cells.count > 0)
    amplitude = np.repeat(np.maximum(solution.equations.amplitude, 0.0), fold)[:, None]
    rest = cells.mean - solution.equations.mean
    t = t - np.repeat(moved, fold)[:, None]
    step = max(cells.step, 0.25 * width)
    n_half = int(within * width / step)
    index = np.round(t / step).astype(np.intp) + n_half
    kept = kept & (index >= 0) & (index <= 2 * n_half)
    where, weight, rest = index[kept], cells.count[kept], rest[kept]
    height = float(np.sum(weight * np.broadcast_to(amplitude, t.shape)[kept]) / np.sum(weight))
    n = 2 * n_half + 1
    variance = solution.noise.variance(solution.equations.mean)[kept]
    total, many = np.bincount(where, weight, n), np.bincount(where, minlength=n)
    safe = np.maximum(total, 1.0)
    left = np.bincount(where, weight * rest, n) / safe
    place = np.bincount(where, weight * t[kept], n) / safe
    # The azimuths' own scatter also holds what differs from one to the next.
    scatter = np.bincount(where, weight**2 * (rest - left[where]) ** 2, n)
    counted = np.bincount(where, weight * variance, n)
    error = np.sqrt(np.maximum(scatter, counted)) / safe
    level = left + height * np.exp(-0.5 * (place / width) ** 2)
    seen = many > 3
    return Profile(place[seen], level[seen], error[seen])


def _misfit_of_one(profile: Profile, width: float) -> float:
    """χ² of the best single Gaussian on a line."""
    fit = fitted_gaussians(profile, np.array([0.0]), width)
    return np.inf if fit is None else fit[0]


def _two_peaks(profile: Profile, width: float, half: float) -> TwoPeaks | None:
    """Two comparable Gaussians of one width on a line, or None where they do not settle."""
    fit = fitted_gaussians(profile, np.array([-half, half]), 0.8 * width)
    if fit is None:
        return None
    chi2, places, heights, own = fit
    comparable = heights.min() > SHARE * heights.max()
    if not comparable or not APART * own < abs(places[1] - places[0]) < 2.0 * WITHIN * width:
        return None
    rival = heights > RIVAL * heights.max()
    return TwoPeaks(chi2, float(np.ptp(places)), float(np.abs(places[rival]).max()))


def fitted_gaussians(
    profile: Profile, places: FloatArray, width: float
) -> tuple[float, FloatArray, FloatArray, float] | None:
    """χ², places, heights and width of Gaussians on a line by damped Gauss-Newton, or None."""
    n, limit = len(places), float(np.abs(profile.t).max())
    for _ in range(STEPS):
        u = (profile.t[:, None] - places) / width
        peaks = np.exp(-0.5 * u**2) / profile.error[:, None]
        line = np.stack([np.ones_like(profile.t), profile.t / limit], axis=1)
        local = np.concatenate([peaks, line / profile.error[:, None]], axis=1)
        value = profile.level / profile.error
        heights = np.linalg.lstsq(local, value, rcond=1e-10)[0]
        rest = value - local @ heights
        moves = peaks * heights[:n] * u / width
        widen = np.sum(moves * u, axis=1, keepdims=True)
        design = np.concatenate([local, moves, widen], axis=1)
        step = np.linalg.lstsq(design, rest, rcond=1e-10)[0][n + 2 :]
        step = np.clip(step, -0.2 * width, 0.2 * width)
        places, width = places + step[:n], width + float(step[n])
        if not 0.2 < width < limit or np.abs(places).max() > limit:
            return None
        if np.all(np.abs(step) < 1e-4 * width):
            break
    return float(rest @ rest), places, heights[:n], width
