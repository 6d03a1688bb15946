"""Place of a peak or an edge in each of many short profiles, weighted by its noise.

A peak is a Gaussian on a line, an edge its integral on a line.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.ring_model import eliminate_local, fit_local

STEPS = 12

Shape = Callable[[FloatArray, FloatArray, FloatArray], tuple[FloatArray, ...]]
"""From t = r − place, the width and the variance: values, derivatives by place and width."""


@dataclass(frozen=True)
class Places:
    """Where something was found on N profiles, all (N,), in px along the profile.

    ``place`` and its ``sigma``, ``width`` of the feature, ``contrast`` its height over its σ,
    ``misfit`` the squared distance of the profile from the model, ``covariance`` (N, 2, 2) that of
    place and width.
    """

    place: FloatArray
    sigma: FloatArray
    width: FloatArray
    contrast: FloatArray
    misfit: FloatArray
    covariance: FloatArray


def peak_shape(t: FloatArray, width: FloatArray, s2: FloatArray) -> tuple[FloatArray, ...]:
    """Gaussian of variance ``s2``, and its derivatives by the place and by the width."""
    shape = np.exp(-0.5 * t**2 / s2)
    shift = shape * t / s2
    return shape, shift, shift * t * width / s2


def edge_shape(t: FloatArray, width: FloatArray, s2: FloatArray) -> tuple[FloatArray, ...]:
    """Integral of a Gaussian of variance ``s2``, and its derivatives by place and width."""
    from scipy.special import ndtr

    slope = -np.exp(-0.5 * t**2 / s2) / np.sqrt(2.0 * np.pi * s2)
    return np.asarray(ndtr(t / np.sqrt(s2))), slope, slope * t * width / s2


def fit_places(
    cells: PolarCells,
    place: FloatArray,
    width: FloatArray,
    inside: BoolArray,
    shape: Shape = peak_shape,
) -> Places:
    """Refine peaks or edges from places good to about a width.

    Parameters
    ----------
    cells : PolarCells
        Profiles, a row each.
    place, width : ndarray, shape (N,)
        Start: place and width (σ) in px.
    inside : ndarray of bool, shape (N, B)
        Part of each profile to use.
    shape : callable
        `peak_shape` or `edge_shape`.

    Returns
    -------
    Places
    """
    count = np.where(inside, cells.count, 0.0)
    line = (cells.radius - place[:, None]) / (cells.edges[-1] - cells.edges[0])
    noise: FloatArray | None = None
    for _ in range(STEPS):
        t = cells.radius - place[:, None]
        s2 = (width**2 + (1.0 + cells.step**2) / 12.0)[:, None]
        basis, by_place, by_width = shape(t, width[:, None], s2)
        local = np.stack([basis, np.ones_like(t), line], axis=1)
        weight = count if noise is None else count / noise
        fitted, inverse, mean = fit_local(local, weight, cells.mean)
        slope = fitted[:, :1] * by_place
        noise = _pixel_noise(cells, count, mean, slope)
        shared = fitted[:, :1, None] * np.stack([by_place, by_width], axis=1)
        information, score = eliminate_local(local, shared, weight, inverse, cells.mean - mean)
        covariance = _inverse(information)
        step = (covariance @ score[:, :, None])[:, :, 0]
        limit = 0.5 * width + 0.1
        place = place + np.clip(step[:, 0], -limit, limit)
        width = np.clip(width + np.clip(step[:, 1], -0.3 * width, 0.4 * width), 0.2, 60.0)
    return Places(
        place,
        np.sqrt(np.where(covariance[:, 0, 0] > 0.0, covariance[:, 0, 0], np.inf)),
        width,
        fitted[:, 0] / np.sqrt(inverse[:, 0, 0]),
        np.sum(count * (cells.mean - mean) ** 2, axis=1),
        covariance,
    )


def _inverse(information: FloatArray) -> FloatArray:
    """Inverse of each 2 × 2 matrix; huge where there is no information."""
    diagonal = np.einsum("kii->ki", information)
    small = 1e-6 * diagonal.max(axis=1) + 1e-12
    return np.asarray(np.linalg.inv(information + small[:, None, None] * np.eye(2)))


def _pixel_noise(
    cells: PolarCells, count: FloatArray, mean: FloatArray, slope: FloatArray
) -> FloatArray:
    """Variance of a pixel, shape (N, B).

    Counts have their own mean as variance; for other data the scatter of the profile's pixels
    is taken for all of them.
    """
    square = cells.squares - 2.0 * mean * cells.total + cells.count * mean**2
    # The profile's own slope across a bin is no noise (a bad model must not explain all away).
    square -= np.minimum(cells.count * (slope * cells.step) ** 2 / 12.0, 0.9 * square)
    square = np.where(count > 0, square, 0.0)
    free = np.maximum(count.sum(axis=1) - 5.0, 1.0)
    own = np.maximum(square.sum(axis=1), 0.0) / free
    level = np.sum(count * mean, axis=1) / np.maximum(count.sum(axis=1), 1.0)
    # A masked or empty profile weighs like the others, or it would drown them in the solution.
    seen = own > 0
    own = np.where(seen, own, float(np.median(own[seen])) if seen.any() else 1e-300)
    positive = np.maximum(level, 1e-300)
    common = (
        float(np.median((own / positive)[seen])) if seen.any() and np.all(level[seen] > 0) else 0.0
    )
    if cells.integral and 0.5 < common < 2.0:
        return np.asarray(np.maximum(mean, 0.05 * positive[:, None]))
    return np.asarray(np.broadcast_to(np.maximum(own, 1e-300)[:, None], mean.shape))
