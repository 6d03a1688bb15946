"""Quiet tips while points are being marked: how many more, and where."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import InputError
from calibtool.model.circle import CircleLike, FloatArray, azimuths, radial_residuals
from calibtool.model.points.harmonics import side
from calibtool.model.points.marked import MIN_POINTS, checked_positions
from calibtool.model.points.quick_circle import quick_circle
from calibtool.model.points.robust import robust_scale
from calibtool.model.points.three_points import arc_and_gap
from calibtool.model.results import FitWarning

COMFORTABLE_POINTS = 8
SHORT_ARC_DEG = 120.0
LARGE_GAP_DEG = 90.0
CLOSE_DEG = 4.0
FAR_SIGMA = 5.0
WORTH_DEG = 20.0
"""So far from all points one more is worth asking for."""

AZIMUTHS = np.radians(np.arange(0.0, 360.0, 5.0))
BESIDE_PX = 3.0
"""So far beside the ring no pixel may be masked where a point is asked for."""


def tips(
    points: ArrayLike,
    circle: CircleLike | None = None,
    image_shape: tuple[int, int] | None = None,
) -> tuple[FitWarning, ...]:
    """Say what would make the circle better, most useful first.

    Parameters
    ----------
    points : array_like, shape (N, 2)
        Positions (x, y) marked so far, in index pixels.
    circle : CircleLike, optional
        The circle through them; a quick one is made where not given.
    image_shape : (int, int), optional
        Rows and columns, so that no tip asks for a point outside the image.

    Returns
    -------
    tuple of FitWarning
        Codes ``too_few_points``, ``far_point``, ``points_too_close``, ``short_arc``,
        ``large_gap``; none where all is well. Points are counted from 1.
    """
    try:
        xy = checked_positions(points)
    except InputError:
        return ()
    found = [_number_tip(len(np.unique(xy, axis=0)))]
    circle = circle if circle is not None else quick_circle(xy)
    if circle is not None and len(xy) >= 3:
        found += [_far_tip(xy, circle), _close_tip(xy, circle), _arc_tip(xy, circle, image_shape)]
    return tuple(tip for tip in found if tip is not None)


def next_place(
    points: ArrayLike, circle: CircleLike | None, mask: NDArray[np.bool_]
) -> tuple[float, float] | None:
    """Place on the ring where one more point would help most.

    Parameters
    ----------
    points : array_like, shape (N, 2)
        Positions (x, y) marked so far, in index pixels; may be none.
    circle : CircleLike or None
        The circle as far as it is known.
    mask : ndarray of bool, shape (H, W)
        True where a pixel does not count.

    Returns
    -------
    (float, float) or None
        (x, y) on the circle, on pixels that count, in the direction furthest from all points;
        None without a circle or where none of it is on the image.
    """
    if circle is None:
        return None
    candidates = AZIMUTHS[_counts(circle, AZIMUTHS, mask)]
    if len(candidates) == 0:
        return None
    xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    best = _emptiest(xy, circle, candidates)[0] if len(xy) else candidates[0]
    x, y = _on_circle(circle, best)
    return float(x), float(y)


def _on_circle(circle: CircleLike, azimuth: Any, offset_px: float = 0.0) -> tuple[Any, Any]:
    radius = circle.radius_px + offset_px
    return (
        circle.center_x_px + radius * np.cos(azimuth),
        circle.center_y_px + radius * np.sin(azimuth),
    )


def _counts(
    circle: CircleLike, azimuth: FloatArray, mask: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Where the ring and what is beside it are on the image and not masked."""
    height, width = mask.shape
    good = np.ones(len(azimuth), dtype=bool)
    for offset in (-BESIDE_PX, 0.0, BESIDE_PX):
        x, y = (np.rint(place).astype(int) for place in _on_circle(circle, azimuth, offset))
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        good &= inside
        good[inside] &= ~mask[y[inside], x[inside]]
    return good


def _apart(azimuth: FloatArray, others: FloatArray) -> FloatArray:
    """Distance in rad of each azimuth from the nearest of the others."""
    steps = azimuth[:, None] - others
    return np.asarray(np.abs((steps + math.pi) % (2.0 * math.pi) - math.pi).min(axis=1))


def _number_tip(n: int) -> FitWarning | None:
    if n == 0:
        return FitWarning(
            "too_few_points", "Click on the ring: five points or more, spread all around it."
        )
    if n < MIN_POINTS:
        missing = MIN_POINTS - n
        return FitWarning(
            "too_few_points",
            f"{missing} more point{'s' if missing > 1 else ''} and the circle can be fitted.",
        )
    if n < COMFORTABLE_POINTS:
        more = COMFORTABLE_POINTS - n
        return FitWarning(
            "too_few_points",
            f"{more} more point{'s' if more > 1 else ''} would show whether one of them is bad.",
        )
    return None


def _far_tip(xy: FloatArray, circle: CircleLike) -> FitWarning | None:
    if len(xy) < MIN_POINTS:
        return None
    deviation = np.abs(radial_residuals(xy, circle))
    worst = int(np.argmax(deviation))
    others = np.delete(deviation, worst)
    limit = max(FAR_SIGMA * float(robust_scale(others)), 2.0)
    if deviation[worst] <= limit:
        return None
    return FitWarning(
        "far_point",
        f"Point {worst + 1} lies {deviation[worst]:.0f} px off the circle through the others: "
        "move it or remove it, unless it is right and others are wrong.",
    )


def _close_tip(xy: FloatArray, circle: CircleLike) -> FitWarning | None:
    azimuth = np.mod(azimuths(xy, circle), 2.0 * math.pi)
    order = np.argsort(azimuth, kind="stable")
    steps = np.diff(azimuth[order], append=azimuth[order[0]] + 2.0 * math.pi)
    closest = int(np.argmin(steps))
    usual = (2.0 * math.pi - float(steps.max())) / len(xy)
    if float(steps[closest]) >= min(math.radians(CLOSE_DEG), 0.2 * usual):
        return None
    one, two = sorted((int(order[closest]), int(order[(closest + 1) % len(xy)])))
    return FitWarning(
        "points_too_close",
        f"Points {one + 1} and {two + 1} are close together and tell nearly the same: spread "
        "the points around the ring.",
    )


def _arc_tip(
    xy: FloatArray, circle: CircleLike, shape: tuple[int, int] | None
) -> FitWarning | None:
    _, extent, _ = arc_and_gap(azimuths(xy, circle))
    arc_deg = math.degrees(extent)
    if 360.0 - arc_deg <= LARGE_GAP_DEG:
        return None
    candidates = AZIMUTHS
    if shape is not None:
        x, y = _on_circle(circle, candidates)
        inside = (x >= 0) & (x <= shape[1] - 1) & (y >= 0) & (y <= shape[0] - 1)
        candidates = candidates[inside]
    if len(candidates) == 0:
        return None
    where, apart = _emptiest(xy, circle, candidates)
    if apart < math.radians(WORTH_DEG):
        return None
    place = f"at about azimuth {math.degrees(where):.0f}° (towards {side(where)})"
    if arc_deg < SHORT_ARC_DEG:
        return FitWarning(
            "short_arc",
            f"The points cover {arc_deg:.0f}° of the ring so far: add one {place}.",
        )
    return FitWarning(
        "large_gap", f"{360.0 - arc_deg:.0f}° of the ring have no point: add one {place}."
    )


def _emptiest(
    xy: FloatArray, circle: CircleLike, candidates: FloatArray
) -> tuple[float, float]:
    """The candidate azimuth in rad furthest from all points, and how far it is from them."""
    apart = _apart(candidates, azimuths(xy, circle))
    best = int(np.argmax(apart))
    return float(candidates[best]), float(apart[best])
