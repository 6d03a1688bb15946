"""Intensity against radius around a centre, over the whole turn or a sector of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray
from calibtool.model.rings.annulus import Ignore, annulus_pixels


@dataclass(frozen=True)
class RadialProfile:
    """Mean intensity in radial bins, all arrays (B,).

    ``radius_px`` is the mean radius of the bin's pixels (the middle of an empty bin),
    ``intensity`` their mean and ``variance`` the scatter of single pixels around it (both NaN
    in empty bins, the variance also where there is one pixel only), ``count`` their number.
    """

    radius_px: FloatArray
    intensity: FloatArray
    variance: FloatArray
    count: FloatArray


def radial_profile(
    data: NDArray[Any],
    mask: Ignore | None,
    center: tuple[float, float],
    r_min: float,
    r_max: float,
    *,
    step: float = 1.0,
    azimuth: float | None = None,
    half_angle: float | None = None,
) -> RadialProfile:
    """Mean intensity and its scatter against the distance from a centre.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.
    mask : ndarray of bool, shape (H, W), rule, or None
        True = ignore; None judges by the values (`calibtool.model.image.pixel_rule`, which
        should be worked out once where many profiles of one image are wanted).
    center : (float, float)
        (x, y) in index pixels; may lie outside the image.
    r_min, r_max : float
        Radii in px between which to look.
    step : float
        Width of the bins in px; 0.25 resolves a ring narrower than a pixel.
    azimuth, half_angle : float, optional
        Only the sector ``azimuth ± half_angle``, in rad (0 along +x, π/2 along +y).

    Returns
    -------
    RadialProfile
        ``ceil((r_max - r_min) / step)`` bins, at least one.
    """
    r_min = max(r_min, 0.0)
    n_bins = max(int(np.ceil((r_max - r_min) / step - 1e-9)), 1)
    sums = np.zeros((4, n_bins))
    for pixels in annulus_pixels(data, mask, center, r_min, r_max):
        keep = ~pixels.ignored
        dx, dy = pixels.x[keep] - center[0], pixels.y[keep] - center[1]
        values = pixels.values[keep].astype(np.float64)
        if azimuth is not None and half_angle is not None:
            turn = np.arctan2(dy, dx) - azimuth
            inside = np.abs((turn + np.pi) % (2.0 * np.pi) - np.pi) <= half_angle
            dx, dy, values = dx[inside], dy[inside], values[inside]
        radius = np.sqrt(dx * dx + dy * dy)
        index = np.clip(((radius - r_min) / step).astype(np.intp), 0, n_bins - 1)
        for row, weights in enumerate((None, values, values * values, radius)):
            sums[row] += np.bincount(index, weights, minlength=n_bins)
    count = sums[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        intensity = sums[1] / count
        variance = np.maximum(sums[2] - count * intensity**2, 0.0) / (count - 1.0)
        mean_radius = sums[3] / count
    middle = r_min + step * (np.arange(n_bins) + 0.5)
    variance[count < 2] = np.nan
    return RadialProfile(np.where(count > 0, mean_radius, middle), intensity, variance, count)
