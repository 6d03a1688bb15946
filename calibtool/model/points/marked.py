"""Marked points made ready for a fit: checked, and each position once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import FitError, InputError, TooFewPointsError
from calibtool.model.circle import FloatArray

MIN_POINTS = 5
FARTHEST_PX = 1e7


@dataclass(frozen=True)
class MarkedPoints:
    """Points as given (N, 2), and the different ones among them.

    ``xy`` (M, 2) holds each position once, in a fixed order, so that neither the order of
    clicks nor a doubled click changes the circle; ``index`` (N,) leads from the points given to
    these. ``weights`` (M,) are 1/σ in 1/px, or ones where σ is not known.
    """

    given: FloatArray
    xy: FloatArray
    index: NDArray[np.intp]
    weights: FloatArray
    sigma_known: bool


def real_numbers(points: ArrayLike) -> FloatArray:
    """Positions of any shape as a new array of float64; InputError where they are none."""
    try:
        given = np.asarray(points)
        if given.dtype.kind == "c":
            raise TypeError("complex numbers")
        return given.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError(
            "The points cannot be read as numbers: give a list of (x, y) in pixels."
        ) from None


def checked_positions(points: ArrayLike) -> FloatArray:
    """Positions as float64 of shape (N, 2); InputError names what is wrong with them."""
    xy = real_numbers(points)
    if xy.size == 0:
        return np.empty((0, 2))
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise InputError(
            f"The points have the shape {xy.shape}: give one row (x, y) in pixels for each point."
        )
    usable = np.all(np.abs(xy) <= FARTHEST_PX, axis=1)
    if not usable.all():
        worst = int(np.argmin(usable))
        x, y = xy[worst]
        raise InputError(
            f"Point {worst + 1} at ({x:g}, {y:g}) is not a position on an image: "
            "correct it or remove it."
        )
    return xy


def marked_points(points: ArrayLike, sigma_px: ArrayLike | None = None) -> MarkedPoints:
    """Check points and merge equal ones.

    Parameters
    ----------
    points : array_like, shape (N, 2)
        Positions (x, y) in index pixels.
    sigma_px : float or array_like, shape (N,), optional
        σ of each point in px.

    Returns
    -------
    MarkedPoints

    Raises
    ------
    InputError
        Wrong shape, not finite, or a σ that is not positive.
    FitError
        Five or more points that are all the same.
    TooFewPointsError
        Fewer than five different points; the sentence says how many are missing.
    """
    given = checked_positions(points)
    xy, first, index = np.unique(given, axis=0, return_index=True, return_inverse=True)
    if len(xy) == 1 and len(given) >= MIN_POINTS:
        raise FitError(
            f"All {len(given)} points are at the same position: place them around the ring."
        )
    if len(xy) < MIN_POINTS:
        missing = MIN_POINTS - len(xy)
        have = f"{len(xy)} different point{'' if len(xy) == 1 else 's'}" if len(xy) else "no point"
        raise TooFewPointsError(
            f"There {'is' if len(xy) <= 1 else 'are'} {have}, and a circle fit needs "
            f"{MIN_POINTS}: add {missing} more, spread around the ring."
        )
    weights = np.ones(len(xy))
    if sigma_px is not None:
        weights = 1.0 / _sigmas(sigma_px, len(given))[first]
    return MarkedPoints(given, xy, np.reshape(index, -1), weights, sigma_px is not None)


def _sigmas(sigma_px: ArrayLike, n: int) -> FloatArray:
    try:
        sigma = np.broadcast_to(np.asarray(sigma_px, dtype=np.float64), (n,))
    except (TypeError, ValueError):
        raise InputError(
            f"sigma_px must be one number or one for each of the {n} points."
        ) from None
    bad = ~(np.isfinite(sigma) & (sigma > 0.0))
    if bad.any():
        number = int(np.argmax(bad))
        raise InputError(
            f"sigma_px of point {number + 1} is {sigma[number]:g}: give a length above 0 px."
        )
    return sigma
