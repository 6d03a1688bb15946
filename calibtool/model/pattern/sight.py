"""What was seen and what could have been seen, as arrays the recognition works on."""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, FloatArray

MOST_RINGS = 20
"""Rings looked at, those that stand out most."""

WIDTH_FLOOR = 0.01
"""Share of a peak's σ-width by which texture and skew shift it beyond its statistical σ.

Of 374 isolated rings of 100 simulated scenes the half lies within 0.3 of the σ with this floor,
90 % within 1.3, 98 % within 3.2.
"""

RADIUS_FLOOR = 1e-4
"""Share of the radius that lattice constants and pixels leave (0.1 px at 1000 px)."""

STRONG_SNR = 8.0
"""From here on a ring is no accident of the noise and asks for an explanation."""

DETECTION_SNR = 5.0
"""Total contrast over noise at which half of the rings are found."""

FAINTEST_SEEN = 0.015
"""Share of a ring's strength below which no other is expected to be found near it.

Texture and the structure of the background limit what is seen there, not the counts.
"""

LOST_WIDTHS = 3.0
"""σ-widths of a ring within which another line is not seen beside it."""

_BINS = 4096
_SAMPLES = 96


@dataclass(frozen=True)
class SeenRing:
    """A ring that was seen.

    ``radius_px`` is L·tan 2θ, the radius on a detector at right angles to the beam;
    ``sigma_px`` its statistical σ, apart from ``common_px``, by how much it moves as
    those of all other rings do (a beam that arcs leave uncertain by 1 σ); ``width_px`` the
    σ-width of the peak; ``snr`` its total
    contrast over the noise; ``strength`` its intensity per length of the circle in any unit.
    """

    radius_px: float
    sigma_px: float
    width_px: float
    snr: float
    strength: float
    common_px: float = 0.0


@dataclass(frozen=True, eq=False)
class Sight:
    """The rings seen, ascending, as arrays (N,), and where rings could be seen.

    ``error_px`` is σ with its floors. ``order`` gives each ring's place in the list handed in.
    ``share`` and ``limit`` (B,) are tables over the radius in steps of ``step_px``: the usable
    share of the circle, the ln of the strength that is found in half of the cases, and whether a
    line would be lost in a ring that is seen.
    """

    order: NDArray[np.intp]
    radius_px: FloatArray
    error_px: FloatArray
    common_px: FloatArray
    width_px: FloatArray
    snr: FloatArray
    log_strength: FloatArray
    step_px: float
    share: FloatArray
    limit: FloatArray
    covered: BoolArray

    @property
    def count(self) -> int:
        """Number of rings."""
        return len(self.radius_px)

    @property
    def strong(self) -> BoolArray:
        """Rings that ask for an explanation (N,)."""
        # The third strongest is a measure that no halo of the beam spoils.
        ranked = np.sort(self.log_strength)
        faintest = ranked[-3:][0] + math.log(0.05)
        return np.asarray((self.snr >= STRONG_SNR) & (self.log_strength >= faintest))

    @functools.cached_property
    def extent_px(self) -> float:
        """Length of the range of radii in which rings could have been seen."""
        places = np.flatnonzero(self.share > 0.02)
        seen = float(np.ptp(self.radius_px)) if self.count else 0.0
        return max(self.step_px * float(np.ptp(places)) if len(places) else 0.0, seen, 10.0)

    def place(self, radii_px: FloatArray) -> NDArray[np.intp]:
        """Indices into the tables; the last entry stands for all beyond."""
        with np.errstate(invalid="ignore"):
            return np.asarray(
                np.minimum(radii_px * (1.0 / self.step_px), len(self.share) - 1.0), dtype=np.intp
            )


def sight_of(seen: Sequence[SeenRing], visible: Callable[[float], float]) -> Sight:
    """Gather the rings that stand out most and sample ``visible`` over the radius.

    Parameters
    ----------
    seen : sequence of SeenRing
        In any order.
    visible : callable
        Share (0 to 1) of the circle of a radius in px that lies on usable pixels; called about
        a hundred times.
    """
    usable = [i for i, ring in enumerate(seen) if _usable(ring)]
    good = sorted(usable, key=lambda i: (-seen[i].snr, seen[i].radius_px))[:MOST_RINGS]
    good.sort(key=lambda i: seen[i].radius_px)
    radius = np.array([seen[i].radius_px for i in good])
    width = np.array([seen[i].width_px for i in good])
    sigma = np.array([seen[i].sigma_px for i in good])
    common = np.array([seen[i].common_px for i in good])
    snr = np.array([seen[i].snr for i in good])
    log_strength = np.log(np.array([seen[i].strength for i in good]))
    error = np.sqrt(sigma**2 + (WIDTH_FLOOR * width) ** 2 + (RADIUS_FLOOR * radius) ** 2)
    step, share = _visibility(radius, visible)
    at = (np.arange(len(share)) + 0.5) * step
    share[-1] = 0.0
    limit = np.zeros_like(at)
    if good:
        floor = np.maximum(DETECTION_SNR / snr, FAINTEST_SEEN)
        limit = np.interp(at, radius, log_strength + np.log(floor))
    limit -= 0.5 * np.log(np.clip(share, 0.02, 1.0))
    covered = np.zeros(len(share), dtype=bool)
    for ring in (seen[i] for i in usable):
        reach = LOST_WIDTHS * ring.width_px
        covered[(at > ring.radius_px - reach - step) & (at < ring.radius_px + reach + step)] = True
    return Sight(
        order=np.array(good, dtype=np.intp),
        radius_px=radius,
        error_px=error,
        common_px=common,
        width_px=width,
        snr=snr,
        log_strength=log_strength,
        step_px=step,
        share=share,
        limit=limit,
        covered=covered,
    )


def _usable(ring: SeenRing) -> bool:
    numbers = (ring.radius_px, ring.width_px, ring.snr, ring.strength)
    return all(math.isfinite(n) and n > 0.0 for n in numbers) and 0.0 <= ring.sigma_px < math.inf


def _visibility(radius: FloatArray, visible: Callable[[float], float]) -> tuple[float, FloatArray]:
    """Step in px and the usable share of the circle at each step."""
    outermost = 3.0 * float(radius.max(initial=10.0))
    innermost = max(float(radius.min(initial=10.0)) / 30.0, 1.0)
    at = np.geomspace(innermost, outermost, _SAMPLES)
    shares = np.array([visible(r) for r in at.tolist()])
    step = outermost / _BINS
    steps = (np.arange(_BINS) + 0.5) * step
    return step, np.clip(np.interp(steps, at, shares, left=0.0), 0.0, 1.0)
