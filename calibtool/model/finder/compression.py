"""The image with its range compressed, so that a steep halo becomes a gentle slope."""

from dataclasses import replace

import numpy as np

from calibtool.model.circle import Circle
from calibtool.model.finder.noise import NoiseModel
from calibtool.model.finder.reduction import Level
from calibtool.model.finder.verdict import Trial

DARK_PERCENT = 1.0
STEEP_PERCENT = 99.5
LEAST_RANGE = 10.0
"""Bright over noise of the dark parts, from which compression changes anything."""

NOISES = 3.0
GRID = 64


def compressed(level: Level) -> Level | None:
    """A level as asinh((mean − dark) / (3 σ of the dark)).

    Far above the dark it is a logarithm, which makes a straight line of an exponential halo
    and keeps a ring a ring; near the dark it changes nothing but the unit.

    Parameters
    ----------
    level : Level
        The reduced image.

    Returns
    -------
    Level or None
        With the noise of the compressed values; None where all is near the dark.
    """
    values = level.mean[::2, ::2][level.weight[::2, ::2] >= 0.3]
    if values.size == 0:
        return None
    dark, bright = np.percentile(values, [DARK_PERCENT, STEEP_PERCENT])
    pixels = float(np.median(level.weight)) * level.block_px**2
    unit = NOISES * float(np.sqrt(level.noise.variance(dark) / max(pixels, 1.0)))
    if not bright - dark > LEAST_RANGE * unit > 0.0:
        return None
    x = np.concatenate([level.noise.mean, dark + unit * np.sinh(np.linspace(-2.0, 14.0, GRID))])
    x = np.unique(x)
    slope = 1.0 / np.hypot(x - dark, unit)
    noise = NoiseModel(np.arcsinh((x - dark) / unit), level.noise.variance(x) * slope**2)
    mean = level.mean - np.float32(dark)
    mean /= np.float32(unit)
    return replace(level, mean=np.arcsinh(mean, out=mean), noise=noise)


def uncompressed(ring: Trial) -> Trial:
    """A ring seen in a compressed image, moved to where it is in the image itself.

    On a slope exp(s·r) a Gaussian A·exp(−(r − R)²/2w²) becomes, divided by the slope, a
    Gaussian of the same width around R − s·w².
    """
    fits = ring.sectors
    seen = fits.valid & (fits.amplitude > fits.sigma_amplitude)
    azimuth = fits.azimuth_rad[seen]
    along = np.column_stack([np.cos(azimuth), np.sin(azimuth), np.ones(len(azimuth))])
    root = (fits.amplitude / fits.sigma_tilt)[seen]
    shift = np.clip(ring.width_px * fits.slope[seen], -ring.width_px, ring.width_px)
    step = np.linalg.lstsq(along * root[:, None], shift * root, rcond=1e-6)[0]
    circle = ring.circle
    moved = Circle(
        circle.center_x_px + float(step[0]),
        circle.center_y_px + float(step[1]),
        circle.radius_px + float(step[2]),
    )
    return replace(ring, circle=moved)
