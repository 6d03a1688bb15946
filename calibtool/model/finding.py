"""Finds the ring of a calibrant in an image, with no click and no knowledge of the centre."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import BoolArray, Circle
from calibtool.model.finder.concentric import around, by_prominence, rings_around, stays_on
from calibtool.model.finder.hot_pixels import hot_pixels
from calibtool.model.finder.proposals import Proposal, propose, score, settle
from calibtool.model.finder.reduction import levels
from calibtool.model.finder.ridges import Ridges, find_ridges
from calibtool.model.finder.sector_ring import ring_of_sectors
from calibtool.model.finder.sectors import Field
from calibtool.model.finder.verdict import Trial, try_circle
from calibtool.model.image import default_mask
from calibtool.model.results import RingFit
from calibtool.model.ring_refinement import refine_ring

WIDEST_RING_PX = 20
SMALLEST_IMAGE_PX = 16
TURNS = 3
TRIED = 8
"""Circles are proposed in so many turns, and so many of each are tried."""

SURE = 20.0
"""Evidence of a ring that ends the search."""

LEAST_CERTAIN = 0.05
"""Largest σ of the centre, in radii, that is still an answer."""

LEAST_CERTAIN_SECTORS = 0.015
"""The same where the fit to all pixels failed: a weak arc is easily off by more than it says."""

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
    """
    image = _as_image(data)
    ignore = _as_mask(image, mask)
    ignore[hot_pixels(image, ignore)] = True
    best, rings = _seen(image, ignore, near, seed)
    preferred = by_prominence(rings) if near is None else [best]
    result = _refined(image, ignore, preferred)
    if not _is_certain(result, LEAST_CERTAIN):
        raise RingNotFoundError(
            "No ring found whose centre could be told: so short an arc is visible that its "
            "curvature is uncertain; choose an image that shows more of the ring."
        )
    return replace(result, rings=_listed(result, rings))


def _seen(
    image: NDArray[Any], ignore: BoolArray, near: Near | None, seed: int
) -> tuple[Trial, list[Trial]]:
    """The clearest ring of the reduced image (or the one wanted), and all of its centre."""
    found = levels(image, ignore, coarsest_px=WIDEST_RING_PX)[0]
    ridges = [find_ridges(level) for level in found]
    fields = [Field(level.mean, level.weight >= 0.3, level.block_px) for level in found]
    if near is None:
        best = _search(fields, ridges, image.shape, seed)
    else:
        best = _search_near(fields, ridges, Circle(*map(float, near)))
    return best, rings_around(found[0], fields, best)


def _refined(image: NDArray[Any], ignore: BoolArray, preferred: list[Trial]) -> RingFit:
    """The first of the rings whose fit to all pixels stays on it, else the sectors' ring."""
    for ring in preferred[:3]:
        try:
            result = refine_ring(image, ring.circle, mask=ignore)
        except RingNotFoundError:
            continue
        if stays_on(result, ring) and _is_certain(result, LEAST_CERTAIN):
            return result
    result = ring_of_sectors(preferred[0])
    if _is_certain(result, LEAST_CERTAIN_SECTORS):
        return result
    raise RingNotFoundError(
        "No ring found: what there is is too weak or too irregular to be trusted; expose longer, "
        "or click at least five points on the ring."
    )


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
    image = np.asarray(data)
    if image.ndim != 2 or min(image.shape) < SMALLEST_IMAGE_PX:
        raise RingNotFoundError(
            f"No ring was looked for: the image has shape {image.shape}, and a ring needs two "
            f"dimensions of at least {SMALLEST_IMAGE_PX} pixels each; choose another image."
        )
    return image


def _as_mask(image: NDArray[Any], mask: ArrayLike | None) -> BoolArray:
    if mask is None:
        ignore = default_mask(image)
    else:
        ignore = np.array(mask, dtype=bool)
        if ignore.shape != image.shape:
            raise RingNotFoundError(
                f"No ring was looked for: the mask has shape {ignore.shape}, the image "
                f"{image.shape}; choose the mask of this image."
            )
        if image.dtype.kind == "f":
            ignore |= ~np.isfinite(image)
    if np.count_nonzero(~ignore) < SMALLEST_IMAGE_PX**2:
        raise RingNotFoundError(
            "No ring was looked for: nearly all pixels are masked or have no value; "
            "check the mask, or choose another image."
        )
    return ignore


def _search(
    fields: list[Field], ridges: list[Ridges], shape: tuple[int, ...], seed: int
) -> Trial:
    """The ring with the most evidence among the proposals of all levels."""
    diagonal = float(np.hypot(shape[0], shape[1]))
    rng = np.random.default_rng(seed)
    trials: list[Trial] = []
    left = ridges
    for _ in range(TURNS):
        turns = [propose(points, diagonal, rng) for points in left]
        left = [rest for _, rest in turns]
        proposals = sorted(
            (proposal for found, _ in turns for proposal in found), key=lambda p: -p.score
        )
        trials += _tried(fields, proposals[:TRIED], [trial for trial in trials if trial.is_ring])
        if any(trial.is_ring and trial.evidence > SURE for trial in trials):
            break
    rings = [trial for trial in trials if trial.is_ring]
    if not rings:
        raise RingNotFoundError(_why_not(trials))
    return max(rings, key=lambda trial: trial.evidence)


def _tried(fields: list[Field], proposals: list[Proposal], rings: list[Trial]) -> list[Trial]:
    """Try proposals, but none that has the centre of a ring already seen."""
    trials: list[Trial] = []
    for proposal in proposals:
        seen = rings + [trial for trial in trials if trial.is_ring]
        if any(_same_centre(proposal.circle, ring.circle) for ring in seen):
            continue
        trial = try_circle(fields, proposal.circle, 0.7 * proposal.scale_px)
        if trial is not None:
            trials.append(trial)
    return trials


def _same_centre(a: Circle, b: Circle) -> bool:
    """Whether two rings belong together; the others of a centre are looked for later."""
    apart = np.hypot(a.center_x_px - b.center_x_px, a.center_y_px - b.center_y_px)
    return bool(apart < 0.03 * min(a.radius_px, b.radius_px))


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


def _search_near(fields: list[Field], ridges: list[Ridges], start: Circle) -> Trial:
    """The ring next to a given circle."""
    reach = 0.03 * start.radius_px
    starts = [(start, 0.4 * reach)]
    for points in ridges:
        if points.scale_px < reach:
            circle = settle(start, points, reach)
            if circle is not None and score(circle, points) > 3.0:
                starts.append((circle, 0.7 * points.scale_px))
    # first so close that a neighbour cannot be seen, then with the whole background
    trials = [
        try_circle(fields, circle, width, reach_px=reach_px)
        for reach_px in (1.2 * reach, np.inf)
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
