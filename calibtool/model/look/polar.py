"""The reduced image around a centre: mean intensity by azimuth sector and ring parameter."""

from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.reduction import Float32Array, Level, strips
from calibtool.model.look.sight import Aim

SECTORS = 72
BIN_BLOCKS = 0.5
MOST_BINS = 750
LEAST_WEIGHT = 0.3
TINY = np.float32(1e-9)
STRIP_BLOCKS = 1 << 14
"""Blocks sorted at a time, so that little memory is needed."""

HORIZON = 0.2
"""Where 1 + u·τ is less, a ring would be hit so flat that nothing is seen of it."""


DARK_PERCENT, STEEP_PERCENT = 1.0, 99.5
NOISES, LEAST_RANGE = 3.0, 10.0


@dataclass(frozen=True, eq=False)
class PolarMap:
    """Mean of blocks by sector and bin.

    ``mean``, ``count`` (in pixels) and ``variance`` (of the mean, as the noise has it) have
    shape (K, B); ``azimuth_rad`` (K,) are the middles of the sectors, which are ``sector_rad``
    wide; bin b is centred on the parameter ``(b + 0.5)·bin_px + first_px``.
    """

    mean: Float32Array
    count: Float32Array
    variance: Float32Array
    azimuth_rad: FloatArray
    sector_rad: float
    bin_px: float
    first_px: float
    block_px: int

    @property
    def radius_px(self) -> FloatArray:
        """Middles (B,) of the bins."""
        return np.asarray((np.arange(self.mean.shape[1]) + 0.5) * self.bin_px + self.first_px)

    def merged(self, factor: int) -> "PolarMap":
        """The same with ``factor`` neighbouring sectors taken together."""
        if factor <= 1:
            return self
        many = len(self.mean) // factor
        shape = (many, factor, self.mean.shape[1])
        cut = slice(0, many * factor)
        count = self.count[cut].reshape(shape)
        total = (self.mean[cut].reshape(shape) * count).sum(axis=1)
        square = (self.variance[cut].reshape(shape) * count**2).sum(axis=1)
        count = count.sum(axis=1)
        safe = np.maximum(count, TINY)
        azimuth = self.azimuth_rad[cut].reshape(many, factor).mean(axis=1)
        return replace(
            self,
            mean=np.asarray(total / safe, dtype=np.float32),
            count=count,
            variance=square / safe**2,
            azimuth_rad=azimuth,
            sector_rad=self.sector_rad * factor,
        )

    def rebinned(self, factor: int) -> "PolarMap":
        """The same with ``factor`` neighbouring bins taken together."""
        if factor <= 1:
            return self
        bins = self.mean.shape[1] // factor
        shape = (len(self.mean), bins, factor)
        cut = slice(0, bins * factor)
        count = self.count[:, cut].reshape(shape)
        total = (self.mean[:, cut].reshape(shape) * count).sum(axis=2)
        square = (self.variance[:, cut].reshape(shape) * count**2).sum(axis=2)
        count = count.sum(axis=2)
        safe = np.maximum(count, TINY)
        return replace(
            self,
            mean=np.asarray(total / safe, dtype=np.float32),
            count=count,
            variance=square / safe**2,
            bin_px=self.bin_px * factor,
        )

    def window(self, low_px: float, high_px: float) -> "PolarMap":
        """The bins whose middles lie between two parameters."""
        low = int(np.ceil((low_px - self.first_px) / self.bin_px - 0.5))
        high = int(np.floor((high_px - self.first_px) / self.bin_px - 0.5)) + 1
        part = slice(max(low, 0), max(high, low, 0))
        return replace(
            self,
            mean=self.mean[:, part],
            count=self.count[:, part],
            variance=self.variance[:, part],
            first_px=self.first_px + part.start * self.bin_px,
        )

    def compressed(self) -> "PolarMap | None":
        """The same as asinh((mean − dark) / unit), None where nothing is far above the dark.

        Far above the dark that is a logarithm, which makes a straight line of an exponential
        halo and keeps a ring a ring and an edge an edge.
        """
        there = self.count > 0
        if not there.any():
            return None
        dark, bright = np.percentile(self.mean[there], [DARK_PERCENT, STEEP_PERCENT])
        near = there & (self.mean < dark + 0.1 * (bright - dark))
        # of one block, about: what a sector averages over differs too much
        unit = NOISES * float(np.sqrt(np.median(self.variance[near]) * np.median(self.count[near])))
        unit /= self.bin_px
        if not bright - dark > LEAST_RANGE * unit > 0.0:
            return None
        mean = np.arcsinh((self.mean - dark) / unit)
        slope = 1.0 / np.hypot(self.mean - dark, unit)
        return replace(self, mean=mean, variance=self.variance * slope**2)

    def only(self, sectors: BoolArray) -> "PolarMap":
        """The same with nothing in the other sectors than ``sectors`` (K,)."""
        return replace(self, count=self.count * sectors[:, None])


def polar_map(level: Level, aim: Aim) -> PolarMap:
    """Sort the blocks of a level by azimuth and parameter T around an aim.

    Each block keeps its own distance, so that nothing is interpolated. From outside the image
    the sectors divide the angle under which the image is seen.

    Parameters
    ----------
    level : Level
        The reduced image.
    aim : Aim
        Centre and tilt.
    """
    h, w = level.mean.shape
    start, span, near, far = _seen(level, aim)
    step = max(BIN_BLOCKS * level.block_px, (far - near) / MOST_BINS)
    bins = max(int((far - near) / step), 0) + 2
    first = float(np.floor(near / step)) * step
    size = SECTORS * bins
    total, count = np.zeros(size), np.zeros(size)
    noise = np.zeros(size if level.known is not None else 0)
    u = (level.to_px(np.arange(w, dtype=np.float64)) - aim.x).astype(np.float32)
    for rows in strips(h, w, 1, STRIP_BLOCKS):
        v = (level.to_px(np.arange(rows.start, rows.stop)[:, None]) - aim.y).astype(np.float32)
        stretch = 1 + u * np.float32(aim.tau_x) + v * np.float32(aim.tau_y)
        radius = np.sqrt(u * u + v * v)
        radius /= np.maximum(stretch, np.float32(HORIZON))
        turn = np.arctan2(v, u) - np.float32(start)
        turn = np.where(turn < 0, turn + np.float32(2 * np.pi), turn) * np.float32(SECTORS / span)
        radius -= np.float32(first)
        radius *= np.float32(1 / step)
        weight = level.weight[rows]
        keep = (weight >= LEAST_WEIGHT) & (stretch > HORIZON) & (radius >= 0) & (radius < bins)
        weight = np.where(keep, weight, np.float32(0.0)).ravel()
        index = np.where(keep, radius, np.float32(0.0)).astype(np.int32)
        flat = np.minimum(turn, np.float32(SECTORS - 1)).astype(np.int32)
        flat *= np.int32(bins)
        flat += index
        flat = flat.ravel()
        count += np.bincount(flat, weight, size)
        total += np.bincount(flat, weight * level.mean[rows].ravel(), size)
        if level.known is not None:
            noise += np.bincount(flat, weight * weight * level.known[rows].ravel(), size)
    total /= np.maximum(count, 1e-9)
    if level.known is None:
        variance = level.noise.variance(total)
        variance /= np.maximum(count * level.block_px**2, 1e-9)
    else:
        variance = noise / np.maximum(count, 1e-9) ** 2
    count *= level.block_px**2
    shape = (SECTORS, bins)
    azimuth = np.asarray(start + (np.arange(SECTORS) + 0.5) * (span / SECTORS), np.float64)
    return PolarMap(
        mean=total.astype(np.float32).reshape(shape),
        count=count.astype(np.float32).reshape(shape),
        variance=variance.astype(np.float32).reshape(shape),
        azimuth_rad=azimuth,
        sector_rad=span / SECTORS,
        bin_px=step,
        first_px=first,
        block_px=level.block_px,
    )


def _seen(level: Level, aim: Aim) -> tuple[float, float, float, float]:
    """First azimuth and angle (rad) under which the image is seen, nearest and farthest T."""
    h, w = level.mean.shape
    x = level.to_px(np.array([-0.5, w - 0.5, w - 0.5, -0.5])) - aim.x
    y = level.to_px(np.array([-0.5, -0.5, h - 0.5, h - 0.5])) - aim.y
    stretch = np.maximum(1.0 + x * aim.tau_x + y * aim.tau_y, HORIZON)
    far = float((np.hypot(x, y) / stretch).max())
    if x.min() < 0 < x.max() and y.min() < 0 < y.max():
        return -np.pi, 2 * np.pi, 0.0, far
    middle = float(np.arctan2(y.mean(), x.mean()))
    turn = (np.arctan2(y, x) - middle + np.pi) % (2 * np.pi) - np.pi
    outside = np.hypot(max(x.min(), -x.max(), 0.0), max(y.min(), -y.max(), 0.0))
    near = 0.5 * float(outside) if aim.tau_x or aim.tau_y else float(outside)
    margin = 1e-5
    return middle + float(turn.min()) - margin, float(np.ptp(turn)) + 2 * margin, near, far
