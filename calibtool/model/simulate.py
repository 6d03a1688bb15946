"""Simulated calibrant images with a known answer, for learning, checking and benchmarks."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import Circle, CircleLike, FloatArray


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


DEMO_CIRCLE = Circle(center_x_px=498.37, center_y_px=521.82, radius_px=231.45)
"""First AgBh ring of the demo image."""


def demo_image(seed: int = 1) -> FloatArray:
    """Simulated AgBh frame with Poisson noise, shape (1043, 981).

    Three orders around ``DEMO_CIRCLE`` on the halo of a beam.
    """
    x0, y0, radius = DEMO_CIRCLE.center_x_px, DEMO_CIRCLE.center_y_px, DEMO_CIRCLE.radius_px
    rings = [
        RingShape(Circle(x0, y0, order * radius), sigma_px=3.0, amplitude=amplitude)
        for order, amplitude in ((1, 80.0), (2, 25.0), (3, 18.0))
    ]
    y, x = np.ogrid[:1043, :981]
    halo = 400.0 * np.exp(-np.hypot(x - x0, y - y0) / 45.0)
    expected = expected_counts((1043, 981), rings, background=4.0) + halo
    return np.random.default_rng(seed).poisson(expected).astype(np.float64)
