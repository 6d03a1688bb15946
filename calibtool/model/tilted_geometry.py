"""Where a flat, perhaps tilted detector stands, in the terms of pyFAI.

The point of normal incidence (PONI) is the foot of the perpendicular from the sample to the
detector; three rotations bring the detector there (Kieffer & Karkoulis, J. Phys.: Conf. Ser.
425 (2013) 202012).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from calibtool.model.circle import FloatArray


@dataclass(frozen=True)
class TiltedGeometry:
    """Position of a flat detector.

    ``distance_mm`` is measured along the normal of the detector, ``poni_x_px`` and
    ``poni_y_px`` are its foot in index pixels, (x, y) = (column, row). Rotations in rad,
    as pyFAI applies them: ``rot1`` about the vertical, ``rot2`` about the horizontal axis of
    the detector, ``rot3`` about the beam.
    """

    distance_mm: float
    poni_x_px: float
    poni_y_px: float
    pixel_size_x_mm: float
    pixel_size_y_mm: float
    rot1_rad: float = 0.0
    rot2_rad: float = 0.0
    rot3_rad: float = 0.0
    wavelength_nm: float | None = None

    @property
    def center_x_px(self) -> float:
        """Column where the direct beam hits the detector, in index pixels."""
        return self.poni_x_px - self.distance_mm * math.tan(self.rot1_rad) / self.pixel_size_x_mm

    @property
    def center_y_px(self) -> float:
        """Row where the direct beam hits the detector, in index pixels."""
        shift = self.distance_mm * math.tan(self.rot2_rad) / math.cos(self.rot1_rad)
        return self.poni_y_px + shift / self.pixel_size_y_mm

    @property
    def beam_distance_mm(self) -> float:
        """Distance from the sample to the detector along the beam, in mm."""
        return self.distance_mm / (math.cos(self.rot1_rad) * math.cos(self.rot2_rad))

    @property
    def tilt_deg(self) -> float:
        """Angle between the beam and the normal of the detector, in degrees."""
        cosine = math.cos(self.rot1_rad) * math.cos(self.rot2_rad)
        return math.degrees(math.acos(min(1.0, cosine)))

    def two_theta_rad(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Scattering angle of positions in index pixels, in rad, shape as ``x`` and ``y``."""
        p1 = (np.asarray(y, dtype=np.float64) - self.poni_y_px) * self.pixel_size_y_mm
        p2 = (np.asarray(x, dtype=np.float64) - self.poni_x_px) * self.pixel_size_x_mm
        along, across_1, across_2 = self._laboratory(p1, p2)
        return np.asarray(np.arctan2(np.hypot(across_1, across_2), along))

    def _laboratory(self, p1: Any, p2: Any) -> tuple[Any, Any, Any]:
        """Components along the beam and across it; rot3 turns about the beam and drops out."""
        c1, s1 = math.cos(self.rot1_rad), math.sin(self.rot1_rad)
        c2, s2 = math.cos(self.rot2_rad), math.sin(self.rot2_rad)
        distance = self.distance_mm
        along = p1 * s2 - p2 * c2 * s1 + distance * c1 * c2
        return along, p1 * c2 + p2 * s1 * s2 - distance * c1 * s2, p2 * c1 + distance * s1


def untilted(
    center_x_px: float,
    center_y_px: float,
    *,
    distance_mm: float,
    pixel_size_mm: float,
    wavelength_nm: float | None = None,
) -> TiltedGeometry:
    """Geometry of a detector at right angles to the beam, centre in index pixels."""
    return TiltedGeometry(
        distance_mm=distance_mm,
        poni_x_px=center_x_px,
        poni_y_px=center_y_px,
        pixel_size_x_mm=pixel_size_mm,
        pixel_size_y_mm=pixel_size_mm,
        wavelength_nm=wavelength_nm,
    )
