"""How much of a ring's profile to believe: no more of it than the model bears."""

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.shadow_edge import shadow_cut
from calibtool.model.rings.solver import RingSolution, ring_snr, solve_ring

NARROW = 2.5
"""Half-length, in widths, of the window where only the top of the profile is believed."""

CLEAR = 50.0
"""Amplitude over its σ from which the profile can be seen well enough to doubt its shape."""

DISAGREEING = 5.0
SYSTEMATIC = 0.5
UNEVEN = 3.0
"""σ by which the centre may move: a profile skewed alike all around moves the radius only."""

WORSE = 2.5
"""By how much σ may grow: where the top alone is much worse, the feet hold the ring."""


def fitting_window(
    cells: PolarCells, solution: RingSolution
) -> tuple[PolarCells, RingSolution, FloatArray]:
    """Keep to the top of the profile where the whole of it is not Gaussian on a line.

    The fit within a few widths is compared with that of the whole window, parameter by
    parameter (Hausman's test: the variance of the difference is that of the variances). Where
    they agree, the wider and more exact one is taken.

    Returns
    -------
    cells, solution
        As chosen.
    shape_error : ndarray, shape (4,)
        Half the difference in x, y, R and width where they disagree, else 0: a skewed profile
        has no place more exact than that.
    """
    none = np.zeros(4)
    cells, solution = _without_shadow(cells, solution)
    state = solution.state
    half = NARROW * np.sqrt(state.sigma**2 + 1.0 / 12.0) + 0.5
    inside = np.abs(cells.radius - state.radius) <= half
    whole = bool(np.all(inside | (cells.count == 0)))
    if whole or not ring_snr(solution) > CLEAR:
        return cells, solution, none
    top = cells.only(inside)
    narrow = solve_ring(top, len(solution.sectors.usable), state, gaussian=False)
    if not np.all(np.isfinite(narrow.covariance)):
        return cells, solution, none
    difference = np.array(
        [
            narrow.state.dx - state.dx,
            narrow.state.dy - state.dy,
            narrow.state.radius - state.radius,
            narrow.state.sigma - state.sigma,
        ]
    )
    own, wide = np.diag(narrow.covariance), np.diag(solution.covariance)
    variance = np.maximum(own - wide, 0.1 * own)
    credible = narrow.state.sigma > 0.5 * state.sigma and abs(difference[2]) < state.sigma
    if not credible or np.all(np.abs(difference) <= DISAGREEING * np.sqrt(variance)):
        return cells, solution, none
    shape_error = SYSTEMATIC * np.abs(difference)
    uneven = np.any(np.abs(difference[:2]) > UNEVEN * np.sqrt(own[:2]))
    if uneven or np.any(own[:3] > WORSE**2 * wide[:3]):
        return cells, solution, shape_error
    return top, narrow, shape_error


def _without_shadow(
    cells: PolarCells, solution: RingSolution
) -> tuple[PolarCells, RingSolution]:
    """The same without the part of the profile that lies in a shadow."""
    state = solution.state
    if not np.all(np.isfinite(solution.covariance)):
        return cells, solution
    cut = shadow_cut(cells, solution)
    if cut is None:
        return cells, solution
    low, high, start = cut
    cos, sin = np.cos(cells.azimuth)[:, None], np.sin(cells.azimuth)[:, None]
    t = cells.radius - state.radius - state.dx * cos - state.dy * sin
    lit = cells.only((t >= low) & (t <= high))
    again = solve_ring(lit, len(solution.sectors.usable), start)
    sound = np.all(np.isfinite(again.covariance)) and again.state.sigma < 1.1 * state.sigma
    return (lit, again) if sound else (cells, solution)
