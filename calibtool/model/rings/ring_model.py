"""The ring as cells see it, and the normal equations of its likelihood.

Expected value of a pixel in sector k at the distance r from the centre::

    m = a_k·exp(−(r − R)²/2s²) + b_k + c_k·(r − R0),    s² = σ² + 1/12 + Δ²/12

(1/12 from averaging over the pixel, Δ the radial bin). The amplitude a_k, the level b_k and
the slope c_k belong to the sector and are eliminated (Schur complement); x, y, R and σ are
common. The estimating equations are those of a Poisson likelihood (Fisher scoring) when the
variance is the mean, and of quasi-likelihood for any other variance α + β·m.
"""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.rings.pixel_noise import Noise
from calibtool.model.rings.polar import PolarCells

N_SHARED, N_LOCAL = 4, 3


@dataclass(frozen=True)
class RingState:
    """Offset of the centre from that of the cells, radius and width σ, all in px."""

    dx: float
    dy: float
    radius: float
    sigma: float

    def moved(self, step: FloatArray) -> "RingState":
        """The state after a step (4,) in x, y, R, σ, cut to what the linearisation bears."""
        limit = 0.7 * self.sigma + 0.2
        x, y, r = np.clip(step[:3], -limit, limit)
        width = self.sigma * float(np.clip(1.0 + step[3] / self.sigma, 0.7, 1.4))
        return RingState(self.dx + x, self.dy + y, self.radius + r, max(width, 0.15))


@dataclass(frozen=True)
class RingEquations:
    """What the sectors say at one state.

    ``information`` (K, 4, 4) and ``score`` (K, 4) in the order x, y, R, σ with the local
    parameters eliminated; ``amplitude``, ``sigma_amplitude`` (K,); ``mean`` and ``slope``
    (K·F, B): expected value and its derivative by a radial shift, in the cells' own order.
    """

    information: FloatArray
    score: FloatArray
    amplitude: FloatArray
    sigma_amplitude: FloatArray
    mean: FloatArray
    slope: FloatArray


def ring_equations(
    cells: PolarCells, n_sectors: int, state: RingState, noise: Noise, previous: FloatArray | None
) -> RingEquations:
    """Fit the local parameters, and set up the equations of the shared ones.

    Parameters
    ----------
    cells : PolarCells
        K·F azimuths × B radial bins.
    n_sectors : int
        K, sectors with their own amplitude and background; divides the number of azimuths.
    state : RingState
        Where to linearise.
    noise : Noise
        Variance of a pixel.
    previous : ndarray, shape (K·F, B), or None
        Expected values of the step before, for the weights; None takes the data's average.
    """
    shape = (n_sectors, -1)
    cos, sin = np.cos(cells.azimuth)[:, None], np.sin(cells.azimuth)[:, None]
    t = cells.radius - state.radius - state.dx * cos - state.dy * sin
    s2 = state.sigma**2 + (1.0 + cells.step**2) / 12.0
    gauss = np.exp(-0.5 * t**2 / s2)
    middle, half = 0.5 * (cells.edges[0] + cells.edges[-1]), cells.edges[-1] - cells.edges[0]
    line = (cells.radius - middle) / half
    if previous is None:
        level = cells.total.sum(axis=0) / np.maximum(cells.count.sum(axis=0), 1.0)
        previous = np.broadcast_to(level, cells.total.shape)
    weight = (cells.count / noise.variance(previous)).reshape(shape)
    local = np.stack([gauss, np.ones_like(gauss), line]).reshape(N_LOCAL, n_sectors, -1)
    local = local.transpose(1, 0, 2)
    value = cells.mean.reshape(shape)
    fitted, inverse, mean = fit_local(local, weight, value)
    amplitude = fitted[:, 0]
    shift = (amplitude[:, None] * (gauss * t / s2).reshape(shape))[:, None, :]
    flat_cos = np.broadcast_to(cos, t.shape).reshape(shape)[:, None, :]
    flat_sin = np.broadcast_to(sin, t.shape).reshape(shape)[:, None, :]
    widen = t.reshape(shape)[:, None, :] * (state.sigma / s2)
    shared = np.concatenate([shift * flat_cos, shift * flat_sin, shift, shift * widen], axis=1)
    information, score = eliminate_local(local, shared, weight, inverse, value - mean)
    return RingEquations(
        information,
        score,
        amplitude,
        np.sqrt(inverse[:, 0, 0]),
        mean.reshape(t.shape),
        shift.reshape(t.shape),
    )


def fit_local(
    local: FloatArray, weight: FloatArray, value: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted least squares in each of K sectors.

    Parameters
    ----------
    local : ndarray, shape (K, P, N)
        Columns of the design, P parameters at N places.
    weight, value : ndarray, shape (K, N)
        Weights (1/σ²) and values.

    Returns
    -------
    fitted : ndarray, shape (K, P)
    inverse : ndarray, shape (K, P, P)
        Covariance of the fitted parameters.
    mean : ndarray, shape (K, N)
        Fitted values.
    """
    weighted = local * weight[:, None, :]
    normal = weighted @ local.transpose(0, 2, 1)
    inverse = np.asarray(np.linalg.inv(normal + _ridge(normal)), dtype=np.float64)
    fitted = (inverse @ (weighted @ value[:, :, None]))[:, :, 0]
    return fitted, inverse, np.einsum("kp,kpn->kn", fitted, local)


def eliminate_local(
    local: FloatArray,
    shared: FloatArray,
    weight: FloatArray,
    inverse: FloatArray,
    residual: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Information (K, M, M) and score (K, M) of M shared parameters, the local ones eliminated.

    ``shared`` (K, M, N) are the derivatives by the shared parameters, ``residual`` (K, N) what
    the local fit left; ``inverse`` its covariance (Schur complement).
    """
    weighted = shared * weight[:, None, :]
    cross = weighted @ local.transpose(0, 2, 1)
    information = weighted @ shared.transpose(0, 2, 1) - cross @ inverse @ cross.transpose(0, 2, 1)
    return information, (weighted @ residual[:, :, None])[:, :, 0]


def _ridge(normal: FloatArray) -> FloatArray:
    """A trace of a prior, so that a masked sector has a solution (and a huge σ)."""
    diagonal = np.einsum("kii->ki", normal)
    scale = np.maximum(1e-9 * diagonal, 1e-12 * max(float(diagonal.max(initial=0.0)), 1e-300))
    return np.asarray(scale[:, :, None] * np.eye(normal.shape[-1]))
