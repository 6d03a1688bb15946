"""Follow a known ring from image to image: the whole fit, without the search before it.

In a series the ring's place, its width and how far it stands alone are known from one image.
`track_ring` starts the likelihood fit of `refine_ring` right there. It gives up where the
ring is not where it was, so that a search can take over.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import Circle, CircleLike
from calibtool.model.results import RingFit
from calibtool.model.rings.annulus import Measured
from calibtool.model.rings.narrowing import fitting_window
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.quality import ring_fit
from calibtool.model.rings.ring_model import RingState
from calibtool.model.rings.ring_refinement import (
    FIRST_HALF_PX,
    MIN_CELLS,
    N_AZIMUTH,
    azimuth_count,
    sector_count,
    sound_cells,
)
from calibtool.model.rings.solver import solve_ring
from calibtool.model.rings.window import ring_window

ROUNDS = 3
SETTLED, LOST = 0.1, 2.0
"""Moved by less than this share of its width: laid out well enough; by more: not followed."""

BIN, FINEST_PX = 0.15, 0.1
"""Radial bins in widths, as those of `refine_ring`: on a skewed ring the numbers depend on them."""


@dataclass(frozen=True)
class RingTemplate:
    """A ring to follow.

    Circle, width σ and how far its profile is used inside (negative) and outside, in px; into
    how many azimuths it is cut; and what the shape of its profile leaves open in x, y, R and
    width, in px (see `ring_narrowing`).
    """

    circle: Circle
    width_px: float
    inner_px: float
    outer_px: float
    n_azimuth: int
    shape_error_px: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


def ring_template(image: Measured, ring: RingFit) -> RingTemplate:
    """Take the template from an image whose ring has been fitted.

    Parameters
    ----------
    image : Measured
        The image.
    ring : RingFit
        Its ring.
    """
    circle = Circle(ring.center_x_px, ring.center_y_px, ring.radius_px)
    state = RingState(0.0, 0.0, ring.radius_px, ring.width_px)
    low = max(ring.radius_px - FIRST_HALF_PX, 0.0)
    edges = np.arange(low, ring.radius_px + FIRST_HALF_PX + 1.0)
    center = (ring.center_x_px, ring.center_y_px)
    cells = sound_cells(image, center, edges, N_AZIMUTH)
    inner, outer = ring_window(cells, state)
    n_azimuth = azimuth_count(cells, ring.radius_px)
    return _narrowed(image, RingTemplate(circle, ring.width_px, inner, outer, n_azimuth))


def track_ring(image: Measured, template: RingTemplate) -> RingFit:
    """Fit the template's ring on another image.

    Parameters
    ----------
    image : Measured
        The image.
    template : RingTemplate
        Where the ring was, and how wide.

    Returns
    -------
    RingFit
        The same numbers as those of `refine_ring`, to a small part of their σ.

    Raises
    ------
    RingNotFoundError
        The ring is not to be seen there, or has moved or widened too much to be followed.
    """
    circle: CircleLike = template.circle
    for _ in range(ROUNDS):
        cells = _cells(image, template, circle)
        start = RingState(0.0, 0.0, circle.radius_px, template.width_px)
        solution = solve_ring(cells, sector_count(cells, start), start)
        state = solution.state
        moved = max(math.hypot(state.dx, state.dy), abs(state.radius - circle.radius_px))
        if not np.isfinite(solution.covariance).all() or moved > LOST * template.width_px:
            raise _lost("has moved")
        if not 0.6 < state.sigma / template.width_px < 1.7:
            raise _lost("has another width")
        if moved <= SETTLED * template.width_px:
            shape_error = np.array(template.shape_error_px)
            return ring_fit(image.data.shape, cells, solution, shape_error)
        x, y = cells.center
        circle = Circle(x + state.dx, y + state.dy, state.radius)
        template = replace(template, width_px=state.sigma)
    raise _lost("does not stay in place")


def _narrowed(image: Measured, template: RingTemplate) -> RingTemplate:
    """Template with as much of the profile as its shape allows, judged once for the series."""
    cells = _cells(image, template, template.circle)
    start = RingState(0.0, 0.0, template.circle.radius_px, template.width_px)
    solution = solve_ring(cells, sector_count(cells, start), start)
    if not np.isfinite(solution.covariance).all():
        return template
    kept, chosen, shape_error = fitting_window(cells, solution)
    x, y, r, width = shape_error.tolist()
    template = replace(template, shape_error_px=(x, y, r, width))
    if kept is cells:
        return template
    seen = cells.radius[kept.count > 0] - template.circle.radius_px
    return replace(
        template,
        width_px=chosen.state.sigma,
        inner_px=max(template.inner_px, float(seen.min())),
        outer_px=min(template.outer_px, float(seen.max())),
    )


def _cells(image: Measured, template: RingTemplate, circle: CircleLike) -> PolarCells:
    low = max(circle.radius_px + template.inner_px, 0.0)
    high = circle.radius_px + template.outer_px
    n_bins = max(round((high - low) / max(BIN * template.width_px, FINEST_PX)), 8)
    center = (circle.center_x_px, circle.center_y_px)
    edges = np.linspace(low, high, n_bins + 1)
    cells = sound_cells(image, center, edges, template.n_azimuth)
    if np.count_nonzero(cells.count) < MIN_CELLS:
        raise _lost("has no usable pixels")
    return cells


def _lost(what: str) -> RingNotFoundError:
    return RingNotFoundError(
        f"The ring cannot be followed, because it {what}: search for it in the whole image."
    )
