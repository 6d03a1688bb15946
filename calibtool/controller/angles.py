"""What a place on the detector means by the fitted geometry: radius, 2θ, d, q and its ring."""

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from calibtool.errors import InputError
from calibtool.instruments.calibrants import find_calibrant
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.settings import Settings


@dataclass(frozen=True)
class Place:
    """Where a position lies in the pattern.

    ``radius_px`` is L·tan 2θ, as on a detector at right angles to the beam; ``d_nm`` and
    ``two_theta_deg`` are None where scale or wavelength are not known.
    """

    radius_px: float
    d_nm: float | None
    two_theta_deg: float | None

    @property
    def texts(self) -> list[str]:
        """What the status line says of it."""
        parts = [f"r {self.radius_px:.2f} px"]
        if self.d_nm is not None:
            parts.append(f"d {four_digits(self.d_nm)} nm")
        if self.two_theta_deg is not None:
            parts.append(f"2θ {four_digits(self.two_theta_deg)}°")
        if self.d_nm is not None:
            parts.append(f"q {four_digits(2.0 * math.pi / self.d_nm)} nm⁻¹")
        return parts


def four_digits(value: float) -> str:
    """Value with four digits, zeros at its end too: what stands behind it stays in its place."""
    return f"{value:#.4g}".rstrip(".")


def place(pattern: PatternFit, wavelength_nm: float | None, x: float, y: float) -> Place:
    """Where (x, y), in index pixels, lies in a pattern."""
    radius = float(pattern.geometry.ring_radius(np.array([x]), np.array([y]))[0])
    distance, wavelength_nm = pattern.distance_px, pattern.wavelength_nm or wavelength_nm
    if not 0.0 < radius < math.inf:
        return Place(radius, None, None)
    angle = None if distance is None else math.atan(radius / distance)
    d = None
    if angle is not None and wavelength_nm is not None:
        d = wavelength_nm / (2.0 * math.sin(angle / 2.0))
    elif pattern.scale_nm_px is not None:
        d = pattern.scale_nm_px / radius
    return Place(radius, d, None if angle is None else math.degrees(angle))


def ring_at(pattern: PatternFit, settings: Settings, radius_px: float, reach_px: float) -> str:
    """Name of the ring of the calibrant nearest to a radius, whether it was found, its radius."""
    found = {ring.index: ring.radius_px for ring in pattern.rings if ring.index is not None}
    rings = {**_predicted(pattern, settings), **found}
    number = min(rings, key=lambda n: abs(rings[n] - radius_px), default=None)
    if number is None or abs(rings[number] - radius_px) > reach_px:
        return ""
    how = "found" if number in found else "only predicted"
    indices = _indices(str(pattern.calibrant), number)
    return f"{pattern.calibrant}{indices} ring {number}, {how} at {rings[number]:.2f} px"


@lru_cache
def _indices(name: str, number: int) -> str:
    """Indices of a ring, with a space before them; empty where they are not known."""
    with suppress(InputError):
        hkl = find_calibrant(name).hkl
        return f" {hkl[number - 1]}" if number <= len(hkl) else ""
    return ""


def _predicted(pattern: PatternFit, settings: Settings) -> dict[int, float]:
    """Radii in px of the calibrant's rings by their numbers."""
    if pattern.calibrant is None or pattern.calibrant != settings.calibrant:
        return {}
    wavelength = pattern.wavelength_nm or settings.wavelength.value
    distance = pattern.distance_px
    out = {}
    for number, d in enumerate(settings.d_spacings_nm, 1):
        if wavelength is not None and distance is not None:
            sine = wavelength / (2.0 * d)
            angle = 2.0 * math.asin(sine) if sine < 1.0 else math.pi
            if angle < math.pi / 2.0:
                out[number] = distance * math.tan(angle)
        elif pattern.scale_nm_px is not None:
            out[number] = pattern.scale_nm_px / d
    return out
