"""What the residuals around a circle say: centre off, tilt, or a bad click.

A centre that is off by (a, b) leaves ``a·cos φ + b·sin φ`` in the residuals; a tilted detector
or pixels that are not square leave a second harmonic; a bad click leaves a spike.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.points.robust import robust_scale
from calibtool.model.points.three_points import arc_and_gap

SPIKE_SIGMA = 5.0
CHANCE = 1e-3
"""A harmonic as large as this by luck is rarer than 1 in 1000: below, it is spoken of."""

LEAST_PX = 0.01
"""Smaller amplitudes are rounding, or matter to nobody."""

_SIDES = (
    "the right",
    "the lower right",
    "the bottom",
    "the lower left",
    "the left",
    "the upper left",
    "the top",
    "the upper right",
)


@dataclass(frozen=True)
class Harmonic:
    """``cosine·cos kφ + sine·sin kφ`` in the residuals, px.

    ``sigma_px`` is the σ of the amplitude; ``azimuth_rad`` is where it is largest, in
    [0, 2π/k); ``chance`` is how rarely luck makes one as large.
    """

    cosine_px: float
    sine_px: float
    amplitude_px: float
    sigma_px: float
    azimuth_rad: float
    chance: float

    @property
    def significant(self) -> bool:
        """Whether it is more than luck, and large enough to matter."""
        return self.chance < CHANCE and self.amplitude_px >= LEAST_PX


@dataclass(frozen=True)
class Harmonics:
    """First and second harmonic (None where the points cannot tell) and spikes.

    ``spikes`` are indices of points far from the rest; ``sentences`` say it in plain words,
    counting points from 1.
    """

    first: Harmonic | None
    second: Harmonic | None
    spikes: tuple[int, ...]
    sentences: tuple[str, ...]


def side(azimuth_rad: float) -> str:
    """Where an azimuth points on the screen: row 0 is at the top, so +y is down."""
    return _SIDES[round(azimuth_rad / (math.pi / 4.0)) % 8]


def harmonics(
    residuals_px: ArrayLike, azimuth_rad: ArrayLike, inliers: BoolArray | None = None
) -> Harmonics:
    """Look for a centre that is off, for tilt and for spikes.

    Parameters
    ----------
    residuals_px : array_like, shape (N,)
        Signed distances from the circle, positive outside.
    azimuth_rad : array_like, shape (N,)
        Azimuths seen from its centre, 0 along +x, π/2 along +y (down).
    inliers : ndarray of bool, shape (N,), optional
        Points that carry the circle; the others are spikes. Judged here where not given.

    Returns
    -------
    Harmonics
        By least squares on the points that are no spikes. The first harmonic needs five of
        them, the second seven over more than half of the ring. Around a circle fitted to the
        points themselves the first is zero by construction.
    """
    residuals = np.asarray(residuals_px, dtype=np.float64)
    azimuth = np.asarray(azimuth_rad, dtype=np.float64)
    kept = _kept(residuals) if inliers is None else np.asarray(inliers, dtype=bool)
    first = second = None
    if np.count_nonzero(kept) >= 7 and arc_and_gap(azimuth[kept])[1] > math.pi:
        first, second = _both(residuals[kept], azimuth[kept])
    if np.count_nonzero(kept) >= 5 and (second is None or not second.significant):
        first = _harmonic(residuals[kept], _design(azimuth[kept], 1), 1)
    spikes = tuple(int(index) for index in np.flatnonzero(~kept))
    return Harmonics(first, second, spikes, _sentences(first, second, residuals, spikes))


def _kept(residuals: FloatArray) -> BoolArray:
    if len(residuals) < 5:
        return np.ones(len(residuals), dtype=bool)
    about = residuals - np.median(residuals)
    return np.asarray(np.abs(about) <= SPIKE_SIGMA * float(robust_scale(about)))


def _design(azimuth: FloatArray, orders: int) -> FloatArray:
    columns = [np.ones_like(azimuth)]
    for order in range(1, orders + 1):
        columns += [np.cos(order * azimuth), np.sin(order * azimuth)]
    return np.column_stack(columns)


def _both(residuals: FloatArray, azimuth: FloatArray) -> tuple[Harmonic, Harmonic]:
    design = _design(azimuth, 2)
    return _harmonic(residuals, design, 1), _harmonic(residuals, design, 2)


def _harmonic(residuals: FloatArray, design: FloatArray, order: int) -> Harmonic:
    from scipy.special import fdtrc

    inverse = np.linalg.pinv(design)
    solution = inverse @ residuals
    freedom = design.shape[0] - design.shape[1]
    left = residuals - design @ solution
    variance = max(float(left @ left) / freedom, 1e-18)
    part = slice(2 * order - 1, 2 * order + 1)
    cosine, sine = (float(value) for value in solution[part])
    covariance = (inverse @ inverse.T)[part, part] * variance
    amplitude = math.hypot(cosine, sine)
    phase = math.atan2(sine, cosine)
    along = np.array([math.cos(phase), math.sin(phase)])
    square = float(solution[part] @ np.linalg.pinv(covariance) @ solution[part]) / 2.0
    return Harmonic(
        cosine_px=cosine,
        sine_px=sine,
        amplitude_px=amplitude,
        sigma_px=math.sqrt(max(float(along @ covariance @ along), 0.0)),
        azimuth_rad=phase / order % (2.0 * math.pi / order),
        chance=float(fdtrc(2, freedom, square)),
    )


def _sentences(
    first: Harmonic | None,
    second: Harmonic | None,
    residuals: FloatArray,
    spikes: tuple[int, ...],
) -> tuple[str, ...]:
    said = []
    if first is not None and first.significant:
        said.append(
            f"The true centre lies {first.amplitude_px:.2g} ± {first.sigma_px:.1g} px further "
            f"towards {side(first.azimuth_rad)}."
        )
    if second is not None and second.significant:
        said.append(
            "The detector is tilted or its pixels are not square: the ring is longer along "
            f"azimuth {math.degrees(second.azimuth_rad):.0f}° (2φ amplitude "
            f"{second.amplitude_px:.2g} ± {second.sigma_px:.1g} px)."
        )
    for index in spikes:
        where = "outside" if residuals[index] > 0 else "inside"
        off = float(abs(residuals[index]))
        distance = f"{off:.0f}" if off >= 10.0 else f"{off:.2g}"
        said.append(
            f"Point {index + 1} lies {distance} px {where} the circle: if it is "
            "a bad click, move it or remove it."
        )
    return tuple(said)
