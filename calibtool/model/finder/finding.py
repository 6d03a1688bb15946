"""Finds the ring of a calibrant in an image, with no click and no knowledge of the centre."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import BoolArray, Circle
from calibtool.model.dummies import saturated_from
from calibtool.model.finder.concentric import around, by_prominence, stays_on
from calibtool.model.finder.grains import with_grains
from calibtool.model.finder.hot_pixels import hot_pixels
from calibtool.model.finder.looking import Wanted, rings_seen
from calibtool.model.finder.sector_ring import ring_of_sectors
from calibtool.model.finder.verdict import Trial
from calibtool.model.image import default_mask, has_no_value
from calibtool.model.inputs import as_circle, as_image, as_mask, as_variance, as_whole
from calibtool.model.results import RingFit
from calibtool.model.rings.annulus import Measured
from calibtool.model.rings.ring_refinement import refine_known_ring, refine_measured
from calibtool.model.warnings import estimates_differ, like_an_edge

SMALLEST_IMAGE_PX = 16
MOST_LOOKS = 2
LEAST_CERTAIN = 0.05
"""Largest σ of the centre, in radii, that is still an answer."""

OTHER_WIDTH = 3.0
"""A fit so many times as wide as what was seen is one to something else."""

LEAST_ARC_DEG = 27.0
"""A ring that shows over less of its azimuth is too short an arc, or chance."""

LEAST_CERTAIN_SECTORS = 0.015
"""The same where the fit to all pixels failed: a weak arc is easily off by more than it says."""

CLEAR_PEAK = 0.8
"""How much better a peak must explain the profile than an edge, for the sectors alone."""

EDGE_LIKE = 0.6
"""An edge explains the profile of a ring nearly as well as a peak that is better by no more."""

APART_SIGMA = 3.0
APART_WIDTHS = 0.3
"""First look and fit differ where their centres are farther apart than so many σ and widths."""

LIGHT_WIDTHS = 3.0
"""A ring's light reaches so many σ of its width."""

Near = tuple[float, float, float]
Hot = tuple[NDArray[np.intp], NDArray[np.intp]]


def find_ring(
    data: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    variance: ArrayLike | None = None,
    near: Near | None = None,
    seed: int = 0,
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
    variance : array_like, shape (H, W), optional
        Variance of each pixel's value, where it is known (as after a correction).
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
        Image, mask, variance, ``near`` or seed cannot be used.
    """
    image = _as_image(data)
    ignore = ready_mask(image, as_mask(mask, data, image))
    wanted = None if near is None else as_circle(near, "near")
    seed = as_whole(seed, "seed", 0)
    hot = hot_pixels(image, ignore)
    ignore[hot] = True
    measured = Measured(image, ignore, as_variance(variance, image))
    result, rings = _trusted(measured, ignore, hot, Wanted(wanted, seed))
    if not _is_certain(result, LEAST_CERTAIN):
        raise RingNotFoundError(
            "No ring found whose centre could be told: so short an arc is visible that its "
            "curvature is uncertain; choose an image that shows more of the ring."
        )
    return replace(result, rings=_listed(result, rings))


def _trusted(
    image: Measured, ignore: BoolArray, hot: Hot, wanted: Wanted
) -> tuple[RingFit, list[Trial]]:
    """The first clear ring that all its pixels confirm, and all rings of its centre.

    What they do not confirm (often the edge of a shadow) is left out in another look.
    """
    for _ in range(MOST_LOOKS if wanted.near is None else 1):
        best, rings = rings_seen(image.data, ignore, wanted)
        preferred = by_prominence(rings) if wanted.near is None else [best]
        result = _refined(image, ignore, hot, preferred)
        if result is not None:
            return result, rings
        wanted = replace(wanted, rejected=(*wanted.rejected, best.circle))
    raise RingNotFoundError(
        "No ring found: what there is is too weak or too irregular to be trusted; expose longer, "
        "or click at least five points on the ring."
    )


def _refined(
    image: Measured, ignore: BoolArray, hot: Hot, preferred: list[Trial]
) -> RingFit | None:
    """The first of the rings whose fit to all pixels stays on it, else the sectors' ring.

    None where neither can be trusted: the sectors of a faint peak may be an edge.
    """
    for ring in preferred[:3]:
        counted = with_grains(ignore, hot, ring.circle, LIGHT_WIDTHS * max(ring.width_px, 1.0))
        result = _on_all_pixels(replace(image, ignore=counted), ring)
        if result is not None:
            return _compared(result, ring)
    result = ring_of_sectors(preferred[0])
    shown = 360.0 * result.coverage > LEAST_ARC_DEG
    if shown and preferred[0].peak > CLEAR_PEAK and _is_certain(result, LEAST_CERTAIN_SECTORS):
        return result
    return None


def _on_all_pixels(image: Measured, ring: Trial) -> RingFit | None:
    """The fit to all pixels, None where it leaves the ring or tells nothing.

    Where a brighter neighbour draws it away, it starts with the width that has been seen.
    """
    looks: tuple[Callable[[], RingFit], ...] = (
        lambda: refine_measured(image, ring.circle),
        lambda: refine_known_ring(image, ring.circle, ring.width_px),
    )
    for look in looks:
        try:
            result = look()
        except RingNotFoundError:
            continue
        shown = 360.0 * result.coverage > LEAST_ARC_DEG
        alike = result.width_px < OTHER_WIDTH * ring.width_px
        if shown and alike and stays_on(result, ring) and _is_certain(result, LEAST_CERTAIN):
            return result
    return None


def _compared(result: RingFit, ring: Trial) -> RingFit:
    """The same with a warning where the sectors of the first look say something else.

    And with one where they may be the edge of a shadow.
    """
    if ring.peak < EDGE_LIKE:
        result = replace(result, warnings=(*result.warnings, like_an_edge()))
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


def ready_mask(image: NDArray[Any], mask: BoolArray | None) -> BoolArray:
    ignore = default_mask(image) if mask is None else mask | has_no_value(image)
    top = None if mask is None else saturated_from(image)
    if top is not None:
        ignore |= image >= top
    if np.count_nonzero(~ignore) < SMALLEST_IMAGE_PX**2:
        raise RingNotFoundError(
            "No ring was looked for: nearly all pixels are masked or have no value; "
            "check the mask, or choose another image."
        )
    return ignore
