"""Where the rings lie in each sector: shifts with their information, nuisances eliminated.

In each sector of a group of neighbouring rings the profile is
μ = Σ bᵢ·Pᵢ(t) + Σ A_k·exp(−z²/2)·(1 + γ(z³ − 3z)/6), z = (2θ − 2θ_k)·L/w: a Gaussian, skewed by γ
where rings are (parallax, divergence) without moving its centroid (Gram-Charlier).
Background and heights are free in each sector (halo, texture, shadow); a slope costs the geometry
a few per cent of the information,
all else nothing.  What remains is, for each ring and sector, the derivative of the
log likelihood by the ring's position and its expected curvature.
"""

import functools
import warnings
from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.noise import Noise
from calibtool.model.pattern.unwrap import Unwrapped

REACH = 6.0
"""Half-width of the window around a ring, in widths of it."""

TOGETHER = 7.0
"""Rings nearer than so many widths are fitted together."""

ROUNDS = 3
HUBER = 4.0
"""Cells farther off than so many σ count less: hot pixels, grains, edges."""

SMOOTH, PER_WIDTHS, MOST_SMOOTH = 3, 10.0, 12
"""Numbers of the background in a sector: a parabola, whose bend tells nothing of a shift, and one
more for each so many widths that a group is wider than a ring."""

MOST_WIDTHS = 4
"""Numbers of the widths of a group at most."""

LEAST_SNR, LEAST_SHARE = 5.0, 0.03
"""Fainter rings, by contrast over noise or by height beside the highest near them, are fitted
but tell nothing: what others leave beside them is as large."""

LEAST_CELLS = 4
"""Cells a sector needs beyond its free numbers."""


@dataclass(frozen=True)
class Group:
    """Neighbouring rings fitted together: their numbers and the window in ring radius."""

    rings: tuple[int, ...]
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Sectors:
    """What the sectors of a group say; m rings, S sectors.

    ``score`` (S, m) is the derivative of the log likelihood by the position of each ring,
    ``information`` (S, m, m) its expected curvature; ``height`` (S, m) and ``sigma_height``
    (S, m) the rings' heights. ``width_step`` (m,) is how the logarithms of the widths
    should change, ``skew_score``, ``skew_information`` and ``skew_cross`` (m,) those
    of the skewness and its product with the positions. ``residual`` and ``variance`` (N,) are the
    residuals of all cells
    and what was expected, with ``level`` (N,) the model there.
    """

    score: FloatArray
    information: FloatArray
    height: FloatArray
    sigma_height: FloatArray
    width_step: FloatArray
    skew_score: float
    skew_information: float
    skew_cross: FloatArray
    chi2: float
    n_cells: int
    residual: FloatArray
    pixels: FloatArray
    level: FloatArray


def groups(radius: FloatArray, width: FloatArray, span: tuple[float, float]) -> list[Group]:
    """Rings (radii rising) parted into groups, each with its window.

    A window reaches six widths beyond its rings, at most half-way to the next group.
    """
    found: list[list[int]] = []
    for k in range(len(radius)):
        near = found and radius[k] - radius[k - 1] < TOGETHER * max(width[k], width[k - 1])
        if near:
            found[-1].append(k)
        else:
            found.append([k])
    result = []
    for n, members in enumerate(found):
        first, last = members[0], members[-1]
        low = radius[first] - REACH * width[first]
        high = radius[last] + REACH * width[last]
        if n > 0:
            low = max(low, 0.5 * (radius[first] + radius[first - 1]))
        if n + 1 < len(found):
            high = min(high, 0.5 * (radius[last] + radius[last + 1]))
        result.append(Group(tuple(members), max(low, span[0]), min(high, span[1])))
    return result


def look_at(
    cells: Unwrapped,
    group: Group,
    position: FloatArray,
    width: FloatArray,
    noise: Noise,
    skew: float = 0.0,
) -> Sectors:
    """Scores, information and heights of a group's rings.

    Parameters
    ----------
    cells : Unwrapped
        The image around a geometry.
    group : Group
        The rings and their window.
    position : ndarray, shape (S, m)
        Where each ring is expected in each sector, ring radius in px.
    width : ndarray, shape (m,)
        Widths (σ) in px.
    noise : Noise
        Variance of a pixel by its expected value.
    skew : float
        Skewness γ of the rings.
    """
    part = cells.columns(group.low, group.high)
    count, value, t = cells.count[:, part], cells.mean[:, part], cells.radius[:, part]
    given = None if cells.noise is None else cells.noise[:, part]
    arc = cells.geometry.arc
    z = (arc(t)[:, :, None] - arc(position)[:, None, :]) / width
    gauss = np.exp(-0.5 * z * z)
    lopsided = gauss * (z**3 - 3.0 * z) / 6.0
    bell = gauss + skew * lopsided
    smooth = _smooth(t, group, float(np.max(width)))
    basis = np.concatenate([smooth, bell], axis=2)
    m, n_smooth = len(group.rings), smooth.shape[2]
    enough = np.count_nonzero(count > 0, axis=1) >= m + n_smooth + LEAST_CELLS
    weight, model, beta, inverse = _fitted(basis, value, count * enough[:, None], given, noise)
    sigma = np.sqrt(np.maximum(np.einsum("sii->si", inverse)[:, n_smooth:], 0.0))
    raw = beta[:, n_smooth:]
    height = np.maximum(_calmed(raw, sigma, enough), 0.0)
    told = _told(raw, sigma, enough, beside=_beside(arc(position), width))
    stretch = 1.0 / cells.geometry.stretch(position)
    steep = bell * z - skew * gauss * 0.5 * (z * z - 1.0)
    slope = height[:, None, :] * steep * (stretch / width)[:, None, :]
    modes = width_modes(np.median(np.where(position > 0.0, position, 0.0), axis=0), width)
    wider = (height[:, None, :] * steep * z) @ modes
    leaning = (height[:, None, :] * lopsided).sum(axis=2)
    moved = np.concatenate([slope, wider, leaning[:, :, None]], axis=2)
    weighted = weight[:, :, None] * moved
    turned = weighted.transpose(0, 2, 1)
    cross = turned @ basis
    full = turned @ moved - cross @ inverse @ cross.transpose(0, 2, 1)
    residual = value - model
    score = (turned @ residual[:, :, None])[:, :, 0]
    score = np.where(enough[:, None], score, 0.0)
    full = np.where(enough[:, None, None], full, 0.0)
    used = weight > 0
    chi2 = float(np.sum(weight * residual**2))
    n_free = int(np.count_nonzero(enough)) * (m + n_smooth)
    return Sectors(
        score[:, :m] * told, full[:, :m, :m] * told * told[:, None], raw, sigma,
        _width_step(modes, score[:, m:-1].sum(axis=0), full[:, m:-1, m:-1].sum(axis=0)),
        float(score[:, -1].sum()), float(full[:, -1, -1].sum()), full[:, :m, -1].sum(axis=0) * told,
        chi2, int(np.count_nonzero(used)) - n_free,
        residual[used], count[used], model[used],
    )  # fmt: skip


def _smooth(t: FloatArray, group: Group, width: float) -> FloatArray:
    """Legendre polynomials of the background, shape (S, B, n)."""
    middle, half = 0.5 * (group.low + group.high), 0.5 * (group.high - group.low)
    more = int((2.0 * half / width - 2.0 * REACH) / PER_WIDTHS)
    n = min(SMOOTH + max(more, 0), MOST_SMOOTH)
    return np.asarray(np.polynomial.legendre.legvander((t - middle) / half, n - 1))


def width_modes(radius: FloatArray, width: FloatArray) -> FloatArray:
    """How the widths of a group's rings may change together (m, n): smoothly over the radius.

    Where rings overlap, a width for each could not be told.
    """
    span = float(np.ptp(radius))
    n = min(1 + int(span / (PER_WIDTHS * float(np.max(width)))), len(width), MOST_WIDTHS)
    place = 2.0 * (radius - radius.min()) / max(span, 1e-9) - 1.0
    return np.asarray(np.polynomial.legendre.legvander(place, n - 1))


def _width_step(modes: FloatArray, score: FloatArray, information: FloatArray) -> FloatArray:
    told = np.trace(information)
    if not told > 0.0:
        return np.zeros(len(modes))
    information = information + 1e-6 * told * np.eye(len(score))
    return np.asarray(modes @ np.linalg.solve(information, score))


def _told(
    height: FloatArray, sigma: FloatArray, enough: BoolArray, *, beside: BoolArray
) -> BoolArray:
    """Whether each ring (m,) stands out enough for its place to be believed."""
    weight = np.where(enough[:, None] & (sigma > 0), 1.0 / np.maximum(sigma, 1e-300) ** 2, 0.0)
    total = np.maximum(weight.sum(axis=0), 1e-300)
    mean = (weight * height).sum(axis=0) / total
    highest = np.where(beside, mean, 0.0).max(axis=1)
    return np.asarray((mean * np.sqrt(total) > LEAST_SNR) & (mean > LEAST_SHARE * highest))


def _beside(arc: FloatArray, width: FloatArray) -> BoolArray:
    """Which rings (m, m) lie so near each other that the light of one reaches the other."""
    there = np.where(np.abs(arc) < 1e8, arc, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        at = np.nanmean(there, axis=0)
    apart = np.abs(at[:, None] - at[None, :])
    return np.asarray(~(apart > 2.0 * TOGETHER * np.maximum(width[:, None], width[None, :])))


def _fitted(
    basis: FloatArray,
    value: FloatArray,
    count: FloatArray,
    given: FloatArray | None,
    noise: Noise,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Weights (S, B), model (S, B), coefficients (S, q) and their covariance (S, q, q)."""
    total = count.sum(axis=0)
    average = (count * value).sum(axis=0) / np.maximum(total, 1.0)
    model = np.broadcast_to(average, value.shape)
    down = np.ones_like(value)
    ridge = 1e-7 * np.eye(basis.shape[2])
    for turn in range(ROUNDS):
        variance = noise.variance(model) if given is None else given
        weight = count * down / variance
        weighted = weight[:, :, None] * basis
        normal = weighted.transpose(0, 2, 1) @ basis
        scale = np.maximum(np.einsum("sii->s", normal), 1e-300)
        inverse = np.linalg.inv(normal + ridge * scale[:, None, None])
        beta = (inverse @ (weighted.transpose(0, 2, 1) @ value[:, :, None]))[:, :, 0]
        model = (basis @ beta[:, :, None])[:, :, 0]
        if turn + 1 < ROUNDS:
            off = np.abs(value - model) * np.sqrt(count / variance)
            down = np.where(off > HUBER, (HUBER / np.maximum(off, HUBER)) ** 2, 1.0)
    return weight, model, beta, inverse


def _calmed(height: FloatArray, sigma: FloatArray, enough: np.ndarray) -> FloatArray:
    """Heights (S, m) drawn towards those of their neighbours where they are noisy.

    Empirical Bayes: the scatter of the heights beyond their σ is the texture of the ring.
    """
    weight = np.where(enough[:, None], 1.0 / np.maximum(sigma, 1e-300) ** 2, 0.0)
    near, near_weight = _around(weight * height), _around(weight)
    mean = near / np.maximum(near_weight, 1e-300)
    spread = height - mean
    own = sigma**2
    texture = np.maximum(np.sum(weight * (spread**2 - own), axis=0) / np.maximum(
        weight.sum(axis=0), 1e-300), 0.0)
    share = texture / (texture + own + 1e-300)
    return np.asarray(mean + share * spread)


def _around(values: FloatArray) -> FloatArray:
    """Sum over neighbouring sectors around the circle, weights falling off over 3 sectors."""
    return np.asarray(_kernel(len(values)) @ values)


@functools.cache
def _kernel(n: int) -> FloatArray:
    apart = np.arange(n)[:, None] - np.arange(n)[None, :]
    apart = np.minimum(np.abs(apart), n - np.abs(apart))
    return np.asarray(np.exp(-0.5 * (apart / 3.0) ** 2))
