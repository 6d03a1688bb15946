import math

import numpy as np
import pytest

from calibtool.model.circle import Circle, azimuths
from calibtool.model.points.harmonics import harmonics, side
from calibtool.model.points.quick_circle import quick_circle
from calibtool.model.state.guidance import tips
from tests.model.rings import on_ring

TRUTH = Circle(498.37, 521.82, 231.45)


@pytest.mark.parametrize("n", [3, 4, 5, 8, 20])
@pytest.mark.parametrize("arc_deg", [360.0, 60.0])
def test_the_quick_circle_through_exact_points_is_exact(n: int, arc_deg: float) -> None:
    circle = quick_circle(on_ring(TRUTH, n, arc_deg=arc_deg))
    assert circle is not None
    assert circle.center_x_px == pytest.approx(TRUTH.center_x_px, abs=1e-6)
    assert circle.center_y_px == pytest.approx(TRUTH.center_y_px, abs=1e-6)
    assert circle.radius_px == pytest.approx(TRUTH.radius_px, abs=1e-6)


def test_a_bad_click_does_not_pull_the_quick_circle() -> None:
    points = on_ring(TRUTH, 8, noise_px=0.3)
    points[3] += [60.0, -50.0]
    circle = quick_circle(points)
    assert circle is not None
    assert math.dist((circle.center_x_px, circle.center_y_px), (498.37, 521.82)) < 1.0


@pytest.mark.parametrize(
    "points",
    [[], [[1, 2]], [[1, 2], [3, 4]], [[0, 0], [1, 1], [2, 2], [3, 3]], [[1, 1]] * 6, [["x", 1]]],
)
def test_no_quick_circle_where_there_is_none(points: list[object]) -> None:
    assert quick_circle(points) is None


@pytest.mark.parametrize(
    ("dx", "dy", "word"),
    [
        (3, 0, "the right"),
        (3, 3, "the lower right"),
        (0, 3, "the bottom"),
        (-3, -3, "the upper left"),
        (0, -3, "the top"),
    ],
)
def test_a_centre_that_is_off_is_named_by_its_side(dx: float, dy: float, word: str) -> None:
    points = on_ring(TRUTH, 16, noise_px=0.2)
    used = Circle(TRUTH.center_x_px - dx, TRUTH.center_y_px - dy, TRUTH.radius_px)
    residuals = np.hypot(points[:, 0] - used.center_x_px, points[:, 1] - used.center_y_px) - 231.45
    found = harmonics(residuals, azimuths(points, used))
    assert found.first is not None
    assert found.first.cosine_px == pytest.approx(dx, abs=0.3)
    assert found.first.sine_px == pytest.approx(dy, abs=0.3)
    assert any(f"towards {word}." in sentence for sentence in found.sentences)


def test_a_second_harmonic_is_measured_with_its_sigma() -> None:
    phi = np.radians(np.arange(0, 360, 10.0))
    amplitudes, sigmas = [], []
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(0, 0.2, 36)
        found = harmonics(0.4 * np.cos(2 * (phi - 0.5)) + noise, phi)
        assert found.second is not None
        amplitudes.append(found.second.amplitude_px)
        sigmas.append(found.second.sigma_px)
        assert found.second.azimuth_rad == pytest.approx(0.5, abs=0.25)
        assert any("tilted" in sentence for sentence in found.sentences)
    assert np.mean(amplitudes) == pytest.approx(0.4, abs=0.02)
    assert np.std(amplitudes) == pytest.approx(np.mean(sigmas), rel=0.25)


def test_noise_alone_is_not_explained() -> None:
    phi = np.radians(np.arange(0, 360, 20.0))
    said = [
        len(harmonics(np.random.default_rng(seed).normal(0, 0.3, 18), phi).sentences)
        for seed in range(200)
    ]
    assert np.mean(said) < 0.02


def test_a_spike_is_named_by_its_number() -> None:
    phi = np.radians(np.arange(0, 360, 30.0))
    residuals = np.random.default_rng(1).normal(0, 0.3, 12)
    residuals[6] = -5.0
    found = harmonics(residuals, phi)
    assert found.spikes == (6,)
    assert any(s.startswith("Point 7 lies 5 px inside") for s in found.sentences)


def test_sides_follow_the_screen_where_row_0_is_at_the_top() -> None:
    assert side(math.radians(90)) == "the bottom"
    assert side(math.radians(-90)) == "the top"
    assert side(math.radians(225)) == "the upper left"
    assert side(math.radians(359)) == "the right"


def codes(points: object, **more: object) -> list[str]:
    return [tip.code for tip in tips(points, **more)]


def test_tips_count_down_to_five_points() -> None:
    assert "five points" in tips([])[0].message
    assert tips(on_ring(TRUTH, 2))[0].message.startswith("3 more points")
    assert tips(on_ring(TRUTH, 4))[0].message.startswith("1 more point ")


def test_well_spread_points_get_no_tip() -> None:
    assert tips(on_ring(TRUTH, 12, noise_px=0.4)) == ()


def test_the_tip_for_a_gap_names_where_to_click() -> None:
    (tip,) = tips(on_ring(TRUTH, 10, arc_deg=180.0, start_deg=0.0))
    assert tip.code == "large_gap"
    azimuth = float(tip.message.split("azimuth ")[1].split("°")[0])
    assert azimuth == pytest.approx(270.0, abs=15.0)
    assert "towards the top" in tip.message


def test_no_tip_asks_for_a_point_outside_the_image() -> None:
    phi = np.radians(np.linspace(8.0, 172.0, 8))
    points = np.column_stack([500.0 + 300.0 * np.cos(phi), -20.0 + 300.0 * np.sin(phi)])
    assert codes(points) == ["large_gap"]
    assert codes(points, image_shape=(1000, 1000)) == []


def test_a_short_arc_a_close_pair_and_a_far_point_are_named() -> None:
    assert codes(on_ring(TRUTH, 10, arc_deg=60.0)) == ["short_arc"]
    points = on_ring(TRUTH, 12)
    points[5] = points[9] + 0.8
    (tip,) = [tip for tip in tips(points) if tip.code == "points_too_close"]
    assert tip.message.startswith("Points 6 and 10")
    points = on_ring(TRUTH, 12, noise_px=0.3)
    points[7] += 40.0
    (tip,) = tips(points)
    assert tip.code == "far_point"
    assert tip.message.startswith("Point 8 ")
