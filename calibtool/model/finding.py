"""Finds the ring of a calibrant in an image, with no click and no knowledge of the centre."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import BoolArray, Circle, CircleLike
from calibtool.model.dummies import saturated_from
from calibtool.model.image import default_mask, has_no_value
from calibtool.model.inputs import as_circle, as_image, as_mask, as_variance, as_whole
from calibtool.model.look.grains import with_grains
from calibtool.model.look.hot_pixels import hot_pixels
from calibtool.model.look.judging import Seen
from calibtool.model.look.looking import View, sight_of, views
from calibtool.model.look.sector_ring import ring_of_sectors
from calibtool.model.look.sight import SeenRing
from calibtool.model.results import RingFit
from calibtool.model.rings.annulus import Measured
from calibtool.model.rings.ring_refinement import refine_known_ring, refine_measured
from calibtool.model.warnings import estimates_differ, like_an_edge

SMALLEST_IMAGE_PX = 16
MOST_TRIED = 3
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

CENTRE_PX, CENTRE_SHARE = 0.1, 2.5
"""A ring fixes the centre well to so many px, or to so many times what the best ring does."""

RIM_PEAK, SURE_PEAK = 1.0, 1.5
"""A peak that explains a profile hardly better than an edge, and one that surely does."""

ALONE_WIDTHS = 6.0
"""A ring with no other nearer than so many widths stands alone."""

Near = tuple[float, float, float]
Hot = tuple[NDArray[np.intp], NDArray[np.intp]]


def find_ring(
    data: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    near: Near | None = None,
    seed: int = 0,
    variance: ArrayLike | None = None,
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
        Nothing is random: every seed gives the same numbers.
    variance : array_like, shape (H, W), optional
        Variance of each pixel's value, where corrections have left it known.

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
    as_whole(seed, "seed", 0)
    hot = hot_pixels(image, ignore)
    ignore[hot] = True
    seen = [view for view in views(image, ignore, wanted) if view.rings]
    if not seen:
        raise RingNotFoundError(_nothing(wanted))
    measured = Measured(image, ignore, as_variance(variance, image))
    result, view = _trusted(measured, hot, seen)
    if not _is_certain(result, LEAST_CERTAIN):
        raise RingNotFoundError(
            "No ring found whose centre could be told: so short an arc is visible that its "
            "curvature is uncertain; choose an image that shows more of the ring."
        )
    return replace(result, rings=_listed(result, view))


def _nothing(near: Circle | None) -> str:
    if near is None:
        return (
            "No ring found: nothing in the image stands out as a circle; choose an image with a "
            "visible ring, or click at least five points on the ring."
        )
    return (
        f"No ring found near radius {near.radius_px:.1f} px around "
        f"({near.center_x_px:.1f}, {near.center_y_px:.1f}); click points on the ring, or "
        "let the whole image be searched."
    )


def _trusted(image: Measured, hot: Hot, seen: list[View]) -> tuple[RingFit, View]:
    """The first ring of the first centre that all its pixels confirm."""
    for view in seen:
        result = _refined(image, hot, view)
        if result is not None:
            return result, view
    raise RingNotFoundError(
        "No ring found: what there is is too weak or too irregular to be trusted; expose longer, "
        "or click at least five points on the ring."
    )


def _refined(image: Measured, hot: Hot, view: View) -> RingFit | None:
    """The first of the rings whose fit to all pixels stays on it, else the sectors' ring.

    None where neither can be trusted: the sectors of a faint peak may be an edge.
    """
    preferred = by_information(view.rings) if view.wanted is None else [view.wanted]
    sight = sight_of(view)
    for seen in preferred[:MOST_TRIED]:
        circle = sight.circle(seen.ring)
        reach = LIGHT_WIDTHS * max(seen.ring.width_px, 1.0)
        counted = with_grains(np.asarray(image.ignore), hot, circle, reach)
        result = _on_all_pixels(replace(image, ignore=counted), seen, circle)
        if result is not None:
            return _compared(result, seen.ring, circle)
    result = ring_of_sectors(preferred[0], sight.circle(preferred[0].ring))
    if result is None or preferred[0].ring.peak <= CLEAR_PEAK:
        return None
    shown = 360.0 * result.coverage > LEAST_ARC_DEG
    return result if shown and _is_certain(result, LEAST_CERTAIN_SECTORS) else None


def by_information(rings: list[Seen]) -> list[Seen]:
    """The rings in the order in which one of them is shown.

    First those that fix the centre well, alone before blended, the brightest first; then the
    others, the better they fix it the sooner. What may be the bright rim of a shadow comes
    last: the light around a beamstop is brighter than any ring.
    """
    good = max(CENTRE_PX, CENTRE_SHARE * min(seen.ring.sigma_center_px for seen in rings))
    sure = any(s.ring.peak > SURE_PEAK and s.ring.sigma_center_px <= good for s in rings)

    def place(seen: Seen) -> tuple[bool, bool, bool, float]:
        ring = seen.ring
        rim = sure and ring.peak < RIM_PEAK
        if ring.sigma_center_px > good:
            return rim, True, False, ring.sigma_center_px
        return rim, False, not _is_alone(seen, rings), -ring.amplitude * ring.coverage

    return sorted(rings, key=place)


def _is_alone(seen: Seen, rings: list[Seen]) -> bool:
    ring = seen.ring
    return all(
        other is seen
        or abs(other.ring.radius_px - ring.radius_px) > ALONE_WIDTHS * ring.width_px
        for other in rings
    )


def _on_all_pixels(image: Measured, seen: Seen, circle: Circle) -> RingFit | None:
    """The fit to all pixels, None where it leaves the ring or tells nothing.

    Where a brighter neighbour draws it away, it starts with the width that has been seen.
    """
    looks: tuple[Callable[[], RingFit], ...] = (
        lambda: refine_measured(image, circle),
        lambda: refine_known_ring(image, circle, seen.ring.width_px),
    )
    for look in looks:
        try:
            result = look()
        except RingNotFoundError:
            continue
        shown = 360.0 * result.coverage > LEAST_ARC_DEG
        alike = result.width_px < OTHER_WIDTH * seen.ring.width_px
        if shown and alike and _stays_on(result, seen, circle) and _is_certain(
            result, LEAST_CERTAIN
        ):
            return result
    return None


def _stays_on(fitted: CircleLike, seen: Seen, circle: Circle) -> bool:
    """Whether a circle runs where a ring was seen, to about its width."""
    azimuth = seen.fits.azimuth_rad[seen.fits.valid]
    x = circle.center_x_px + circle.radius_px * np.cos(azimuth) - fitted.center_x_px
    y = circle.center_y_px + circle.radius_px * np.sin(azimuth) - fitted.center_y_px
    off = np.abs(np.hypot(x, y) - fitted.radius_px)
    return bool(np.median(off) < 1.5 * seen.ring.width_px)


def _compared(result: RingFit, ring: SeenRing, circle: Circle) -> RingFit:
    """The same with a warning where the sectors of the first look say something else.

    And with one where they may be the edge of a shadow.
    """
    if ring.peak < EDGE_LIKE:
        result = replace(result, warnings=(*result.warnings, like_an_edge()))
    apart = math.hypot(
        result.center_x_px - circle.center_x_px, result.center_y_px - circle.center_y_px
    )
    sigma = max(result.sigma_center_x_px, result.sigma_center_y_px)
    honest = APART_SIGMA * math.hypot(sigma, ring.sigma_center_px)
    if not apart > max(honest, APART_WIDTHS * ring.width_px, 1.0):
        return result
    return replace(result, warnings=(*result.warnings, estimates_differ(apart, sigma)))


def _is_certain(ring: RingFit, share: float) -> bool:
    """Whether the σ of the centre is less than a share of the radius."""
    return max(ring.sigma_center_x_px, ring.sigma_center_y_px) < share * ring.radius_px


def _listed(result: RingFit, view: View) -> tuple[Circle, ...]:
    """All rings, smallest first, the refined one in place of what was seen of it."""
    main = Circle(result.center_x_px, result.center_y_px, result.radius_px)
    radii = [seen.ring.radius_px for seen in view.rings]
    nearest = min(radii, key=lambda radius: abs(radius - main.radius_px))
    circles = [main if r == nearest else replace(main, radius_px=r) for r in radii]
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
    """The mask given or judged from the values, with what has no value and what is saturated.

    Raises
    ------
    RingNotFoundError
        Nearly nothing is left.
    """
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
