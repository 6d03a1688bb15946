"""Radial profiles of the azimuth sectors of a circle, and the ring's share in each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, Circle, CircleLike, FloatArray

MOST_SAMPLES = 60000
"""Blocks sampled around a circle, about; more would cost time and memory for little."""

SAMPLES_AT_ONCE = 20000

SPOILT = 4.0
"""Sectors this many times as uncertain as the others are left out."""


@dataclass(frozen=True, eq=False)
class Field:
    """What is sampled: values of blocks (or pixels) and where they count, both (h, w).

    Blocks are ``block_px`` wide.
    """

    values: NDArray[Any]
    valid: BoolArray
    block_px: int = 1


@dataclass(frozen=True, eq=False)
class SectorProfiles:
    """Mean intensity by azimuth sector and distance from the circle.

    ``mean`` and ``count`` have shape (K, B): K sectors, B radial bins of width ``bin_px``
    centred at ``offset_px`` (B,) from the circle. ``azimuth_rad`` (K,) are the sectors' middles.
    """

    mean: FloatArray
    count: FloatArray
    offset_px: FloatArray
    azimuth_rad: FloatArray
    bin_px: float

    def merged(self, factor: int) -> "SectorProfiles":
        """The same with ``factor`` neighbouring sectors taken together."""
        if factor <= 1:
            return self
        sectors = len(self.mean) // factor
        shape = (sectors, factor, self.mean.shape[1])
        count = self.count[: sectors * factor].reshape(shape)
        total = (self.mean[: sectors * factor].reshape(shape) * count).sum(axis=1)
        count = count.sum(axis=1)
        azimuth = self.azimuth_rad[: sectors * factor].reshape(sectors, factor).mean(axis=1)
        mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
        return SectorProfiles(mean, count, self.offset_px, azimuth, self.bin_px)

    def only(self, sectors: BoolArray) -> "SectorProfiles":
        """The same with nothing in the other sectors than ``sectors`` (K,)."""
        return replace(self, count=self.count * sectors[:, None])


def sector_profiles(
    field: Field, circle: CircleLike, *, half_window_px: float, bin_px: float, sectors: int
) -> SectorProfiles:
    """Sample the surroundings of a circle.

    Each sample takes the block nearest to a polar grid but keeps the block's own distance
    from the centre, so that nothing is interpolated or shifted.

    Parameters
    ----------
    field : Field
        Image to sample.
    circle : CircleLike
        Circle in index pixels.
    half_window_px, bin_px : float
        Profiles reach ``half_window_px`` to both sides, in bins of ``bin_px``.
    sectors : int
        Number K of azimuth sectors.

    Returns
    -------
    SectorProfiles
    """
    bins = 2 * int(np.ceil(half_window_px / bin_px - 0.5)) + 1
    offsets = np.asarray((np.arange(bins) - bins // 2) * bin_px, np.float64)
    count, total = np.zeros(sectors * bins), np.zeros(sectors * bins)
    for azimuth, rows, columns in _grid(field, circle, offsets):
        keep = field.valid[rows, columns]
        rows, columns = rows[keep], columns[keep]
        block = field.block_px
        x = columns * block + (0.5 * (block - 1) - circle.center_x_px)
        y = rows * block + (0.5 * (block - 1) - circle.center_y_px)
        radial = (np.hypot(x, y) - circle.radius_px) / bin_px + bins // 2
        index = np.rint(radial).astype(np.intp)
        inside = (index >= 0) & (index < bins)
        sector = np.floor((azimuth[keep] / (2 * np.pi)) * sectors).astype(np.intp) % sectors
        flat = (sector * bins + index)[inside]
        values = np.asarray(field.values[rows, columns], dtype=np.float64)[inside]
        count += np.bincount(flat, minlength=sectors * bins)
        total += np.bincount(flat, weights=values, minlength=sectors * bins)
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    shape = (sectors, bins)
    return SectorProfiles(
        mean.reshape(shape), count.reshape(shape), offsets, _middles(sectors), bin_px
    )


def _middles(sectors: int) -> FloatArray:
    return np.asarray((np.arange(sectors) + 0.5) * (2 * np.pi / sectors))


def _grid(
    field: Field, circle: CircleLike, offsets: FloatArray
) -> Iterator[tuple[FloatArray, NDArray[np.intp], NDArray[np.intp]]]:
    """Azimuth, row and column of the blocks nearest to a polar grid, those inside the image.

    In parts, so that little memory is needed.
    """
    step = field.block_px
    fine = np.asarray(np.arange(offsets[0], offsets[-1] + 0.5 * step, step) + circle.radius_px)
    fine = fine[fine > 0.5 * step]
    around = max(int(2 * np.pi * (circle.radius_px + offsets[-1]) / step), 16)
    azimuth = _middles(around)
    azimuth = azimuth[_may_be_inside(field, circle, azimuth, fine)]
    azimuth = azimuth[:: max(1, len(azimuth) * len(fine) // MOST_SAMPLES)]
    h, w = field.valid.shape
    shift = 0.5 * (step - 1)
    for part in np.array_split(azimuth, 1 + len(azimuth) * len(fine) // SAMPLES_AT_ONCE):
        columns = np.rint((circle.center_x_px - shift + fine * np.cos(part)[:, None]) / step)
        rows = np.rint((circle.center_y_px - shift + fine * np.sin(part)[:, None]) / step)
        inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
        yield (
            np.broadcast_to(part[:, None], inside.shape)[inside],
            rows[inside].astype(np.intp),
            columns[inside].astype(np.intp),
        )


def _may_be_inside(
    field: Field, circle: CircleLike, azimuth: FloatArray, radius: FloatArray
) -> BoolArray:
    """Azimuths under which the inner, middle or outer radius lies in the image."""
    h, w = field.valid.shape
    ends = np.array([radius[0], np.median(radius), radius[-1]])[:, None]
    x = circle.center_x_px + ends * np.cos(azimuth)
    y = circle.center_y_px + ends * np.sin(azimuth)
    inside = (x > -1) & (y > -1) & (x < w * field.block_px) & (y < h * field.block_px)
    return np.asarray(inside.any(axis=0))


@dataclass(frozen=True, eq=False)
class SectorFits:
    """The ring in each sector, all arrays (K,).

    ``amplitude`` is the share of the Gaussian and ``tilt`` that of its derivative (in px:
    amplitude times shift), each with its σ; ``slope`` the rise of the background over one
    width outwards. ``valid`` says where the sector has enough pixels on both sides of the ring.
    """

    azimuth_rad: FloatArray
    amplitude: FloatArray
    sigma_amplitude: FloatArray
    tilt: FloatArray
    sigma_tilt: FloatArray
    valid: BoolArray
    slope: FloatArray

    @property
    def snr(self) -> FloatArray:
        """Amplitude over its σ in each valid sector."""
        return np.asarray(self.amplitude[self.valid] / self.sigma_amplitude[self.valid])


def fit_sectors(profiles: SectorProfiles, width_px: float) -> SectorFits:
    """Least squares in every sector: background of second degree + Gaussian + its derivative.

    Parameters
    ----------
    profiles : SectorProfiles
        Profiles around the circle.
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
        # a sector with a defect in it has a large scatter and tells nothing
        valid &= sigma[:, 2] < SPOILT * float(np.median(sigma[valid, 2]))
    return SectorFits(
        profiles.azimuth_rad,
        np.where(valid, share[:, 2], 0.0),
        sigma[:, 2],
        np.where(valid, share[:, 3], 0.0) * width_px,
        sigma[:, 3] * width_px,
        valid,
        np.where(valid, share[:, 1], 0.0),
    )


def _supported(count: FloatArray, t: FloatArray) -> BoolArray:
    """Sectors with pixels on the ring and on both sides of it."""
    there = count > 0
    on_ring, inner, outer = np.abs(t) < 1.5, t < -1.8, t > 1.8
    parts = [
        there[:, part].mean(axis=1) if part.any() else np.zeros(len(count))
        for part in (on_ring, inner, outer)
    ]
    enough = (parts[0] > 0.7) & (parts[1] > 0.35) & (parts[2] > 0.35)
    return np.asarray(enough & (there.sum(axis=1) >= 7))


def sector_count(circle: Circle, block_px: float) -> int:
    """Sectors of about six blocks along the ring, between 36 and 360."""
    return int(np.clip(2 * np.pi * circle.radius_px / (6.0 * block_px), 36, 360))
