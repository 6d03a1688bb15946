"""The share of a ring in every azimuth sector: how high, and how far from its place."""

from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.polar import PolarMap
from calibtool.model.look.scan import Bump

SPOILT, CLEAR = 4.0, 4.0
"""Sectors this many times as uncertain as the others are left out where no ring is clear."""

BIN_WIDTHS = 0.4
"""Bins as wide as a peak allows: its shape stands out of their scatter, and they cost time."""

REACH_WIDTHS, LEAST_BINS = 7.0, 6.0
WIDER = 2.0
"""What is wider than a ring by more is its background."""

KEPT_WIDTHS, NEIGHBOUR_WIDTHS = 2.2, 2.2
"""Bins so near to the ring stay, even where they are so near to a neighbour."""


@dataclass(frozen=True, eq=False)
class SectorProfiles:
    """Intensity by sector and offset from a ring.

    ``mean`` and ``count`` have shape (K, B), ``offset_px`` (B,); ``azimuth_rad`` (K,).
    """

    mean: FloatArray
    count: FloatArray
    offset_px: FloatArray
    azimuth_rad: FloatArray
    bin_px: float


def profiles_of(polar: PolarMap, ring: Bump, others: list[Bump]) -> SectorProfiles:
    """The surroundings of a ring, without what is on other rings."""
    half = max(REACH_WIDTHS * ring.width_px, LEAST_BINS * polar.bin_px)
    half = min(half, 0.8 * ring.radius_px)
    near = polar.window(ring.radius_px - half, ring.radius_px + half)
    near = near.rebinned(int(BIN_WIDTHS * ring.width_px / polar.bin_px))
    radius = near.radius_px
    offset = radius - ring.radius_px
    kept = np.abs(offset) < KEPT_WIDTHS * ring.width_px
    free = np.ones(len(offset), dtype=bool)
    for other in others:
        apart = abs(other.radius_px - ring.radius_px)
        if other.width_px <= WIDER * ring.width_px and apart < half + 3 * other.width_px:
            brighter = 2.0 * np.log(max(other.score / max(ring.score, 1.0), 1.0) ** 2)
            reach = np.sqrt(NEIGHBOUR_WIDTHS**2 + brighter) * other.width_px
            beyond = np.abs(radius - other.radius_px) > reach
            free &= beyond | kept
    mean, count = near.mean.astype(np.float64), near.count.astype(np.float64) * free
    return SectorProfiles(mean, count, offset, near.azimuth_rad, near.bin_px)


@dataclass(frozen=True, eq=False)
class SectorFits:
    """The ring in each sector, all arrays (K,).

    ``amplitude`` is the share of the Gaussian and ``tilt`` that of its derivative (in px:
    amplitude times shift), each with its σ. ``valid`` says where the sector has enough pixels
    on both sides of the ring.
    """

    azimuth_rad: FloatArray
    amplitude: FloatArray
    sigma_amplitude: FloatArray
    tilt: FloatArray
    sigma_tilt: FloatArray
    valid: BoolArray

    @property
    def snr(self) -> FloatArray:
        """Amplitude over its σ in each valid sector."""
        return np.asarray(self.amplitude[self.valid] / self.sigma_amplitude[self.valid])

    def only(self, sectors: BoolArray) -> "SectorFits":
        """The same with the other sectors than ``sectors`` (K,) not valid."""
        return replace(self, valid=self.valid & sectors)


def fit_sectors(profiles: SectorProfiles, width_px: float) -> SectorFits:
    """Least squares in every sector: background of second degree + Gaussian + its derivative.

    Parameters
    ----------
    profiles : SectorProfiles
        Profiles around the ring.
    width_px : float
        Width (σ) of the ring's Gaussian, the same in all sectors.

    Returns
    -------
    SectorFits
        Noise comes from the scatter around the fit.
    """
    t = profiles.offset_px / width_px
    window = np.abs(t) < 4.5
    t, y, n = t[window], profiles.mean[:, window], profiles.count[:, window]
    bell = np.exp(-0.5 * t**2)
    model = np.stack([np.ones_like(t), t, bell, t * bell, t * t / 10.0], axis=1)
    valid = _supported(n, t)
    weighted = n[:, :, None] * model
    normal = np.matmul(model.T, weighted)
    right = np.einsum("kbi,kb->ki", weighted, y)
    safe = np.where(valid[:, None, None], normal, np.eye(5))
    ridge = 1e-9 * np.trace(safe, axis1=1, axis2=2)[:, None, None] * np.eye(5)
    inverse = np.linalg.inv(safe + ridge)
    share = np.einsum("kij,kj->ki", inverse, right)
    rest = y - share @ model.T
    freedom = np.maximum((n > 0).sum(axis=1) - 5, 1)
    variance = (n * rest**2).sum(axis=1) / freedom
    variance = np.maximum(variance, 0.3 * float(np.median(variance[valid])) if valid.any() else 0.0)
    sigma = np.sqrt(np.maximum(variance[:, None] * np.einsum("kii->ki", inverse), 1e-30))
    if valid.any():
        # a sector with a defect in it has a large scatter and tells nothing, unlike a bright arc
        firm = share[:, 2] > CLEAR * sigma[:, 2]
        valid &= firm | (sigma[:, 2] < SPOILT * float(np.median(sigma[valid, 2])))
    return SectorFits(
        profiles.azimuth_rad,
        np.where(valid, share[:, 2], 0.0),
        sigma[:, 2],
        np.where(valid, share[:, 3], 0.0) * width_px,
        sigma[:, 3] * width_px,
        valid,
    )


def _supported(count: FloatArray, t: FloatArray) -> BoolArray:
    """Sectors with pixels on the ring and on both sides of it."""
    there = count > 0
    on_ring, inner, outer = np.abs(t) < 1.5, t < -1.8, t > 1.8
    parts = [
        there[:, part].mean(axis=1) if part.any() else np.zeros(len(count))
        for part in (on_ring, inner, outer)
    ]
    enough = (parts[0] > 0.7) & (parts[1] > 0.25) & (parts[2] > 0.25)
    return np.asarray(enough & (there.sum(axis=1) >= 7))
