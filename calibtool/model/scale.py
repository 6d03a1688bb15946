"""Pixels to nanometres: exact Bragg geometry and the small-angle scale beside it.

Flat detector at right angles to the beam: ``R·p = S_dd·tan 2θ`` and ``λ = 2 d sin θ``.
"""

import math

HC_KEV_NM = 1.239841984
"""h·c in keV·nm (CODATA 2018, exact constants of the SI rounded to 10 digits)."""


def wavelength_nm(energy_kev: float) -> float:
    """Wavelength in nm of photons of an energy in keV (and, the relation being symmetric, back)."""
    return HC_KEV_NM / energy_kev


def d_spacing_nm(
    radius_px: float, *, wavelength_nm: float, distance_mm: float, pixel_size_mm: float
) -> float:
    """Exact d-spacing in nm of a ring of ``radius_px``."""
    two_theta = math.atan2(radius_px * pixel_size_mm, distance_mm)
    return wavelength_nm / (2.0 * math.sin(two_theta / 2.0))


def ring_radius_px(
    d_nm: float, *, wavelength_nm: float, distance_mm: float, pixel_size_mm: float
) -> float | None:
    """Exact radius in px of the ring of ``d_nm``, or None where it goes past the detector."""
    sin_theta = wavelength_nm / (2.0 * d_nm)
    if not 0.0 < sin_theta < math.sqrt(0.5):
        return None
    return distance_mm * math.tan(2.0 * math.asin(sin_theta)) / pixel_size_mm


def distance_mm(
    radius_px: float, d_nm: float, *, wavelength_nm: float, pixel_size_mm: float
) -> float | None:
    """Exact sample-to-detector distance in mm that puts the ring of ``d_nm`` at ``radius_px``."""
    sin_theta = wavelength_nm / (2.0 * d_nm)
    if not 0.0 < sin_theta < math.sqrt(0.5):
        return None
    return radius_px * pixel_size_mm / math.tan(2.0 * math.asin(sin_theta))


def scale_nm_px(d_nm: float, radius_px: float) -> float:
    """Small-angle scale d·R in nm·px, the ``scale`` of MuscleX: d is scale / radius."""
    return d_nm * radius_px


def scale_from_parameters_nm_px(
    *, wavelength_nm: float, distance_mm: float, pixel_size_mm: float
) -> float:
    """Small-angle scale λ·S_dd/p in nm·px from the parameters of the instrument."""
    return wavelength_nm * distance_mm / pixel_size_mm
