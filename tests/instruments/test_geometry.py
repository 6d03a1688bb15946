"""Distance, centre and tilt come back from points on rings, and from the real image."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibtool import load_image
from calibtool.errors import FitError, InputError
from calibtool.instruments import geometry as module
from calibtool.instruments.calibrants import find_calibrant
from calibtool.instruments.geometry import refine_geometry
from calibtool.io.poni import read_poni
from calibtool.model.circle import Circle
from calibtool.model.tilted_geometry import TiltedGeometry
from calibtool.tasks.tilt import refine_tilt

TRUTH = TiltedGeometry(
    distance_mm=210.0,
    poni_x_px=470.3,
    poni_y_px=512.8,
    pixel_size_x_mm=0.172,
    pixel_size_y_mm=0.172,
    rot1_rad=0.03,
    rot2_rad=-0.05,
    wavelength_nm=0.04,
)


def points_on(ring: int, n: int = 60, noise_px: float = 0.0, seed: int = 0) -> np.ndarray:
    """Positions of one CeO2 ring on the tilted detector, by bisection along each azimuth."""
    two_theta = 2.0 * np.arcsin(0.04 / 2.0 / find_calibrant("CeO2").d_nm[ring - 1])
    azimuth = np.linspace(0.0, 2.0 * np.pi, n, endpoint=False)
    low, high = np.zeros(n), np.full(n, 2000.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        x = TRUTH.center_x_px + middle * np.cos(azimuth)
        y = TRUTH.center_y_px + middle * np.sin(azimuth)
        inside = TRUTH.two_theta_rad(x, y) < two_theta
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    radius = low + np.random.default_rng(seed).normal(0.0, noise_px, n)
    x = TRUTH.center_x_px + radius * np.cos(azimuth)
    y = TRUTH.center_y_px + radius * np.sin(azimuth)
    return np.column_stack([x, y, np.full(n, float(ring))])


def refine(points: np.ndarray) -> module.GeometryFit:
    return refine_geometry(
        points,
        find_calibrant("CeO2"),
        wavelength_nm=0.04,
        pixel_size_mm=0.172,
        start_center=(TRUTH.center_x_px + 4.0, TRUTH.center_y_px - 3.0),
        start_distance_mm=214.0,
    )


def test_exact_points_give_the_exact_geometry() -> None:
    fit = refine(np.concatenate([points_on(1), points_on(3), points_on(6)]))
    assert fit.center_x_px == pytest.approx(TRUTH.center_x_px, abs=0.01)
    assert fit.center_y_px == pytest.approx(TRUTH.center_y_px, abs=0.01)
    assert fit.distance_mm == pytest.approx(TRUTH.beam_distance_mm, rel=1e-5)
    assert fit.tilt_deg == pytest.approx(TRUTH.tilt_deg, abs=0.005)
    assert fit.rms_px < 0.005
    assert fit.n_rings == 3


def test_the_sigmas_are_those_of_repeated_noise() -> None:
    pulls = []
    for seed in range(6):
        rings = [points_on(r, 30, 0.3, seed=100 * seed + r) for r in (1, 3, 6)]
        fit = refine(np.concatenate(rings))
        pulls += [
            (fit.center_x_px - TRUTH.center_x_px) / fit.sigma_center_x_px,
            (fit.center_y_px - TRUTH.center_y_px) / fit.sigma_center_y_px,
            (fit.distance_mm - TRUTH.beam_distance_mm) / fit.sigma_distance_mm,
            (fit.tilt_deg - TRUTH.tilt_deg) / fit.sigma_tilt_deg,
        ]
    assert 0.6 < np.sqrt(np.mean(np.square(pulls))) < 1.5


def test_bad_points_are_set_aside() -> None:
    points = np.concatenate([points_on(r, noise_px=0.1, seed=r) for r in (1, 3, 6)])
    points[::11, 0] += 12.0
    fit = refine(points)
    assert len(fit.residuals_px) <= len(points) - len(points[::11]) + 3
    assert fit.center_x_px == pytest.approx(TRUTH.center_x_px, abs=0.3)
    assert fit.distance_mm == pytest.approx(TRUTH.beam_distance_mm, rel=3e-4)


def test_one_ring_is_too_few() -> None:
    with pytest.raises(InputError, match="points on two rings; there are 60 on 1"):
        refine(points_on(1))
    with pytest.raises(InputError, match="there are 4 on 2"):
        refine(np.concatenate([points_on(1, 2), points_on(2, 2)]))


def test_a_ring_the_calibrant_does_not_have_is_refused() -> None:
    points = np.concatenate([points_on(1), points_on(2)])
    points[:60, 2] = 5000.0
    with pytest.raises(InputError, match="has the rings 1 to"):
        refine(points)


def test_points_that_are_no_rings_are_an_error_and_not_a_number() -> None:
    rng = np.random.default_rng(3)
    points = np.column_stack([rng.uniform(0, 900, (40, 2)), rng.integers(1, 9, 40)])
    try:
        fit = refine(points)
    except FitError:
        return
    assert fit.rms_px > 20.0


def test_without_pyfai_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "has_pyfai", lambda: False)
    with pytest.raises(InputError, match="pip install pyFAI"):
        refine(np.concatenate([points_on(1), points_on(3)]))


@pytest.mark.parametrize("rings", [2, 15])
def test_ceria_on_the_real_detector_agrees_with_its_poni(real_data: Path, rings: int) -> None:
    image = load_image(real_data / "pilatus1m_ceo2.tif")
    ceria = find_calibrant("CeO2")
    fit = refine_tilt(
        image,
        Circle(487.28, 529.83, 158.96),
        replace(ceria, d_nm=ceria.d_nm[:rings]),
        ring=1,
        wavelength_nm=0.04066,
        pixel_size_mm=0.172,
    )
    truth = read_poni(real_data / "pilatus1m_ceo2_flipped.poni").geometry
    assert 2 <= fit.n_rings <= rings
    assert fit.distance_mm == pytest.approx(truth.beam_distance_mm, rel=1e-3)
    assert fit.center_x_px == pytest.approx(truth.center_x_px, abs=0.3)
    # The .poni is of the image flipped up-down.
    assert fit.center_y_px == pytest.approx(1042 - truth.center_y_px, abs=0.3)
    assert fit.tilt_deg == pytest.approx(truth.tilt_deg, abs=0.15)
