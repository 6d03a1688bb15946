"""Simulated calibrant images with a known answer, for learning, checking and benchmarks."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import CircleLike, FloatArray


@dataclass(frozen=True)
class RingShape:
    """One ring: its circle, Gaussian width σ in px and amplitude in counts above background."""

    circle: CircleLike
    sigma_px: float
    amplitude: float


def expected_counts(
    shape: tuple[int, int], rings: list[RingShape], background: float = 0.0
) -> FloatArray:
    """Noise-free intensities of Gaussian rings on a flat background.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the image.
    rings : list of RingShape
        Rings, in index pixels.
    background : float
        Counts per pixel below the rings.

    Returns
    -------
    ndarray, shape ``shape``
        Expected counts. The profile is averaged over the pixel along the radius (Gaussian
        convolved with a box of 1 px, to second order: σ² + 1/12).
    """
    y, x = np.ogrid[: shape[0], : shape[1]]
    image = np.full(shape, float(background))
    for ring in rings:
        distance = np.hypot(x - ring.circle.center_x_px, y - ring.circle.center_y_px)
        variance = ring.sigma_px**2 + 1.0 / 12.0
        scale = ring.amplitude * ring.sigma_px / np.sqrt(variance)
        image += scale * np.exp(-0.5 * (distance - ring.circle.radius_px) ** 2 / variance)
    return image
