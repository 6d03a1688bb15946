"""Circles on the detector and how far points lie from them."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class CircleLike(Protocol):
    """Anything with a centre and a radius in index pixels (an integer is a pixel centre)."""

    @property
    def center_x_px(self) -> float:
        """Column of the centre."""

    @property
    def center_y_px(self) -> float:
        """Row of the centre."""

    @property
    def radius_px(self) -> float:
        """Radius."""


@dataclass(frozen=True)
class Circle:
    """A circle in index pixels, (x, y) = (column, row)."""

    center_x_px: float
    center_y_px: float
    radius_px: float


def radial_residuals(points: ArrayLike, circle: CircleLike) -> FloatArray:
    """Signed orthogonal distance of each point to the circle.

    Parameters
    ----------
    points : array_like, shape (N, 2)
        Positions (x, y) in index pixels.
    circle : CircleLike
        The circle.

    Returns
    -------
    ndarray, shape (N,)
        ``hypot(x - cx, y - cy) - R`` in px; positive outside the circle.
    """
    xy = np.asarray(points, dtype=np.float64)
    dx, dy = xy[:, 0] - circle.center_x_px, xy[:, 1] - circle.center_y_px
    return np.asarray(np.hypot(dx, dy) - circle.radius_px)


def reach_px(shape: tuple[int, ...], circle: CircleLike) -> float:
    """Distance in px from the centre to the farthest corner of an image of shape (H, W)."""
    far_x = max(abs(circle.center_x_px), abs(shape[1] - 1 - circle.center_x_px))
    far_y = max(abs(circle.center_y_px), abs(shape[0] - 1 - circle.center_y_px))
    return math.hypot(far_x, far_y)


def azimuths(points: ArrayLike, circle: CircleLike) -> FloatArray:
    """Azimuth of each point seen from the centre, in rad in (−π, π], 0 along +x, π/2 along +y."""
    xy = np.asarray(points, dtype=np.float64)
    return np.asarray(np.arctan2(xy[:, 1] - circle.center_y_px, xy[:, 0] - circle.center_x_px))
