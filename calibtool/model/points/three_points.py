"""A circle told by how far it passes from three places along the arc.

Centre and radius lean on each other on a short arc (moving the centre away and growing the
radius changes nearly nothing), so searching in them is badly conditioned. The radial offsets
of the circle at three azimuths spread over the arc are three lengths of the same kind, each
felt by the data alike, on a full ring as on a few degrees of it.
"""

import math

import numpy as np

from calibtool.model.circle import Circle, CircleLike, FloatArray

WIDEST_SPREAD_RAD = 4.0 * math.pi / 3.0
"""Three places 120° apart serve a full ring best."""


def circles_through(first: FloatArray, second: FloatArray, third: FloatArray) -> FloatArray:
    """Circles through three positions each.

    Parameters
    ----------
    first, second, third : ndarray, shape (..., 2)
        Positions (x, y) in px.

    Returns
    -------
    ndarray, shape (3, ...)
        Centre x, centre y and radius in px; NaN where the three lie on a line to within
        1e-10 of their extent. The centre is where the perpendicular bisectors meet.
    """
    x = np.array([first[..., 0], second[..., 0], third[..., 0]])
    y = np.array([first[..., 1], second[..., 1], third[..., 1]])
    return _through(x, y)


def _through(x: FloatArray, y: FloatArray) -> FloatArray:
    """Circles (3, ...) through three positions each, x and y of shape (3, ...)."""
    bx, cx = x[1:] - x[0]
    by, cy = y[1:] - y[0]
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    twice_area = 2.0 * (bx * cy - by * cx)
    flat = np.abs(twice_area) <= 1e-10 * (b2 + c2)
    divisor = np.where(flat, np.nan, twice_area)
    ux, uy = (cy * b2 - by * c2) / divisor, (bx * c2 - cx * b2) / divisor
    return np.array([x[0] + ux, y[0] + uy, np.sqrt(ux * ux + uy * uy)])


def residuals_of_circles(points: FloatArray, circles: FloatArray) -> FloatArray:
    """Signed orthogonal distances in px of N points (N, 2) to S circles (3, S): shape (S, N)."""
    dx = points[:, 0] - circles[0][:, None]
    dy = points[:, 1] - circles[1][:, None]
    # hypot guards against an overflow that positions on a detector cannot reach.
    return np.asarray(np.sqrt(dx * dx + dy * dy) - circles[2][:, None])


def arc_and_gap(azimuth_rad: FloatArray) -> tuple[float, float, float]:
    """Extent of an arc and where it is.

    Parameters
    ----------
    azimuth_rad : ndarray, shape (N,)
        Azimuths of the points in rad.

    Returns
    -------
    (float, float, float)
        Azimuth of the middle of the arc, extent of the arc (2π less the largest gap), both in
        rad, and the azimuth of the middle of the largest gap, in rad in [0, 2π).
    """
    ordered = np.sort(np.mod(azimuth_rad, 2.0 * math.pi))
    gaps = np.empty_like(ordered)
    gaps[:-1] = ordered[1:] - ordered[:-1]
    gaps[-1] = ordered[0] + 2.0 * math.pi - ordered[-1]
    widest = int(np.argmax(gaps))
    gap = float(gaps[widest])
    gap_middle = float(ordered[widest]) + gap / 2.0
    return gap_middle + math.pi, 2.0 * math.pi - gap, gap_middle % (2.0 * math.pi)


def reference_azimuths(azimuth_rad: FloatArray) -> FloatArray:
    """Three azimuths in rad, shape (3,): start, middle and end of the arc the points span."""
    middle, extent, _ = arc_and_gap(azimuth_rad)
    half = 0.5 * min(extent, WIDEST_SPREAD_RAD)
    return np.array([middle - half, middle, middle + half])


def displaced(circle: CircleLike, azimuth_rad: FloatArray, offsets_px: FloatArray) -> FloatArray:
    """Circles that pass ``offsets_px`` outside of ``circle`` at three azimuths.

    Parameters
    ----------
    circle : CircleLike
        Where all offsets are zero.
    azimuth_rad : ndarray, shape (3,)
        Azimuths seen from the centre of ``circle``, in rad.
    offsets_px : ndarray, shape (3,) or (3, S)
        Radial offsets in px.

    Returns
    -------
    ndarray, shape (3,) or (3, S)
        Centre x, centre y, radius in px.
    """
    reach = (circle.radius_px + offsets_px).T
    x = circle.center_x_px + reach * np.cos(azimuth_rad)
    y = circle.center_y_px + reach * np.sin(azimuth_rad)
    return _through(x.T, y.T)


def as_circle(parameters: FloatArray) -> Circle:
    """Circle from (x, y, R), shape (3,)."""
    return Circle(float(parameters[0]), float(parameters[1]), float(parameters[2]))
