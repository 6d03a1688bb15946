"""Circles proposed by ridge points: random triples whose normals meet, best score first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, Circle, FloatArray
from calibtool.model.finder.ridges import Ridges

TRIPLES = 8000
SCORED = 150
MORE, SCORED_MORE = 3000, 50
FEW_POINTS = 400
PAIRS_AT_ONCE = 16000
PER_TURN = 3
LEAST_POINTS = 10
LEAST_SCORE = 3.0
LEAST_SPAN_DEG = 25.0

SMALLEST_RADIUS = 4.0
"""In units of the scale of the ridges; a smaller circle is a spot."""

LARGEST_RADIUS = 2.2
"""In units of the diagonal of the image: an arc of 26° across the whole of it."""

ALIGNED = 0.94
"""Cosine between a ridge's normal and the direction to the centre: within 20°."""


@dataclass(frozen=True)
class Proposal:
    """A circle that many ridge points lie on, and the scale (px) of those ridges."""

    circle: Circle
    scale_px: float
    score: float


def propose(
    ridges: Ridges, diagonal_px: float, rng: np.random.Generator
) -> tuple[list[Proposal], Ridges]:
    """Circles through the ridge points of one level, and the points not on any of them.

    Call it again with what is left to get the next ones.

    Returns
    -------
    proposals : list of Proposal
        At most ``PER_TURN``, no two alike, none of them nearly straight.
    left : Ridges
        The points on none of the circles looked at.
    """
    found: list[Proposal] = []
    if len(ridges.xy) < LEAST_POINTS:
        return found, ridges
    used = np.zeros(len(ridges.xy), dtype=bool)
    for values in _ranked(_triples(ridges, diagonal_px, rng), ridges):
        circle = settle(Circle(*map(float, values)), ridges, 2.0 * ridges.scale_px)
        if circle is None:
            continue
        on_it = on_circle(circle, ridges, 1.2 * ridges.scale_px)
        used |= on_it
        alike = any(_alike(circle, other.circle) for other in found)
        if not alike and _spans(circle, ridges.xy[on_it]):
            found.append(Proposal(circle, ridges.scale_px, score(circle, ridges)))
    return found, ridges.without(used)


def _spans(circle: Circle, xy: FloatArray) -> bool:
    """Whether points (N, 2) are spread over enough of the circle: a straight edge is not."""
    if len(xy) < LEAST_POINTS:
        return False
    turn = np.arctan2(xy[:, 1] - circle.center_y_px, xy[:, 0] - circle.center_x_px)
    there = np.bincount(((turn / (2 * np.pi) % 1.0) * 72).astype(int) % 72, minlength=72) > 0
    return int(there.sum()) >= LEAST_SPAN_DEG / 5


def _triples(ridges: Ridges, diagonal_px: float, rng: np.random.Generator) -> FloatArray:
    """Circles (M, 3) as x, y, R through random triples whose normals point at the centre.

    Some more triples prefer the significant points, so that a small ring, which has few, is
    met among the many that noise makes.
    """
    plain, strict = _drawn(ridges.weight, TRIPLES, rng), _drawn(ridges.weight**3, MORE, rng)
    draws = np.concatenate([plain, strict], axis=1)
    circles = circles_through(*(ridges.xy[index] for index in draws))
    smallest, largest = SMALLEST_RADIUS * ridges.scale_px, LARGEST_RADIUS * diagonal_px
    # comparisons with NaN are False, so collinear triples go too
    kept = np.flatnonzero((circles[:, 2] > smallest) & (circles[:, 2] < largest))
    for index in draws:
        at = index[kept]
        towards = circles[kept, :2] - ridges.xy[at]
        cosine = np.abs((towards * ridges.normal[at]).sum(axis=1))
        kept = kept[cosine > ALIGNED * circles[kept, 2]]
    first = int(np.searchsorted(kept, TRIPLES))
    kept = np.concatenate([kept[:first][:SCORED], kept[first:][:SCORED_MORE]])
    return np.asarray(circles[kept])


def _drawn(weight: FloatArray, triples: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Indices (3, M) of points drawn by their weight."""
    share = np.cumsum(weight)
    draws = np.searchsorted(share, np.sort(rng.random((3, triples)), axis=1) * share[-1])
    draws = np.minimum(draws, len(share) - 1)
    return np.stack([rng.permutation(row) for row in draws])


def circles_through(p: FloatArray, q: FloatArray, r: FloatArray) -> FloatArray:
    """Circles (M, 3) as x, y, R through three points each (M, 2); not finite for collinear."""
    a, b = q - p, r - p
    cross = 2.0 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    aa, bb = (a**2).sum(axis=1), (b**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x = (b[:, 1] * aa - a[:, 1] * bb) / cross
        y = (a[:, 0] * bb - b[:, 0] * aa) / cross
        return np.stack([p[:, 0] + x, p[:, 1] + y, np.hypot(x, y)], axis=1)


def _ranked(circles: FloatArray, ridges: Ridges) -> FloatArray:
    """The circles (M, 3) that score best, best first: on some of the points, then on all."""
    step = max(1, len(ridges.xy) // FEW_POINTS)
    rough = np.argsort(-_scores(circles, ridges, step), kind="stable")[: 8 * PER_TURN]
    fine = _scores(circles[rough], ridges, 1)
    order = [k for k in np.argsort(-fine, kind="stable") if fine[k] >= LEAST_SCORE]
    return np.asarray(circles[rough[order[:PER_TURN]]])


def _scores(circles: FloatArray, ridges: Ridges, step: int) -> FloatArray:
    """Score of every circle, shape (M,), on every ``step``-th ridge point."""
    parts = 1 + len(circles) * (len(ridges.xy) // step) // PAIRS_AT_ONCE
    return np.concatenate(
        [_scores_of_some(part, ridges, step) for part in np.array_split(circles, parts)]
    )


def _scores_of_some(circles: FloatArray, ridges: Ridges, step: int) -> FloatArray:
    xy, normal, weight = ridges.xy[::step], ridges.normal[::step], ridges.weight[::step]
    dx = xy[None, :, 0] - circles[:, None, 0]
    dy = xy[None, :, 1] - circles[:, None, 1]
    distance = np.sqrt(dx * dx + dy * dy)
    aligned = np.abs(dx * normal[:, 0] + dy * normal[:, 1]) > ALIGNED * distance
    off = np.abs(distance - circles[:, 2:])
    on_ring = ((off < ridges.scale_px) & aligned) @ weight
    beside = (off >= 1.5 * ridges.scale_px) & (off < 3.5 * ridges.scale_px) & aligned
    expected = 0.5 * (beside @ weight)
    spread = np.sqrt(expected + 0.25 * on_ring + 10.0 / step)
    return np.asarray((on_ring - expected) / spread)


def score(circle: Circle, ridges: Ridges) -> float:
    """How many more weighted ridge points lie on a circle than beside it, in standard deviations.

    Points count only where their normal goes through the centre.
    """
    one = np.array([[circle.center_x_px, circle.center_y_px, circle.radius_px]])
    return float(_scores(one, ridges, 1)[0])


def on_circle(circle: Circle, ridges: Ridges, tolerance_px: float) -> BoolArray:
    """Ridge points near a circle whose normal goes through its centre, shape (N,)."""
    offset = ridges.xy - np.array([circle.center_x_px, circle.center_y_px])
    distance = np.hypot(offset[:, 0], offset[:, 1])
    cosine = np.abs((offset * ridges.normal).sum(axis=1))
    near = np.abs(distance - circle.radius_px) < tolerance_px
    return np.asarray(near & (cosine > ALIGNED * distance))


def settle(circle: Circle, ridges: Ridges, tolerance_px: float) -> Circle | None:
    """Least-squares circle of the ridge points within a tolerance, repeated until it rests."""
    for shrink in (1.0, 0.8, 0.65, 0.5, 0.5):
        chosen = on_circle(circle, ridges, max(shrink * tolerance_px, 0.8 * ridges.scale_px))
        if chosen.sum() < 6:
            return None
        moved = geometric_step(circle, ridges.xy[chosen], ridges.weight[chosen])
        if moved is None:
            return None
        circle = moved
    return circle


def geometric_step(circle: Circle, xy: FloatArray, weight: FloatArray) -> Circle | None:
    """One Gauss-Newton step of the weighted orthogonal-distance circle through points (N, 2).

    Returns None where the points do not determine a circle.
    """
    offset = xy - np.array([circle.center_x_px, circle.center_y_px])
    distance = np.maximum(np.hypot(offset[:, 0], offset[:, 1]), 1e-9)
    jacobian = np.column_stack([offset / distance[:, None], np.ones(len(xy))])
    normal = jacobian.T @ (weight[:, None] * jacobian)
    values = np.linalg.eigvalsh(normal)
    if not values[0] > 1e-7 * values[2]:
        return None
    step = np.linalg.solve(normal, jacobian.T @ (weight * (distance - circle.radius_px)))
    radius = circle.radius_px + float(step[2])
    if not radius > 0.0 or not np.isfinite(step).all():
        return None
    return Circle(circle.center_x_px + float(step[0]), circle.center_y_px + float(step[1]), radius)


def _alike(a: Circle, b: Circle) -> bool:
    apart = np.hypot(a.center_x_px - b.center_x_px, a.center_y_px - b.center_y_px)
    return bool(apart + abs(a.radius_px - b.radius_px) < 0.02 * (a.radius_px + b.radius_px))
