"""Which ring of the calibrant a ring is, with the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray
from calibtool.model.scale import ring_radius_px

RATIO_TOLERANCE = 0.008
"""Rings are the same when their radii agree to this share: a short arc is good to 0.7 %."""

LONGEST_NM = 0.25
"""Wavelength in nm beyond which no laboratory or beamline calibrates with rings."""

ANGLES = 400
"""Bragg angles tried where the wavelength is not known; evenly in sin² θ, as the ratios go."""

INSTRUMENT_TOLERANCE = 0.02
"""How far distance and pixel size, as entered, put a ring off."""

MAX_RING = 20


@dataclass(frozen=True)
class RingOrder:
    """The number of a ring, from 1, and why.

    ``ring`` is None where nothing tells; ``certain`` says that no other number explains the
    rings seen nearly as well; ``evidence`` is a clause; ``alternatives`` are other numbers
    that are possible, the likelier first.
    """

    ring: int | None
    certain: bool
    evidence: str
    alternatives: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Trial:
    ring: int
    matched: int
    missing: int
    partners: tuple[int, ...]

    @property
    def cost(self) -> float:
        # A ring that is seen but not predicted weighs more than one predicted but not seen:
        # a ring can hide in a gap or behind the beamstop.
        return 0.4 * self.missing - self.matched


def identify(
    radius_px: float,
    radii_px: Sequence[float],
    d_spacings_nm: Sequence[float],
    *,
    wavelength_nm: float | None = None,
    distance_mm: float | None = None,
    pixel_size_mm: float | None = None,
) -> RingOrder:
    """Say which ring of a calibrant the ring of ``radius_px`` is.

    Where wavelength, distance and pixel size are known the exact Bragg geometry decides, else
    the ratios of the radii of all rings seen.

    Parameters
    ----------
    radius_px : float
        Radius of the ring in question.
    radii_px : sequence of float
        Radii of all rings seen around the same centre, this one included or not.
    d_spacings_nm : sequence of float
        The calibrant's d-spacings, largest first.
    wavelength_nm, distance_mm, pixel_size_mm : float, optional
        The instrument, as far as it is known.
    """
    spacings = np.asarray(d_spacings_nm, dtype=np.float64)[:MAX_RING]
    instrument = wavelength_nm and distance_mm and pixel_size_mm
    if wavelength_nm and distance_mm and pixel_size_mm:
        order = _from_instrument(radius_px, spacings, wavelength_nm, distance_mm, pixel_size_mm)
        if order is not None:
            return order
    others = [r for r in radii_px if abs(r / radius_px - 1.0) > 2.0 * RATIO_TOLERANCE]
    if others and len(spacings) > 1:
        order = _from_ratios(radius_px, sorted(others), spacings, wavelength_nm)
        return _contradicted(order) if instrument and len(others) < 2 else order
    return RingOrder(
        None,
        False,
        "one ring alone does not tell its number where wavelength, distance and pixel size are "
        "not known",
    )


def _contradicted(order: RingOrder) -> RingOrder:
    """One ratio may agree by chance; it does not stand against what the instrument says."""
    but = "and" if order.ring is None else "but"
    text = f"{order.evidence}, {but} wavelength, distance and pixel size put no ring here"
    return replace(order, certain=False, evidence=text)


def _from_instrument(
    radius_px: float, spacings: FloatArray, wavelength: float, distance: float, pixel: float
) -> RingOrder | None:
    predicted = [
        ring_radius_px(d, wavelength_nm=wavelength, distance_mm=distance, pixel_size_mm=pixel)
        for d in spacings.tolist()
    ]
    off = [abs(r / radius_px - 1.0) if r is not None else np.inf for r in predicted]
    ranked = np.argsort(off, kind="stable").tolist()
    best = ranked[0]
    if off[best] > INSTRUMENT_TOLERANCE:
        return None
    rivals = tuple(i + 1 for i in ranked[1:] if off[i] <= INSTRUMENT_TOLERANCE)
    text = (
        f"wavelength, distance and pixel size put ring {best + 1} at {predicted[best]:.1f} px; "
        f"it was found at {radius_px:.1f} px"
    )
    return RingOrder(best + 1, not rivals, text, rivals)


def _from_ratios(
    radius_px: float, others: list[float], spacings: FloatArray, wavelength: float | None
) -> RingOrder:
    trials = sorted(
        (_trial(n, radius_px, others, spacings, wavelength) for n in range(1, len(spacings) + 1)),
        key=lambda trial: (trial.cost, trial.ring),
    )
    best = trials[0]
    ratios = ", ".join(f"{r / radius_px:.3f}" for r in others[:5])
    if best.matched == 0:
        text = f"the ratios of the radii ({ratios}) are not those of this calibrant"
        return RingOrder(None, False, text)
    rivals = tuple(t.ring for t in trials[1:4] if t.matched and t.cost < best.cost + 0.5)
    names = ", ".join(str(n) for n in sorted({best.ring, *best.partners}))
    text = f"the rings seen are {names}: radii in the ratios {ratios} to this one"
    explained = best.matched == len(others) or best.matched >= 2
    return RingOrder(best.ring, explained and not rivals, text, rivals)


def _trial(
    ring: int, radius_px: float, others: list[float], spacings: FloatArray, wavelength: float | None
) -> _Trial:
    """How well number ``ring`` explains the other rings, at the Bragg angle that suits best."""
    d = float(spacings[ring - 1])
    if wavelength is not None:
        sines = np.array([min(wavelength / (2.0 * d), 0.7)])
    else:
        sines = np.sqrt(np.linspace(1e-8, min(LONGEST_NM / (2.0 * d), 0.7) ** 2, ANGLES))
    predicted = _radii(radius_px * np.ones_like(sines), sines, d / spacings)
    off = np.abs(predicted[:, None, :] / np.asarray(others)[None, :, None] - 1.0)
    off[:, :, ring - 1] = np.inf
    nearest = np.argmin(off, axis=2)
    close = np.min(off, axis=2) <= RATIO_TOLERANCE
    outermost = max(*others, radius_px) * (1.0 + RATIO_TOLERANCE)
    expected = np.count_nonzero(predicted < outermost, axis=1)
    trials = [
        _scored(ring, nearest[row][close[row]], int(expected[row])) for row in range(len(sines))
    ]
    return min(trials, key=lambda trial: trial.cost)


def _radii(radius_px: FloatArray, sines: FloatArray, ratios: FloatArray) -> FloatArray:
    """Exact radii (A, K) of all rings when the ring in question is at sin θ = ``sines`` (A,).

    R·tan 2θₖ / tan 2θ with sin θₖ = sin θ·d/dₖ; infinite where 2θₖ reaches 90°.
    """
    all_sines = sines[:, None] * ratios[None, :]
    ahead = all_sines < np.sqrt(0.5)
    tangents = np.tan(2.0 * np.arcsin(np.where(ahead, all_sines, 0.0)))
    unit = np.tan(2.0 * np.arcsin(sines))
    return np.asarray(np.where(ahead, (radius_px / unit)[:, None] * tangents, np.inf))


def _scored(ring: int, found: NDArray[np.intp], expected: int) -> _Trial:
    partners = tuple(int(n) + 1 for n in found)
    seen = set(partners) | {ring}
    return _Trial(ring, len(set(partners)), max(expected - len(seen), 0), partners)
