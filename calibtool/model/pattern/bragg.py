"""Radii of powder lines on a flat detector at right angles to the beam.

A line of spacing d stands at R = L·tan 2θ, sin θ = λ/2d. With the scale K = λ·L and
v = λ²/2d² = 1 − cos 2θ this is R = (K/d)·√(1 − v/2)/(1 − v), which holds down to λ = 0, where
only K is left: the form for patterns whose wavelength is not known.
"""

import numpy as np

from calibtool.model.circle import FloatArray

_LARGEST_V = 0.97
"""1 − cos 2θ at 88°: a line nearer to 90° lies beyond every detector."""


def line_radii(
    scale: FloatArray | float, lambda_squared: FloatArray | float, d_nm: FloatArray
) -> FloatArray:
    """Radii in px, infinite where the line goes past the detector plane; all broadcast.

    Parameters
    ----------
    scale : array
        K = λL in nm·px, the product of d and R at small angles.
    lambda_squared : array
        λ² in nm²; 0 for the small-angle limit.
    d_nm : array
        d-spacings in nm.
    """
    v = lambda_squared / (2.0 * d_nm * d_nm)
    ahead = v < _LARGEST_V
    v = np.where(ahead, v, 0.0)
    return np.where(ahead, scale / d_nm * np.sqrt(1.0 - 0.5 * v) / (1.0 - v), np.inf)


def bending(lambda_squared: FloatArray, d_nm: FloatArray) -> FloatArray:
    """d(ln R)/d(λ²) in 1/nm² at constant scale; all broadcast."""
    v = np.minimum(lambda_squared / (2.0 * d_nm * d_nm), _LARGEST_V)
    return np.asarray((1.0 / (1.0 - v) - 0.25 / (1.0 - 0.5 * v)) / (2.0 * d_nm * d_nm))


def from_two_rings(
    inner_px: FloatArray, outer_px: FloatArray, inner_d: FloatArray, outer_d: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Scale K (nm·px) and λ² (nm²) at which two lines lie at two radii; all broadcast.

    With v of the outer line and q = (outer d / inner d)², the squared ratio of the radii is a
    cubic in v with one root in (0, 1) where the ratio exceeds that of small angles. λ² is
    NaN where it does not.
    """
    q = (outer_d / inner_d) ** 2
    squared = (outer_px / inner_px) ** 2 * q
    possible = (squared > 1.0) & (outer_d < inner_d)
    v = np.clip(2.0 * (squared - 1.0) / (3.0 * (1.0 - q) + 4.0 * (squared - 1.0)), 0.0, 0.9)
    for _ in range(5):
        inner, outer = 1.0 - q * v, 1.0 - v
        value = squared * (1.0 + inner) * outer**2 - (1.0 + outer) * inner**2
        slope = (
            -q * squared * outer**2
            - 2.0 * squared * (1.0 + inner) * outer
            + inner**2
            + 2.0 * q * (1.0 + outer) * inner
        )
        v = np.clip(v - value / np.where(slope == 0.0, -1.0, slope), 0.0, 0.999)
    scale = outer_px * outer_d * (1.0 - v) / np.sqrt(1.0 - 0.5 * v)
    return scale, np.where(possible, 2.0 * outer_d * outer_d * v, np.nan)
