"""Where the normals of ridge points meet: candidates for the centre of all rings together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray
from calibtool.model.look.ridges import Ridges

Float32Array = NDArray[np.float32]

POINTS = 800
"""Points of each level that vote, about."""

LINE_RAD, LINE_SCALES, MOST_ON_LINE = 0.05, 3.0, 15.0
"""Points alike in direction (to this angle) and in their distance from the origin along it."""

CELLS = 24
"""Cells of the grid of centres along the diagonal of the image."""

FARTHEST, STRETCH = 2.0, 1.3
"""Outside the image the cells grow by this factor, out to so many diagonals."""

ANGLE = 0.12
"""Scatter of the direction of a normal, in rad: noise, texture, and a tilt of some degrees."""

LEAST_VIEW = 0.44
"""Image seen under no less than about this angle (rad): an arc must have 25° to tell its centre."""

LEAST_SPREAD = 0.12
"""Of an arc of 25°; what is straight has less."""

CHANCE = 0.11
"""Variance of the vote of a point that knows nothing, for this scatter."""

CHOSEN = 5
CLIMBED, KEPT = 8, 5
MOST_TRIED = 200
SAME_CELLS = 6.0
APART_CELLS = 2.5
PAIRS_AT_ONCE = 1 << 15


@dataclass(frozen=True, eq=False)
class Voters:
    """Points ``xy`` (N, 2) with the directions ``normal`` (N, 2) and ``weight`` (N,), float32."""

    xy: Float32Array
    normal: Float32Array
    weight: Float32Array


@dataclass(frozen=True)
class Candidate:
    """A place where normals meet, found to about ``cell_px``; ``score`` in σ over chance."""

    x: float
    y: float
    cell_px: float
    score: float


def candidates(
    ridges: list[Ridges], slopes: Ridges, shape: tuple[int, int]
) -> list[Candidate]:
    """Where the normals of each level, and of all levels together, meet most; best first.

    And where the slopes of the background lead, should a halo hide the rings.

    Parameters
    ----------
    ridges : list of Ridges
        Ridge points of each level.
    slopes : Ridges
        Of the coarse image.
    shape : (int, int)
        Of the image (H, W).

    Returns
    -------
    list of Candidate
        Few, no two of them alike.
    """
    groups = [_voters(points) for points in ridges if len(points.xy) >= 8]
    if not groups:
        return []
    x, y, cell = _grid(shape)
    votes = [_votes(group, x, y, cell) for group in groups]
    together = np.sum([gain for gain, _ in votes], axis=0), sum(chance for _, chance in votes)
    sums, every = [*votes, together], [*groups, _joined(groups)]
    if len(slopes.xy) >= 8:
        every.append(_voters(slopes))
        sums.append(_votes(every[-1], x, y, cell))
    starts: list[tuple[float, int, Voters]] = []
    for group, (gain, chance) in zip(every, sums, strict=True):
        score = gain / np.sqrt(chance)
        starts += [(float(score[k]), k, group) for k in _maxima(score, x, y, cell)]
    starts.sort(key=lambda start: -start[0])
    found = []
    for k, group in _apart(starts, x, y, cell):
        found.append(_climbed(group, float(x[k]), float(y[k]), float(cell[k])))
    return _distinct(found)


def _apart(
    starts: list[tuple[float, int, Voters]], x: Float32Array, y: Float32Array, cell: Float32Array
) -> list[tuple[int, Voters]]:
    """The best starts of all groups, none near a better one."""
    kept: list[tuple[int, Voters]] = []
    for _, k, group in starts:
        if len(kept) == CLIMBED:
            break
        alone = not _near(k, [j for j, _ in kept], x, y, cell)
        if alone and _spread(group, x[k], y[k], cell[k]) > LEAST_SPREAD:
            kept.append((k, group))
    return kept


def _spread(voters: Voters, x: float, y: float, cell: float) -> float:
    """How far the points that vote for a centre are spread in azimuth, 0…1 (all around)."""
    dx, dy = voters.xy[:, 0] - x, voters.xy[:, 1] - y
    distance = np.maximum(np.hypot(dx, dy), 1.0)
    cross = np.abs(dx * voters.normal[:, 1] - dy * voters.normal[:, 0])
    weight = np.where(cross < ANGLE * distance + cell, voters.weight, 0.0) / distance
    mean = np.hypot(weight @ dx, weight @ dy) / max(float(weight @ distance), 1e-9)
    return float(np.sqrt(max(1.0 - mean * mean, 0.0)))


def _near(
    k: int, others: list[int], x: Float32Array, y: Float32Array, cell: Float32Array
) -> bool:
    at = np.array(others, dtype=np.intp)
    apart = np.hypot(x[k] - x[at], y[k] - y[at])
    return bool((apart < 2.0 * APART_CELLS * np.maximum(cell[k], cell[at])).any())


def _voters(points: Ridges) -> Voters:
    """Every so many-th of the points, the strong and the weak ones.

    Those on one straight line share the weight of few, so that no streak or edge outvotes
    the rings.
    """
    turn = np.arctan2(points.normal[:, 1], points.normal[:, 0]) % np.pi
    offset = np.abs((points.xy * points.normal).sum(axis=1)) / (LINE_SCALES * points.scale_px)
    line = (turn / LINE_RAD).astype(np.intp) * (int(offset.max()) + 1) + offset.astype(np.intp)
    crowd = np.bincount(line)[line]
    weight = points.weight * np.minimum(1.0, MOST_ON_LINE / crowd)
    order = np.argsort(-points.weight, kind="stable")
    kept = order[:: 1 + len(order) // POINTS]
    parts = (points.xy[kept], points.normal[kept], weight[kept])
    return Voters(*(part.astype(np.float32) for part in parts))


def _joined(groups: list[Voters]) -> Voters:
    return Voters(
        np.concatenate([group.xy for group in groups]),
        np.concatenate([group.normal for group in groups]),
        np.concatenate([group.weight for group in groups]),
    )


def _grid(shape: tuple[int, int]) -> tuple[Float32Array, Float32Array, Float32Array]:
    """Centres x, y (M,) and half the larger side of their cells (M,), coarser outside."""
    diagonal = float(np.hypot(*shape))
    (xs, dx), (ys, dy) = (_axis(side, diagonal) for side in (shape[1], shape[0]))
    x, y = np.meshgrid(xs, ys)
    cell = np.maximum(*np.meshgrid(dx, dy))
    away = np.hypot(x - 0.5 * (shape[1] - 1), y - 0.5 * (shape[0] - 1))
    near = away * LEAST_VIEW < diagonal
    return tuple(part[near].astype(np.float32) for part in (x, y, cell))  # type: ignore[return-value]


def _axis(side: int, diagonal: float) -> tuple[FloatArray, FloatArray]:
    """Places along one side of the image and beyond, symmetric, and half their spacing."""
    step = diagonal / CELLS
    inside = np.linspace(0.0, 0.5 * side, max(int(np.ceil(0.5 * side / step)), 1) + 1)
    outside = step * np.cumsum(STRETCH ** np.arange(1, 40))
    outside = inside[-1] + outside[outside < FARTHEST * diagonal]
    half = np.concatenate([inside, outside])
    spacing = 0.5 * np.gradient(half)
    middle = 0.5 * (side - 1)
    places = np.concatenate([middle - half[:0:-1], middle + half])
    return places, np.concatenate([spacing[:0:-1], spacing])


def _votes(
    voters: Voters, x: Float32Array, y: Float32Array, cell: Float32Array
) -> tuple[FloatArray, float]:
    """Weighted votes over chance for each centre (M,), and their variance by chance.

    A direction that misses the centre by the angle θ has a vote of 1 / (1 + sin²θ / a²), with
    a² = scatter² + (cell / distance)². What has the same direction turned by 90° is taken
    off: by chance both are alike.
    """
    p, n = voters.xy, voters.normal
    along = np.stack([n[:, 0], n[:, 1], (p * n).sum(axis=1)])
    across = np.stack([-n[:, 1], n[:, 0], p[:, 1] * n[:, 0] - p[:, 0] * n[:, 1]])
    centres = np.stack([x, y, np.full_like(x, -1.0)], axis=1)
    parts = 1 + len(x) * len(p) // PAIRS_AT_ONCE
    gain = np.zeros(len(x))
    for part in np.array_split(np.arange(len(x)), parts):
        dot, cross = centres[part] @ along, centres[part] @ across
        dot *= dot
        cross *= cross
        slack = dot + cross
        slack *= np.float32(ANGLE**2)
        slack += (cell[part] ** 2)[:, None]
        votes = dot - cross
        votes *= slack
        dot += slack
        cross += slack
        dot *= cross
        votes /= dot
        gain[part] = votes @ voters.weight
    return gain, max(CHANCE * float((voters.weight**2).sum()), 1e-9)


def _maxima(
    score: FloatArray, x: Float32Array, y: Float32Array, cell: Float32Array
) -> list[int]:
    """The best centres, none of them near a better one."""
    kept: list[int] = []
    for k in np.argsort(-score, kind="stable")[:MOST_TRIED]:
        if not _near(int(k), kept, x, y, cell):
            kept.append(int(k))
        if len(kept) == CHOSEN:
            break
    return kept


def _climbed(voters: Voters, x: float, y: float, cell: float) -> Candidate:
    """The best of ever finer grids around a centre."""
    steps = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    across, down = (part.ravel() for part in np.meshgrid(steps, steps))
    score = 0.0
    for _ in range(3):
        xs = (x + 2 * cell * across).astype(np.float32)
        ys = (y + 2 * cell * down).astype(np.float32)
        cell *= 0.5
        gain, chance = _votes(voters, xs, ys, np.full(len(xs), cell, np.float32))
        best = int(np.argmax(gain))
        score = float(gain[best]) / np.sqrt(chance)
        x, y = float(xs[best]), float(ys[best])
    return Candidate(x, y, cell, score)


def _distinct(found: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda candidate: -candidate.score):
        apart = [
            float(np.hypot(one.x - other.x, one.y - other.y)) / max(one.cell_px, other.cell_px)
            for other in kept
        ]
        if len(kept) < KEPT and min(apart, default=np.inf) > SAME_CELLS:
            kept.append(one)
    return kept
