"""What the fits return: frozen values with σ and warnings."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from calibtool.model.circle import BoolArray, Circle, FloatArray

Progress = Callable[[float, str], None]
"""Called with the done fraction (0…1) and a short text for the user."""

Cancelled = Callable[[], bool]
"""Asked now and then; True means stop with JobCancelledError."""


@dataclass(frozen=True)
class FitWarning:
    """Something the user should know about a result: a stable code and a sentence."""

    code: str
    message: str


class HistoryRow(NamedTuple):
    """One iteration of one start of the optimiser (the columns of the exported CSV)."""

    start: int
    stage: str
    iteration: int
    center_x_px: float
    center_y_px: float
    radius_px: float
    objective: float
    best_objective: float
    n_points: int


@dataclass(frozen=True)
class FittedCircle:
    """Centre (x, y) and radius with their σ, and the rms of the residuals, in index pixels."""

    center_x_px: float
    center_y_px: float
    radius_px: float
    sigma_center_x_px: float
    sigma_center_y_px: float
    sigma_radius_px: float
    rms_residual_px: float


@dataclass(frozen=True)
class CircleFit(FittedCircle):
    """Circle through points, with everything needed to judge it.

    All lengths in index pixels. ``residuals_px`` and ``inliers`` have shape (N,) in the
    order of the points given; residuals are signed orthogonal distances, positive outside.
    ``covariance`` (3, 3) is in the order x, y, R.
    """

    residuals_px: FloatArray = field(repr=False)
    inliers: BoolArray = field(repr=False)
    covariance: FloatArray = field(repr=False)
    history: tuple[HistoryRow, ...] = field(default=(), repr=False)
    warnings: tuple[FitWarning, ...] = ()


@dataclass(frozen=True)
class Moved:
    """How far the beam is from where an earlier calibration has it, in px, with σ."""

    dx_px: float
    dy_px: float
    sigma_x_px: float
    sigma_y_px: float

    @property
    def n_sigma(self) -> float:
        """The way in σ; infinite where no σ is known."""
        if self.sigma_x_px <= 0.0 or self.sigma_y_px <= 0.0:
            return math.inf
        return math.hypot(self.dx_px / self.sigma_x_px, self.dy_px / self.sigma_y_px)


@dataclass(frozen=True)
class Ellipse:
    """Semi-axes in px and the azimuth of the longer one in degrees (0 along +x, 90 along +y)."""

    semi_major_px: float
    semi_minor_px: float
    orientation_deg: float


@dataclass(frozen=True)
class RingFit(FittedCircle):
    """Circle fitted to a whole ring of the image.

    All lengths in index pixels. ``coverage`` is the share of the azimuth with usable signal
    (0…1), ``snr`` the ring's amplitude over its σ, ``rms_residual_px`` the rms of the radial
    residuals of the azimuth sectors, which stand in ``sector_azimuth_rad``,
    ``sector_residual_px`` and ``sector_sigma_px`` (each shape (K,)). ``goodness`` is the
    reduced χ² of the pixels (1 for an ideal ring, NaN where it was not fitted alone). ``rings``
    are further rings seen around the same centre, smallest first, this one included.
    """

    coverage: float
    snr: float
    width_px: float
    sigma_width_px: float
    goodness: float
    covariance: FloatArray = field(repr=False)
    sector_azimuth_rad: FloatArray = field(repr=False)
    sector_residual_px: FloatArray = field(repr=False)
    sector_sigma_px: FloatArray = field(repr=False)
    ellipse: Ellipse | None = None
    rings: tuple[Circle, ...] = ()
    warnings: tuple[FitWarning, ...] = ()


@dataclass(frozen=True)
class RefinedPoints:
    """Clicked points moved to the ring.

    ``clicked`` and ``points`` have shape (N, 2) as (x, y) in index pixels; ``refined`` (N,)
    is False where nothing was found, and there ``points`` equals ``clicked`` and
    ``sigma_px`` (N,), the σ along the ring's normal, is NaN.
    """

    clicked: FloatArray
    points: FloatArray
    refined: BoolArray
    sigma_px: FloatArray
    warnings: tuple[FitWarning, ...] = field(default=())

    def __array__(
        self, dtype: "np.dtype[np.float64] | None" = None, copy: bool | None = None
    ) -> FloatArray:
        return np.array(self.points, dtype=dtype)

    def __len__(self) -> int:
        return len(self.points)


def read_only(values: ArrayLike) -> FloatArray:
    """Return a copy as float64 that cannot be written, so that results can be shared."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
