"""The image with its range compressed, so that a steep halo becomes a gentle slope."""

from dataclasses import replace

import numpy as np

from calibtool.model.finder.noise import NoiseModel
from calibtool.model.finder.reduction import Level

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
    values = level.mean[level.weight >= 0.3]
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
