"""Moves a centre until the ridge points around it fall into the fewest, sharpest rings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.ridges import Ridges
from calibtool.model.look.sight import Aim
from calibtool.model.look.votes import Candidate

Float32Array = NDArray[np.float32]

ALIGNED = 0.35
"""Points whose normal misses the centre by more than this (rad) are not looked at."""

BESIDE = 6
"""Bins to each side that tell how many points are there by chance."""

CHANCE = 20.0
"""Square of the weight of one point, about: what a bin has by chance is at least this."""

CROWDED = 2.0
ARC, MOST_LONGER = 0.7, 20.0
MOVES = 4
LEAST_POINTS = 8
FINEST = 0.4
TILT_WORTH = 1.1
"""A tilt has to make the rings so much sharper."""


@dataclass(frozen=True, eq=False)
class Points:
    """Aligned ridge points of one level, float32 (N,), and the bins their width asks for."""

    x: Float32Array
    y: Float32Array
    weight: Float32Array
    scale_px: float


def focused(ridges: list[Ridges], start: Candidate) -> tuple[Aim, float]:
    """The sharpest centre near a candidate, without a tilt, and its sharpness.

    Parameters
    ----------
    ridges : list of Ridges
        Ridge points of each level.
    start : Candidate
        Where to begin; it moves by a few of its cells at most.
    """
    aim = Aim(start.x, start.y)
    points = _all_aligned(ridges, aim, start.cell_px)
    return sharpest(points, aim, start.cell_px, 0.0) if points else (aim, 0.0)


def tilted(ridges: list[Ridges], plain: Aim, sharp: float, step: float) -> tuple[Aim, float]:
    """The same with a tilt, from what is best without, where it makes the rings sharper."""
    points = _all_aligned(ridges, plain, step)
    return tilted_from(points, plain, sharp, step) if points else (plain, sharp)


def tilted_from(points: list[Points], plain: Aim, sharp: float, step: float) -> tuple[Aim, float]:
    """The same of points that are told."""
    # a tilt moves a ring at the typical distance as far as a step of the centre would
    tilt = 1.0 / _typical_distance(points, plain) ** 2
    bent, sharper = sharpest(points, plain, step, tilt)
    return (bent, sharper) if sharper > TILT_WORTH * sharp else (plain, sharp)


def _all_aligned(ridges: list[Ridges], aim: Aim, cell: float) -> list[Points]:
    points = [_aligned(level, aim, cell) for level in ridges]
    return [level for level in points if len(level.x) >= LEAST_POINTS]


def sharpest(points: list[Points], aim: Aim, step: float, tilt: float) -> tuple[Aim, float]:
    """Climb in ever smaller steps, in the tilt too where ``tilt`` (1/px²) is not 0."""
    best = -np.inf
    finest = min(level.scale_px for level in points)
    # In a small image the votes are cast in cells finer than the last step.
    step = max(step, 2.0 * FINEST * finest)
    ways = _ways(points, aim)
    while step > FINEST * finest:
        for _ in range(MOVES):
            tried = _around(aim, step * ways, step * tilt)
            values = sharpness(points, tried, step)
            k = int(np.argmax(values))
            aim, best = tried[k], float(values[k])
            if k == 0:
                break
        step *= 0.5
    return aim, best


def off_rings(ridges: list[Ridges], aim: Aim) -> list[Ridges]:
    """The ridge points that are on no sharp ring around an aim."""
    left = []
    for level in ridges:
        points, keep = _aligned(level, aim, 0.0), _is_aligned(level, aim, 0.0)
        radius = parameters(points, np.array([[aim.x, aim.y, aim.tau_x, aim.tau_y]], np.float32))
        position = radius / np.float32(level.scale_px)
        there, chance = _histogram(position, points.weight)
        sharp = there[0] > CROWDED * chance[0] + CHANCE
        on_it = sharp[np.minimum(np.rint(position[0]).astype(np.intp), len(sharp) - 1)]
        keep[np.flatnonzero(keep)[~on_it]] = False
        left.append(level.only(~keep))
    return left


def _is_aligned(ridges: Ridges, aim: Aim, cell: float) -> BoolArray:
    dx, dy = ridges.xy[:, 0] - aim.x, ridges.xy[:, 1] - aim.y
    distance = np.hypot(dx, dy)
    cross = np.abs(dx * ridges.normal[:, 1] - dy * ridges.normal[:, 0])
    return np.asarray(
        (cross < ALIGNED * distance + cell) & (distance > 3.0 * ridges.scale_px)
    )


def _aligned(ridges: Ridges, aim: Aim, cell: float) -> Points:
    """Points whose normal goes through the centre, or near it where they are close."""
    keep = _is_aligned(ridges, aim, cell)
    xy, weight = ridges.xy[keep].astype(np.float32), ridges.weight[keep].astype(np.float32)
    return Points(xy[:, 0], xy[:, 1], weight, ridges.scale_px)


def _typical_distance(points: list[Points], aim: Aim) -> float:
    distance = np.concatenate([np.hypot(p.x - aim.x, p.y - aim.y) for p in points])
    return max(float(np.median(distance)), 1.0)


def _ways(points: list[Points], aim: Aim) -> FloatArray:
    """Moves of the centre (M, 2) of about equal effect, the first one none.

    An arc hardly tells how far away its centre is: along its axis the moves are longer.
    """
    dx = np.concatenate([p.x - aim.x for p in points])
    dy = np.concatenate([p.y - aim.y for p in points])
    distance = np.maximum(np.hypot(dx, dy), 1.0)
    mean = np.array([(dx / distance).mean(), (dy / distance).mean()])
    length = float(np.hypot(*mean))
    plain = np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)])
    if length < ARC:
        return plain.astype(np.float64)
    longer = mean / length * min(1.0 / (3.0 * max(1.0 - length, 1e-3)), MOST_LONGER)
    return np.concatenate([plain, [longer, -longer, 0.3 * longer, -0.3 * longer]])


def _around(aim: Aim, moves: FloatArray, tilt: float) -> list[Aim]:
    """The aim itself, first, and those one move from it in centre, or in tilt."""
    moved = [Aim(aim.x + x, aim.y + y, aim.tau_x, aim.tau_y) for x, y in moves.tolist()]
    for x, y in moves[1:5].tolist() if tilt else ():
        for shifted in (0.0, 1.0):
            # about the ring at the typical distance, or about the centre
            size = tilt / max(abs(x), abs(y))
            moved.append(
                Aim(
                    aim.x - shifted * x,
                    aim.y - shifted * y,
                    aim.tau_x + size * x,
                    aim.tau_y + size * y,
                )
            )
    return moved


def sharpness(points: list[Points], aims: list[Aim], step: float) -> FloatArray:
    """Sum over levels and bins of what exceeds chance, squared, over chance; for each aim."""
    values = np.array([[aim.x, aim.y, aim.tau_x, aim.tau_y] for aim in aims], np.float32)
    total = np.zeros(len(aims))
    for level in points:
        radius = parameters(level, values)
        there, chance = _histogram(radius / np.float32(max(level.scale_px, step)), level.weight)
        excess = np.maximum(there - chance, 0.0)
        # a strong ring counts in proportion, so that it does not hide the others
        total += (excess**2 / (CHANCE + chance + 0.5 * excess)).sum(axis=1)
    return total


def parameters(points: Points, aims: Float32Array) -> Float32Array:
    """Parameters T (M, N) of points around aims (M, 4)."""
    x, y, tau_x, tau_y = (column[:, None] for column in aims.T)
    u, v = points.x - x, points.y - y
    stretch = np.maximum(1.0 + u * tau_x + v * tau_y, np.float32(0.1))
    return np.asarray(np.sqrt(u * u + v * v) / stretch)


def _histogram(position: Float32Array, weight: Float32Array) -> tuple[FloatArray, FloatArray]:
    """Weight of the points in each bin, shared by two bins, and that by chance, (M, B).

    ``position`` (M, N) is in bins.
    """
    many, bins = len(position), int(position.max(initial=0.0)) + 2
    first = position.astype(np.intp)
    share = position - first
    first += (np.arange(many) * bins)[:, None]
    upper = (share * weight).ravel()
    lower = np.broadcast_to(weight, share.shape).ravel() - upper
    there: FloatArray = np.bincount(first.ravel(), lower, many * bins).astype(np.float64)
    there[1:] += np.bincount(first.ravel(), upper, many * bins)[:-1]
    there = there.reshape(many, bins)
    sums = np.cumsum(np.pad(there, ((0, 0), (BESIDE + 1, BESIDE))), axis=1)
    width = 2 * BESIDE + 1
    return there, (sums[:, width:] - sums[:, :-width] - there) / (width - 1)
