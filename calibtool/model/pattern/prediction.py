"""Ring radii by the parameters of a fit: of known lines, known up to a scale, or free."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray

LEAST_CURVATURE = 1e-7
"""1/L in 1/px of a distance that no detector has; keeps the formulas finite."""

STEEPEST = 0.69
"""λ/2d of a ring just before 2θ = 90°, where it leaves any detector across the beam."""


class Lines(Protocol):
    """What the rings' radii depend on besides 1/L."""

    @property
    def n_extra(self) -> int:
        """How many parameters of their own the rings have."""

    def radius(
        self, curvature: float, extra: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Radii T (K,) in px, their derivatives by 1/L (K,) and by the own parameters (K, E)."""

    def take(self, rings: NDArray[np.intp]) -> "Lines":
        """Some of the rings."""


@dataclass(frozen=True)
class KnownLines:
    """Lines whose λ/2d is known: the distance alone says where they lie."""

    sine: FloatArray
    n_extra: int = 0

    def take(self, rings: NDArray[np.intp]) -> "Lines":
        """See `Lines`."""
        return KnownLines(self.sine[rings])

    def radius(
        self, curvature: float, extra: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """See `Lines`."""
        k = max(curvature, LEAST_CURVATURE)
        t = np.tan(2.0 * np.arcsin(self.sine)) / k
        return t, -t / k, np.zeros((len(t), 0))


@dataclass(frozen=True)
class ScaledLines:
    """Lines of a calibrant at an unknown wavelength; own parameter: K = λ·L/p in nm·px.

    sin θ = K/(2 d L): at small angles T = K/d whatever L is.
    """

    d_nm: FloatArray
    n_extra: int = 1

    def take(self, rings: NDArray[np.intp]) -> "Lines":
        """See `Lines`."""
        return ScaledLines(self.d_nm[rings])

    def radius(
        self, curvature: float, extra: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """See `Lines`."""
        k, scale = max(curvature, LEAST_CURVATURE), float(extra[0])
        sine = np.clip(scale * k / (2.0 * self.d_nm), 0.0, STEEPEST)
        angle = 2.0 * np.arcsin(sine)
        t = np.tan(angle) / k
        by_sine = 2.0 / np.sqrt(1.0 - sine**2) / np.cos(angle) ** 2
        by_scale = by_sine / (2.0 * self.d_nm)
        return t, (by_sine * sine / k - t) / k, by_scale[:, None]


@dataclass(frozen=True)
class FreeLines:
    """Rings nothing is known of; own parameters: their radii."""

    n_extra: int

    def take(self, rings: NDArray[np.intp]) -> "Lines":
        """See `Lines`."""
        return FreeLines(len(rings))

    def radius(
        self, curvature: float, extra: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """See `Lines`."""
        del curvature
        return extra, np.zeros(len(extra)), np.eye(len(extra))
