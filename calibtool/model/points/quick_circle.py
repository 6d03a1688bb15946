"""A circle at once, while points are being marked."""

import numpy as np
from numpy.typing import ArrayLike

from calibtool.errors import CalibtoolError
from calibtool.model.circle import Circle, FloatArray
from calibtool.model.points.algebraic import hyper_fit
from calibtool.model.points.geometric import geometric_fit
from calibtool.model.points.marked import checked_positions
from calibtool.model.points.robust import best_triples
from calibtool.model.points.three_points import as_circle, circles_through, residuals_of_circles

FAR = 4.0
"""Points further off than this many σ of the best triple do not count."""

TOLERANCE = 1e-6
"""Of the fit, relative to the radius: a step this small leaves an error far smaller still."""


def quick_circle(points: ArrayLike) -> Circle | None:
    """Circle through three or more points in about half a millisecond.

    The triple that most points agree on, then geometric least squares of those that agree:
    bad points do not pull from the sixth point on. No σ, no history; ``fit_circle`` has them.

    Parameters
    ----------
    points : array_like, shape (N, 2)
        Positions (x, y) in index pixels.

    Returns
    -------
    Circle or None
        None for fewer than three different points, points on a line, or input that is no
        list of positions.
    """
    try:
        xy = checked_positions(points)
        xy = np.unique(xy, axis=0) if len(xy) else xy
        if len(xy) < 3:
            return None
        shift = xy.mean(axis=0)
        circle = _through(xy - shift)
    except CalibtoolError:
        return None
    if circle is None or not np.isfinite(circle.radius_px):
        return None
    return Circle(
        circle.center_x_px + float(shift[0]), circle.center_y_px + float(shift[1]), circle.radius_px
    )


def _through(xy: FloatArray) -> Circle | None:
    if len(xy) == 3:
        return as_circle(circles_through(xy[0], xy[1], xy[2]))
    if len(xy) <= 5:
        return geometric_fit(xy, hyper_fit(xy), tolerance=TOLERANCE)
    consensus = best_triples(xy, np.random.default_rng(0))
    if consensus is None:
        return None
    best = consensus.circles[:, :1]
    near = np.abs(residuals_of_circles(xy, best)[0]) <= FAR * consensus.scale
    return geometric_fit(xy[near], as_circle(best[:, 0]), tolerance=TOLERANCE)
