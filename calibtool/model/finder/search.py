"""The search: circles are proposed and tried until one is surely a ring."""

from collections.abc import Sequence

import numpy as np

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import Circle
from calibtool.model.finder.proposals import Proposal, propose, score, settle
from calibtool.model.finder.ridges import Ridges
from calibtool.model.finder.sectors import Field
from calibtool.model.finder.verdict import Trial, try_circle

SMALLEST_RADIUS_PX = 2.0

TURNS = 3
TRIED = 8
"""Circles are proposed in so many turns, and so many of each are tried."""

WIDEST = 1.7
WORTH_WIDENING = 10.0
"""A trial of so many times the width expected and so much evidence may be of a wider ring."""

AN_EDGE = -1.0
"""How much worse a peak explains the profile where there is an edge."""

CERTAIN = 0.015
"""Largest σ of the centre, in radii, of a ring that tells its centre."""

SURE = 20.0
"""Evidence of a ring that ends the search."""


class NoClearRing(RingNotFoundError):  # noqa: N818 - a stage of the search, not a kind of error
    """No ring among the trials; what was tried may tell why."""

    def __init__(self, reason: str, trials: list[Trial]) -> None:
        super().__init__(reason)
        self.trials = trials


def search(
    fields: list[Field],
    ridges: list[Ridges],
    seed: int,
    turns: int = TURNS,
    rejected: Sequence[Circle] = (),
) -> Trial:
    """The ring with the most evidence among the proposals of all levels.

    Parameters
    ----------
    fields : list of Field
        The image in ever coarser blocks.
    ridges : list of Ridges
        Ridge points of each of them.
    seed : int
        Of the random triples of points.
    turns : int
        How often circles are proposed, at most.
    rejected : sequence of Circle
        Circles not to try again.

    Raises
    ------
    RingNotFoundError
        None of the proposals is a ring.
    """
    diagonal = float(np.hypot(*fields[0].valid.shape)) * fields[0].block_px
    rng = np.random.default_rng(seed)
    trials: list[Trial] = []
    left = ridges
    for _ in range(turns):
        proposed = [propose(points, diagonal, rng) for points in left]
        left = [rest for _, rest in proposed]
        proposals = sorted(
            (proposal for found, _ in proposed for proposal in found), key=lambda p: -p.score
        )
        proposals = [p for p in proposals if not any(_same(p.circle, c) for c in rejected)]
        trials += _tried(fields, proposals[:TRIED], [trial for trial in trials if trial.is_ring])
        if any(is_clear(trial) and trial.evidence > SURE for trial in trials):
            break
    rings = [trial for trial in trials if trial.is_ring]
    if not rings:
        raise NoClearRing(_why_not(trials), trials)
    return max(rings, key=lambda trial: (is_clear(trial), trial.evidence))


def is_clear(trial: Trial) -> bool:
    """Whether it is a ring that tells its centre: an arc far out may hardly do so."""
    return trial.is_ring and trial.sigma_center_px < CERTAIN * trial.circle.radius_px


def _tried(fields: list[Field], proposals: list[Proposal], rings: list[Trial]) -> list[Trial]:
    """Try proposals, but none that has the centre of a ring already seen."""
    trials: list[Trial] = []
    for proposal in proposals:
        seen = rings + [trial for trial in trials if trial.is_ring]
        if any(_same_centre(proposal.circle, ring.circle) for ring in seen):
            continue
        trial = _tried_wider(fields, proposal)
        if trial is not None:
            trials.append(trial)
    return trials


def _tried_wider(fields: list[Field], proposal: Proposal) -> Trial | None:
    """Try a proposal, and again with a larger width where the first was not enough."""
    width = 0.7 * proposal.scale_px
    trial = try_circle(fields, proposal.circle, width)
    if trial is None or trial.is_ring:
        return trial
    full = trial.width_px > WIDEST * width and trial.evidence > WORTH_WIDENING
    if not full or trial.peak < AN_EDGE:
        return trial
    wider = try_circle(fields, trial.circle, WIDEST * trial.width_px)
    return wider if wider is not None and wider.is_ring else trial


def _same_centre(a: Circle, b: Circle) -> bool:
    """Whether two rings belong together; the others of a centre are looked for later."""
    apart = np.hypot(a.center_x_px - b.center_x_px, a.center_y_px - b.center_y_px)
    return bool(apart < 0.03 * min(a.radius_px, b.radius_px))


def _same(a: Circle, b: Circle) -> bool:
    """Whether two circles are one and the same, to a few per cent."""
    apart = np.hypot(a.center_x_px - b.center_x_px, a.center_y_px - b.center_y_px)
    return bool(apart + abs(a.radius_px - b.radius_px) < 0.06 * b.radius_px)


def _why_not(trials: list[Trial]) -> str:
    if any(trial.significance > 6.0 and trial.peak <= 0.3 for trial in trials):
        reason = "what looks round is the edge of a shadow, not a ring"
    elif any(trial.significance > 4.0 and trial.positive > 0.7 for trial in trials):
        reason = "what there is is too weak to be trusted"
    else:
        reason = "nothing in the image stands out as a circle"
    return (
        f"No ring found: {reason}; choose an image with a visible ring, "
        "or click at least five points on the ring."
    )


def search_near(fields: list[Field], ridges: list[Ridges], start: Circle) -> Trial:
    """The ring next to a given circle.

    Raises
    ------
    RingNotFoundError
        There is none.
    """
    if start.radius_px < SMALLEST_RADIUS_PX:
        raise RingNotFoundError(
            f"No ring was looked for: a radius of {start.radius_px:g} px is less than the "
            f"{SMALLEST_RADIUS_PX:g} px a ring needs; choose a larger ring."
        )
    reach = 0.03 * start.radius_px
    starts = [(start, 0.4 * reach)]
    for points in ridges:
        if points.scale_px < reach:
            circle = settle(start, points, reach)
            if circle is not None and score(circle, points) > 3.0:
                starts.append((circle, 0.7 * points.scale_px))
    # first so close that a neighbour cannot be seen, then with the whole background
    trials = [
        try_circle(fields, circle, min(width, 0.4 * reach_px), reach_px=reach_px)
        for reach_px in (0.8 * reach, 1.2 * reach, np.inf)
        for circle, width in starts
    ]
    rings = [
        trial
        for trial in trials
        if trial is not None
        and trial.is_ring
        and abs(trial.circle.radius_px - start.radius_px) < reach + fields[0].block_px
    ]
    if not rings:
        raise RingNotFoundError(
            f"No ring found near radius {start.radius_px:.1f} px around "
            f"({start.center_x_px:.1f}, {start.center_y_px:.1f}); click points on the ring, or "
            "let the whole image be searched."
        )
    return max(rings, key=lambda trial: trial.evidence)
