"""The geometry of a simulated pattern, straight from the formulas of the sample-to-pixel vector."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

PARAMETERS = ("beam_x", "beam_y", "distance", "s_x", "s_y")


@dataclass(frozen=True)
class Geometry:
    """Where the detector is.

    Beam in index pixels, (x, y) = (column, row); distance from the sample along the beam and
    pixel size in mm; the beam's direction leans by ``tilt_deg`` from the detector's normal
    towards ``azimuth_deg`` (0 along +x, 90 along +y).
    """

    beam_x_px: float
    beam_y_px: float
    distance_mm: float
    pixel_mm: float
    tilt_deg: float = 0.0
    azimuth_deg: float = 0.0

    @property
    def distance_px(self) -> float:
        return self.distance_mm / self.pixel_mm

    @property
    def direction(self) -> FloatArray:
        """Unit vector (3,) along the beam: columns, rows, away from the sample."""
        tilt, turn = math.radians(self.tilt_deg), math.radians(self.azimuth_deg)
        across = math.sin(tilt)
        return np.array([across * math.cos(turn), across * math.sin(turn), math.cos(tilt)])

    @property
    def vector(self) -> FloatArray:
        """The five parameters: beam x, y in px, distance in mm, s_x, s_y."""
        s_x, s_y, _ = self.direction
        return np.array([self.beam_x_px, self.beam_y_px, self.distance_mm, s_x, s_y])

    def moved(self, step: ArrayLike) -> "Geometry":
        """The geometry whose ``vector`` is larger by ``step`` (5,)."""
        x, y, distance, s_x, s_y = self.vector + np.asarray(step)
        tilt = math.degrees(math.asin(math.hypot(s_x, s_y)))
        turn = math.degrees(math.atan2(s_y, s_x))
        return Geometry(float(x), float(y), float(distance), self.pixel_mm, tilt, turn)

    def _in_plane(self, x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Vector (u, v) in mm from the beam to positions on the detector."""
        u = (np.asarray(x, float) - self.beam_x_px) * self.pixel_mm
        v = (np.asarray(y, float) - self.beam_y_px) * self.pixel_mm
        return u, v

    def two_theta(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Scattering angle of positions in index pixels, in rad: atan2(|P × s|, P·s)."""
        u, v = self._in_plane(x, y)
        s_x, s_y, s_z = self.direction
        # P = L·s + (u, v, 0), so P × s = (u, v, 0) × s.
        cross = np.sqrt(s_z**2 * (u * u + v * v) + (u * s_y - v * s_x) ** 2)
        return np.asarray(np.arctan2(cross, self.distance_mm + u * s_x + v * s_y))

    def slopes(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Derivatives (5, ...) of the scattering angle after the five parameters."""
        p, distance = self.pixel_mm, self.distance_mm
        s_x, s_y, _ = self.direction
        u, v = self._in_plane(x, y)
        q = u * s_x + v * s_y
        a = distance + q
        rho = np.sqrt(np.maximum(u * u + v * v - q * q, 1e-12))
        square = rho**2 + a**2
        return np.stack(
            [
                -p * ((a / rho) * (u - q * s_x) - rho * s_x) / square,
                -p * ((a / rho) * (v - q * s_y) - rho * s_y) / square,
                -rho / square,
                -u * (a * q / rho + rho) / square,
                -v * (a * q / rho + rho) / square,
            ]
        )

    def azimuth(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Azimuth about the beam on the detector, in turns (0…1)."""
        turns = np.arctan2(
            np.asarray(y, float) - self.beam_y_px, np.asarray(x, float) - self.beam_x_px
        )
        return np.asarray(turns / (2 * np.pi) % 1.0)
