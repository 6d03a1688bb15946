"""How well each trial explains all rings: least squares, then the evidence in natural logs.

The rings seen are a set of points on the radius. A calibrant's lines put them there each with
its chance of being detected, seen rings no line explains are rare, lines that should be seen
and are not count against it; the alternative is as many rings anywhere. A calibrant of many
lines pays by itself: its lines explain everything, but most of them are then missing.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.bragg import bending, line_radii
from calibtool.model.pattern.hypotheses import LONGEST_NM, Trials
from calibtool.model.pattern.lines import LineTable
from calibtool.model.pattern.sight import Sight

SQUARE_RANGE = LONGEST_NM**2
"""λ² in nm² is anywhere up to here where it is not known."""

WAVELENGTH_SIGMA = 1e-3
"""Relative σ of a wavelength that is given: monochromators are off by that much."""

SCALE_EFOLDS = 12.0
"""Range of ln(λL/p) where the distance is not known."""

SHORTEST_MM, LONGEST_MM = 5.0, 1e5
"""Distances of detectors that are built."""

NEAREST = 0.5
"""Distance in outermost radii nearer than which no detector is put up across the beam: 2θ = 63°."""

UNBUILT = 20.0
"""What such a detector costs, in natural logs."""

ROUGH = 3e-3
"""Relative error of the places from which trials begin."""

MOST_SHARED = 5.0
"""σ by which all rings may be off together."""

PROMISING = 50
"""Trials that are refined to the end."""

STRENGTH_SIGMA = 0.8
"""σ of ln strength about the powder's: texture, grains, absorption, another wavelength."""

_USUAL_STRENGTH = 0.5
_BLEND = 0.3
_KERNEL, _APART = 1.2, 3.0
"""Widths over which lines make one ring, and from which on they make none together."""

_MOST_DETECTED = 0.96
_UNKNOWN_DETECTED = 0.85
_LEAST_DETECTED = 0.02
_EXTRA_STRONG, _EXTRA_WEAK = math.log(0.1), math.log(0.4)
_EDGE_PRICE = 3.5
_ROOT_2PI = math.sqrt(2.0 * math.pi)

_DEGREES, _CLOSE = 3.0, 5.0
"""Degrees of freedom of Student's t of a ring's error over its σ, and σ within which it is looked
at: most rings lie better than their σ says, some in a hundred are blends with what nobody sees."""


@dataclass(frozen=True)
class Instrument:
    """What is known beforehand: λ in nm, pixel size in mm, distance (value, σ) in px, or None."""

    wavelength_nm: float | None = None
    pixel_size_mm: float | None = None
    distance_px: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Scored:
    """H trials after least squares, with what each makes of the N rings.

    ``main`` (H, N) is the place of each ring's chief line in the table, −1 where the ring is
    explained by none; ``shares`` (H, N, J) how much each line gives to each ring; ``missing``
    (H, J) the chance with which a line that was not seen should have been; ``evidence`` (H,) is
    in natural logs; ``covariance`` (H, 2, 2) that of (ln K, λ²).
    """

    trials: Trials
    covariance: FloatArray
    main: NDArray[np.intp]
    shares: FloatArray
    missing: FloatArray
    evidence: FloatArray


@dataclass(frozen=True, eq=False)
class _Prediction:
    """Predicted place (H, N) of every ring, its σ, its bend d(ln R)/d(λ²).

    ``seen`` (H, N) is where the ring was seen, with what all rings share taken out.
    """

    seen: FloatArray
    radius: FloatArray
    error: FloatArray
    bend: FloatArray
    shares: FloatArray
    log_strength: FloatArray
    lines: FloatArray


def scored(sight: Sight, table: LineTable, trials: Trials, instrument: Instrument) -> Scored:
    """Refine the trials and weigh them."""
    shared = np.zeros(len(trials.row))
    trials, shared, _, gain = _refined(sight, table, trials, shared, instrument, 1.0)
    promising = _promising(trials, gain)
    trials, shared = trials.take(promising), shared[promising]
    trials, shared, _, _ = _refined(sight, table, trials, shared, instrument, 0.3)
    trials, shared, covariance, _ = _refined(sight, table, trials, shared, instrument, 0.0)
    seen = _predicted(sight, table, trials, shared)
    evidence, main, missing = _weighed(sight, table, trials, seen)
    evidence = evidence + _prior(sight, trials, shared, covariance, instrument)
    return Scored(trials, covariance, main, seen.shares, missing, evidence)


def unknown_evidence(sight: Sight) -> float:
    """Evidence of as many rings anywhere."""
    n = sight.count
    return math.lgamma(n + 1.0) - n * math.log(sight.extent_px) - math.log(20.0)


def _predicted(
    sight: Sight, table: LineTable, trials: Trials, shared: FloatArray
) -> _Prediction:
    radius = np.maximum(sight.radius_px + shared[:, None] * sight.common_px, 1.0)
    d, strength = table.d_nm[trials.row], table.strength[trials.row]
    square = trials.lambda_squared[:, None]
    lines = line_radii(trials.scale[:, None], square, d)
    finite = np.minimum(lines, 10.0 * sight.radius_px[-1])
    # Single precision is enough for distances from the ring, and twice as fast.
    off = (finite[:, None, :] - radius[:, :, None]).astype(np.float32)
    kernel = np.square(off * (1.0 / (_KERNEL * sight.width_px[:, None])).astype(np.float32))
    apart = kernel > np.float32((_APART / _KERNEL) ** 2)
    kernel -= kernel.min(axis=2, keepdims=True)
    np.copyto(kernel, np.float32(120.0), where=apart & (kernel > 0.0))
    shares = np.exp(np.maximum(-0.5 * kernel, np.float32(-60.0), out=kernel), out=kernel)
    shares *= strength[:, None, :].astype(np.float32)
    total = shares.sum(axis=2)
    shares /= total[:, :, None]
    mean = np.einsum("hnj,hnj->hn", shares, off)
    spread = np.einsum("hnj,hnj,hnj->hn", shares, off, off) - mean**2
    bend = np.einsum("hnj,hj->hn", shares, bending(square, d))
    error = np.sqrt(sight.error_px**2 + _BLEND**2 * np.maximum(spread, 0.0))
    return _Prediction(
        radius, radius + mean, error, bend, shares, np.log(total), lines
    )


def _refined(
    sight: Sight,
    table: LineTable,
    trials: Trials,
    shared: FloatArray,
    instrument: Instrument,
    slack: float,
) -> tuple[Trials, FloatArray, FloatArray, FloatArray]:
    """One step of Gauss-Newton in (ln K, λ², what all rings share) over the rings near their lines.

    Also the covariance and, before the step, a rough measure of what the rings explained say.
    """
    seen = _predicted(sight, table, trials, shared)
    eased = ROUGH * sight.radius_px + np.abs(sight.common_px)
    error = (seen.error + slack * eased) / sight.radius_px
    residual = np.log(seen.seen / seen.radius)
    near = np.abs(residual) < (4.0 if slack else _CLOSE) * error
    heavy = (_DEGREES + 1.0) / (_DEGREES + (residual / error) ** 2)
    weight = np.where(near, heavy / error**2, 0.0)
    gain = np.where(near, np.log(sight.extent_px / seen.error), 0.0).sum(axis=1)
    common = np.broadcast_to(-sight.common_px / sight.radius_px, residual.shape)
    design = np.stack([np.ones_like(residual), seen.bend, common], axis=2)
    weighted = weight[:, :, None] * design
    normal = weighted.transpose(0, 2, 1) @ design
    normal[:, 0, 0] += 1e-6
    right = np.einsum("hnp,hn->hp", weighted, residual)
    for row, value, sigma in _constraints(trials, shared, instrument):
        normal += row[:, :, None] * row[:, None, :] / sigma**2
        right += row * (value / sigma**2)[:, None]
    covariance = np.linalg.inv(normal)
    step = np.einsum("hij,hj->hi", covariance, right)
    square = np.clip(trials.lambda_squared + step[:, 1], 0.0, SQUARE_RANGE)
    # The scale's own best step for the λ² that was allowed.
    moved = square - trials.lambda_squared
    rest = right[:, 0] - normal[:, 0, 1] * moved - normal[:, 0, 2] * step[:, 2]
    scale = trials.scale * np.exp(np.clip(rest / normal[:, 0, 0], -0.05, 0.05))
    shared = np.clip(shared + step[:, 2], -MOST_SHARED, MOST_SHARED)
    return Trials(trials.row, scale, square), shared, covariance, gain


def _promising(trials: Trials, gain: FloatArray) -> NDArray[np.intp]:
    """The trials that explain most, and the best of each calibrant."""
    ranked = np.argsort(-gain, kind="stable")
    _, first = np.unique(trials.row[ranked], return_index=True)
    return np.union1d(ranked[:PROMISING], ranked[first])


def _constraints(
    trials: Trials, shared: FloatArray, instrument: Instrument
) -> list[tuple[FloatArray, FloatArray, float]]:
    """Rows (H, 3) of derivatives, what is wanted less what is (H,), and σ."""
    count, square = len(trials.row), trials.lambda_squared
    if instrument.wavelength_nm is None:
        aim, sigma = square * 0.0, SQUARE_RANGE
    else:
        known = instrument.wavelength_nm**2
        aim, sigma = known - square, 2.0 * known * WAVELENGTH_SIGMA
    row = np.broadcast_to([0.0, 1.0, 0.0], (count, 3))
    rows = [(row, aim, sigma), (np.broadcast_to([0.0, 0.0, 1.0], (count, 3)), -shared, 1.0)]
    if instrument.distance_px is not None:
        rows.append(_distance_constraint(trials, *instrument.distance_px))
    return rows


def _distance_constraint(
    trials: Trials, distance: float, sigma: float
) -> tuple[FloatArray, FloatArray, float]:
    square = np.maximum(trials.lambda_squared, 1e-8)
    row = np.stack([np.ones_like(square), -0.5 / square, np.zeros_like(square)], axis=1)
    off = math.log(distance) - np.log(trials.scale) + 0.5 * np.log(square)
    return row, off, max(sigma / distance, 1e-4)


def _prior(
    sight: Sight,
    trials: Trials,
    shared: FloatArray,
    covariance: FloatArray,
    instrument: Instrument,
) -> FloatArray:
    """Logarithm of prior density times the volume of the posterior (H,)."""
    volume = _ROOT_2PI**3 * np.sqrt(np.maximum(np.linalg.det(covariance), 1e-300))
    density = np.zeros(len(trials.row))
    for _, off, sigma in _constraints(trials, shared, instrument):
        density -= 0.5 * np.minimum((off / sigma) ** 2, 400.0) + math.log(sigma * _ROOT_2PI)
    if instrument.wavelength_nm is None:
        density += math.log(_ROOT_2PI)
        nearest = NEAREST * float(np.max(sight.radius_px))
        built = trials.scale > nearest * np.sqrt(trials.lambda_squared)
        density = np.where(built, density, density - UNBUILT)
    if instrument.distance_px is None:
        density -= math.log(SCALE_EFOLDS)
    if instrument.wavelength_nm and instrument.pixel_size_mm:
        distance_mm = trials.scale * instrument.pixel_size_mm / instrument.wavelength_nm
        built = (distance_mm > SHORTEST_MM) & (distance_mm < LONGEST_MM)
        density = np.where(built, density, density - UNBUILT)
    return np.asarray(np.minimum(density + np.log(volume), 0.0))


def _weighed(
    sight: Sight, table: LineTable, trials: Trials, seen: _Prediction
) -> tuple[FloatArray, NDArray[np.intp], FloatArray]:
    """Evidence of the rings and of the lines without one; chief lines; chances of the missing."""
    z = (seen.seen - seen.radius) / seen.error
    fit = _log_t(z) - np.log(seen.error)
    close = np.abs(z) < _CLOSE
    excess = sight.log_strength - seen.log_strength
    brightness = _medians(excess, close)
    known = table.known[trials.row]
    chance = _chances(sight, table, trials, seen, brightness)
    main = _chief(seen.shares, table.strength[trials.row])
    detected = np.take_along_axis(chance, main, axis=1)
    fit += np.log(np.maximum(detected, _LEAST_DETECTED))
    fit += np.where(known[:, None], _strength_gain(excess - brightness[:, None]), 0.0)
    extra = np.where(sight.strong, _EXTRA_STRONG, _EXTRA_WEAK) - math.log(sight.extent_px)
    taken = (fit > extra) & close & _first_of_line(main, np.abs(z))
    extras = sight.count - taken.sum(axis=1)
    evidence = np.where(taken, fit, extra).sum(axis=1) + _LOG_FACTORIAL[extras]
    missing = np.where(sight.covered[sight.place(seen.lines)], 0.0, chance)
    evidence += _missing_price(sight, seen.lines, taken, missing)
    return evidence, np.where(taken, main, -1), missing


_LOG_FACTORIAL = np.array([math.lgamma(n + 1.0) for n in range(64)])


def _medians(values: FloatArray, use: BoolArray) -> FloatArray:
    """Median of each row (H, N) over the entries in use, 0 where there is none."""
    ranked = np.sort(np.where(use, values, np.inf), axis=1)
    count = use.sum(axis=1)
    middle = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, values.shape[1] - 1)
    low, high = (np.take_along_axis(ranked, m[:, None], axis=1)[:, 0] for m in middle)
    return np.where(count > 0, 0.5 * (low + high), 0.0)


def _chances(
    sight: Sight, table: LineTable, trials: Trials, seen: _Prediction, brightness: FloatArray
) -> FloatArray:
    """Chance of being detected of each line (H, J) at its place and strength."""
    at = sight.place(seen.lines)
    above = np.log(table.strength[trials.row]) + brightness[:, None] - sight.limit[at]
    chance = _MOST_DETECTED / (1.0 + np.exp(np.clip(-1.7 / STRENGTH_SIGMA * above, -30, 30)))
    chance = np.where(table.known[trials.row][:, None], chance, _UNKNOWN_DETECTED)
    return np.asarray(chance * np.clip((sight.share[at] - 0.02) / 0.28, 0.0, 1.0))


def _strength_gain(off: FloatArray) -> FloatArray:
    """What a ring's ln strength, ``off`` from the powder's, says: little for, more against it.

    Student's t of 3 degrees over its mean; texture and grains leave no more.
    """
    return np.asarray(_USUAL_STRENGTH - 2.0 * np.log1p((off / STRENGTH_SIGMA) ** 2 / 3.0))


def _chief(shares: FloatArray, strength: FloatArray) -> NDArray[np.intp]:
    """The line of each ring (H, N) that weighs most, those of half a kernel's width away.

    A strong line two widths off, which was not seen, gives its number to no fainter one.
    """
    return np.asarray((shares / np.maximum(strength, 1e-9)[:, None, :] ** 0.75).argmax(axis=2))


def _log_t(z: FloatArray) -> FloatArray:
    """Logarithm of Student's t."""
    nu = _DEGREES
    top = math.lgamma(0.5 * (nu + 1.0)) - math.lgamma(0.5 * nu) - 0.5 * math.log(nu * math.pi)
    return np.asarray(top - 0.5 * (nu + 1.0) * np.log1p(z * z / nu))


def _first_of_line(main: NDArray[np.intp], distance: FloatArray) -> BoolArray:
    """Whether a ring (H, N) is the nearest of all that have the same chief line."""
    same = main[:, :, None] == main[:, None, :]
    nearest = np.where(same, distance[:, None, :], np.inf).min(axis=2)
    return np.asarray(distance <= nearest)


def _missing_price(
    sight: Sight, lines: FloatArray, taken: BoolArray, missing: FloatArray
) -> FloatArray:
    """Price (H,) of lines not seen; bounded inside and outside the rings of the pattern.

    Beamstop, halo and fading hide what lies inside the first and beyond the last ring.
    """
    radius = np.broadcast_to(sight.radius_px, taken.shape)
    first = np.where(taken, radius, np.inf).min(axis=1)[:, None]
    last = np.where(taken, radius, 0.0).max(axis=1)[:, None]
    price = np.log1p(-missing)
    inside, outside = lines < first, lines > last
    within = np.where(inside | outside, 0.0, price).sum(axis=1)
    before = np.where(inside, price, 0.0).sum(axis=1)
    after = np.where(outside & ~inside, price, 0.0).sum(axis=1)
    return np.asarray(within + np.maximum(before, -_EDGE_PRICE) + np.maximum(after, -_EDGE_PRICE))
