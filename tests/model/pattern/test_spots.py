"""Grains so few that no arc is seen: their radii around one centre are the pattern."""

import math

import numpy as np
import pytest

from calibtool import RingNotFoundError, calibrate, find_ring

CUBIC = tuple(62.0 * math.sqrt(n) for n in (1, 2, 3, 4, 5, 6))


def grains(
    seed: int, radii: tuple[float, ...], each: int, beam: tuple[float, float] = (231.4, 187.7)
) -> np.ndarray:
    """Some spots on each ring, anywhere on it."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[:440, :480].astype(float)
    counts = np.full(x.shape, 5.0)
    for radius in radii:
        for angle in chance.uniform(0.0, 2.0 * math.pi, each):
            gx, gy = beam[0] + radius * math.cos(angle), beam[1] + radius * math.sin(angle)
            counts += 50.0 * np.exp(-0.5 * ((x - gx) ** 2 + (y - gy) ** 2) / 1.5**2)
    return chance.poisson(counts)


@pytest.mark.parametrize("seed", range(6))
def test_the_beam_is_told_from_a_few_grains(seed: int) -> None:
    fit = calibrate(grains(seed, CUBIC, 9), calibrant="LaB6")
    assert abs(fit.beam_x_px - 231.4) < max(0.3, 4.0 * fit.sigma_beam_x_px)
    assert abs(fit.beam_y_px - 187.7) < max(0.3, 4.0 * fit.sigma_beam_y_px)
    assert len(fit.rings) >= 4
    assert all(min(abs(ring.radius_px - r) for r in CUBIC) < 1.0 for ring in fit.rings)


def test_of_an_unknown_calibrant_they_are_not_to_be_trusted() -> None:
    fit = calibrate(grains(3, (71.0, 103.0, 118.0, 151.0), 12))
    assert fit.level == "poor"
    assert "only_spots" in {warning.code for warning in fit.warnings}


@pytest.mark.parametrize("seed", range(6))
def test_spots_anywhere_are_no_rings(seed: int) -> None:
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[:440, :480].astype(float)
    counts = np.full(x.shape, 5.0)
    for gx, gy in chance.uniform((10, 10), (470, 430), (70, 2)):
        counts += 50.0 * np.exp(-0.5 * ((x - gx) ** 2 + (y - gy) ** 2) / 1.5**2)
    image = chance.poisson(counts)
    with pytest.raises(RingNotFoundError):
        calibrate(image)
    with pytest.raises(RingNotFoundError):
        find_ring(image)
