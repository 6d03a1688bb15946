"""Moves an aim so that all rings around it are level in all sectors, tilt where they ask for it."""

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.look.judging import Seen, neighbourhood
from calibtool.model.look.sight import Aim

TILT_CHI2 = 25.0
"""A tilt is believed from this χ² on (two degrees of freedom: 4 in a million by chance)."""

STEP_WIDTHS = 1.5


def adjusted(aim: Aim, rings: list[Seen]) -> tuple[Aim, float]:
    """The aim that levels the rings, and the σ of its centre (px, the larger semi-axis).

    A ring of parameter T at azimuth φ lies off by (dx + T²·dτ_x)·cos φ + (dy + T²·dτ_y)·sin φ
    + dT. A single ring cannot tell a tilt from a shift, so a tilt has to be worth it.
    """
    jacobian, tilt, sigma, widths = _equations(rings)
    if len(tilt) < 6:
        return aim, float("inf")
    if len(rings) > 1:
        step, cov = _solved(jacobian, tilt, sigma)
        total = step[2:4] + [aim.tau_x, aim.tau_y]
        worth = float(total @ np.linalg.pinv(cov[2:4, 2:4], hermitian=True) @ total)
    if len(rings) < 2 or worth < TILT_CHI2:
        level, cov = _solved(np.delete(jacobian, [2, 3], axis=1), tilt, sigma)
        square = _main_square(rings)
        moved = level[:2] + square * np.array([aim.tau_x, aim.tau_y])
        step = np.concatenate([moved, [-aim.tau_x, -aim.tau_y]])
        return _moved(aim, step), _sigma(cov)
    far = max(ring.ring.radius_px for ring in rings)
    longest = float(np.hypot(*step[:2]) + np.hypot(*step[2:4]) * far**2)
    step = step[:4] * min(1.0, STEP_WIDTHS * widths / max(longest, 1e-9))
    return _moved(aim, step), _sigma(cov)


def _moved(aim: Aim, step: FloatArray) -> Aim:
    x, y, tau_x, tau_y = (float(value) for value in step[:4])
    return Aim(aim.x + x, aim.y + y, aim.tau_x + tau_x, aim.tau_y + tau_y)


def _sigma(cov: FloatArray) -> float:
    return float(np.sqrt(max(np.linalg.eigvalsh(cov[:2, :2])[1], 0.0)))


def _main_square(rings: list[Seen]) -> float:
    """Mean of T², each ring counting by what it tells of the centre."""
    weights = [1.0 / max(seen.ring.sigma_center_px, 1e-6) ** 2 for seen in rings]
    squares = [seen.ring.radius_px**2 for seen in rings]
    return float(np.average(squares, weights=np.maximum(weights, 1e-12)))


def _equations(rings: list[Seen]) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Jacobian (N, 4 + K), amplitude times shift and its σ (N,), and the mean width."""
    rows, tilts, sigmas, widths, weights = [], [], [], [], []
    for k, seen in enumerate(rings):
        fits, ok = seen.fits, seen.fits.valid
        azimuth, square = fits.azimuth_rad[ok], seen.ring.radius_px**2
        along = np.column_stack([np.cos(azimuth), np.sin(azimuth)])
        own = np.zeros((len(azimuth), len(rings)))
        own[:, k] = 1.0
        # the amplitude of the neighbourhood, so that sectors chance made strong are not picked
        amplitude = neighbourhood(fits.amplitude, ok)[ok]
        rows.append(amplitude[:, None] * np.hstack([along, square * along, own]))
        tilts.append(fits.tilt[ok])
        sigmas.append(fits.sigma_tilt[ok])
        widths.append(seen.ring.width_px)
        weights.append(seen.ring.snr)
    mean = float(np.average(widths, weights=np.maximum(weights, 1e-9)))
    return np.vstack(rows), np.concatenate(tilts), np.concatenate(sigmas), mean


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
