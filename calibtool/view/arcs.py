"""The visible part of a ring as short polylines.

Circles of large radius or with a centre far off would need canvas coordinates that the
toolkit draws wrongly or slowly; only the arcs on the canvas are made.
"""

import math
from itertools import pairwise

from calibtool.scene import RingMark
from calibtool.view.viewport import Viewport

MARGIN = 8.0
# Largest distance between the circle and its chords, in screen pixels.
SAG = 0.1
MOST_CHORDS = 720

Polyline = list[float]


def visible_part(ring: RingMark, away: float, view: Viewport) -> list[Polyline]:
    """Parts of a ring on a canvas, ``away`` image px outside it, in canvas coordinates."""
    x, y = view.to_canvas(ring.x, ring.y)
    if not ring.points:
        radius = (ring.radius + away) * view.scale
        return visible_arcs(x, y, radius, view.width, view.height) if radius >= 1 else []
    box = (-MARGIN, -MARGIN, view.width + MARGIN, view.height + MARGIN)
    runs: list[Polyline] = [[]]
    for at in (*ring.points, ring.points[0]):
        place = view.to_canvas(*_moved_out(at, (ring.x, ring.y), away))
        if _inside(*place, box):
            runs[-1] += place
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) >= 4]


def _moved_out(
    at: tuple[float, float], center: tuple[float, float], away: float
) -> tuple[float, float]:
    dx, dy = at[0] - center[0], at[1] - center[1]
    share = away / (math.hypot(dx, dy) or 1.0)
    return at[0] + share * dx, at[1] + share * dy


def visible_arcs(
    x: float, y: float, radius: float, width: float, height: float
) -> list[Polyline]:
    """Arcs of a circle that lie on a canvas.

    Parameters
    ----------
    x, y, radius : float
        Circle in canvas coordinates.
    width, height : float
        Size of the canvas.

    Returns
    -------
    list of list of float
        Each arc as x, y, x, y …, in canvas coordinates.
    """
    box = (-MARGIN, -MARGIN, width + MARGIN, height + MARGIN)
    cuts = _crossings(x, y, radius, box)
    if not cuts:
        spans = [(0.0, 2 * math.pi)] if _inside(x + radius, y, box) else []
    else:
        cuts.append(cuts[0] + 2 * math.pi)
        spans = [
            (start, end)
            for start, end in pairwise(cuts)
            if _inside(*_at(x, y, radius, (start + end) / 2), box)
        ]
    return [_chords(x, y, radius, start, end) for start, end in spans]


def _crossings(
    x: float, y: float, radius: float, box: tuple[float, float, float, float]
) -> list[float]:
    """Sorted angles at which the circle meets the lines that bound the box."""
    left, top, right, bottom = box
    angles = []
    for cosine in ((left - x) / radius, (right - x) / radius):
        if abs(cosine) < 1:
            angles += [math.acos(cosine), 2 * math.pi - math.acos(cosine)]
    for sine in ((top - y) / radius, (bottom - y) / radius):
        if abs(sine) < 1:
            angles += [math.asin(sine) % (2 * math.pi), math.pi - math.asin(sine)]
    return sorted(angles)


def _chords(x: float, y: float, radius: float, start: float, end: float) -> Polyline:
    step = 2 * math.acos(max(0.5, 1 - SAG / radius)) if radius > SAG else math.pi
    count = min(max(8, math.ceil((end - start) / step)), MOST_CHORDS)
    line: Polyline = []
    for k in range(count + 1):
        line += _at(x, y, radius, start + (end - start) * k / count)
    return line


def _at(x: float, y: float, radius: float, angle: float) -> tuple[float, float]:
    return x + radius * math.cos(angle), y + radius * math.sin(angle)


def _inside(x: float, y: float, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
