"""The unrolled image: rings of a tilted detector are straight with its geometry, else not."""

import math

import numpy as np
import pytest

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.unroll import Unrolled, unroll
from calibtool.model.rings.annulus import Measured

SHAPE = (420, 400)
RINGS_PX, WIDTH_PX = (90.0, 150.0), 1.8
TRUE = Geometry(203.4, 196.7, 600.0, math.sin(math.radians(4.0)), -math.sin(math.radians(2.5)))


def image() -> FloatArray:
    """Rings by the angle between the beam and the ray to each pixel."""
    y, x = np.indices(SHAPE, dtype=np.float64)
    beam = np.array(TRUE.beam_direction)
    ray = TRUE.distance_px * beam + np.stack(
        [x - TRUE.beam_x_px, y - TRUE.beam_y_px, np.zeros(SHAPE)], axis=-1
    )
    along = ray @ beam
    across = np.sqrt((ray**2).sum(axis=-1) - along**2)
    radius = TRUE.distance_px * across / along
    peaks = [np.exp(-0.5 * ((radius - ring) / WIDTH_PX) ** 2) for ring in RINGS_PX]
    return np.asarray(5.0 + 1000.0 * sum(peaks))


def unrolled(geometry: Geometry, ring: float, mask: BoolArray | None = None) -> Unrolled:
    ignored = np.zeros(SHAPE, bool) if mask is None else mask
    return unroll(Measured(image(), ignored), geometry, (ring - 8.0, ring + 8.0))


def ridge(strip: Unrolled) -> FloatArray:
    """Ring radius of the peak at each azimuth, px."""
    radius = strip.low_px + strip.step_px * (np.arange(len(strip.mean)) + 0.5)
    weight = np.nan_to_num(strip.mean - 5.0)
    return np.asarray((weight * radius[:, None]).sum(axis=0) / weight.sum(axis=0))


@pytest.mark.parametrize("ring", RINGS_PX)
def test_with_the_true_geometry_each_ring_is_straight_to_a_tenth_of_a_pixel(ring: float) -> None:
    assert np.abs(ridge(unrolled(TRUE, ring)) - ring).max() < 0.1


def test_without_the_tilt_the_ring_is_a_wave() -> None:
    upright = Geometry(TRUE.beam_x_px, TRUE.beam_y_px, TRUE.distance_px)
    assert np.ptp(ridge(unrolled(upright, RINGS_PX[1]))) > 1.0


def test_azimuths_begin_at_minus_180_and_grow_from_the_right_downwards() -> None:
    y, x = np.indices(SHAPE)
    below_right = (x > TRUE.beam_x_px) & (y > TRUE.beam_y_px)
    strip = unrolled(TRUE, RINGS_PX[0], below_right)
    width = strip.mean.shape[1]
    azimuth = (np.arange(width) + 0.5) * 360.0 / width - 180.0
    empty = np.isnan(strip.mean).all(axis=0)
    assert empty[(azimuth > 5.0) & (azimuth < 85.0)].all()
    assert not empty[(azimuth < -5.0) | (azimuth > 95.0)].any()
