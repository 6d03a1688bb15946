"""What 0.1 answered wrongly, each with its right answer."""

import math
from typing import Any

import numpy as np
import pytest

from calibtool import RingNotFoundError, calibrate, find_ring
from tests.patterns import textures
from tests.patterns.detector import Detector
from tests.patterns.geometry import Geometry
from tests.patterns.judge import judge, off_by, ring_centre, same, tilt_error_deg
from tests.patterns.pattern import Background, Pattern
from tests.patterns.scenes import Scene, calibrant_pattern, simulated

RINGS_OF_CEO2 = {"calibrant": "CeO2", "wavelength_nm": 0.04, "pixel_size_mm": 0.2}


def clean_ceo2(distance_mm: float, tilt_deg: float, azimuth_deg: float = -60.0) -> Scene:
    place = Geometry(318.4, 255.2, distance_mm, 0.2, tilt_deg, azimuth_deg)
    pattern = calibrant_pattern("CeO2", (512, 640), place, 0.04, 60.0, most=10, level=True)
    return simulated(pattern, calibrant="CeO2", given=RINGS_OF_CEO2)


@pytest.mark.parametrize("tilt", [1.5, 2.4])
def test_one_ring_of_a_tilted_detector_does_not_pass_for_the_beam(tilt: float) -> None:
    place = Geometry(352.0, 341.0, 150.0, 0.172, tilt, 30.0)
    pattern = calibrant_pattern("LaB6", (700, 700), place, 0.1, 80.0, most=1)
    given = {"calibrant": "LaB6", "wavelength_nm": 0.1, "pixel_size_mm": 0.172}
    fit = calibrate(simulated(pattern).image, **given)
    x, y = ring_centre(pattern, 0)
    lever = pattern.radius_px(0) * math.tan(2 * math.asin(0.05 / pattern.d_nm[0])) * math.pi / 180
    if fit.tilt_deg is None:
        assert math.hypot(fit.beam_x_px - x, fit.beam_y_px - y) < 0.05
        words = " ".join(warning.message for warning in fit.warnings)
        assert "tilt" in words
        assert f"{lever:.1f}"[:3] in words
    else:
        error = math.hypot(fit.beam_x_px - 352.0, fit.beam_y_px - 341.0)
        assert error < 4 * math.hypot(fit.sigma_beam_x_px, fit.sigma_beam_y_px)


@pytest.mark.parametrize("tilt", [0.2, 0.5])
@pytest.mark.parametrize("name", ["LaB6", "CeO2"])
def test_wide_angle_rings_and_a_small_tilt_give_the_beam(name: str, tilt: float) -> None:
    place = Geometry(330.0, 344.0, 120.0, 0.172, tilt, 200.0)
    pattern = calibrant_pattern(name, (640, 660), place, 0.06, 60.0)
    given = {"calibrant": name, "wavelength_nm": 0.06, "pixel_size_mm": 0.172}
    scene = simulated(pattern, calibrant=name, given=given)
    fit = calibrate(scene.image, **given)
    assert off_by(scene, fit) == []
    assert fit.sigma_beam_x_px < 0.05


@pytest.mark.parametrize("distance", [100.0, 104.0])
def test_clean_ceo2_with_blended_outer_rings(distance: float) -> None:
    scene = clean_ceo2(distance, 1.3)
    fit = calibrate(scene.image, **scene.given)
    assert off_by(scene, fit) == []
    assert fit.distance_mm == pytest.approx(distance, abs=0.05)
    assert tilt_error_deg(scene, fit) < 0.05
    assert fit.certain
    assert fit.verdict.lower().startswith("good") or fit.verdict == "good"
    assert {1, 2, 3, 4, 5} <= {ring.index for ring in fit.rings}


@pytest.mark.parametrize("tilt", [0.5, 2.0, 5.0, 8.0])
def test_tilt_is_at_the_bound_and_does_not_give_up(tilt: float) -> None:
    scene = clean_ceo2(100.0, tilt, 140.0)
    fit = calibrate(scene.image, **scene.given)
    least = scene.bound.sigma()
    assert abs(fit.beam_x_px - 318.4) < 3.5 * least[0]
    assert abs(fit.beam_y_px - 255.2) < 3.5 * least[1]
    assert abs(fit.distance_mm - 100.0) < 3.5 * least[2]
    assert fit.sigma_distance_mm > 0.9 * least[2]


def test_agbh_with_nine_rings_is_at_the_bound() -> None:
    place = Geometry(330.0, 344.0, 300.0, 0.172, 3.0, 70.0)
    pattern = calibrant_pattern("AgBh", (640, 660), place, 0.1, 60.0, most=9)
    given = {"calibrant": "AgBh", "wavelength_nm": 0.1, "pixel_size_mm": 0.172}
    scene = simulated(pattern, calibrant="AgBh", given=given)
    fit = calibrate(scene.image, **given)
    least = scene.bound.sigma()
    assert abs(fit.beam_x_px - 330.0) < 3.5 * least[0]
    assert abs(fit.distance_mm - 300.0) < 3.5 * least[2]
    assert fit.sigma_distance_mm > 0.9 * least[2]


def test_fourteen_degrees_and_the_beam_off_the_image() -> None:
    place = Geometry(-150.0, 430.0, 820.0, 0.15, 14.0, 180.0)
    background = Background(10.0)
    pattern = calibrant_pattern(
        "CeO2", (900, 900), place, 0.0173, 80.0, most=10, level=True, background=background
    )
    given = {"calibrant": "CeO2", "wavelength_nm": 0.0173, "pixel_size_mm": 0.15}
    scene = simulated(pattern, calibrant="CeO2", given=given)
    fit = calibrate(scene.image, **given)
    assert off_by(scene, fit) == []
    assert fit.certain
    assert fit.tilt_deg == pytest.approx(14.0, abs=1.0)


@pytest.mark.parametrize("name", ["LaB6", "CeO2"])
@pytest.mark.parametrize("declared", ["auto", "AgBh", "Si"])
def test_lab6_and_ceo2_are_recognised_whatever_is_declared(name: str, declared: str) -> None:
    wavelength = {"LaB6": 0.05, "CeO2": 0.06}[name]
    place = Geometry(337.0, 352.0, 160.0, 0.172)
    pattern = calibrant_pattern(
        name, (700, 680), place, wavelength, 60.0, most=10, width_px=1.8, background=Background(6)
    )
    scene = simulated(pattern, calibrant=name)
    fit = calibrate(scene.image, calibrant=declared)
    assert any(same(candidate, name) for candidate in fit.calibrant_candidates)
    assert abs(fit.beam_x_px - 337.0) < max(0.05, 4 * fit.sigma_beam_x_px)
    if declared == "auto":
        assert judge(scene, fit).recognised
    else:
        assert fit.calibrant == declared
        assert not fit.certain
        assert any(declared in warning.message for warning in fit.warnings)


def test_agbh_declared_lab6_is_contradicted() -> None:
    place = Geometry(337.0, 352.0, 1200.0, 0.172)
    pattern = calibrant_pattern("AgBh", (700, 680), place, 0.1, 60.0)
    fit = calibrate(simulated(pattern).image, calibrant="LaB6")
    assert not fit.certain
    assert "AgBh" in fit.calibrant_candidates
    assert fit.warnings


def test_nothing_that_goes_in_makes_a_length_negative() -> None:
    place = Geometry(128.0, 120.0, 100.0, 0.172)
    pattern = calibrant_pattern("LaB6", (256, 256), place, 0.05, 60.0)
    image = simulated(pattern).image
    for near in ((570.6, 491.1, 20.0), (-900.0, 40.0, 3.0), (128.0, 120.0, 1e4)):
        try:
            fit = calibrate(image, calibrant="LaB6", near=near)
        except RingNotFoundError:
            continue
        assert fit.scale_nm_px > 0
        assert fit.distance_px is None or fit.distance_px > 0
        assert all(ring.radius_px > 0 for ring in fit.rings)


def test_the_ring_is_shown_and_not_the_halo() -> None:
    y, x = np.mgrid[0:800, 0:800]
    r = np.hypot(x - 391.0, y - 410.5)
    rim = np.where(r < 9, 0, 900 * np.exp(-0.5 * ((r - 13) / 3) ** 2) + 60 / (1 + (r / 30) ** 2))
    mean = 2 + rim + 12 * np.exp(-0.5 * ((r - 214.0) / 3.0) ** 2)
    image = np.random.default_rng(1).poisson(mean).astype(np.int32)
    ring = find_ring(image)
    assert ring.radius_px == pytest.approx(214.0, abs=0.1)
    fit = calibrate(image)
    assert fit.beam_x_px == pytest.approx(391.0, abs=0.1)
    assert fit.beam_y_px == pytest.approx(410.5, abs=0.1)


def test_a_lit_disc_is_no_ring() -> None:
    y, x = np.mgrid[0:800, 0:800]
    r = np.hypot(x - 402.0, y - 396.0)
    ripple = 1 + 0.25 * np.sin(x / 9.0) * np.sin(y / 11.0)
    disc = 40 / (1 + np.exp((r - 310.0) / 2.0)) * (1 + 0.35 * (r / 310.0) ** 6) * ripple + 3
    image = np.random.default_rng(1).poisson(disc).astype(np.int32)
    with pytest.raises(RingNotFoundError):
        calibrate(image)


def test_equal_values_in_another_order_change_nothing() -> None:
    """The groups of the noise estimate must not choose the ring: shuffle what is tied."""
    place = Geometry(205.3, 184.6, 0.172 * 440, 0.172, 1.3, 50.0)
    pattern = calibrant_pattern("CeO2", (390, 420), place, 0.04, 6.0, background=Background(0.5))
    image = simulated(pattern).image
    first = calibrate(image, calibrant="CeO2", wavelength_nm=0.04)
    rng = np.random.default_rng(3)
    for _ in range(3):
        tied = image + rng.uniform(-1e-9, 1e-9, image.shape)
        fit = calibrate(tied, calibrant="CeO2", wavelength_nm=0.04)
        assert abs(fit.beam_x_px - first.beam_x_px) < 0.2 * first.sigma_beam_x_px
        assert [r.index for r in fit.rings] == [r.index for r in first.rings]


def drawn_agbh(tilt: float, azimuth: float) -> tuple[Scene, Any]:
    place = Geometry(300.0, 190.0, 900.0, 0.172, tilt, azimuth)
    pattern = calibrant_pattern(
        "AgBh",
        (820, 760),
        place,
        0.13,
        190.0,
        most=5,
        level=True,
        width_px=1.7,
        background=Background(0.0),
    )
    scene = simulated(
        pattern, detector=Detector("drawn"), calibrant="AgBh", given={"calibrant": "AgBh"}
    )
    return scene, calibrate(scene.image, calibrant="AgBh")


@pytest.mark.parametrize(("tilt", "azimuth"), [(9.0, 115.0), (10.0, -20.0)])
def test_eight_bits_no_noise_and_a_strong_tilt(tilt: float, azimuth: float) -> None:
    scene, fit = drawn_agbh(tilt, azimuth)
    assert off_by(scene, fit) == []
    assert fit.sigma_beam_x_px < 2.0
    assert same(fit.calibrant, "AgBh")


def test_single_spots_on_the_rings_of_aluminium() -> None:
    rng = np.random.default_rng(8)
    place = Geometry(509.0, 251.0, 910.0, 0.075)
    spots = textures.spots(rng, 8, 14)
    base = calibrant_pattern(
        "Al",
        (514, 1030),
        place,
        0.00251,
        200.0,
        most=8,
        level=True,
        width_px=1.4,
        texture=spots,
        background=Background(0.3, (0.0, 0.0), 3000.0, 6.0),
    )
    given = {"calibrant": "Al", "wavelength_nm": 0.00251, "pixel_size_mm": 0.075}
    scene = simulated(base, calibrant="Al", given=given)
    fit = calibrate(scene.image, **given)
    assert off_by(scene, fit) == []
    assert fit.beam_x_px == pytest.approx(509.0, abs=0.5)
    assert fit.distance_mm == pytest.approx(910.0, rel=0.01)


def test_a_parasitic_ring_under_a_mask() -> None:
    y, x = np.mgrid[0:420, 0:500]
    ring = 5 + 25 * np.exp(-0.5 * ((np.hypot(x - 247.3, y - 211.8) - 131) / 2.5) ** 2)
    off = np.hypot(x - 330, y - 150) - 95
    mean = ring + 400 * np.exp(-0.5 * (off / 2.0) ** 2)
    image = np.random.default_rng(1).poisson(mean).astype(np.int32)
    fit = calibrate(image, mask=np.abs(off) < 12)
    assert fit.beam_x_px == pytest.approx(247.3, abs=0.1)
    assert fit.beam_y_px == pytest.approx(211.8, abs=0.1)
    assert fit.rings[0].radius_px == pytest.approx(131.0, abs=0.1)


def test_an_unknown_pattern_declared_a_calibrant_of_one_ring_is_only_assumed() -> None:
    pattern = Pattern((420, 500), Geometry(247.3, 211.8, 500.0, 0.172), 0.1, (2.9,), (30.0,))
    fit = calibrate(simulated(pattern).image)
    assert not fit.certain
