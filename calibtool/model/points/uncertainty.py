"""How sure a fitted circle is.

A σ taken from the residuals of few points is itself uncertain, and the error divided by it
follows Student's t with N − 3 degrees of freedom instead of a Gaussian. The σ given here are
widened by t(95 %)/1.96, so that ±1.96 σ holds the truth 95 times in 100 for any N; from eight
points on, errors divided by σ then have a standard deviation within a few per cent of 1.
"""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, Circle, FloatArray, radial_residuals
from calibtool.model.points.geometric import unit_covariance
from calibtool.model.points.outliers import scatter

IMPLAUSIBLE = 0.01
"""Chance below which scatter beyond the stated σ is not taken for luck."""


@dataclass(frozen=True)
class Uncertainty:
    """Covariance (3, 3) of (x, y, R) in px² and the σ of a point in px.

    ``point_sigma_px`` is estimated with N − 3 degrees of freedom, or the median of the σ
    given. ``excess`` is how many times wider than the σ given the points scatter where that
    is not luck (the covariance is widened by it), and 1 otherwise.
    """

    covariance: FloatArray
    point_sigma_px: float
    excess: float = 1.0


def uncertainty(
    points: FloatArray, weights: FloatArray, circle: Circle, sigma_known: bool
) -> Uncertainty:
    """Covariance of a least-squares circle.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        The points that were fitted, in px.
    weights : ndarray, shape (N,)
        1/σ where σ is known, else ones.
    circle : Circle
        The fitted circle.
    sigma_known : bool
        Whether the weights carry σ, so that the scatter is only a check.

    Returns
    -------
    Uncertainty
    """
    from scipy.special import chdtrc, stdtrit

    unit = unit_covariance(points, circle, weights)
    freedom = len(points) - 3
    everyone: BoolArray = np.ones(len(points), dtype=bool)
    sigma = scatter(radial_residuals(points, circle) * weights, everyone)
    student = float(stdtrit(freedom, 0.975)) / 1.959964
    if not sigma_known:
        return Uncertainty(unit * (sigma * student) ** 2, sigma)
    stated = float(1.0 / np.median(weights))
    if chdtrc(freedom, freedom * sigma**2) > IMPLAUSIBLE:
        return Uncertainty(unit, stated)
    return Uncertainty(unit * (sigma * student) ** 2, stated, excess=sigma)
