"""Beam, distance and tilt of a flat detector: which ring a pixel belongs to.

Seen from the sample a pixel lies at P = L·s + (u, v, 0), in px, with u = x − x_beam,
v = y − y_beam and s the unit vector along the beam in detector axes (x along columns, y along
rows, z away from the sample). With q = u·s_x + v·s_y and ρ² = u² + v² − q² the scattering angle
is tan 2θ = ρ / (L + q).  The *ring radius* T = L·tan 2θ is that of the ring on a detector at
right angles to the beam at the same distance; it stays finite where L is not known (1/L = 0).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray

N_GEOMETRY = 5
"""Parameters of a geometry: beam x, beam y (px), 1/L (1/px), s_x, s_y."""

NAMES = ("beam_x_px", "beam_y_px", "curvature_per_px", "tilt_x", "tilt_y")


@dataclass(frozen=True)
class Geometry:
    """Where the beam hits a flat detector, how far away, and how the detector leans.

    ``beam_x_px`` and ``beam_y_px`` are index pixels, (x, y) = (column, row); ``distance_px`` is
    the distance L from the sample along the beam in pixels, infinite where it does not matter;
    ``tilt_x`` and ``tilt_y`` are the components s_x, s_y of the unit vector along the beam in
    the axes of the detector, 0 where it stands at right angles to the beam.
    """

    beam_x_px: float
    beam_y_px: float
    distance_px: float = math.inf
    tilt_x: float = 0.0
    tilt_y: float = 0.0

    @property
    def curvature(self) -> float:
        """1/L in 1/px."""
        return 1.0 / self.distance_px

    @property
    def tilt_deg(self) -> float:
        """Angle between the beam and the normal of the detector, in degrees."""
        return math.degrees(math.asin(min(1.0, math.hypot(self.tilt_x, self.tilt_y))))

    @property
    def beam_direction(self) -> tuple[float, float, float]:
        """Unit vector s along the beam in detector axes."""
        across = min(1.0, self.tilt_x**2 + self.tilt_y**2)
        return self.tilt_x, self.tilt_y, math.sqrt(1.0 - across)

    @property
    def parameters(self) -> FloatArray:
        """The five numbers of `NAMES`."""
        return np.array(
            [self.beam_x_px, self.beam_y_px, self.curvature, self.tilt_x, self.tilt_y]
        )

    def ring_radius(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray:  # type: ignore[type-arg]
        """Ring radius T (px) of positions in index pixels; inf on and behind the sample's plane."""
        u, v = x - self.beam_x_px, y - self.beam_y_px
        q = u * self.tilt_x + v * self.tilt_y
        along = 1.0 + q * self.curvature
        rho = np.sqrt(np.maximum(u * u + v * v - q * q, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(along > 0.0, rho / along, np.inf)

    def arc(self, radius: FloatArray) -> FloatArray:
        """L·2θ in px of ring radii: peaks are symmetric in 2θ, not in its tangent."""
        k = self.curvature
        return np.asarray(np.arctan(radius * k) / k) if k > 0.0 else radius

    def stretch(self, radius: FloatArray) -> FloatArray:
        """By how much a ring is wider in T than in L·2θ, at ring radii: dT/d(L·2θ)."""
        return np.asarray(1.0 + (radius * self.curvature) ** 2)

    def two_theta_rad(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Scattering angle in rad of positions in index pixels; 0 where L is not known."""
        return np.asarray(np.arctan(self.ring_radius(x, y) * self.curvature))

    def distance_along(self, azimuth_rad: FloatArray, radius: FloatArray | float) -> FloatArray:
        """Distance (px) from the beam to a ring along azimuths on the detector; NaN where none.

        The ring is a conic; azimuth 0 is along +x, 90° along +y (down in the image).
        """
        lean = self.tilt_x * np.cos(azimuth_rad) + self.tilt_y * np.sin(azimuth_rad)
        below = np.sqrt(1.0 - lean**2) - np.asarray(radius) * self.curvature * lean
        with np.errstate(divide="ignore"):
            return np.asarray(np.where(below > 1e-9, radius / below, np.nan))

    def conic(self, radius: float, n: int = 181) -> FloatArray:
        """Points (n, 2) as (x, y) of a ring, NaN where it leaves the plane of the detector."""
        azimuth = np.linspace(0.0, 2.0 * np.pi, n)
        r = self.distance_along(azimuth, radius)
        return np.stack(
            [self.beam_x_px + r * np.cos(azimuth), self.beam_y_px + r * np.sin(azimuth)], axis=1
        )

    def slopes(self, azimuth_rad: FloatArray, radius: FloatArray | float) -> FloatArray:
        """Derivatives of T by the five parameters on rings, shape (5, …).

        At the place where each ring crosses each azimuth (shapes broadcast).
        """
        r = self.distance_along(azimuth_rad, radius)
        u, v = r * np.cos(azimuth_rad), r * np.sin(azimuth_rad)
        q = u * self.tilt_x + v * self.tilt_y
        k = self.curvature
        along = 1.0 + k * q
        rho = np.maximum(np.sqrt(np.maximum(u * u + v * v - q * q, 0.0)), 1e-9)
        by_u = (u - q * self.tilt_x) / rho / along - rho * k * self.tilt_x / along**2
        by_v = (v - q * self.tilt_y) / rho / along - rho * k * self.tilt_y / along**2
        common = -(q / rho / along + rho * k / along**2)
        return np.stack([-by_u, -by_v, -rho * q / along**2, common * u, common * v])


def geometry_of(parameters: FloatArray) -> Geometry:
    """The geometry with the five numbers of `NAMES`."""
    x, y, curvature, tilt_x, tilt_y = (float(value) for value in parameters[:N_GEOMETRY])
    return Geometry(x, y, 1.0 / curvature if curvature > 0.0 else math.inf, tilt_x, tilt_y)
