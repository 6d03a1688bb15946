"""Where a flat, perhaps tilted detector stands, in the terms of pyFAI.

The point of normal incidence (PONI) is the foot of the perpendicular from the sample to the
detector; three rotations bring the detector there (Kieffer & Karkoulis, J. Phys.: Conf. Ser.
425 (2013) 202012).
"""

import math
from dataclasses import dataclass, replace
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

    @property
    def beam_direction(self) -> tuple[float, float]:
        """Components of the unit vector along the beam on the detector's axes, (x, y)."""
        c2 = math.cos(self.rot2_rad)
        return -math.sin(self.rot1_rad) * c2, math.sin(self.rot2_rad)

    def stored(self, orientation: int, shape: tuple[int, int]) -> "TiltedGeometry":
        """Geometry on the image as stored, of one that counts from another of its corners.

        Parameters
        ----------
        orientation : int
            Of pyFAI (after EXIF), 1 to 4: 3 counts along the image as stored, 1 and 2 against
            its rows, 1 and 4 against its columns.
        shape : (int, int)
            Rows and columns of the image.
        """
        place = self
        if orientation in (2, 4):
            place = replace(place, rot3_rad=-place.rot3_rad)
        if orientation in (1, 2):
            mirrored = shape[0] - 1 - place.poni_y_px
            place = replace(place, poni_y_px=mirrored, rot2_rad=-place.rot2_rad)
        if orientation in (1, 4):
            mirrored = shape[1] - 1 - place.poni_x_px
            place = replace(place, poni_x_px=mirrored, rot1_rad=-place.rot1_rad)
        return place

    def two_theta_rad(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Scattering angle of positions in index pixels, in rad, shape as ``x`` and ``y``."""
        p1 = (np.asarray(y, dtype=np.float64) - self.poni_y_px) * self.pixel_size_y_mm
        p2 = (np.asarray(x, dtype=np.float64) - self.poni_x_px) * self.pixel_size_x_mm
        along, across_1, across_2 = self._laboratory(p1, p2)
        return np.asarray(np.arctan2(np.hypot(across_1, across_2), along))

    def ring(self, two_theta_rad: float, azimuth_rad: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Where a ring crosses rays from the beam, in index pixels.

        Parameters
        ----------
        two_theta_rad : float
            Scattering angle of the ring.
        azimuth_rad : ndarray, shape (N,)
            Of the rays on the detector, 0 along +x, π/2 along +y.

        Returns
        -------
        x, y : ndarray, shape (N,)
            NaN where the ring never meets the ray: r = L sin 2θ / cos(2θ + δ), where sin δ is
            the beam's component along the ray.
        """
        s_x, s_y = self.beam_direction
        cosine, sine = np.cos(azimuth_rad), np.sin(azimuth_rad)
        turned = np.cos(two_theta_rad + np.arcsin(s_x * cosine + s_y * sine))
        reached = turned > 0.0
        radius = self.beam_distance_mm * math.sin(two_theta_rad) / np.where(reached, turned, np.nan)
        x = self.center_x_px + radius * cosine / self.pixel_size_x_mm
        return x, self.center_y_px + radius * sine / self.pixel_size_y_mm

    def _laboratory(self, p1: Any, p2: Any) -> tuple[Any, Any, Any]:
        """Components along the beam and across it; rot3 turns about the beam and drops out."""
        c1, s1 = math.cos(self.rot1_rad), math.sin(self.rot1_rad)
        c2, s2 = math.cos(self.rot2_rad), math.sin(self.rot2_rad)
        distance = self.distance_mm
        along = p1 * s2 - p2 * c2 * s1 + distance * c1 * c2
        return along, p1 * c2 + p2 * s1 * s2 - distance * c1 * s2, p2 * c1 + distance * s1


def from_beam(
    center_x_px: float,
    center_y_px: float,
    *,
    distance_mm: float,
    pixel_size_mm: tuple[float, float],
    tilt_deg: float = 0.0,
    tilt_azimuth_deg: float = 0.0,
    wavelength_nm: float | None = None,
) -> TiltedGeometry:
    """Geometry from where the beam hits and how the detector is tilted, in the terms of Fit2D.

    Parameters
    ----------
    center_x_px, center_y_px : float
        Where the direct beam hits, in index pixels.
    distance_mm : float
        Along the beam.
    pixel_size_mm : (float, float)
        In x and y.
    tilt_deg, tilt_azimuth_deg : float
        Angle between beam and normal, and the azimuth (0 along +x, 90 along +y) towards which
        the beam leans.
    wavelength_nm : float, optional
        Kept beside it.
    """
    tilt, azimuth = math.radians(tilt_deg), math.radians(tilt_azimuth_deg)
    s_x, s_y = math.sin(tilt) * math.cos(azimuth), math.sin(tilt) * math.sin(azimuth)
    s_z = math.cos(tilt)
    return TiltedGeometry(
        distance_mm=distance_mm * s_z,
        poni_x_px=center_x_px - distance_mm * s_x / pixel_size_mm[0],
        poni_y_px=center_y_px - distance_mm * s_y / pixel_size_mm[1],
        pixel_size_x_mm=pixel_size_mm[0],
        pixel_size_y_mm=pixel_size_mm[1],
        rot1_rad=math.atan2(-s_x, s_z),
        rot2_rad=math.asin(s_y),
        wavelength_nm=wavelength_nm,
    )
