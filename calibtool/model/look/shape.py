"""The radial profile common to all sectors: width of the peak, and whether it is one."""

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.sectors import SectorProfiles

WIDTHS = (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 2.8)
"""Widths tried, in units of the expected one."""


SIDE = 2.2
"""A profile has to go so many widths to both sides of a peak."""

ENOUGH_BINS = 13
"""From so many on a background of third degree can be told from a peak: a steep halo is one."""


FLEXIBLE = 0.5
"""So much more is asked of a peak on such a background: it bends to a shadow's edge as well."""


def common_profile(
    profiles: SectorProfiles, valid: BoolArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Offset (B,), intensity and weight of what the valid sectors have in common.

    Each sector keeps a constant and a slope of its own (a background that differs around the
    ring, or a sector cut off by the border, must not look like structure): found by turns.
    """
    y, n = profiles.mean[valid], profiles.count[valid]
    have = n.sum(axis=0) > 0
    t, y, n = profiles.offset_px[have], y[:, have], n[:, have]
    weight = n.sum(axis=0)
    scale = t / max(float(np.abs(t).max(initial=0.0)), 1e-9)
    common = np.zeros(len(t))
    s0, s1, s2 = n.sum(axis=1), n @ scale, n @ scale**2
    determinant = np.maximum(s0 * s2 - s1**2, 1e-9 * s0 * s0)
    for _ in range(4):
        rest = n * (y - common)
        r0, r1 = rest.sum(axis=1), rest @ scale
        level, slope = (s2 * r0 - s1 * r1) / determinant, (s0 * r1 - s1 * r0) / determinant
        own = level[:, None] + slope[:, None] * scale
        common = (n * (y - own)).sum(axis=0) / weight
    return t, common, weight


def best_peak(
    t: FloatArray, y: FloatArray, n: FloatArray, width: float, limits: tuple[float, float]
) -> tuple[float, float]:
    """Place and width of the Gaussian that explains most of a profile, near expected ones (px).

    ``limits`` are the least and the largest width.
    """
    widths = np.maximum(np.array(WIDTHS) * width, limits[0])
    # what is wider leaves no background on one of its sides
    widest = min(0.3 * (t[-1] - t[0]), -t[0] / SIDE, t[-1] / SIDE) if len(t) >= 8 else 0.0
    widths = np.unique(widths[widths < min(widest, limits[1])])
    if len(widths) == 0:
        return 0.0, width
    center, wide = (
        grid.reshape(-1, 1) for grid in np.meshgrid(np.arange(-1.2, 1.21, 0.3) * width, widths)
    )
    degree = 3 if len(t) >= ENOUGH_BINS else 2
    gain = gains(t, y, n, np.exp(-0.5 * ((t - center) / wide) ** 2), degree)
    best = int(np.argmax(gain))
    return float(center[best, 0]), float(wide[best, 0])


def _background(t: FloatArray, n: FloatArray, degree: int) -> tuple[FloatArray, FloatArray]:
    """Root of the weights, and orthonormal polynomials under these weights."""
    root = np.sqrt(n)
    scale = t / max(float(np.abs(t).max()), 1e-9)
    q, _ = np.linalg.qr(root[:, None] * scale[:, None] ** np.arange(degree + 1))
    return root, q


def gains(
    t: FloatArray, y: FloatArray, n: FloatArray, shapes: FloatArray, degree: int = 2
) -> FloatArray:
    """Drop (M,) of the weighted squares when one of ``shapes`` (M, B) joins the background.

    The background is a polynomial; the sign is that of the shape's share.
    """
    root, q = _background(t, n, degree)
    extra = root * shapes
    whole = (extra**2).sum(axis=1)
    extra = extra - (extra @ q) @ q.T
    norm = (extra**2).sum(axis=1)
    share = extra @ (root * y)
    usable = norm > 1e-6 * whole + 1e-30
    return np.where(usable, np.sign(share) * share**2 / np.where(usable, norm, 1.0), -np.inf)


def peakedness(t: FloatArray, y: FloatArray, n: FloatArray, width: float) -> float:
    """Logarithm of (residual with an edge) / (residual with a peak); above 0 it is a peak.

    The edge of a shadow has a summit too once the halo's fall is on its other side, so
    edges of all positions and steepnesses compete with a peak of the given width (px). The
    background bends, or, where a halo is steep, bends one way and then the other.
    """
    near = np.abs(t) < 5.0 * width
    t, y, n = t[near], y[near], n[near]
    if len(t) < 7:
        return 0.0
    bent = _peak_over_edge(t, y, n, width, degree=2)
    if len(t) < ENOUGH_BINS:
        return bent
    return max(bent, _peak_over_edge(t, y, n, width, degree=3) - FLEXIBLE)


def _peak_over_edge(
    t: FloatArray, y: FloatArray, n: FloatArray, width: float, degree: int
) -> float:
    center, wide = _pairs((-0.3, 0.0, 0.3), (0.8, 1.0, 1.25), width)
    peak = float(gains(t, y, n, np.exp(-0.5 * ((t - center) / wide) ** 2), degree).max())
    center, wide = _pairs(tuple(np.linspace(-2.5, 2.5, 11)), (0.3, 0.8, 1.6), width)
    edge = float(np.abs(gains(t, y, n, np.tanh((t - center) / wide), degree)).max())
    root, q = _background(t, n, degree)
    rest = root * y - q @ (q.T @ (root * y))
    total = float(rest @ rest)
    tiny = 1e-6 * total + 1e-30
    with_edge, with_peak = max(total - edge, 0.0), max(total - max(peak, 0.0), 0.0)
    return float(np.log((with_edge + tiny) / (with_peak + tiny)))


def _pairs(
    centers: tuple[float, ...], widths: tuple[float, ...], unit: float
) -> tuple[FloatArray, FloatArray]:
    """All pairs of a centre and a width, each (M, 1), in px."""
    center, wide = np.meshgrid(np.array(centers) * unit, np.array(widths) * unit)
    return center.reshape(-1, 1), wide.reshape(-1, 1)
