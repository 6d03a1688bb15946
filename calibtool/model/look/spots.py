"""Rings of which only bright spots are seen: grains so few that there is no arc."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.focus import Points, parameters, sharpest, sharpness, tilted_from
from calibtool.model.look.reduction import Float32Array, Level, smooth, smoothed
from calibtool.model.look.ridges import MOST_SNR
from calibtool.model.look.sight import Aim, SeenRing, Sight

LEAST_SNR, FAINT_SNR = 5.0, 4.0
"""Of a spot over what is around it: one in 10⁶ places by chance; the same where a centre is known
already."""

SPOT, AROUND, BESIDE = 1.0, 5.0, 5
"""σ of a spot and of its surroundings, and how far off it has fallen to all sides, in blocks."""

FALLEN, OF_HEIGHT = 2.0, 0.5
"""σ, and share of its height, by which it must have: along edges, arcs and spirals nothing
falls."""

FEWEST, MOST = 10, 400
"""Spots: fewer lie at few radii of some centre by chance."""

STEPS, OUTSIDE = 90, 0.25
"""Centres tried along the diagonal of the image, and how far outside, in sides of the image."""

CLIMBED, APART, STANDS_OUT = 12, 2.0, 1.4
"""Centres followed to the sharpest place near them; so many steps apart they are different; and how
many times as sharp as any other the best must be: by chance, or of a crystal, several are alike."""

WINDOWS = (1.5, 3.0)
"""Widths of a spot, within which several are one ring."""

BY_CHANCE, FEWEST_ON_RING, ELSEWHERE = 1e-4, 3, 12
"""Chance with which so many spots lie in one window where those within so many windows are
spread evenly."""

WIDE = 1.5
"""Widths of a spot that a ring is taken for at least."""

SECTORS = 36
FINEST_LEVELS, AT_ONCE = 2, 256


@dataclass(frozen=True, eq=False)
class _Spots:
    """Spots of one level; heights (N,) over what is around them, and those over the noise."""

    points: Points
    height: Float32Array
    snr: Float32Array

    def only(self, keep: BoolArray) -> "_Spots":
        """Those of ``keep`` (N,)."""
        p = self.points
        points = Points(p.x[keep], p.y[keep], p.weight[keep], p.scale_px)
        return _Spots(points, self.height[keep], self.snr[keep])


def spotted(levels: list[Level]) -> list[Sight]:
    """Rings on which spots lie, around the centres that each level shows.

    Parameters
    ----------
    levels : list of Level
        The image, finest first.

    Returns
    -------
    list of Sight
        The clearest first, none of them certain: spots of a crystal lie at few radii, too.
    """
    levels = levels[:FINEST_LEVELS]
    found = [_spots(level) for level in levels]
    sights = []
    for level, spots in zip(levels, found, strict=True):
        clear = spots.only(spots.snr > LEAST_SNR)
        aim = _centre(clear.points, level) if len(clear.snr) >= FEWEST else None
        rings = [] if aim is None else _rings(found, aim)
        if aim is not None and rings:
            evidence = math.sqrt(sum(ring.snr**2 for ring in rings))
            sights.append(Sight(aim.x, aim.y, math.inf, tuple(rings), evidence, aim.tau_x,
                                aim.tau_y, certain=False))  # fmt: skip
    return sorted(sights, key=lambda sight: -sight.evidence)


def _spots(level: Level) -> _Spots:
    """What is brighter than all that is around it, the clearest first."""
    from scipy.ndimage import maximum_filter

    near, around = (smoothed(level.mean, level.weight, size) for size in (SPOT, AROUND))
    noise = np.sqrt(np.maximum(smooth(level.variance(slice(None)), AROUND), 1e-30))
    noise /= np.float32(2.0 * np.sqrt(np.pi) * SPOT)
    snr = (near - around) / noise
    top = (snr > FAINT_SNR) & (near >= maximum_filter(near, BESIDE))
    top[:BESIDE] = top[-BESIDE:] = False
    top[:, :BESIDE] = top[:, -BESIDE:] = False
    rows, columns = np.nonzero(top)
    turns = 0.25 * np.pi * np.arange(8)
    down, across = (np.rint(BESIDE * f(turns)).astype(np.intp) for f in (np.sin, np.cos))
    beside = near[rows[:, None] + down, columns[:, None] + across].max(axis=1)
    least = OF_HEIGHT * (near - around)[rows, columns]
    fallen = near[rows, columns] - beside > np.maximum(FALLEN * noise[rows, columns], least)
    rows, columns = rows[fallen], columns[fallen]
    order = np.argsort(-snr[rows, columns], kind="stable")[:MOST]
    rows, columns = rows[order], columns[order]
    x, y = level.to_px(np.stack([columns, rows]).astype(np.float64)).astype(np.float32)
    weight = np.minimum(snr[rows, columns], MOST_SNR).astype(np.float32)
    points = Points(x, y, weight, float(np.sqrt(2.0) * SPOT * level.block_px))
    return _Spots(points, (near - around)[rows, columns], snr[rows, columns])


def _centre(points: Points, level: Level) -> Aim | None:
    """The sharpest of many centres in and around the image, where no other is nearly as sharp."""
    rows, columns = (level.block_px * side for side in level.mean.shape)
    step = float(np.hypot(rows, columns)) / STEPS
    xs, ys = (
        np.arange(-OUTSIDE * side, (1.0 + OUTSIDE) * side, step) for side in (columns, rows)
    )
    aims = [Aim(x, y) for y in ys.tolist() for x in xs.tolist()]
    parts = [aims[first : first + AT_ONCE] for first in range(0, len(aims), AT_ONCE)]
    sharp: FloatArray = np.concatenate([sharpness([points], part, step) for part in parts])
    ranked = [aims[k] for k in np.argsort(-sharp, kind="stable").tolist()]
    climbed = [sharpest([points], aim, step, 0.0) for aim in _apart(ranked, APART * step)]
    climbed.sort(key=lambda one: -one[1])
    aim, value = climbed[0]
    others = [v for other, v in climbed if _distance(aim, other) > APART * step]
    if value < STANDS_OUT * max(others, default=0.0):
        return None
    return tilted_from([points], aim, value, step)[0]


def _apart(ranked: list[Aim], least_px: float) -> list[Aim]:
    """The first few that are not near a better one."""
    kept: list[Aim] = []
    for aim in ranked:
        if all(_distance(aim, other) > least_px for other in kept):
            kept.append(aim)
        if len(kept) == CLIMBED:
            break
    return kept


def _distance(one: Aim, other: Aim) -> float:
    return math.hypot(one.x - other.x, one.y - other.y)


def _rings(found: list[_Spots], aim: Aim) -> list[SeenRing]:
    """Radii at which more spots lie than chance puts there, in any of the levels."""
    every = [one for spots in found for one in _crowded(spots, aim)]
    rings: list[SeenRing] = []
    for _, ring in sorted(every, key=lambda one: one[0]):
        apart = [abs(ring.radius_px - other.radius_px) - 1.5 * (ring.width_px + other.width_px)
                 for other in rings]  # fmt: skip
        if min(apart, default=1.0) > 0.0:
            rings.append(ring)
    return sorted(rings, key=lambda ring: ring.radius_px)


def _crowded(spots: _Spots, aim: Aim) -> list[tuple[float, SeenRing]]:
    """Rings around an aim on which spots crowd, with the chance that they do so by chance."""
    points = spots.points
    radius = parameters(points, np.array([[aim.x, aim.y, aim.tau_x, aim.tau_y]], np.float32))[0]
    found = []
    off = radius - radius[:, None]
    for window in WINDOWS:
        half = 0.5 * window * points.scale_px
        number = np.count_nonzero(np.abs(off) <= half, axis=1)
        inside, outside = (
            np.count_nonzero((half < side) & (side <= ELSEWHERE * half), axis=1)
            for side in (-off, off)
        )
        # as on the side that has more: spots of a lit disc end at its rim
        expected = (2.0 * np.maximum(inside, outside) + 1.0) / (ELSEWHERE - 1.0)
        chance = _at_least(number, expected)
        crowded = np.flatnonzero((number >= FEWEST_ON_RING) & (chance < BY_CHANCE)).tolist()
        found += [(float(chance[k]), _ring(spots, aim, radius, np.abs(off[k]) <= half))
                  for k in crowded]
    return found


def _ring(spots: _Spots, aim: Aim, radius: Float32Array, on_it: BoolArray) -> SeenRing:
    points = spots.points
    azimuth = np.arctan2(points.y[on_it] - aim.y, points.x[on_it] - aim.x)
    lit = len(np.unique(np.floor(azimuth / (2.0 * np.pi) * SECTORS)))
    mean = float(np.average(radius[on_it], weights=points.weight[on_it]))
    width = max(float(np.std(radius[on_it])), WIDE * points.scale_px)
    # as much light, spread over the whole circle
    length = 2.0 * np.pi * mean / points.scale_px
    return SeenRing(
        radius_px=mean,
        width_px=width,
        snr=float(np.sqrt(np.sum(points.weight[on_it] ** 2))),
        coverage=lit / SECTORS,
        visible=1.0,
        amplitude=float(spots.height[on_it].sum()) / length,
        peak=0.0,
        sigma_center_px=math.inf,
    )


def _at_least(number: NDArray[np.intp], expected: FloatArray) -> FloatArray:
    """Probability of so many or more where so many are expected (Poisson)."""
    from scipy.special import gammainc

    return np.asarray(gammainc(np.maximum(number, 1), expected))

