"""The simulated calibrant image of ``calibtool demo``: silver behenate with a known answer."""

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import Circle
from calibtool.model.scale import distance_mm, ring_radius_px
from calibtool.model.settings import AGBH_D001_NM
from calibtool.model.simulate import RingShape, expected_counts

SHAPE = (1043, 981)
CIRCLE = Circle(center_x_px=498.37, center_y_px=521.82, radius_px=121.45)
"""The first ring, the known answer."""

WAVELENGTH_NM = 0.1
PIXEL_SIZE_MM = 0.172
AMPLITUDES = (60.0, 22.0, 16.0, 9.0)


def true_distance_mm() -> float:
    """Sample-to-detector distance in mm that puts the first ring at ``CIRCLE``."""
    distance = distance_mm(
        CIRCLE.radius_px, AGBH_D001_NM, wavelength_nm=WAVELENGTH_NM, pixel_size_mm=PIXEL_SIZE_MM
    )
    if distance is None:
        raise ValueError("the demo's wavelength is too long for its ring")
    return distance


def demo_image(seed: int = 1) -> NDArray[np.int32]:
    """Counts of a frame like a Pilatus 1M's, shape ``SHAPE``: gaps are −1, a beamstop with arm.

    Rings follow the exact Bragg geometry; noise is Poisson's, the same for the same seed.
    """
    rings = [
        RingShape(Circle(CIRCLE.center_x_px, CIRCLE.center_y_px, radius), 2.2, amplitude)
        for order, amplitude in enumerate(AMPLITUDES, 1)
        if (radius := _radius(order)) is not None
    ]
    y, x = np.ogrid[: SHAPE[0], : SHAPE[1]]
    r = np.hypot(x - CIRCLE.center_x_px, y - CIRCLE.center_y_px)
    expected = expected_counts(SHAPE, rings, background=3.0) + 900.0 * np.exp(-r / 28.0)
    arm = (np.abs(x - CIRCLE.center_x_px - 4.0) < 7.0) & (y > CIRCLE.center_y_px)
    expected[(r < 26.0) | arm] *= 0.02
    counts = np.random.default_rng(seed).poisson(expected).astype(np.int32)
    # Modules of 487 × 195 pixels with gaps of 7 and 17, as a Pilatus has them.
    counts[:, 487:494] = -1
    for top in range(195, SHAPE[0], 212):
        counts[top : top + 17, :] = -1
    return counts


def demo_header() -> dict[str, str]:
    """Instrument of the image in the words of an EDF header (SI units)."""
    return {
        "PSize_1": f"{PIXEL_SIZE_MM * 1e-3:.6e}",
        "PSize_2": f"{PIXEL_SIZE_MM * 1e-3:.6e}",
        "WaveLength": f"{WAVELENGTH_NM * 1e-9:.6e}",
        "SampleDistance": f"{true_distance_mm() * 1e-3:.9f}",
        "title": "simulated silver behenate",
    }


def _radius(order: int) -> float | None:
    return ring_radius_px(
        AGBH_D001_NM / order,
        wavelength_nm=WAVELENGTH_NM,
        distance_mm=true_distance_mm(),
        pixel_size_mm=PIXEL_SIZE_MM,
    )
