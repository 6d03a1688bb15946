"""Move clicked points to the exact peak or edge along the ring's normal."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import InputError
from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.image import pixel_rule
from calibtool.model.inputs import as_circle, as_image, as_mask
from calibtool.model.points.marked import real_numbers
from calibtool.model.results import RefinedPoints, read_only
from calibtool.model.rings.annulus import Ignore
from calibtool.model.rings.edge_fit import fit_edges, near_places, search_edges
from calibtool.model.rings.normals import curvature_centers
from calibtool.model.rings.peak_fit import Places, fit_places
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.ring_model import RingState
from calibtool.model.rings.search import matched_filter, widths_within
from calibtool.model.rings.strips import normal_strips
from calibtool.model.rings.window import ring_window

HALF_WIDTH_PX = 4.0
"""Half the length along the ring over which a profile is averaged."""

SHORT_PX, LONG_PX = 26.0, 100.0
"""Half-lengths of the profiles: the long ones only where the ring is wide."""

TOP, TOP_PX = 3.0, 4.5
"""Widths, and least px, on either side of the peak that are fitted: far tails of a skewed peak
would pull it."""

MIN_CONTRAST = 4.5
WIDE_PX = 3.0


def refine_points(
    data: ArrayLike,
    points: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    center: tuple[float, float] | None = None,
    mode: Literal["peak", "edge"] = "peak",
    window_px: float | None = None,
) -> RefinedPoints:
    """Move points to the ring.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Intensities.
    points : array_like, shape (N, 2)
        Clicked (x, y) in index pixels, good to a few px or one width of the ring.
    mask : array_like of bool, shape (H, W), optional
        True = ignore; None judges by the values.
    center : (float, float), optional
        (x, y) of the ring's centre, which gives the normal. Else it is that of the circle
        through three or more points, else the normal is taken from the image.
    mode : {"peak", "edge"}
        Look for the maximum, or for the steepest place.
    window_px : float, optional
        Never look farther than this from the click; by default the width of the ring decides.

    Returns
    -------
    RefinedPoints
        Points where nothing was found stay, with ``refined`` False and σ NaN.

    Raises
    ------
    InputError
        The points, the image or the mode cannot be used.
    """
    image = as_image(data)
    given = as_mask(mask, data, image)
    clicked = _checked(points, center, mode)
    moved = clicked.copy()
    sigma = np.full(len(clicked), np.nan)
    inside = _inside(image, clicked)
    if inside.any():
        chosen = clicked[inside]
        ignore = pixel_rule(image) if given is None else given
        centers = curvature_centers(image, ignore, chosen, center)
        found = _places(image, ignore, chosen, centers, mode, window_px)
        good = _credible(found, window_px)
        normal = chosen - centers
        normal /= np.maximum(np.hypot(normal[:, 0], normal[:, 1]), 1e-9)[:, None]
        shift = np.where(good, found.place, 0.0)
        moved[inside] = chosen + shift[:, None] * normal
        sigma[inside] = np.where(good, found.sigma, np.nan)
    return RefinedPoints(
        clicked=read_only(clicked),
        points=read_only(moved),
        refined=np.isfinite(sigma),
        sigma_px=read_only(sigma),
    )


def _checked(points: ArrayLike, center: tuple[float, float] | None, mode: str) -> FloatArray:
    if mode not in ("peak", "edge"):
        raise InputError(f"Points are refined to a 'peak' or an 'edge', not to {mode!r}.")
    if center is not None:
        as_circle(_with_radius(center), "The centre")
    clicked = real_numbers(points)
    if clicked.size == 0:
        clicked = clicked.reshape(0, 2)
    if clicked.ndim != 2 or clicked.shape[1] != 2:
        raise InputError("Points must be pairs (x, y): give a table with two columns.")
    return clicked


def _with_radius(center: object) -> tuple[object, ...]:
    return (*center, 1.0) if isinstance(center, Iterable) else ()


def _inside(data: NDArray[Any], points: FloatArray) -> BoolArray:
    limit = np.array([data.shape[1] - 0.5, data.shape[0] - 0.5])
    with np.errstate(invalid="ignore"):
        return np.asarray(np.all((points >= -0.5) & (points <= limit), axis=1))


def _places(
    data: NDArray[Any],
    mask: Ignore,
    points: FloatArray,
    centers: FloatArray,
    mode: str,
    window_px: float | None,
) -> Places:
    # A point on the centre has no normal; any will do, nothing will be found there.
    arm = points - centers
    centers = np.where(np.hypot(arm[:, :1], arm[:, 1:]) < 1e-6, points - 1.0, centers)

    def strips(half_length: float, step: float) -> PolarCells:
        return normal_strips(
            data,
            mask,
            points,
            centers,
            half_length=half_length,
            half_width=HALF_WIDTH_PX,
            step=step,
        )

    search = search_peaks if mode == "peak" else search_edges
    cells = strips(SHORT_PX, 0.5)
    place, width, score = search(cells, window_px)
    if np.median(width) > WIDE_PX or np.median(np.abs(score)) < MIN_CONTRAST:
        cells = strips(LONG_PX, 1.0)
        place, width, score = search(cells, window_px)
    if mode == "edge":
        return fit_edges(cells, place, width, score)
    t = cells.radius - place[:, None]
    aligned = replace(cells, radius=t)
    usual = float(np.median(width))
    low, high = ring_window(aligned, RingState(0.0, 0.0, 0.0, usual))
    top = max(TOP * usual, TOP_PX)
    low, high = max(low, -top), min(high, top)
    found = fit_places(cells, place, width, (t >= low) & (t <= high))
    # A fit that left its own window fitted the background.
    stayed = (found.place >= place + low) & (found.place <= place + high)
    return replace(found, sigma=np.where(stayed, found.sigma, np.inf))


def search_peaks(
    cells: PolarCells, window_px: float | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Peak nearest to each point: place (N,) in px, width (N,), score (N,) in σ.

    The width is common to all points (they are on one ring): the first of the ladder at which
    the scores together are a maximum.
    """
    n_points = len(cells.count)
    middle = 0.5 * (cells.edges[1:] + cells.edges[:-1])
    rows = []
    for width in widths_within(cells):
        reach = max(5.0, 1.6 * width)
        near = near_places(middle, min(2.0 * reach, window_px or np.inf))
        score, valid = matched_filter(cells, width, near)
        prior = np.exp(-0.5 * (middle[near] / reach) ** 2)
        best = np.argmax(np.where(valid, score * prior, -np.inf), axis=1)
        value = np.where(valid.any(axis=1), score[np.arange(n_points), best], 0.0)
        rows.append((width, middle[near][best], value))
    together = [float(np.median(value)) for _, _, value in rows]
    index = _first_maximum(together)
    width, place, value = rows[index]
    return place, np.full(n_points, width), value


def _first_maximum(values: list[float]) -> int:
    padded = [-np.inf, *values, -np.inf]
    best = max(values)
    for index, value in enumerate(values):
        if padded[index] < value >= padded[index + 2] and value >= 0.5 * best:
            return index
    return int(np.argmax(values))


def _credible(found: Places, window_px: float | None) -> BoolArray:
    limit = np.maximum(10.0, 2.5 * found.width)
    if window_px is not None:
        limit = np.minimum(limit, window_px)
    with np.errstate(invalid="ignore"):
        return np.asarray(
            np.isfinite(found.place)
            & (found.contrast >= MIN_CONTRAST)
            & (np.abs(found.place) <= limit)
            & (found.sigma < 0.5 * found.width + 0.5)
        )
