"""Radial profiles: the intensity against the distance from a centre, from any part of the image."""

import numpy as np
import pytest

from calibtool.model.circle import Circle
from calibtool.model.rings.annulus import BAND_PIXELS, annulus_pixels
from calibtool.model.rings.profiles import radial_profile
from calibtool.model.simulate import RingShape, expected_counts


@pytest.mark.parametrize("center", [(60.3, 45.7), (-20.0, 50.0), (130.5, -4.25), (300.0, 300.0)])
@pytest.mark.parametrize(("r_min", "r_max"), [(0.0, 12.0), (20.0, 33.5), (40.0, 300.0)])
def test_annulus_holds_exactly_the_pixels_between_the_radii(
    center: tuple[float, float], r_min: float, r_max: float
) -> None:
    data = np.arange(90 * 120.0).reshape(90, 120)
    y, x = np.indices(data.shape)
    distance = np.hypot(x - center[0], y - center[1])
    expected = np.flatnonzero((distance >= r_min) & (distance <= r_max))
    found = [p.values for p in annulus_pixels(data, None, center, r_min, r_max)]
    flat = np.concatenate(found) if found else np.empty(0)
    assert np.array_equal(np.sort(flat), expected)


def test_annulus_comes_in_bands_without_loss() -> None:
    data = np.zeros((900, 900), np.uint8)
    bands = list(annulus_pixels(data, None, (450.0, 450.0), 0.0, 440.0))
    sizes = [len(band.x) for band in bands]
    y, x = np.indices(data.shape)
    assert sum(sizes) == np.count_nonzero(np.hypot(x - 450, y - 450) <= 440)
    assert max(sizes) < BAND_PIXELS + 900


def test_profile_is_the_ring_at_its_radius() -> None:
    ring = Circle(101.3, 97.6, 60.25)
    data = expected_counts((200, 210), [RingShape(ring, 2.0, 50.0)], background=3.0)
    profile = radial_profile(data, None, (101.3, 97.6), 40.0, 80.0, step=0.5)
    variance = 2.0**2 + 1 / 12
    expected = 3 + 50 * 2.0 / np.sqrt(variance) * np.exp(
        -0.5 * (profile.radius_px - 60.25) ** 2 / variance
    )
    assert np.abs(profile.intensity - expected).max() < 0.15
    assert profile.count.sum() == pytest.approx(np.pi * (80**2 - 40**2), rel=0.01)


def test_variance_is_that_of_single_pixels() -> None:
    data = np.random.default_rng(3).poisson(40.0, (300, 300))
    profile = radial_profile(data, None, (150.0, 150.0), 20.0, 140.0, step=10.0)
    assert np.allclose(profile.variance, 40.0, rtol=0.15)
    assert profile.variance.mean() == pytest.approx(40.0, rel=0.02)


def test_sector_sees_only_its_side() -> None:
    data = np.zeros((101, 101))
    data[:, :50] = 7.0
    left = radial_profile(data, None, (50.0, 50.0), 5, 40, azimuth=np.pi, half_angle=0.5)
    right = radial_profile(data, None, (50.0, 50.0), 5, 40, azimuth=0.0, half_angle=0.5)
    assert np.all(left.intensity == 7.0)
    assert np.all(right.intensity == 0.0)


def test_masked_and_invalid_pixels_do_not_count() -> None:
    data = np.full((80, 80), 4.0)
    data[30, 30], data[31, 31] = np.nan, -1e9
    mask = np.zeros(data.shape, bool)
    mask[31, 31] = True
    for given in (mask, None):
        profile = radial_profile(data, given, (40.0, 40.0), 0.0, 30.0)
        assert np.allclose(profile.intensity, 4.0)
    mask[:] = True
    empty = radial_profile(data, mask, (40.0, 40.0), 0.0, 30.0)
    assert np.all(np.isnan(empty.intensity))
    assert empty.count.sum() == 0
