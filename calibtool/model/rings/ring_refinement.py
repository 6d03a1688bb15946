"""Circle through a whole ring: maximum likelihood over all pixels near it."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from calibtool.errors import JobCancelledError, RingNotFoundError
from calibtool.model.circle import CircleLike, FloatArray
from calibtool.model.image import pixel_rule
from calibtool.model.inputs import as_circle, as_image, as_mask, as_variance
from calibtool.model.results import Cancelled, Progress, RingFit
from calibtool.model.rings.annulus import Measured
from calibtool.model.rings.narrowing import fitting_window
from calibtool.model.rings.neighbour import without_neighbour
from calibtool.model.rings.pixel_noise import scatter_of_all, standing_out
from calibtool.model.rings.polar import PolarCells, polar_cells
from calibtool.model.rings.quality import ring_fit
from calibtool.model.rings.ring_model import RingState, ring_equations
from calibtool.model.rings.search import CoarseRing, search_ring
from calibtool.model.rings.solver import RingSolution, solve_ring
from calibtool.model.rings.window import REACH, ring_window

N_AZIMUTH = 72
SECTOR_COUNTS = (12, 18, 24, 36, 72, 144, 216, 360)
WANTED_SECTORS = 30
"""On an arc the sectors are made narrower, so that there are about so many on it."""

SHORTEST_SECTOR_PX = 12.0
MAX_ROUNDS = 5
MIN_CELLS = 40
COARSE_BINS = 3.0
BIN, FINEST_PX = 0.2, 0.1
"""Radial bins in widths, and the finest: they cost BIN²/12 of the information (see `polar`)."""

FIRST_HALF_PX, SECOND_HALF_PX = 64.0, 110.0
"""Half-widths of the annulus searched: all but very wide weak rings are seen in the first."""

SURE = 6.0
FEWEST_SECTORS, WHOLE = 6, 0.8
"""Sectors of a weak ring, where nearly the whole of it is in the image."""

SECTOR_SNR = 6.0
"""Ring over noise a sector should have, so that its amplitude is worth a parameter."""


def refine_ring(
    data: ArrayLike,
    circle: CircleLike,
    *,
    mask: ArrayLike | None = None,
    variance: ArrayLike | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> RingFit:
    """Fit the circle of the ring next to a circle.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Intensities.
    circle : CircleLike
        Start, in index pixels, good to a few px or one width of the ring.
    mask : array_like of bool, shape (H, W), optional
        True = ignore; None judges by the values (`default_mask`).
    variance : array_like, shape (H, W), optional
        Variance of each pixel's value, where it is known; None: counts, or by their scatter.
    progress, cancelled : callable, optional
        See `calibtool.model.results`.

    Returns
    -------
    RingFit
        Centre, radius and width with σ, residuals of the sectors, and warnings.

    Raises
    ------
    RingNotFoundError
        Nothing to be seen near the circle, or no usable pixel.
    InputError
        Image, mask, variance or circle cannot be used.
    JobCancelledError
        ``cancelled`` said so.
    """
    image = as_image(data)
    given = as_mask(mask, data, image)
    start = as_circle(circle, "The start circle")
    ignore = pixel_rule(image) if given is None else given
    pixels = Measured(image, ignore, as_variance(variance, image))
    return refine_measured(pixels, start, _reporter(progress, cancelled))


def refine_measured(
    pixels: Measured, start: CircleLike, step: Progress = lambda _share, _text: None
) -> RingFit:
    """Fit the circle of the ring next to a circle; as `refine_ring`, of what it has checked."""
    step(0.0, "Looking for the ring near the circle")
    wide, coarse = _look_around(pixels, start)
    step(0.3, "Fitting the ring")
    state, known = _first_state(wide, _offset_from(wide.center, coarse))
    return _fitted(pixels, wide, state, known, step)


def refine_known_ring(pixels: Measured, circle: CircleLike, width_px: float) -> RingFit:
    """Fit the ring on a circle, its width known, without a look for a better one beside it.

    Parameters
    ----------
    pixels : Measured
        The image.
    circle : CircleLike
        Start, in index pixels, good to half a width of the ring.
    width_px : float
        Width (σ) of the ring, good to a factor of 1.5.

    Returns
    -------
    RingFit
        As that of `refine_ring`.

    Raises
    ------
    RingNotFoundError
        The ring does not stand out of the noise there.
    """
    wide = _wide_cells(pixels, circle, max(FIRST_HALF_PX, (REACH + 2.0) * width_px))
    state = RingState(0.0, 0.0, float(circle.radius_px), width_px)
    return _fitted(pixels, wide, state, False, lambda _share, _text: None)


def _fitted(
    pixels: Measured,
    wide: PolarCells,
    state: RingState,
    known: bool,
    step: Progress,
) -> RingFit:
    """The fit from a state good to half a width; ``known`` if it is already that of a fit."""
    noise = None
    for round_ in range(MAX_ROUNDS):
        cells = _cells_around(pixels, wide, state)
        local = replace(state, dx=0.0, dy=0.0)
        solution = solve_ring(cells, sector_count(cells, local), local, noise)
        settled = (known or round_ > 0) and _settled(local, solution)
        state, noise = _carried(state, solution.state), solution.noise
        if settled:
            break
        step(0.4 + 0.1 * round_, "Fitting the ring")
    cells, solution, shape_error = fitting_window(cells, solution)
    step(1.0, "Ring fitted")
    return ring_fit(pixels.data.shape, cells, solution, shape_error)


def _reporter(
    progress: Progress | None, cancelled: Cancelled | None
) -> Callable[[float, str], None]:
    def report(share: float, text: str) -> None:
        if cancelled is not None and cancelled():
            raise JobCancelledError("The ring fit was stopped.")
        if progress is not None:
            progress(share, text)

    return report


def _look_around(pixels: Measured, circle: CircleLike) -> tuple[PolarCells, CoarseRing]:
    """A wide annulus around the start, and the ring in it."""
    cells = _wide_cells(pixels, circle, FIRST_HALF_PX)
    coarse = search_ring(cells, circle)
    if coarse is None or coarse.score < SURE:
        cells = _wide_cells(pixels, circle, SECOND_HALF_PX)
        coarse = search_ring(cells, circle)
    if coarse is None or coarse.circle.radius_px < 2.0 * coarse.sigma_px:
        raise RingNotFoundError(
            "No ring can be seen near this circle: start closer to a ring that is in the image."
        )
    return cells, coarse


def _wide_cells(pixels: Measured, circle: CircleLike, half_px: float) -> PolarCells:
    # Half a bin off, so that rounding does not decide in which bin the start lies.
    low = max(circle.radius_px - half_px - 0.5, 0.0)
    edges = np.arange(low, circle.radius_px + half_px + 1.0)
    center = (circle.center_x_px, circle.center_y_px)
    cells = sound_cells(pixels, center, edges, N_AZIMUTH)
    if not cells.n_pixels:
        raise RingNotFoundError(
            "This circle does not cross the image: start from a circle that does."
        )
    if not cells.count.any():
        raise RingNotFoundError(
            "All pixels near this circle are masked: check the mask, or choose another ring."
        )
    return cells


def sound_cells(
    pixels: Measured, center: tuple[float, float], edges: FloatArray, n: int
) -> PolarCells:
    """Cells without hot pixels (summed again where there are any, or weights to be given)."""
    plain = replace(pixels, variance=None)
    cells = polar_cells(plain, center, edges, n)
    accept = standing_out(cells)
    if accept is None and pixels.variance is None:
        return cells
    return polar_cells(pixels, center, edges, n, accept)


def _offset_from(center: tuple[float, float], coarse: CoarseRing) -> RingState:
    circle = coarse.circle
    return RingState(
        circle.center_x_px - center[0],
        circle.center_y_px - center[1],
        circle.radius_px,
        coarse.sigma_px,
    )


def _first_state(wide: PolarCells, state: RingState) -> tuple[RingState, bool]:
    """Where bins of the wide annulus are fine beside the ring, fit it in them already."""
    if state.sigma < COARSE_BINS * wide.step:
        return state, False
    inner, outer = ring_window(wide, state)
    cos, sin = np.cos(wide.azimuth)[:, None], np.sin(wide.azimuth)[:, None]
    t = wide.radius - state.radius - state.dx * cos - state.dy * sin
    cells = wide.only((t >= inner) & (t <= outer))
    solution = solve_ring(cells, sector_count(cells, state), state)
    sound = bool(np.all(np.isfinite(solution.covariance)))
    return (solution.state, True) if sound else (state, False)


def _carried(state: RingState, local: RingState) -> RingState:
    return replace(local, dx=state.dx + local.dx, dy=state.dy + local.dy)


def _cells_around(pixels: Measured, wide: PolarCells, state: RingState) -> PolarCells:
    """Cells laid out by the ring alone, so that the start leaves no trace in them."""
    reach = (REACH + 1.0) * state.sigma
    low = max(state.radius - reach, 0.0)
    # Rounded to the nearest: rounding up would leave it to the last digit where all is even.
    n_bins = round((state.radius + reach - low) / max(BIN * state.sigma, FINEST_PX))
    edges = np.linspace(low, state.radius + reach, max(n_bins, 8) + 1)
    center = (wide.center[0] + state.dx, wide.center[1] + state.dy)
    cells = sound_cells(pixels, center, edges, azimuth_count(wide, state.radius))
    local = replace(state, dx=0.0, dy=0.0)
    inner, outer = ring_window(cells, local)
    cells = without_neighbour(cells, local, inner, outer, REACH * state.sigma)
    cells = cells.between(state.radius + inner, state.radius + outer)
    if np.count_nonzero(cells.count) < MIN_CELLS:
        raise RingNotFoundError(
            "Too few usable pixels near this circle for a ring: choose another start or mask."
        )
    return cells


def azimuth_count(wide: PolarCells, radius: float) -> int:
    """How many azimuths the circle is cut into: more where only an arc of it is in the image."""
    share = np.count_nonzero(wide.count.any(axis=1)) / N_AZIMUTH
    wanted = min(WANTED_SECTORS / share, 2.0 * np.pi * radius / SHORTEST_SECTOR_PX)
    return min((n for n in SECTOR_COUNTS if n >= max(wanted, N_AZIMUTH)), default=360)


def sector_count(cells: PolarCells, state: RingState) -> int:
    """How many sectors can have their own amplitude: as many as the ring's contrast bears."""
    equations = ring_equations(cells, SECTOR_COUNTS[0], state, scatter_of_all(cells), None)
    snr2 = float(np.sum((equations.amplitude / equations.sigma_amplitude) ** 2))
    total = len(cells.azimuth)
    whole = np.count_nonzero(cells.count.any(axis=1)) > WHOLE * total
    if whole and snr2 < 2.0 * FEWEST_SECTORS * SECTOR_SNR**2:
        return FEWEST_SECTORS
    wanted = max(snr2 / SECTOR_SNR**2, SECTOR_COUNTS[0])
    return max(n for n in SECTOR_COUNTS if n <= wanted and total % n == 0)


def _settled(before: RingState, solution: RingSolution) -> bool:
    """Whether the cells were laid out around the ring as it was found in them.

    To a tenth of a bin, or of what chance moves the ring by.
    """
    after = solution.state
    shift = math.hypot(after.dx - before.dx, after.dy - before.dy)
    moved = max(shift, abs(after.radius - before.radius))
    chance = float(np.sqrt(np.max(np.diag(solution.covariance)[:3])))
    near = max(0.1 * BIN * after.sigma, 0.1 * min(chance, after.sigma))
    return moved < near and abs(after.sigma / before.sigma - 1.0) < 0.1
