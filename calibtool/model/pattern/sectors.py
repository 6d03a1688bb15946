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
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.geometry import Geometry
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
    """What the sectors say of G groups of m rings each; S sectors, B cells across.

    ``rings`` (G, m) are their numbers. ``score`` (G, S, m) is the derivative of the log likelihood
    by the position of each ring, ``information`` (G, S, m, m) its expected curvature; ``height``
    (G, S, m) and ``sigma_height`` (G, S, m) the rings' heights, ``above`` (G, m) how many times as
    high the highest ring beside them is. ``width_step`` (G, m) is how the
    logarithms of the widths should change, ``skew_score`` (G,), ``skew_information`` (G,) and
    ``skew_cross`` (G, m) those of the skewness and its product with the positions. ``residual``
    (G, S, B) are the residuals of the cells, ``pixels`` (G, S, B) how many pixels each has, 0
    where it was not used, and ``level`` (G, S, B) the model there.
    """

    rings: NDArray[np.intp]
    score: FloatArray
    information: FloatArray
    height: FloatArray
    sigma_height: FloatArray
    above: FloatArray
    width_step: FloatArray
    skew_score: FloatArray
    skew_information: FloatArray
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


@dataclass(frozen=True, eq=False)
class Windows:
    """Cells around G groups of m rings each, in S sectors, filled up to B with empty ones.

    ``rings`` (G, m) are their numbers, ``count``, ``value``, ``radius`` and ``variance``
    (G, S, B) those of the cells, ``smooth`` (G, S, B, n) the polynomials of the background,
    ``modes`` (G, m, q) the ways in which widths may change, ``beside`` (G, m, m) says which
    rings reach one another.
    """

    geometry: Geometry
    rings: NDArray[np.intp]
    count: FloatArray
    value: FloatArray
    radius: FloatArray
    variance: FloatArray | None
    smooth: FloatArray
    modes: FloatArray
    beside: BoolArray


def windows(
    cells: Unwrapped, parts: Sequence[Group], radius: FloatArray, width: FloatArray
) -> list[Windows]:
    """The cells around all rings of radii and widths (K,), groups of one kind together."""
    alike: dict[tuple[int, int, int], list[tuple[Group, FloatArray]]] = {}
    for group in parts:
        rings = list(group.rings)
        modes = width_modes(radius[rings], width[rings])
        kind = (len(rings), _n_smooth(group, float(np.max(width[rings]))), modes.shape[1])
        alike.setdefault(kind, []).append((group, modes))
    return [
        _windows(cells, [group for group, _ in some], radius, width, n_smooth,
                 np.stack([modes for _, modes in some]))
        for (_, n_smooth, _), some in alike.items()
    ]  # fmt: skip


def _windows(
    cells: Unwrapped,
    some: list[Group],
    radius: FloatArray,
    width: FloatArray,
    n_smooth: int,
    modes: FloatArray,
) -> Windows:
    slices = [cells.columns(group.low, group.high) for group in some]
    first = np.array([part.start for part in slices])[:, None]
    last = np.array([part.stop for part in slices])[:, None]
    column = first + np.arange(max(int(np.max(last - first)), 1))
    inside = column < last
    column = np.minimum(column, cells.count.shape[1] - 1)

    def of(values: FloatArray) -> FloatArray:
        return np.ascontiguousarray(values[:, column].transpose(1, 0, 2))

    place = of(cells.radius)
    low = np.array([group.low for group in some])[:, None, None]
    high = np.array([group.high for group in some])[:, None, None]
    across = np.clip((2.0 * place - low - high) / (high - low), -1.5, 1.5)
    rings = np.array([group.rings for group in some])
    return Windows(
        cells.geometry, rings, of(cells.count) * inside[:, None, :], of(cells.mean), place,
        None if cells.noise is None else of(cells.noise),
        np.asarray(np.polynomial.legendre.legvander(across, n_smooth - 1)), modes,
        _beside(cells.geometry.arc(radius[rings]), width[rings]),
    )  # fmt: skip


def look_at(
    part: Windows,
    position: FloatArray,
    width: FloatArray,
    noise: Noise,
    skew: float = 0.0,
    before: Sectors | None = None,
) -> Sectors:
    """Scores, information and heights of the rings of one kind of groups.

    Parameters
    ----------
    part : Windows
        The cells around the rings.
    position : ndarray, shape (S, K)
        Where each ring of all groups is expected in each sector, ring radius in px.
    width : ndarray, shape (K,)
        Widths (σ) in px.
    noise : Noise
        Variance of a pixel by its expected value.
    skew : float
        Skewness γ of the rings.
    before : Sectors, optional
        What the same cells said when the rings stood very near: weights to begin with.
    """
    position = position[:, part.rings].transpose(1, 0, 2)
    width = width[part.rings]
    geometry, value, modes = part.geometry, part.value, part.modes
    own = width[:, None, None, :]
    z = (geometry.arc(part.radius)[..., None] - geometry.arc(position)[:, :, None, :]) / own
    gauss = np.exp(-0.5 * z * z)
    lopsided = gauss * (z**3 - 3.0 * z) / 6.0
    bell = gauss + skew * lopsided
    basis = np.concatenate([part.smooth, bell], axis=3)
    m, n_smooth = position.shape[2], part.smooth.shape[3]
    enough = np.count_nonzero(part.count > 0, axis=2) >= m + n_smooth + LEAST_CELLS
    count = part.count * enough[:, :, None]
    weight, model, beta, inverse = _fitted(basis, part, count, noise, before)
    sigma = np.sqrt(np.maximum(np.einsum("gsii->gsi", inverse)[:, :, n_smooth:], 0.0))
    raw = beta[:, :, n_smooth:]
    height = np.maximum(_calmed(raw, sigma, enough), 0.0)[:, :, None, :]
    stands_out, above = _compared(raw, sigma, enough, part.beside)
    told = stands_out[:, None, :]
    steep = bell * z - skew * gauss * 0.5 * (z * z - 1.0)
    stretch = 1.0 / geometry.stretch(position)
    moved = np.concatenate(
        [
            height * steep * (stretch / width[:, None, :])[:, :, None, :],
            (height * steep * z) @ modes[:, None],
            np.sum(height * lopsided, axis=3, keepdims=True),
        ],
        axis=3,
    )
    turned = (weight[..., None] * moved).swapaxes(2, 3)
    cross = turned @ basis
    full = turned @ moved - cross @ inverse @ cross.swapaxes(2, 3)
    residual = value - model
    score = (turned @ residual[..., None])[..., 0]
    score = np.where(enough[:, :, None], score, 0.0)
    full = np.where(enough[:, :, None, None], full, 0.0)
    used = np.where(weight > 0.0, part.count, 0.0)
    n_free = (m + n_smooth) * int(np.count_nonzero(enough))
    total_score, total_full = score.sum(axis=1), full.sum(axis=1)
    return Sectors(
        part.rings, score[:, :, :m] * told,
        full[:, :, :m, :m] * (told[..., None] * told[:, :, None, :]), raw, sigma, above,
        _width_step(modes, total_score[:, m:-1], total_full[:, m:-1, m:-1]),
        total_score[:, -1], total_full[:, -1, -1], total_full[:, :m, -1] * told[:, 0],
        float(np.sum(weight * residual**2)), int(np.count_nonzero(used)) - n_free,
        residual, used, model,
    )  # fmt: skip


def _n_smooth(group: Group, width: float) -> int:
    """Numbers of the background's polynomials."""
    more = int(((group.high - group.low) / width - 2.0 * REACH) / PER_WIDTHS)
    return min(SMOOTH + max(more, 0), MOST_SMOOTH)


def width_modes(radius: FloatArray, width: FloatArray) -> FloatArray:
    """How the widths of a group's rings may change together (m, n): smoothly over the radius.

    Where rings overlap, a width for each could not be told.
    """
    span = float(np.ptp(radius))
    n = min(1 + int(span / (PER_WIDTHS * float(np.max(width)))), len(width), MOST_WIDTHS)
    place = 2.0 * (radius - radius.min()) / max(span, 1e-9) - 1.0
    return np.asarray(np.polynomial.legendre.legvander(place, n - 1))


def _width_step(modes: FloatArray, score: FloatArray, information: FloatArray) -> FloatArray:
    """Change of the logarithms of the widths (G, m), 0 where nothing tells them."""
    told = np.trace(information, axis1=1, axis2=2)[:, None]
    safe = information + np.where(told > 0.0, 1e-6 * told, 1.0)[..., None] * np.eye(modes.shape[2])
    step = (modes @ np.linalg.solve(safe, score[..., None]))[..., 0]
    return np.where(told > 0.0, step, 0.0)


def _compared(
    height: FloatArray, sigma: FloatArray, enough: BoolArray, beside: BoolArray
) -> tuple[BoolArray, FloatArray]:
    """Whether each ring (G, m) stands out enough for its place to be believed.

    Also how many times as high the highest ring is whose light reaches it, 1 where it is that.
    """
    there = enough[:, :, None] & (sigma > 0)
    weight = np.where(there, 1.0 / np.maximum(sigma, 1e-300) ** 2, 0.0)
    total = np.maximum(weight.sum(axis=1), 1e-300)
    mean = (weight * height).sum(axis=1) / total
    highest = np.where(beside, mean[:, None, :], 0.0).max(axis=2)
    told = (mean * np.sqrt(total) > LEAST_SNR) & (mean > LEAST_SHARE * highest)
    return told, np.where(told, highest / np.where(told, mean, 1.0), 1.0)


def _beside(arc: FloatArray, width: FloatArray) -> BoolArray:
    """Which rings (G, m, m) lie so near each other that the light of one reaches the other."""
    apart = np.abs(arc[:, :, None] - arc[:, None, :])
    wider = np.maximum(width[:, :, None], width[:, None, :])
    return np.asarray(apart <= 2.0 * TOGETHER * wider)


def _fitted(
    basis: FloatArray, part: Windows, count: FloatArray, noise: Noise, before: Sectors | None
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Weights (G, S, B), model (G, S, B), coefficients (G, S, q) and covariance (G, S, q, q)."""
    value = part.value
    if before is None:
        total = count.sum(axis=1, keepdims=True)
        average = (count * value).sum(axis=1, keepdims=True) / np.maximum(total, 1.0)
        model, rounds = np.broadcast_to(average, value.shape), ROUNDS
    else:
        model, rounds = before.level, 1
    ridge = 1e-7 * np.eye(basis.shape[3])
    for turn in range(rounds):
        variance = noise.variance(model) if part.variance is None else part.variance
        weight = count / variance
        if before is not None or turn > 0:
            off = np.abs(value - model) * np.sqrt(weight)
            weight = weight * np.where(off > HUBER, (HUBER / np.maximum(off, HUBER)) ** 2, 1.0)
        weighted = (weight[..., None] * basis).swapaxes(2, 3)
        normal = weighted @ basis
        scale = np.maximum(np.einsum("gsii->gs", normal), 1e-300)
        inverse = np.linalg.inv(normal + ridge * scale[..., None, None])
        beta = (inverse @ (weighted @ value[..., None]))[..., 0]
        model = (basis @ beta[..., None])[..., 0]
    return weight, model, beta, inverse


def _calmed(height: FloatArray, sigma: FloatArray, enough: BoolArray) -> FloatArray:
    """Heights (G, S, m) drawn towards those of their neighbours where they are noisy.

    Empirical Bayes: the scatter of the heights beyond their σ is the texture of the ring.
    """
    weight = np.where(enough[:, :, None], 1.0 / np.maximum(sigma, 1e-300) ** 2, 0.0)
    near, near_weight = _around(weight * height), _around(weight)
    mean = near / np.maximum(near_weight, 1e-300)
    spread = height - mean
    own = sigma**2
    texture = np.sum(weight * (spread**2 - own), axis=1, keepdims=True)
    texture = np.maximum(texture / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300), 0.0)
    share = texture / (texture + own + 1e-300)
    return np.asarray(mean + share * spread)


def _around(values: FloatArray) -> FloatArray:
    """Sum over neighbouring sectors around the circle, weights falling off over 3 sectors."""
    return np.asarray(_kernel(values.shape[1]) @ values)


@functools.cache
def _kernel(n: int) -> FloatArray:
    apart = np.arange(n)[:, None] - np.arange(n)[None, :]
    apart = np.minimum(np.abs(apart), n - np.abs(apart))
    return np.asarray(np.exp(-0.5 * (apart / 3.0) ** 2))
