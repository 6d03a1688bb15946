"""Which part of a circle shows the ring: it may end within the image."""

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray

MOST_SNR = 6.0
HALF_SNR = 1.0
"""Sectors below this do not belong to the arc, and few of them end it."""

LEAST_DEG, MOST_SHARE = 25.0, 0.8
"""An arc is at least so long, and at most this share of the sectors that can be seen."""

LIT_SNR = 2.0
DARK_SHARE, DARK_SIGMA = 0.25, 6.0
"""Beyond its ends there is less than this share of it, so clearly."""


def lit_arc(snr: FloatArray, valid: BoolArray) -> BoolArray | None:
    """The run of sectors that shows a ring which is not there in the others.

    Parameters
    ----------
    snr : ndarray, shape (K,)
        Amplitude over its σ of the sectors all around a circle.
    valid : ndarray of bool, shape (K,)
        Sectors that have pixels.

    Returns
    -------
    ndarray of bool, shape (K,), or None
        None where the ring shows about as well everywhere, or nowhere.
    """
    snr = np.where(valid, snr, 0.0)
    snr = np.clip(snr, -MOST_SNR, MOST_SNR)
    arc = _best_run(np.where(valid, snr - HALF_SNR, 0.0))
    inside, outside = snr[arc & valid], snr[~arc & valid]
    seen = len(inside) + len(outside)
    if min(len(inside), len(outside)) < 4 or len(inside) > MOST_SHARE * seen:
        return None
    if 360.0 * float(arc.mean()) < LEAST_DEG or float(inside.mean()) < LIT_SNR:
        return None
    drop = float(inside.mean() - outside.mean())
    error = np.sqrt(inside.var() / len(inside) + max(outside.var(), 1.0) / len(outside))
    dark = float(outside.mean()) < DARK_SHARE * float(inside.mean())
    return arc if dark and drop > DARK_SIGMA * error else None


def _best_run(gain: FloatArray) -> BoolArray:
    """The run of sectors (K,), closed to a circle, whose gains have the largest sum."""
    many = len(gain)
    sums = np.concatenate([[0.0], np.cumsum(np.tile(gain, 2))])
    runs = sums[np.arange(many)[:, None] + np.arange(1, many + 1)] - sums[:many, None]
    start, length = np.unravel_index(int(np.argmax(runs)), runs.shape)
    arc = np.zeros(many, dtype=bool)
    arc[np.arange(start, start + length + 1) % many] = True
    return arc
