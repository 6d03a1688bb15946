"""Simulated frames with a known ring for the tests of masks, dark, flat and weak frames."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import Circle, FloatArray
from calibtool.model.image import Image

RING = Circle(113.3, 108.8, 72.0)
SHAPE = (220, 230)
Y, X = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]


def ring_mean(height: float, background: float, width: float = 2.0) -> FloatArray:
    """Expected counts of a ring on a flat background."""
    off = np.hypot(X - RING.center_x_px, Y - RING.center_y_px) - RING.radius_px
    return np.asarray(background + height * np.exp(-0.5 * (off / width) ** 2))


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
