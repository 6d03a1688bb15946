"""Simulated frames with a known ring for the tests of masks, dark, flat and weak frames."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import Circle, FloatArray
from calibtool.model.image import Image
from calibtool.model.simulate import RingShape, expected_counts

RING = Circle(113.3, 108.8, 72.0)
SHAPE = (220, 230)
Y, X = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]


PARASITE = Circle(150.0, 92.0, 45.0)
"""A bright ring that is none of the calibrant's."""
OFF_PARASITE_PX = np.hypot(X - 150.0, Y - 92.0) - 45.0
"""How far outside it each pixel is."""


def ring_mean(height: float, background: float, *others: RingShape) -> FloatArray:
    """Expected counts of the ring, and perhaps of others, on a flat background."""
    return expected_counts(SHAPE, [RingShape(RING, 2.0, height), *others], background)


def with_parasite() -> FloatArray:
    """Expected counts of the ring and of the parasite across it."""
    return ring_mean(40.0, 5.0, RingShape(PARASITE, 1.5, 400.0))


def counted(mean: FloatArray, rng: np.random.Generator) -> NDArray[np.uint16]:
    return rng.poisson(mean).astype(np.uint16)


def as_image(data: NDArray[np.generic]) -> Image:
    return Image(data, np.zeros(data.shape, dtype=bool))


def camera() -> tuple[FloatArray, FloatArray]:
    """Relative gain, with a mean of about 1, and mean dark of a simulated CCD."""
    return 1.0 + 0.5 * np.sin(X / 7.0), 30.0 + 1.5 * X


def write_edf(path: Path, data: NDArray[np.generic], **header: str) -> Path:
    import fabio

    fabio.edfimage.EdfImage(data=data, header=header).write(str(path))
    return path
