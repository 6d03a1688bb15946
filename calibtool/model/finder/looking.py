"""Looks at the reduced image: as it is, with the halo flattened, inside an aperture."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import BoolArray, Circle
from calibtool.model.finder.compression import compressed, uncompressed
from calibtool.model.finder.concentric import rings_around
from calibtool.model.finder.reduction import Level, levels
from calibtool.model.finder.ridges import find_ridges
from calibtool.model.finder.search import TURNS, NoClearRing, is_clear, search, search_near
from calibtool.model.finder.sectors import Field
from calibtool.model.finder.shadow import aperture, inside_of, outside_mask
from calibtool.model.finder.verdict import Trial

WIDEST_RING_PX = 20


@dataclass(frozen=True)
class Wanted:
    """What is looked for: any ring but those rejected already, or the one near a circle.

    ``seed`` is that of the random choices.
    """

    near: Circle | None
    seed: int
    rejected: tuple[Circle, ...] = ()


def rings_seen(
    image: NDArray[Any], ignore: BoolArray, wanted: Wanted
) -> tuple[Trial, list[Trial]]:
    """The clearest ring of the reduced image (or the one wanted), and all of its centre.

    Where none is clear a second look is taken with the halo flattened, or inside an aperture.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        Intensities.
    ignore : ndarray of bool, shape (H, W)
        True = ignore; what lies outside an aperture is added.
    wanted : Wanted
        What is looked for.

    Raises
    ------
    RingNotFoundError
        Nothing looks like a ring.
    """
    found = levels(image, ignore, coarsest_px=WIDEST_RING_PX)[0]
    first, refusal, tried = _first_look(found, wanted)
    if first is not None:
        if is_clear(first[0]):
            return first
        second = _flattened_look(found, wanted)
        return second if second is not None and is_clear(second[0]) else first
    hole = aperture(found[0], tried)
    if hole is not None:
        found = [inside_of(hole, level) for level in found]
    second = _again(found, wanted, unflattened=hole is not None)
    if second is None:
        raise RingNotFoundError(refusal)
    if hole is not None:
        ignore |= outside_mask(hole, (image.shape[0], image.shape[1]))
    return second


def _first_look(
    found: list[Level], wanted: Wanted
) -> tuple[tuple[Trial, list[Trial]] | None, str, list[Trial]]:
    """What is seen, or else why nothing is and the circles that were tried.

    The error itself would keep all arrays of the search in memory.
    """
    try:
        return _look(found, wanted), "", []
    except NoClearRing as refused:
        return None, str(refused), refused.trials
    except RingNotFoundError as refused:
        return None, str(refused), []


def _again(
    found: list[Level], wanted: Wanted, *, unflattened: bool
) -> tuple[Trial, list[Trial]] | None:
    """Look again where the first look saw nothing, None where there is nothing still."""
    first = None
    if unflattened:
        try:
            first = _look(found, wanted, turns=1)
        except RingNotFoundError:
            first = None
    if first is not None and is_clear(first[0]):
        return first
    second = _flattened_look(found, wanted)
    return first if second is None else second


def _flattened_look(
    found: list[Level], wanted: Wanted
) -> tuple[Trial, list[Trial]] | None:
    """The same with the halo flattened, None where there is none or no ring is seen then.

    The levels ``found`` are used up, to save memory.
    """
    for k, level in enumerate(found):
        flat = compressed(level)
        if flat is None:
            return None
        found[k] = flat
    try:
        best, rings = _look(found, wanted, turns=1)
    except RingNotFoundError:
        return None
    moved = [uncompressed(ring) for ring in rings]
    return moved[rings.index(best)], moved


def _look(
    found: list[Level], wanted: Wanted, turns: int = TURNS
) -> tuple[Trial, list[Trial]]:
    ridges = [find_ridges(level) for level in found]
    fields = [Field(level.mean, level.weight >= 0.3, level.block_px) for level in found]
    if wanted.near is None:
        best = search(fields, ridges, wanted.seed, turns, wanted.rejected)
    else:
        best = search_near(fields, ridges, wanted.near)
    return best, rings_around(found[0], fields, best)
