"""The first look at an image: the centre that makes the sharpest rings, and these rings."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, CircleLike
from calibtool.model.look.aiming import adjusted
from calibtool.model.look.focus import focused
from calibtool.model.look.judging import Seen, judged
from calibtool.model.look.polar import polar_map
from calibtool.model.look.reduction import Level, levels
from calibtool.model.look.ridges import Ridges, find_ridges
from calibtool.model.look.scan import Bump, bumps
from calibtool.model.look.sight import Aim, Sight
from calibtool.model.look.votes import Candidate, candidates

WIDEST_RING_PX = 20
FOCUSED = 4
CARRIED = 3
RIVAL = 0.3
"""Share of the sharpness of the best from which another centre is looked at as well."""

ROUNDS = 3
MOST_RINGS = 16
STARTING = 6
SAME_CENTRE = 0.05
"""Centres nearer than this share of the smallest ring are one."""

NEAR = 0.03
"""How far a wanted ring may be from where it was said to be, in radii."""


@dataclass(frozen=True, eq=False)
class View:
    """What is seen around an aim; ``wanted`` is the ring that was asked for."""

    aim: Aim
    rings: list[Seen]
    sigma_px: float = float("inf")
    wanted: Seen | None = None

    @property
    def evidence(self) -> float:
        return float(np.sqrt(sum(seen.ring.snr**2 for seen in self.rings)))


def look(
    image: NDArray[Any],
    ignore: BoolArray,
    *,
    near: CircleLike | None = None,
    variance: NDArray[Any] | None = None,
    seed: int = 0,  # noqa: ARG001 - nothing here is random
) -> tuple[Sight, ...]:
    """See what rings there are.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        Intensities.
    ignore : ndarray of bool, shape (H, W)
        True = ignore, hot pixels among them.
    near : CircleLike, optional
        A ring that is wanted, good to about 2 % of its radius; no other is looked at.
    variance : ndarray, shape (H, W), optional
        Of each pixel where it is known; measured on the image itself where None.
    seed : int
        Nothing here is random; it is accepted for the callers' sake.

    Returns
    -------
    tuple of Sight
        Best first, no more than three; empty where no ring is to be seen.
    """
    return tuple(sight_of(view) for view in views(image, ignore, near, variance))


def views(
    image: NDArray[Any],
    ignore: BoolArray,
    near: CircleLike | None = None,
    variance: NDArray[Any] | None = None,
) -> list[View]:
    """The same with the sectors of all rings."""
    found = levels(image, ignore, coarsest_px=WIDEST_RING_PX, variance=variance)
    ridges = [find_ridges(level) for level in found]
    if near is not None:
        return _view_near(found[0], ridges, near)
    seen: list[View] = []
    for aim in _aims(ridges, (image.shape[0], image.shape[1])):
        if not any(_of_same_centre(aim, view) for view in seen):
            view = _settled(found[0], aim)
            seen += [view] if view.rings else []
    return sorted(seen, key=lambda view: -view.evidence)


def _aims(ridges: list[Ridges], shape: tuple[int, int]) -> list[Aim]:
    """The sharpest centres, best first."""
    tried = [focused(ridges, start) for start in candidates(ridges, shape)[:FOCUSED]]
    tried.sort(key=lambda pair: -pair[1])
    return [aim for aim, sharp in tried[:CARRIED] if sharp > RIVAL * tried[0][1]]


def _of_same_centre(aim: Aim, view: View) -> bool:
    """Whether an aim would only lead to a centre already seen."""
    smallest = min(seen.ring.radius_px for seen in view.rings)
    return float(np.hypot(aim.x - view.aim.x, aim.y - view.aim.y)) < SAME_CENTRE * smallest


def _view_near(level: Level, ridges: list[Ridges], near: CircleLike) -> list[View]:
    """The ring next to a circle alone, where there is one."""
    reach = NEAR * near.radius_px
    start = Candidate(near.center_x_px, near.center_y_px, 0.6 * reach, 0.0)
    aim, _ = focused([points.near(near, reach) for points in ridges], start, tilted=False)
    rings: list[Seen] = []
    for _ in range(ROUNDS):
        rings = _seen(level, aim, MOST_RINGS, (near.radius_px, reach + level.block_px)).rings
        if not rings:
            return []
        rings = [max(rings, key=lambda seen: seen.ring.snr)]
        aim, sigma = adjusted(aim, rings)
    if not rings[0].is_ring:
        return []
    others = [seen for seen in _seen(level, aim, MOST_RINGS).rings if seen.is_ring]
    others = [seen for seen in others if not _same(seen, rings[0])]
    every = sorted([*others, *rings], key=lambda seen: seen.ring.radius_px)
    return [View(aim, every, sigma, wanted=rings[0])]


def _settled(level: Level, aim: Aim) -> View:
    """Level the clearest rings around an aim until it rests, then judge all."""
    view = _seen(level, aim, STARTING)
    for _ in range(ROUNDS):
        if not view.rings:
            return view
        aim, sigma = adjusted(aim, view.rings)
        view = replace(_seen(level, aim, MOST_RINGS), sigma_px=sigma)
    return replace(view, rings=[seen for seen in view.rings if seen.is_ring])


def _seen(
    level: Level, aim: Aim, most: int, only: tuple[float, float] = (0.0, np.inf)
) -> View:
    """What stands out around an aim, the clearest first taken, and nothing twice.

    ``only`` is a parameter and how far from it (px) a ring may be.
    """
    polar = polar_map(level, aim)
    found = bumps(polar)
    rings: list[Seen] = []
    for bump in found:
        if len(rings) == most:
            break
        if abs(bump.radius_px - only[0]) > only[1] or any(_inside(bump, one) for one in rings):
            continue
        seen = judged(polar, bump, [other for other in found if other is not bump])
        if seen is not None and seen.stands_out and not any(_same(seen, one) for one in rings):
            rings.append(seen)
    return View(aim, sorted(rings, key=lambda seen: seen.ring.radius_px))


def _inside(bump: Bump, seen: Seen) -> bool:
    return abs(bump.radius_px - seen.ring.radius_px) < 1.5 * seen.ring.width_px


def _same(a: Seen, b: Seen) -> bool:
    """A shoulder, or the top of a wide ring, is no other ring."""
    apart = abs(a.ring.radius_px - b.ring.radius_px)
    return apart < 1.2 * (a.ring.width_px + b.ring.width_px)


def sight_of(view: View) -> Sight:
    """What goes out of the room."""
    return Sight(
        center_x_px=view.aim.x,
        center_y_px=view.aim.y,
        sigma_center_px=view.sigma_px,
        rings=tuple(seen.ring for seen in view.rings),
        evidence=view.evidence,
        tau_x_per_px=view.aim.tau_x,
        tau_y_per_px=view.aim.tau_y,
    )
