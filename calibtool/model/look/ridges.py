"""Points on bright ridges of the image, with the direction across the ridge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray, CircleLike, FloatArray, radial_residuals
from calibtool.model.look.reduction import LEAST_WEIGHT, Float32Array, Level, smooth, smoothed

SMOOTHING = 1.4
"""σ of the smoothing before the second derivatives, in blocks."""

REACH = 8
"""Blocks from which a ridge point takes anything, more than enough."""

BAND_BLOCKS = 1 << 16
"""Blocks looked at together, about, so that little memory is needed."""

BESIDE = 3.5
"""Blocks from a ridge at which its sides are looked at."""

MOST_POINTS = 1600
LEAST_SNR = 2.2
LEAST_SLOPE = 5.0
SLOPE_GAIN = 0.1
"""σ of the slope for unit white noise in the blocks, after this smoothing."""

USABLE, TRUSTED = 0.3, 0.97
MOST_ALONG = 0.6
"""Curvature along a ridge, as a share of that across it; more is a spot or a saddle."""

MOST_SNR = 6.0
"""A point's weight grows with its significance only so far: no spot outvotes a ring."""


@dataclass(frozen=True, eq=False)
class Ridges:
    """Points on ridges of one level.

    ``xy`` (N, 2) in index pixels, ``normal`` (N, 2) unit vectors across the ridge, ``weight``
    (N,) the significance of the curvature, bounded; ``scale_px`` the width looked at.
    """

    xy: FloatArray
    normal: FloatArray
    weight: FloatArray
    scale_px: float

    def near(self, circle: CircleLike, reach_px: float) -> "Ridges":
        """Those no farther from a circle than ``reach_px``."""
        return self.only(np.abs(radial_residuals(self.xy, circle)) < reach_px)

    def only(self, keep: BoolArray) -> "Ridges":
        """Those of ``keep`` (N,)."""
        return Ridges(self.xy[keep], self.normal[keep], self.weight[keep], self.scale_px)


def find_slopes(level: Level) -> Ridges:
    """Steep places of a coarse level; a halo's lead to its centre."""
    usable = np.where(level.weight >= USABLE, level.weight, np.float32(0.0))
    image = smoothed(level.mean, usable, SMOOTHING)
    trusted = _smooth((usable > 0).astype(np.float32))[1:-1, 1:-1] > TRUSTED
    dx = 0.5 * (image[1:-1, 2:] - image[1:-1, :-2])
    dy = 0.5 * (image[2:, 1:-1] - image[:-2, 1:-1])
    noise = np.sqrt(np.maximum(_smooth(level.variance(slice(None)))[1:-1, 1:-1], 1e-30))
    size = np.hypot(dx, dy)
    snr = size / (SLOPE_GAIN * noise)
    rows, columns = np.nonzero(trusted & (snr > LEAST_SLOPE))
    normal = np.stack([dx, dy], axis=-1)[rows, columns] / size[rows, columns][:, None]
    xy = level.to_px(np.stack([columns + 1.0, rows + 1.0], axis=1))
    weight = np.minimum(snr[rows, columns], MOST_SNR)
    scale = SMOOTHING * level.block_px
    return Ridges(xy, normal.astype(np.float64), weight.astype(np.float64), scale)


def _across_and_along(smooth: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Curvature across the ridge and size of that along it, inner part (h − 2, w − 2).

    Minus the most negative eigenvalue of the matrix of second differences, and the size of
    the other one.
    """
    mid = smooth[1:-1, 1:-1]
    xx = smooth[1:-1, 2:] + smooth[1:-1, :-2] - 2 * mid
    yy = smooth[2:, 1:-1] + smooth[:-2, 1:-1] - 2 * mid
    half_sum = 0.5 * (xx + yy)
    xx -= yy
    xx *= 0.5
    del yy
    xy = smooth[2:, 2:] + smooth[:-2, :-2]
    xy -= smooth[2:, :-2]
    xy -= smooth[:-2, 2:]
    xy *= np.float32(0.25)
    half_gap = np.hypot(xx, xy, out=xx)
    return half_gap - half_sum, np.abs(half_sum + half_gap)


def _normals(
    smooth: Float32Array, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> FloatArray:
    """Unit vectors (N, 2) across the ridge at blocks of the inner part.

    The eigenvector of the most negative curvature.
    """
    r, c = rows + 1, columns + 1
    difference = smooth[r, c + 1] + smooth[r, c - 1] - smooth[r + 1, c] - smooth[r - 1, c]
    diagonal = smooth[r + 1, c + 1] + smooth[r - 1, c - 1]
    mixed = 0.25 * (diagonal - smooth[r + 1, c - 1] - smooth[r - 1, c + 1])
    angle = 0.5 * np.arctan2(2 * mixed, difference) + 0.5 * np.pi
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float64)


def _noise_gain() -> float:
    """Standard deviation of the second difference for unit white noise in the blocks."""
    half = 8
    k = np.exp(-0.5 * (np.arange(-half, half + 1) / SMOOTHING) ** 2)
    k /= k.sum()
    second = np.convolve(k, [1.0, -2.0, 1.0])
    return float(np.sqrt((second**2).sum() * (k**2).sum()))


def find_ridges(level: Level) -> Ridges:
    """Ridge points of a level: strongest curvature across, little along.

    Parameters
    ----------
    level : Level
        The reduced image.

    Returns
    -------
    Ridges
        At most ``MOST_POINTS`` points, the most significant.
    """
    usable = np.where(level.weight >= USABLE, level.weight, np.float32(0.0))
    offset = np.float32(np.average(level.mean, weights=usable + np.float32(1e-9)))
    parts = [_in_band(level, usable, offset, band) for band in _bands(*level.mean.shape)]
    xy, normal, strength = (np.concatenate(part) for part in zip(*parts, strict=True))
    if len(xy) > MOST_POINTS:
        chosen = np.argsort(-strength, kind="stable")[:MOST_POINTS]
        xy, normal, strength = xy[chosen], normal[chosen], strength[chosen]
    return Ridges(
        level.to_px(xy),
        normal,
        np.minimum(strength, MOST_SNR).astype(np.float64),
        float(np.hypot(SMOOTHING, 0.3) * level.block_px),
    )


def _bands(rows: int, columns: int) -> list[tuple[slice, slice]]:
    """Rows to look at together, and those of them whose ridges are to be kept.

    Bands overlap by as much as smoothing and derivatives reach, so that the ridges are
    those of the whole.
    """
    step = max(BAND_BLOCKS // max(columns, 1), 4 * REACH)
    bands = []
    for top in range(0, rows, step):
        first, last = max(top - REACH, 0), min(top + step + REACH, rows)
        bands.append((slice(first, last), slice(top - first, min(top + step, rows) - first)))
    return bands


def _in_band(
    level: Level, usable: Float32Array, offset: np.float32, band: tuple[slice, slice]
) -> tuple[FloatArray, FloatArray, Float32Array]:
    """Ridge points (N, 2) in blocks, their normals (N, 2) and strengths (N,) in some rows."""
    rows, kept = band
    weight = usable[rows]
    image = _smooth((level.mean[rows] - offset) * weight)
    image /= np.maximum(_smooth(weight), LEAST_WEIGHT)
    trusted = _smooth((weight > 0).astype(np.float32))[1:-1, 1:-1] > TRUSTED
    across, along = _across_and_along(image)
    along -= np.float32(MOST_ALONG) * across
    trusted &= along < 0
    del along, weight
    snr = _smooth(level.variance(rows))[1:-1, 1:-1]
    np.sqrt(snr, out=snr)
    np.divide(across, np.maximum(snr, np.float32(1e-20)), out=snr)
    snr /= np.float32(_noise_gain())
    trusted &= snr > LEAST_SNR
    # rows of the inner part begin one block later
    trusted[: max(kept.start - 1, 0)] = False
    trusted[kept.stop - 1 :] = False
    xy, normal, strength = _tops(trusted, snr, across, image)
    return xy + np.array([0.0, rows.start]), normal, strength


def _smooth(values: Float32Array) -> Float32Array:
    return smooth(values, SMOOTHING)


def _tops(
    keep: BoolArray, snr: Float32Array, across: Float32Array, image: Float32Array
) -> tuple[FloatArray, FloatArray, Float32Array]:
    """Blocks to keep where the curvature is largest across the ridge, to a part of a block."""
    keep[[0, -1]] = False
    keep[:, [0, -1]] = False
    rows, columns = np.nonzero(keep)
    normal = _normals(image, rows, columns)
    step = np.rint(normal).astype(int)
    here = across[rows, columns]
    before = across[rows - step[:, 1], columns - step[:, 0]]
    after = across[rows + step[:, 1], columns + step[:, 0]]
    top = (here >= before) & (here > after)
    bend = 2 * here - before - after
    shift = 0.5 * (after - before) / np.where(bend > 0, bend, 1.0)
    spots = np.stack([columns + 1.0, rows + 1.0], axis=1) + shift[:, None] * step
    rows, columns, normal = rows[top], columns[top], normal[top]
    strength = snr[rows, columns] * _both_sides(image, rows + 1, columns + 1, normal)
    return spots[top], normal, strength.astype(np.float32)


def _both_sides(
    image: Float32Array, rows: NDArray[np.intp], columns: NDArray[np.intp], normal: FloatArray
) -> FloatArray:
    """How much of its weight a point keeps: it falls to both sides of a ridge, not of an edge.

    1 where both sides are alike, about 0.3 at an edge, (N,).
    """
    last = np.array(image.shape) - 1
    beside = {}
    for far in (-2, -1, 1, 2):
        step = np.rint(far * BESIDE * normal).astype(np.intp)
        r, c = np.clip(rows + step[:, 1], 0, last[0]), np.clip(columns + step[:, 0], 0, last[1])
        beside[far] = image[r, c].astype(np.float64)
    above = 2.0 * image[rows, columns] - beside[1] - beside[-1]
    # what is left of the step from side to side when the slope farther out is taken off
    tilt = 2.0 * (beside[1] - beside[-1]) - (beside[2] - beside[-2])
    tilt /= np.maximum(above, 1e-30)
    return np.asarray(np.where(above > 0, 1.0 / (1.0 + tilt * tilt), 0.1))
