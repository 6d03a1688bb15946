"""Units and Bragg's law against values worked by hand or taken from tables."""

import math

import pytest

from calibtool.model import scale


def test_copper_k_alpha() -> None:
    # Cu K alpha 1: 8047.8227 eV and 1.54059290 angstrom (Deslattes et al., Rev. Mod. Phys. 75, 35).
    assert scale.wavelength_nm(8.0478227) == pytest.approx(0.154059290, rel=2e-6)
    assert scale.wavelength_nm(0.154059290) == pytest.approx(8.0478227, rel=2e-6)


def test_12_398_kev_is_one_angstrom() -> None:
    assert scale.wavelength_nm(12.39841984) == pytest.approx(0.1, rel=1e-12)


# By hand: sin θ = 0.1/(2·5.838) = 0.00856458, θ = 0.00856468, tan 2θ = 0.01713104.
AGBH = {"wavelength_nm": 0.1, "distance_mm": 1000.0, "pixel_size_mm": 0.1}


def test_the_first_ring_of_silver_behenate() -> None:
    radius = scale.ring_radius_px(5.838, **AGBH)
    assert radius == pytest.approx(171.3104, abs=1e-4)
    assert scale.d_spacing_nm(171.3104, **AGBH) == pytest.approx(5.838, rel=1e-6)
    distance = scale.distance_mm(171.3104, 5.838, wavelength_nm=0.1, pixel_size_mm=0.1)
    assert distance == pytest.approx(1000.0, rel=1e-6)


def test_45_degrees_is_a_radius_as_long_as_the_distance() -> None:
    # 2θ = 45°: R·p = S_dd; d = λ / (2 sin 22.5°) = 0.1 / 0.7653669.
    d = 0.1 / (2.0 * math.sin(math.radians(22.5)))
    assert d == pytest.approx(0.1306563, abs=1e-7)
    assert scale.ring_radius_px(d, **AGBH) == pytest.approx(10_000.0, rel=1e-9)


def test_rings_beyond_a_flat_detector_are_none() -> None:
    assert scale.ring_radius_px(0.1 / math.sqrt(2.0) * 0.999, **AGBH) is None
    assert scale.distance_mm(100.0, 0.05, wavelength_nm=0.1, pixel_size_mm=0.1) is None


def test_small_angle_scale_is_near_and_not_equal() -> None:
    small = scale.scale_from_parameters_nm_px(**AGBH)
    assert small == pytest.approx(1000.0)
    exact = scale.scale_nm_px(5.838, 171.3104)
    # d·R = λ·S_dd/p · (1 + 3/2 θ² …): 1.1e-4 more at this angle.
    assert exact / small - 1.0 == pytest.approx(1.5 * 0.00856468**2, rel=1e-2)
