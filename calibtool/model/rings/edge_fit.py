"""Steepest place of each of many short profiles: an edge, or the flank of a peak."""

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.peak_fit import Places, edge_shape, fit_places, peak_shape
from calibtool.model.rings.polar import PolarCells

SCALES_PX = (1.0, 1.5, 2.2, 3.3, 5.0, 7.5, 11.0, 16.0, 24.0)


def search_edges(
    cells: PolarCells, window_px: float | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Steepest place near each point: place (N,) in px, scale (N,) in px, score (N,) in σ.

    A derivative of a Gaussian on a constant, for a ladder of scales. The scale, and whether the
    intensity rises (scores above 0) or falls outward, are common to all points.
    """
    middle = 0.5 * (cells.edges[1:] + cells.edges[:-1])
    best = (-1.0, np.zeros(len(cells.count)), SCALES_PX[0], np.zeros(len(cells.count)))
    for scale in SCALES_PX:
        if 5.0 * scale > cells.edges[-1]:
            break
        reach = max(4.0, 1.2 * scale)
        near = near_places(middle, min(2.0 * reach, window_px or np.inf))
        score = _edge_filter(cells, middle, middle[near], scale)
        prior = np.exp(-0.5 * (middle[near] / reach) ** 2)
        for sign in (1.0, -1.0):
            likely = np.maximum(sign * score, 0.0) * prior
            index = np.argmax(likely, axis=1)
            together = float(np.median(likely.max(axis=1)))
            if together > best[0]:
                best = (together, middle[near][index], scale, score[np.arange(len(score)), index])
    return best[1], np.full(len(cells.count), best[2]), best[3]


def near_places(middle: FloatArray, distance: float) -> slice:
    """Bins whose middle is not farther than ``distance`` (px) from 0; at least two."""
    n_half = len(middle) // 2
    step = float(middle[1] - middle[0])
    near = min(max(int(distance / step), 1), n_half)
    return slice(n_half - near, n_half + near)


def _edge_filter(
    cells: PolarCells, middle: FloatArray, places: FloatArray, scale: float
) -> FloatArray:
    t = middle[:, None] - places[None, :]
    window = (np.abs(t) <= 2.5 * scale).astype(np.float64)
    odd = t * np.exp(-0.5 * (t / scale) ** 2) * window
    n, total = cells.count, cells.total
    s0, g1, g2 = n @ window, n @ odd, n @ (odd * odd)
    y0, yg = total @ window, total @ odd
    safe = np.maximum(s0, 1.0)
    information = g2 - g1**2 / safe
    full = float(np.median(g2[g2 > 0])) if np.any(g2 > 0) else 0.0
    valid = (information > 0.3 * full) & (s0 > 6.0)
    signal = yg - g1 * y0 / safe
    usable = np.where(valid, information, 1.0)
    squares = cells.squares @ window
    rest = np.maximum(squares - y0**2 / safe - signal**2 / usable, 1e-9 * squares)
    noise = np.maximum(rest, 1e-300) / np.maximum(s0 - 2.0, 1.0)
    return np.where(valid & (squares > 0), signal / np.sqrt(usable * noise), 0.0)


def fit_edges(
    cells: PolarCells, place: FloatArray, scale: FloatArray, score: FloatArray
) -> Places:
    """Refine the steepest places.

    An integrated Gaussian (a shadow's edge) and a Gaussian (a ring, steepest one width from its
    top) are both fitted to the same pixels, and the one that leaves less is taken.

    Parameters
    ----------
    cells : PolarCells
        Profiles, a row each.
    place, scale, score : ndarray, shape (N,)
        From `search_edges`.

    Returns
    -------
    Places
        ``width`` is that of the edge or the flank.
    """
    inside = np.abs(cells.radius - place[:, None]) <= 2.5 * scale[:, None]
    sign = np.where(score > 0, 1.0, -1.0)
    edge = fit_places(cells, place, 0.6 * scale, inside, edge_shape)
    peak = fit_places(cells, place + 0.7 * sign * scale, 0.7 * scale, inside, peak_shape)
    # The profile is steepest one width of what the pixels see (σ² + 1/12) from its top.
    seen = np.sqrt(peak.width**2 + 1.0 / 12.0)
    flank = peak.place - sign * seen
    by_width = -sign * peak.width / seen
    flank_variance = (
        peak.covariance[:, 0, 0]
        + 2.0 * by_width * peak.covariance[:, 0, 1]
        + by_width**2 * peak.covariance[:, 1, 1]
    )
    flank_sigma = np.sqrt(np.maximum(flank_variance, 0.0))
    use_peak = (np.median(peak.misfit / np.maximum(edge.misfit, 1e-300)) < 1.0) & (
        peak.contrast > 0
    )
    return Places(
        np.where(use_peak, flank, edge.place),
        np.where(use_peak, flank_sigma, edge.sigma),
        np.where(use_peak, peak.width, edge.width),
        np.where(use_peak, peak.contrast, sign * edge.contrast),
        np.where(use_peak, peak.misfit, edge.misfit),
        np.where(use_peak[:, None, None], peak.covariance, edge.covariance),
    )
