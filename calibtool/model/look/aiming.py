"""Moves an aim so that all rings around it are level in all sectors, tilt where they ask for it."""

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.look.judging import Seen, neighbourhood
from calibtool.model.look.sight import Aim

TILT_CHI2 = 25.0
"""A tilt is believed from this χ² on (two degrees of freedom: 4 in a million by chance)."""

STEEPEST = 0.4
"""Tilt terms times T: that of 2θ = 60° on a detector tilted by 13°."""

STEP_WIDTHS = 1.5
LEAST_SECTORS = 6


def adjusted(
    aim: Aim, rings: list[Seen], *, tilted: bool
) -> tuple[Aim, list[float], float, float]:
    """The aim that levels the rings, and where the rings are then (T, px).

    Further σ of the centre (px), and how far the rings are moved at most, in widths.

    A ring of parameter T at azimuth φ lies off by (dx + T²·dτ_x)·cos φ + (dy + T²·dτ_y)·sin φ
    + dT. A single ring cannot tell a tilt from a shift, so a tilt has to be worth it, and
    ``tilted``. σ is the larger semi-axis of the error ellipse.
    """
    geometry, amplitude, tilt, sigma, width = _equations(rings)
    radii = np.array([seen.looked_at_px for seen in rings])
    if len(tilt) < LEAST_SECTORS:
        return aim, radii.tolist(), float("inf"), 0.0
    jacobian = amplitude[:, None] * geometry
    bent = _bent(aim, rings, jacobian, tilt, sigma) if tilted and len(rings) > 1 else None
    straight = np.zeros(4)
    if bent is not None:
        step, cov = bent
    else:
        part, cov = _solved(np.delete(jacobian, [2, 3], axis=1), tilt, sigma)
        step = np.insert(part, 2, [0.0, 0.0])
        square = _main_square(rings)
        straight[:] = square * aim.tau_x, square * aim.tau_y, -aim.tau_x, -aim.tau_y
    longest = float(np.abs(geometry @ step).max()) / width
    step = step * min(1.0, STEP_WIDTHS / max(longest, 1e-9))
    radii = radii + step[4:]
    sigma_center = float(np.sqrt(max(np.linalg.eigvalsh(cov[:2, :2])[1], 0.0)))
    moved = np.inf if straight.any() else longest
    return _moved(aim, step[:4] + straight), radii.tolist(), sigma_center, moved


def _bent(
    aim: Aim, rings: list[Seen], jacobian: FloatArray, tilt: FloatArray, sigma: FloatArray
) -> tuple[FloatArray, FloatArray] | None:
    """Solution and covariance with a tilt, None where it is not worth it, or past belief."""
    step, cov = _solved(jacobian, tilt, sigma)
    total = step[2:4] + np.array([aim.tau_x, aim.tau_y])
    worth = float(total @ np.linalg.pinv(cov[2:4, 2:4], hermitian=True) @ total)
    farthest = max(seen.ring.radius_px for seen in rings)
    steep = float(np.hypot(*total)) * farthest
    return (step, cov) if worth > TILT_CHI2 and steep < STEEPEST else None


def _moved(aim: Aim, step: FloatArray) -> Aim:
    x, y, tau_x, tau_y = (float(value) for value in step[:4])
    return Aim(aim.x + x, aim.y + y, aim.tau_x + tau_x, aim.tau_y + tau_y)


def _main_square(rings: list[Seen]) -> float:
    """Mean of T², each ring counting by what it tells of the centre."""
    weights = [1.0 / max(seen.ring.sigma_center_px, 1e-6) ** 2 for seen in rings]
    squares = [seen.ring.radius_px**2 for seen in rings]
    return float(np.average(squares, weights=np.maximum(weights, 1e-12)))


def _equations(
    rings: list[Seen],
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, float]:
    """Of all sectors of all rings: what a step of (x, y, τ_x, τ_y, each T) shifts, (N, 4 + K).

    Further their amplitude, amplitude times shift, and its σ (N,), and the mean width.
    """
    shifts, amplitudes, tilts, sigmas = [], [], [], []
    for k, seen in enumerate(rings):
        fits, ok = seen.fits, seen.fits.valid
        azimuth, square = fits.azimuth_rad[ok], seen.ring.radius_px**2
        along = np.column_stack([np.cos(azimuth), np.sin(azimuth)])
        own = np.zeros((len(azimuth), len(rings)))
        own[:, k] = 1.0
        shifts.append(np.hstack([along, square * along, own]))
        # of the neighbourhood, so that sectors chance made strong are not picked
        amplitudes.append(neighbourhood(fits.amplitude, ok)[ok])
        tilts.append(fits.tilt[ok])
        sigmas.append(fits.sigma_tilt[ok])
    weights = [max(seen.ring.snr, 1e-9) for seen in rings]
    mean = float(np.average([seen.ring.width_px for seen in rings], weights=weights))
    columns = (np.concatenate(part) for part in (amplitudes, tilts, sigmas))
    return np.vstack(shifts), *columns, mean  # type: ignore[return-value]


def _solved(
    jacobian: FloatArray, tilt: FloatArray, sigma: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Solution and covariance; sectors far off count less."""
    scale = np.maximum(np.abs(jacobian).max(axis=0), 1e-30)
    scaled, weight = jacobian / scale, 1.0 / sigma**2
    step, inverse, spread = np.zeros(len(scale)), np.eye(len(scale)), 1.0
    for _ in range(5):
        normal = scaled.T @ (weight[:, None] * scaled)
        inverse = np.linalg.pinv(normal, rcond=1e-10, hermitian=True)
        step = inverse @ (scaled.T @ (weight * tilt))
        pull = (tilt - scaled @ step) / sigma
        spread = 1.4826 * float(np.median(np.abs(pull))) + 1e-3
        weight = 1.0 / (sigma**2 * (1.0 + (pull / (2.5 * spread)) ** 2))
    return step / scale, inverse * max(spread, 1.0) ** 2 / scale[:, None] / scale
