"""The first look at an image: the centre that makes the sharpest rings, and these rings."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, CircleLike
from calibtool.model.look.aiming import adjusted
from calibtool.model.look.focus import focused, off_rings, tilted
from calibtool.model.look.judging import LEAST_VALID, Seen, judged, moved_to, refitted
from calibtool.model.look.polar import PolarMap, polar_map
from calibtool.model.look.reduction import Level, levels
from calibtool.model.look.ridges import Ridges, find_ridges, find_slopes
from calibtool.model.look.scan import Bump, bumps
from calibtool.model.look.sight import Aim, Sight
from calibtool.model.look.spots import spotted
from calibtool.model.look.votes import Candidate, candidates

WIDEST_RING_PX = 20
CARRIED = 3
RIVAL = 0.3
"""Share of the sharpness of the best from which another centre is looked at as well."""

ROUNDS = 8
RESTS = 0.15
"""An aim that moves the rings by less than so many widths has come to rest."""

MOST_RINGS = 16
STARTING = 4
SAME_CENTRE = 0.05
"""Centres nearer than this share of the smallest ring are one."""

LEAST_CERTAIN = 0.05
"""Largest σ of a centre, in radii, that is still one."""

BESIDE = 0.1
"""How far from a wanted ring others help to find its centre, in radii."""

MOST_BEND, MANY_BENT = 0.16, 2
"""Arcs that bend away from their common centre are turns of a spiral; so many of them where a
ring is closed, else one."""

WANTED = 1.5
"""What is asked of a peak is eased so far where it was said that a ring is there."""

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
        """Signal-to-noise ratio of all rings together."""
        return float(np.sqrt(sum(seen.ring.snr**2 for seen in self.rings)))


def look(
    image: NDArray[Any],
    ignore: BoolArray,
    *,
    near: CircleLike | None = None,
    variance: NDArray[Any] | None = None,
    seed: int = 0,
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
        Best first, no more than three. Where no ring is beyond doubt by itself, the centres
        around which spots crowd, else the sharpest one alone, without rings: several doubtful
        ones may yet make a pattern.
    """
    found = levels(image, ignore, coarsest_px=WIDEST_RING_PX, variance=variance)
    seen = _views(found, (image.shape[0], image.shape[1]), near)
    sights = tuple(sight_of(view) for view in seen)
    if near is not None or any(sight.rings for sight in sights):
        return sights
    return tuple(spotted(found)) or sights


def views(
    image: NDArray[Any],
    ignore: BoolArray,
    near: CircleLike | None = None,
    variance: NDArray[Any] | None = None,
) -> list[View]:
    """The same with the sectors of all rings; of a wanted one, none where it is not there."""
    found = levels(image, ignore, coarsest_px=WIDEST_RING_PX, variance=variance)
    return _views(found, (image.shape[0], image.shape[1]), near)


def _views(found: list[Level], shape: tuple[int, int], near: CircleLike | None) -> list[View]:
    ridges = [find_ridges(level) for level in found]
    if near is not None:
        return _view_near(found[0], ridges, near)
    seen: list[View] = []
    first: list[View] = []
    slopes = find_slopes(found[-1])
    sharpest = 0.0
    for _ in range(CARRIED):
        aim, sharp = _sharpest(ridges, slopes, shape)
        if sharp <= (RIVAL * sharpest if seen else 0.0):
            break
        sharpest = max(sharp, sharpest)
        first = first or [View(aim, [])]
        view = _settled(found[0], aim)
        if view.rings and not any(_same_centre(view, other) for other in seen):
            seen.append(view)
        # what is there, ring or edge, must not hide other centres
        *ridges, slopes = off_rings([*ridges, slopes], view.aim if view.rings else aim)
    return sorted(seen, key=lambda view: -view.evidence) or first


def _sharpest(
    ridges: list[Ridges], slopes: Ridges, shape: tuple[int, int]
) -> tuple[Aim, float]:
    """The sharpest centre of some candidates."""
    starts = candidates(ridges, slopes, shape)
    tried = [(*focused(ridges, start), start) for start in starts]
    if not tried:
        return Aim(0.0, 0.0), 0.0
    aim, sharp, start = max(tried, key=lambda found: found[1])
    return tilted(ridges, aim, sharp, start.cell_px)


def _same_centre(a: View, b: View) -> bool:
    smallest = min(seen.ring.radius_px for seen in (*a.rings, *b.rings))
    return float(np.hypot(a.aim.x - b.aim.x, a.aim.y - b.aim.y)) < SAME_CENTRE * smallest


def _view_near(level: Level, ridges: list[Ridges], near: CircleLike) -> list[View]:
    """The ring next to a circle alone, where there is one."""
    reach = NEAR * near.radius_px
    start = Candidate(near.center_x_px, near.center_y_px, 0.6 * reach, 0.0)
    # rings beside it have about the same centre, and may be clearer
    beside = BESIDE * near.radius_px
    aim, _ = focused([points.near(near, beside) for points in ridges], start)
    polar = polar_map(level, aim)
    rings = _seen(polar, MOST_RINGS, only=(near.radius_px, reach + level.block_px))
    rings = sorted(rings, key=lambda seen: abs(seen.ring.radius_px - near.radius_px))[:1]
    if not rings:
        return []
    aim, sigma, polar, rings = _at_rest(level, aim, polar, rings, flat=False, tilt=False)
    if rings:
        rings = _seen(polar, 1, only=(rings[0].ring.radius_px, 2.0 * rings[0].ring.width_px))
    if not rings:
        return []
    if not rings[0].is_one(WANTED):
        return []
    others = [seen for seen in _seen(polar, MOST_RINGS) if seen.is_ring]
    others = [seen for seen in others if not _same(seen, rings[0])]
    every = sorted([*others, *rings], key=lambda seen: seen.ring.radius_px)
    return [View(aim, every, sigma, wanted=rings[0])]


def _settled(level: Level, aim: Aim) -> View:
    """The rings around an aim; where there are none, those with the halo flattened."""
    view = _levelled(level, aim, flat=False)
    return view if view.rings else _levelled(level, aim, flat=True)


def _levelled(level: Level, aim: Aim, *, flat: bool) -> View:
    """Level the clearest rings around an aim until it rests, then judge all."""
    polar = _mapped(level, aim, flat=flat)
    rings = [] if polar is None else _seen(polar, STARTING)
    if polar is None or not rings:
        return View(aim, [])
    sure = [seen for seen in rings if seen.is_ring]
    rings = sure or rings
    bent = aim.tau_x != 0.0 or aim.tau_y != 0.0
    # far from its place a centre would be mended with a tilt, so that comes second
    for tilt in sorted({bent, len(sure) > 1}):
        aim, sigma, polar, rings = _at_rest(level, aim, polar, rings, flat=flat, tilt=tilt)
    rings = [seen for seen in _seen(polar, MOST_RINGS) if seen.is_ring]
    if rings:
        aim, sigma, polar, rings = _at_rest(level, aim, polar, rings, flat=flat, tilt=True)
    if not rings or sigma > LEAST_CERTAIN * min(seen.ring.radius_px for seen in rings):
        return View(aim, [])
    if _is_spiral(rings):
        return View(aim, [])
    return View(aim, sorted(rings, key=lambda seen: seen.ring.radius_px), sigma)


def _is_spiral(rings: list[Seen]) -> bool:
    """Whether arcs around an aim at rest are no parts of circles around it."""
    told = [bend for bend in (seen.bend for seen in rings) if bend is not None]
    least = MANY_BENT if any(seen.closed for seen in rings) else 1
    return len(told) >= least and float(np.median(told)) > MOST_BEND


def _at_rest(
    level: Level, aim: Aim, polar: PolarMap, rings: list[Seen], *, flat: bool, tilt: bool
) -> tuple[Aim, float, PolarMap, list[Seen]]:
    """Move the aim until the rings are level; with its σ, the map there and the rings on it."""
    sigma = np.inf
    for _ in range(ROUNDS if rings else 0):
        aim, radii, sigma, moved = adjusted(aim, rings, tilted=tilt)
        if moved < RESTS:
            rings = [moved_to(*pair) for pair in zip(rings, radii, strict=True)]
            break
        again = _mapped(level, aim, flat=flat)
        if again is None:
            break
        polar = again
        rings = [refitted(polar, *pair) for pair in zip(rings, radii, strict=True)]
        rings = [seen for seen in rings if seen.fits.valid.sum() >= LEAST_VALID]
        if not rings:
            break
    return aim, sigma, polar, rings


def _mapped(level: Level, aim: Aim, *, flat: bool) -> PolarMap | None:
    polar = polar_map(level, aim)
    return polar.compressed() if flat else polar


def _seen(polar: PolarMap, most: int, only: tuple[float, float] = (0.0, np.inf)) -> list[Seen]:
    """What stands out around an aim, the clearest first taken, and nothing twice.

    ``only`` is a parameter and how far from it (px) a ring may be.
    """
    found = bumps(polar)
    rings: list[Seen] = []
    doubtful: list[Seen] = []
    for bump in found:
        if len(rings) == most:
            break
        if abs(bump.radius_px - only[0]) > only[1] or any(_inside(bump, one) for one in rings):
            continue
        seen = judged(polar, bump, [other for other in found if other is not bump])
        if seen is None or not seen.stands_out or any(_same(seen, one) for one in rings):
            continue
        if abs(seen.ring.radius_px - only[0]) < only[1]:
            (rings if seen.is_ring else doubtful).append(seen)
    return rings + doubtful[:most]


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
        certain=bool(view.rings),
    )
