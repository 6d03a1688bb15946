"""Circles proposed by ridge points: random triples whose normals meet, best score first."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, Circle, FloatArray
from calibtool.model.finder.ridges import Ridges

TRIPLES = 12000
SCORED = 220
KEPT = 6

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


def propose(ridges: Ridges, diagonal_px: float, rng: np.random.Generator) -> list[Proposal]:
    """Circles through the ridge points of one level, best first, no two alike."""
    if len(ridges.xy) < 12:
        return []
    circles = _triples(ridges, diagonal_px, rng)
    found: list[Proposal] = []
    scores = _quick_scores(circles, ridges)
    for index in np.argsort(-scores, kind="stable")[: 3 * KEPT]:
        if scores[index] < 3.0 or len(found) >= KEPT:
            break
        circle = settle(Circle(*map(float, circles[index])), ridges, 2.0 * ridges.scale_px)
        if circle is not None and not any(_alike(circle, other.circle) for other in found):
            found.append(Proposal(circle, ridges.scale_px, score(circle, ridges)))
    return sorted(found, key=lambda proposal: -proposal.score)


def _triples(ridges: Ridges, diagonal_px: float, rng: np.random.Generator) -> FloatArray:
    """Circles (M, 3) as x, y, R through random triples whose normals point at the centre."""
    share = np.cumsum(ridges.weight)
    draws = np.searchsorted(share, rng.random((3, TRIPLES)) * share[-1])
    draws = np.minimum(draws, len(share) - 1)
    p, q, r = (ridges.xy[index] for index in draws)
    circles = circles_through(p, q, r)
    good = np.isfinite(circles).all(axis=1)
    good &= circles[:, 2] > SMALLEST_RADIUS * ridges.scale_px
    good &= circles[:, 2] < LARGEST_RADIUS * diagonal_px
    for points, index in zip((p, q, r), draws, strict=True):
        towards = circles[:, :2] - points
        good &= np.abs((towards * ridges.normal[index]).sum(axis=1)) > ALIGNED * circles[:, 2]
    return circles[good][:SCORED]


def circles_through(p: FloatArray, q: FloatArray, r: FloatArray) -> FloatArray:
    """Circles (M, 3) as x, y, R through three points each (M, 2); not finite for collinear."""
    a, b = q - p, r - p
    cross = 2.0 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    aa, bb = (a**2).sum(axis=1), (b**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x = (b[:, 1] * aa - a[:, 1] * bb) / cross
        y = (a[:, 0] * bb - b[:, 0] * aa) / cross
        return np.stack([p[:, 0] + x, p[:, 1] + y, np.hypot(x, y)], axis=1)


def _quick_scores(circles: FloatArray, ridges: Ridges) -> FloatArray:
    """Score of every circle, shape (M,)."""
    if len(circles) == 0:
        return np.zeros(0)
    dx = ridges.xy[None, :, 0] - circles[:, None, 0]
    dy = ridges.xy[None, :, 1] - circles[:, None, 1]
    distance = np.hypot(dx, dy)
    cosine = np.abs(dx * ridges.normal[:, 0] + dy * ridges.normal[:, 1])
    weight = np.where(cosine > ALIGNED * distance, ridges.weight, 0.0)
    off = np.abs(distance - circles[:, 2:]) / ridges.scale_px
    on_ring = np.where(off < 1.0, weight, 0.0).sum(axis=1)
    beside = np.where((off >= 1.5) & (off < 3.5), weight, 0.0).sum(axis=1)
    expected = 0.5 * beside
    return np.asarray((on_ring - expected) / np.sqrt(expected + 0.25 * on_ring + 10.0))


def score(circle: Circle, ridges: Ridges) -> float:
    """How many more weighted ridge points lie on a circle than beside it, in standard deviations.

    Points count only where their normal goes through the centre.
    """
    one = np.array([[circle.center_x_px, circle.center_y_px, circle.radius_px]])
    return float(_quick_scores(one, ridges)[0])


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
