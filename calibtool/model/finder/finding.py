"""Finds the ring of a calibrant in an image, with no click and no knowledge of the centre."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import BoolArray, Circle
from calibtool.model.finder.compression import compressed, uncompressed
from calibtool.model.finder.concentric import around, by_prominence, rings_around, stays_on
from calibtool.model.finder.hot_pixels import hot_pixels
from calibtool.model.finder.reduction import Level, levels
from calibtool.model.finder.ridges import find_ridges
from calibtool.model.finder.search import TURNS, NoClearRing, is_clear, search, search_near
from calibtool.model.finder.sector_ring import ring_of_sectors
from calibtool.model.finder.sectors import Field
from calibtool.model.finder.shadow import aperture, inside_of, outside_mask
from calibtool.model.finder.verdict import Trial
from calibtool.model.image import default_mask, has_no_value
from calibtool.model.inputs import as_circle, as_image, as_mask, as_whole
from calibtool.model.results import RingFit
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.warnings import estimates_differ

WIDEST_RING_PX = 20
SMALLEST_IMAGE_PX = 16
LEAST_CERTAIN = 0.05
"""Largest σ of the centre, in radii, that is still an answer."""

LEAST_CERTAIN_SECTORS = 0.015
"""The same where the fit to all pixels failed: a weak arc is easily off by more than it says."""

CLEAR_PEAK = 0.8
"""How much better a peak must explain the profile than an edge, for the sectors alone."""

APART_SIGMA = 3.0
APART_WIDTHS = 0.3
"""First look and fit differ where their centres are farther apart than so many σ and widths."""

Near = tuple[float, float, float]


def find_ring(
    data: ArrayLike, *, mask: ArrayLike | None = None, near: Near | None = None, seed: int = 0
) -> RingFit:
    """Find the most trustworthy ring of an image.

    The centre may lie inside the image, at its border or far outside; the ring may be an arc
    from 40° on. Isolated hot pixels are found and ignored, mask or not.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Intensities.
    mask : array_like of bool, shape (H, W), optional
        True = ignore. None: judged from the values (`calibtool.model.image.default_mask`).
    near : (float, float, float), optional
        Centre (x, y) and radius in index pixels of the ring that is wanted, good to about
        2 % of the radius.
    seed : int
        Seed of the random choices; the same seed gives the same numbers.

    Returns
    -------
    RingFit
        The ring; ``rings`` has all rings seen around its centre.

    Raises
    ------
    RingNotFoundError
        There is no ring that could be trusted.
    InputError
        Image, mask, ``near`` or seed cannot be used.
    """
    image = _as_image(data)
    ignore = _as_mask(image, as_mask(mask, data, image))
    wanted = None if near is None else as_circle(near, "near")
    seed = as_whole(seed, "seed", 0)
    ignore[hot_pixels(image, ignore)] = True
    best, rings = _seen(image, ignore, wanted, seed)
    preferred = by_prominence(rings) if near is None else [best]
    result = _refined(image, ignore, preferred)
    if not _is_certain(result, LEAST_CERTAIN):
        raise RingNotFoundError(
            "No ring found whose centre could be told: so short an arc is visible that its "
            "curvature is uncertain; choose an image that shows more of the ring."
        )
    return replace(result, rings=_listed(result, rings))


def _seen(
    image: NDArray[Any], ignore: BoolArray, near: Circle | None, seed: int
) -> tuple[Trial, list[Trial]]:
    """The clearest ring of the reduced image (or the one wanted), and all of its centre.

    Where none is clear a second look is taken with the halo flattened.
    """
    found = levels(image, ignore, coarsest_px=WIDEST_RING_PX)[0]
    shape = (image.shape[0], image.shape[1])
    first, refusal, tried = _first_look(found, shape, near, seed)
    if first is not None:
        if is_clear(first[0]):
            return first
        second = _flattened_look(found, shape, near, seed)
        return second if second is not None and is_clear(second[0]) else first
    hole = aperture(found[0], tried)
    if hole is not None:
        found = [inside_of(hole, level) for level in found]
    second = _again(found, shape, near, seed, unflattened=hole is not None)
    if second is None:
        raise RingNotFoundError(refusal)
    if hole is not None:
        ignore |= outside_mask(hole, shape)
    return second


def _first_look(
    found: list[Level], shape: tuple[int, int], near: Circle | None, seed: int
) -> tuple[tuple[Trial, list[Trial]] | None, str, list[Trial]]:
    """What is seen, or else why nothing is and the circles that were tried.

    The error itself would keep all arrays of the search in memory.
    """
    try:
        return _look(found, shape, near, seed), "", []
    except NoClearRing as refused:
        return None, str(refused), refused.trials
    except RingNotFoundError as refused:
        return None, str(refused), []


def _again(
    found: list[Level],
    shape: tuple[int, int],
    near: Circle | None,
    seed: int,
    *,
    unflattened: bool,
) -> tuple[Trial, list[Trial]] | None:
    """Look again where the first look saw nothing, None where there is nothing still."""
    first = None
    if unflattened:
        try:
            first = _look(found, shape, near, seed, turns=1)
        except RingNotFoundError:
            first = None
    if first is not None and is_clear(first[0]):
        return first
    second = _flattened_look(found, shape, near, seed)
    return first if second is None else second


def _flattened_look(
    found: list[Level], shape: tuple[int, int], near: Circle | None, seed: int
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
        best, rings = _look(found, shape, near, seed, turns=1)
    except RingNotFoundError:
        return None
    moved = [uncompressed(ring) for ring in rings]
    return moved[rings.index(best)], moved


def _look(
    found: list[Level], shape: tuple[int, int], near: Circle | None, seed: int, turns: int = TURNS
) -> tuple[Trial, list[Trial]]:
    ridges = [find_ridges(level) for level in found]
    fields = [Field(level.mean, level.weight >= 0.3, level.block_px) for level in found]
    if near is None:
        best = search(fields, ridges, shape, seed, turns)
    else:
        best = search_near(fields, ridges, near)
    return best, rings_around(found[0], fields, best)


def _refined(image: NDArray[Any], ignore: BoolArray, preferred: list[Trial]) -> RingFit:
    """The first of the rings whose fit to all pixels stays on it, else the sectors' ring.

    The sectors of a faint peak may be an edge, which is no answer by itself.
    """
    for ring in preferred[:3]:
        try:
            result = refine_ring(image, ring.circle, mask=ignore)
        except RingNotFoundError:
            continue
        if stays_on(result, ring) and _is_certain(result, LEAST_CERTAIN):
            return _compared(result, ring)
    result = ring_of_sectors(preferred[0])
    if preferred[0].peak > CLEAR_PEAK and _is_certain(result, LEAST_CERTAIN_SECTORS):
        return result
    raise RingNotFoundError(
        "No ring found: what there is is too weak or too irregular to be trusted; expose longer, "
        "or click at least five points on the ring."
    )


def _compared(result: RingFit, ring: Trial) -> RingFit:
    """The same with a warning where the sectors of the first look say something else."""
    apart = math.hypot(
        result.center_x_px - ring.circle.center_x_px, result.center_y_px - ring.circle.center_y_px
    )
    sigma = max(result.sigma_center_x_px, result.sigma_center_y_px)
    honest = APART_SIGMA * math.hypot(sigma, ring.sigma_center_px)
    if not apart > max(honest, APART_WIDTHS * ring.width_px, 1.0):
        return result
    return replace(result, warnings=(*result.warnings, estimates_differ(apart, sigma)))


def _is_certain(ring: RingFit, share: float) -> bool:
    """Whether the σ of the centre is less than a share of the radius."""
    return max(ring.sigma_center_x_px, ring.sigma_center_y_px) < share * ring.radius_px


def _listed(result: RingFit, rings: list[Trial]) -> tuple[Circle, ...]:
    """All rings, smallest first, the refined one in place of its trial."""
    main = Circle(result.center_x_px, result.center_y_px, result.radius_px)
    nearest = min(rings, key=lambda ring: abs(ring.circle.radius_px - main.radius_px))
    circles = [main if ring is nearest else around(main, ring) for ring in rings]
    return tuple(sorted(circles, key=lambda circle: circle.radius_px))


def _as_image(data: ArrayLike) -> NDArray[Any]:
    image = as_image(data)
    if min(image.shape) < SMALLEST_IMAGE_PX:
        raise RingNotFoundError(
            f"No ring was looked for: the image has shape {image.shape}, and a ring needs two "
            f"dimensions of at least {SMALLEST_IMAGE_PX} pixels each; choose another image."
        )
    return image


def _as_mask(image: NDArray[Any], mask: BoolArray | None) -> BoolArray:
    ignore = default_mask(image) if mask is None else mask | has_no_value(image)
    if np.count_nonzero(~ignore) < SMALLEST_IMAGE_PX**2:
        raise RingNotFoundError(
            "No ring was looked for: nearly all pixels are masked or have no value; "
            "check the mask, or choose another image."
        )
    return ignore
