"""From a rough centre to a geometry: the rings of all azimuths are laid on one another.

No ring needs to be told from another, and no calibrant known: contrast unwrapped around the
rough centre is compared with its own mean over the azimuth, and beam and tilt are changed until
all azimuths agree (group-wise image registration). The rings of the first look, good to a width
or so, lead on to those farther out; from an old calibration it goes from coarse to fine.

To second order the rings of a tilted detector are T = ρ/(1 + u·τ_x + v·τ_y) with
ρ² = u² + v² − c_a(u² − v²) − 2·c_b·u·v: τ = s/L moves their centres by T²τ, and c makes them
ellipses (c_a, c_b: the traceless part of s·sᵀ).
"""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.noise import Noise
from calibtool.model.pattern.unwrap import Unwrapped

FINE = (1.2,)
COARSE_TO_FINE = (10.0, 5.0, 2.5, 1.2)
"""Smoothing in cells: each brings the rings within reach of the next; a coarse one may follow the
light around the beam instead."""

STEPS = 8
NEAREST, FARTHEST, STEEPEST = 0.7, 30.0, 0.75
"""Distances in outermost radii: nearer, a ring would lie beyond 2θ = 55°; farther, it does not
matter; sine of the largest tilt."""

LEAST_RADIUS_PX = 4.0
CLIPPED = 4.0
"""Contrast counts to so many σ only, so that no strong ring and no spot rules the others."""

TILT_SIGMA, ELLIPSE_SIGMA = 0.15, 0.03
"""What a detector's tilt is expected to be: s·T/L at the outermost ring, and s²/2."""


@dataclass(frozen=True)
class Alignment:
    """Beam (index px), tilt terms τ (1/px) and c, and how sharp the rings are."""

    beam_x_px: float
    beam_y_px: float
    tau_x: float = 0.0
    tau_y: float = 0.0
    c_a: float = 0.0
    c_b: float = 0.0
    sharpness: float = 0.0

    @classmethod
    def of(cls, geometry: Geometry) -> "Alignment":
        """That of a geometry, to second order."""
        k, x, y = geometry.curvature, geometry.tilt_x, geometry.tilt_y
        return cls(geometry.beam_x_px, geometry.beam_y_px, k * x, k * y,
                   0.5 * (x**2 - y**2), x * y)  # fmt: skip

    @property
    def tau(self) -> float:
        """Length of τ in 1/px."""
        return float(np.hypot(self.tau_x, self.tau_y))

    def distance_px(self, outermost_px: float) -> float:
        """Distance that the ellipses tell, within what is usual for rings so far out."""
        size = float(np.sqrt(2.0 * np.hypot(self.c_a, self.c_b)))
        told = size / self.tau if self.tau > 0.0 else np.inf
        return float(np.clip(told, NEAREST * outermost_px, FARTHEST * outermost_px))

    def geometry(self, distance_px: float) -> Geometry:
        """The geometry at a distance, with the same shift of the rings' centres."""
        share = min(self.tau * distance_px, STEEPEST) / self.tau if self.tau > 0.0 else 0.0
        return Geometry(self.beam_x_px, self.beam_y_px, distance_px,
                        self.tau_x * share, self.tau_y * share)  # fmt: skip


def contrast(cells: Unwrapped, noise: Noise, blur: float, around: float = 4.0) -> FloatArray:
    """What stands out along each azimuth, in σ, clipped; 0 where nothing was measured."""
    weight = cells.count / (noise.variance(cells.mean) if cells.noise is None else cells.noise)
    value = weight * cells.mean
    near, near_weight = _blurred(value, blur), _blurred(weight, blur)
    wide, wide_weight = _blurred(value, around * blur + 2.0), _blurred(weight, around * blur + 2.0)
    least = 1e-9 + 0.05 * wide_weight
    there = near_weight > least
    difference = near / np.maximum(near_weight, least) - wide / np.maximum(wide_weight, 1e-300)
    # White noise of variance 1/weight in a cell, averaged over 2·√π·blur of them.
    sigma = 1.0 / np.sqrt(np.maximum(near_weight, least) * max(2.0 * np.sqrt(np.pi) * blur, 1.0))
    return np.where(there, np.clip(difference / sigma, -CLIPPED, CLIPPED), 0.0)


def align(
    cells: Unwrapped,
    noise: Noise,
    start: Alignment,
    *,
    inner_px: float = 0.0,
    blurs: tuple[float, ...] = FINE,
) -> Alignment:
    """Change beam and tilt until the rings of all azimuths agree.

    Parameters
    ----------
    cells : Unwrapped
        The image around a rough centre, at infinite distance (no tilt).
    noise : Noise
        Of one pixel.
    start : Alignment
        Where to begin.
    inner_px : float
        Radius within which there are no rings, only the light around the beam.
    blurs : tuple of float
        Smoothing in cells, one after the other.
    """
    r = cells.radius
    azimuth = cells.azimuth[:, None]
    used = (cells.count > 0) & (r > max(inner_px, LEAST_RADIUS_PX))
    if not used.any():
        return start
    x = (cells.geometry.beam_x_px + r * np.cos(azimuth))[used]
    y = (cells.geometry.beam_y_px + r * np.sin(azimuth))[used]
    now = np.array(
        [start.beam_x_px, start.beam_y_px, start.tau_x, start.tau_y, start.c_a, start.c_b]
    )
    far = float(r[cells.count > 0].max(initial=1.0))
    prior = np.array([0.0, 0.0, *2 * [(far / TILT_SIGMA) ** 2], *2 * [1.0 / ELLIPSE_SIGMA**2]])
    for blur in blurs:
        z = contrast(cells, noise, blur)[used]
        damping = 1e-3
        sharpness, gradient, hessian = _compared(now, x, y, z, cells.step)
        for _ in range(STEPS):
            system = hessian + np.diag(prior + damping * np.diag(hessian) + 1e-12)
            change = np.linalg.solve(system, gradient - prior * now)
            trial = _compared(now + change, x, y, z, cells.step)
            if trial[0] <= sharpness:
                damping *= 10.0
                if damping > 10.0:
                    break
                continue
            now, damping = now + change, 0.3 * damping
            gained = trial[0] - sharpness
            sharpness, gradient, hessian = trial
            if gained < 1e-3 * sharpness:
                break
    beam_x, beam_y, tau_x, tau_y, c_a, c_b = now.tolist()
    return Alignment(beam_x, beam_y, tau_x, tau_y, c_a, c_b, sharpness)


def _compared(
    p: FloatArray, x: FloatArray, y: FloatArray, z: FloatArray, step: float
) -> tuple[float, FloatArray, FloatArray]:
    """Sharpness of the mean profile; gradient and Gauss-Newton matrix of the misfit to it."""
    u, v = x - p[0], y - p[1]
    along = np.maximum(1.0 + p[2] * u + p[3] * v, 0.05)
    rho = np.sqrt(np.maximum(u * u + v * v - p[4] * (u * u - v * v) - 2 * p[5] * u * v, 1.0))
    t = rho / along / step
    cell = t.astype(np.intp)
    share = t - cell
    size = int(cell.max()) + 3
    number = np.bincount(cell, 1.0 - share, size) + np.bincount(cell + 1, share, size)
    total = np.bincount(cell, z * (1.0 - share), size) + np.bincount(cell + 1, z * share, size)
    mean = total / (number + 3.0)
    sharpness = float(np.sum(np.maximum(mean, 0.0) * total))
    slope = np.gradient(mean)
    here = slope[cell] * (1.0 - share) + slope[cell + 1] * share
    off = z - (mean[cell] * (1.0 - share) + mean[cell + 1] * share)
    by_u = ((1.0 - p[4]) * u - p[5] * v) / (rho * along) - rho * p[2] / along**2
    by_v = ((1.0 + p[4]) * v - p[5] * u) / (rho * along) - rho * p[3] / along**2
    tilt = -rho / along**2
    jacobian = np.stack([
        -by_u, -by_v, tilt * u, tilt * v,
        -(u * u - v * v) / (2.0 * rho * along), -u * v / (rho * along),
    ])  # fmt: skip
    jacobian *= here / step
    return sharpness, jacobian @ off, jacobian @ jacobian.T


def _blurred(values: FloatArray, blur: float) -> FloatArray:
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(values, blur, axis=1, mode="constant", truncate=3.0))
