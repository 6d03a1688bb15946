"""Where, within a few widths of a start circle, the ring is, and how wide it is.

A matched filter (Gaussian on a local line) runs over the radial profile of each azimuth
sector for a ladder of widths; the circles near the start are scored by what the sectors say
together, so that a ring too weak for any single sector is still seen.
"""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, Circle, CircleLike, FloatArray
from calibtool.model.rings.polar import PolarCells

WIDTHS_PX = (1.0, 1.5, 2.2, 3.2, 4.7, 7.0, 10.0, 15.0, 22.0)
REACH = 3.2
"""Half-length of the filter in widths."""

EVERYWHERE = slice(None)

SEEN = 5.0
"""Score (in σ) from which a width may be chosen before all wider ones are compared."""


@dataclass(frozen=True)
class CoarseRing:
    """A ring to about half its width; ``score`` in σ."""

    circle: Circle
    sigma_px: float
    score: float


def widths_within(cells: PolarCells) -> list[float]:
    """The widths for which the annulus of the cells is long enough."""
    half = 0.5 * float(cells.edges[-1] - cells.edges[0])
    return [width for width in WIDTHS_PX if 1.3 * REACH * width <= half + 1.0]


def search_ring(cells: PolarCells, start: CircleLike) -> CoarseRing | None:
    """Best circle near the start, or None where no sector can be judged.

    Parameters
    ----------
    cells : PolarCells
        Cells around the centre of ``start``, in bins of about 1 px.
    start : CircleLike
        Good to a few px or one width of the ring.

    Returns
    -------
    CoarseRing or None
        The first width whose score is a maximum among its neighbours and not small beside the
        best one: a narrow ring on a broad hump is a narrow ring.
    """
    candidates = [_best_circle(cells, start, width) for width in widths_within(cells)]
    found = [candidate for candidate in candidates if candidate is not None]
    if not found:
        return None
    scores = np.array([0.0, *(ring.score for ring in found), 0.0])
    best = float(scores.max())
    for index, ring in enumerate(found):
        peak = scores[index] < scores[index + 1] >= scores[index + 2]
        if peak and ring.score >= max(SEEN, 0.4 * best):
            return ring
    return found[int(np.argmax(scores[1:-1]))]


def _best_circle(cells: PolarCells, start: CircleLike, width: float) -> CoarseRing | None:
    reach = max(6.0, 2.0 * width)
    step = max(1.0, 0.7 * width)
    ladder = step * np.arange(-round(reach / step), round(reach / step) + 1)
    farthest = float(ladder[-1]) * 2.5 + 1.0
    low = max(int((start.radius_px - farthest - cells.edges[0]) / cells.step), 0)
    high = int((start.radius_px + farthest - cells.edges[0]) / cells.step) + 1
    score, valid = matched_filter(cells, width, slice(low, high))
    if np.count_nonzero(valid.any(axis=1)) < 3:
        return None
    dx, dy, dr = (axis.ravel() for axis in np.meshgrid(ladder, ladder, ladder, indexing="ij"))
    cos, sin = np.cos(cells.azimuth), np.sin(cells.azimuth)
    place = (start.radius_px - cells.edges[low] + dr) / cells.step + 1.0
    across = np.outer(dx / cells.step, cos) + np.outer(dy / cells.step, sin)
    # A border of unusable places stands for all that lies outside.
    index = np.clip((place[:, None] + across).astype(np.int32), 0, score.shape[1] + 1)
    index += (score.shape[1] + 2) * np.arange(len(cos), dtype=np.int32)
    padded = np.pad(np.where(valid, score, 0.0).astype(np.float32), ((0, 0), (1, 1)))
    total = np.take(padded, index).sum(axis=1)
    usable = np.take(np.pad(valid, ((0, 0), (1, 1))), index).sum(axis=1)
    total /= np.sqrt(np.maximum(usable, 3.0))
    distance2 = dx**2 + dy**2 + dr**2
    best = int(np.argmax(total * np.exp(-0.5 * distance2 / reach**2)))
    circle = Circle(
        start.center_x_px + float(dx[best]),
        start.center_y_px + float(dy[best]),
        start.radius_px + float(dr[best]),
    )
    return CoarseRing(circle, width, float(total[best]))


def matched_filter(
    cells: PolarCells, width: float, places: slice = EVERYWHERE
) -> tuple[FloatArray, BoolArray]:
    """Significance of a Gaussian of ``width`` px (σ) on a line at each place of each sector.

    The noise is the scatter of the pixels around that very model, so what the model does not
    describe (a hot pixel, a neighbouring ring) lowers the score; and scores grow as the square
    root beyond 5 σ, so that a few bright sectors do not outvote the others.

    Returns
    -------
    score : ndarray, shape (K, B)
        Compressed significance; 0 where it cannot be judged. Only the bins ``places``.
    valid : ndarray of bool, shape (K, B)
        Where enough pixels are there to judge.
    """
    middle = 0.5 * (cells.edges[1:] + cells.edges[:-1])
    t = middle[:, None] - middle[None, places]
    window = (np.abs(t) <= REACH * width).astype(np.float64)
    g = np.exp(-0.5 * t**2 / (width**2 + 1.0 / 12.0)) * window
    line = t / width * window
    n, total = cells.count, cells.total
    s0, s1, s2 = n @ window, n @ line, n @ (line * line)
    g0, g1, g2 = n @ g, n @ (g * line), n @ (g * g)
    y0, y1, yg = total @ window, total @ line, total @ g
    det = np.maximum(s0 * s2 - s1**2, 1e-3 * s0**2 + 1e-300)
    information = g2 - (g0**2 * s2 - 2.0 * g0 * g1 * s1 + g1**2 * s0) / det
    signal = yg - (g0 * (s2 * y0 - s1 * y1) + g1 * (s0 * y1 - s1 * y0)) / det
    full = np.median(g2[g2 > 0]) if np.any(g2 > 0) else 0.0
    valid = (information > 0.15 * full) & (s0 > 6.0)
    safe = np.where(valid, information, 1.0)
    line_sum = (y0**2 * s2 - 2.0 * y0 * y1 * s1 + y1**2 * s0) / det
    squares = cells.squares @ window
    rest = np.maximum(squares - line_sum - signal**2 / safe, 1e-9 * squares)
    noise = np.maximum(rest, 1e-300) / np.maximum(s0 - 3.0, 1.0)
    # A sector without a single count says nothing, and must not divide by zero either.
    z = np.where(valid & (squares > 0), signal / np.sqrt(safe * noise), 0.0)
    return np.asarray(z / np.sqrt(1.0 + np.abs(z) / 5.0)), valid
