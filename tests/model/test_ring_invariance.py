"""What must not matter to the fit of a ring: place, orientation, unit of intensity, hot pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibtool.errors import JobCancelledError, RingNotFoundError
from calibtool.model.circle import Circle, FloatArray
from calibtool.model.demo import CIRCLE, demo_image
from calibtool.model.results import RingFit
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.simulate import RingShape, expected_counts
from tests.drawn import examples

TRUTH = Circle(118.4, 131.7, 71.3)


def ring_image(seed: int, background: float = 4.0) -> FloatArray:
    expected = expected_counts((260, 240), [RingShape(TRUTH, 2.5, 40.0)], background)
    return np.random.default_rng(seed).poisson(expected).astype(np.float64)


def numbers(fit: RingFit) -> FloatArray:
    return np.array([fit.center_x_px, fit.center_y_px, fit.radius_px])


def sigma(fit: RingFit) -> float:
    return max(fit.sigma_center_x_px, fit.sigma_center_y_px, fit.sigma_radius_px)


@examples(5)
@given(st.integers(0, 99), st.integers(0, 30), st.integers(0, 30))
def test_shift_moves_the_centre_by_itself(seed: int, right: int, down: int) -> None:
    data = ring_image(seed)
    plain = refine_ring(data, TRUTH)
    mask = np.pad(np.zeros(data.shape, bool), ((down, 0), (right, 0)), constant_values=True)
    moved = np.pad(data, ((down, 0), (right, 0)))
    fit = refine_ring(
        moved,
        Circle(TRUTH.center_x_px + right, TRUTH.center_y_px + down, TRUTH.radius_px),
        mask=mask,
    )
    expected = numbers(plain) + np.array([right, down, 0.0])
    assert np.allclose(numbers(fit), expected, atol=1e-6)


@examples(5)
@given(st.integers(0, 99))
def test_rotation_and_flip_turn_the_answer(seed: int) -> None:
    data = ring_image(seed)
    columns = data.shape[1]
    x, y, r = numbers(refine_ring(data, TRUTH))
    start = (TRUTH.center_x_px, TRUTH.center_y_px)
    flipped = refine_ring(data[:, ::-1], Circle(columns - 1 - start[0], start[1], 71.3))
    turned = refine_ring(np.rot90(data), Circle(start[1], columns - 1 - start[0], 71.3))
    tolerance = 0.1 * sigma(flipped)
    assert np.allclose(numbers(flipped), [columns - 1 - x, y, r], atol=tolerance)
    assert np.allclose(numbers(turned), [y, columns - 1 - x, r], atol=tolerance)


@examples(5)
@given(st.integers(0, 99), st.floats(1e-4, 1e4))
def test_unit_of_intensity_does_not_matter(seed: int, factor: float) -> None:
    data = ring_image(seed) + 0.25
    plain, scaled = refine_ring(data, TRUTH), refine_ring(data * factor, TRUTH)
    assert np.allclose(numbers(scaled), numbers(plain), atol=1e-5)
    assert scaled.sigma_radius_px == pytest.approx(plain.sigma_radius_px, rel=1e-3)


@examples(5)
@given(st.integers(0, 99))
def test_start_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = ring_image(seed)
    plain = refine_ring(data, TRUTH)
    start = Circle(*(np.array([118.4, 131.7, 71.3]) + rng.uniform(-2.5, 2.5, 3)))
    fit = refine_ring(data, start)
    assert np.allclose(numbers(fit), numbers(plain), atol=0.15 * sigma(plain))


def test_pedestal_and_read_noise_of_a_ccd() -> None:
    rng = np.random.default_rng(11)
    expected = expected_counts((260, 240), [RingShape(TRUTH, 2.5, 40.0)], 4.0)
    data = (2.5 * rng.poisson(expected) + rng.normal(100.0, 6.0, expected.shape)).astype(np.uint16)
    fit = refine_ring(data, TRUTH)
    error = numbers(fit) - [118.4, 131.7, 71.3]
    assert np.abs(error).max() < 4.0 * sigma(fit)
    assert 0.01 < fit.sigma_radius_px < 0.05


def test_hot_pixels_do_not_matter() -> None:
    rng = np.random.default_rng(12)
    data = ring_image(12)
    hot = rng.random(data.shape) < 2e-3
    spoiled = np.where(hot, 1e5, data)
    plain, fit = refine_ring(data, TRUTH), refine_ring(spoiled, TRUTH)
    assert np.abs(numbers(fit) - numbers(plain)).max() < 1.5 * sigma(plain)
    assert fit.sigma_radius_px < 1.6 * plain.sigma_radius_px


def test_brighter_neighbour_stays_outside() -> None:
    rings = [
        RingShape(TRUTH, 1.5, 40.0),
        RingShape(Circle(118.4, 131.7, 71.3 * 1.12), 1.5, 160.0),
    ]
    data = np.random.default_rng(13).poisson(expected_counts((260, 240), rings, 4.0))
    fit = refine_ring(data, Circle(119.4, 130.7, 71.8))
    assert np.abs(numbers(fit) - [118.4, 131.7, 71.3]).max() < 0.06


@pytest.mark.parametrize(("width", "side"), [(1.5, 1.0), (3.0, 1.0), (3.0, -1.0)])
def test_equal_neighbour_that_overlaps_pulls_nothing(width: float, side: float) -> None:
    truth = Circle(118.4, 131.7, 50.0 * width)
    neighbour = Circle(118.4, 131.7, truth.radius_px + side * 3.5 * width)
    shape = (340, 320) if width > 2 else (260, 240)
    pulls = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        rings = [RingShape(truth, width, 40.0), RingShape(neighbour, width, 40.0)]
        data = rng.poisson(expected_counts(shape, rings, 4.0))
        fit = refine_ring(data, Circle(118.6, 131.5, truth.radius_px - 0.2 * side * width))
        pulls.append((fit.radius_px - truth.radius_px) / fit.sigma_radius_px)
        assert abs(fit.width_px / width - 1.0) < 0.05
    assert abs(np.mean(pulls)) < 3.0 / np.sqrt(8)
    assert np.sqrt(np.mean(np.square(pulls))) < 1.7


def test_texture_widens_sigma_honestly() -> None:
    pulls = []
    y, x = np.indices((260, 240))
    azimuth = np.arctan2(y - TRUTH.center_y_px, x - TRUTH.center_x_px)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        wobble = np.zeros_like(azimuth)
        for harmonic in range(5, 25):
            a, b = rng.normal(0, 0.06, 2)
            wobble += a * np.cos(harmonic * azimuth) + b * np.sin(harmonic * azimuth)
        t = np.hypot(x - TRUTH.center_x_px, y - TRUTH.center_y_px) - TRUTH.radius_px - wobble
        data = rng.poisson(4.0 + 4000.0 * np.exp(-0.5 * (t / 2.5) ** 2))
        fit = refine_ring(data, TRUTH)
        error = numbers(fit) - [118.4, 131.7, 71.3]
        pulls.append(error / [fit.sigma_center_x_px, fit.sigma_center_y_px, fit.sigma_radius_px])
    # The photons alone would claim a hundredth of the wobble.
    assert np.sqrt(np.mean(np.square(pulls))) < 1.3


def test_ellipse_is_told_with_its_axes() -> None:
    y, x = np.indices((260, 240))
    turn = np.radians(30.0)
    u = (x - 118.4) * np.cos(turn) + (y - 131.7) * np.sin(turn)
    v = -(x - 118.4) * np.sin(turn) + (y - 131.7) * np.cos(turn)
    distance = 71.0 * (np.hypot(u / 71.6, v / 70.4) - 1.0)
    data = np.random.default_rng(2).poisson(4.0 + 100.0 * np.exp(-0.5 * (distance / 2.5) ** 2))
    fit = refine_ring(data, Circle(118.4, 131.7, 71.0))
    assert fit.ellipse is not None
    assert fit.ellipse.semi_major_px == pytest.approx(71.6, abs=0.06)
    assert fit.ellipse.semi_minor_px == pytest.approx(70.4, abs=0.06)
    assert fit.ellipse.orientation_deg == pytest.approx(30.0, abs=2.0)
    assert "elliptical" in [warning.code for warning in fit.warnings]
    assert refine_ring(ring_image(3), TRUTH).ellipse is None


def test_slight_ellipse_is_measured_without_a_warning() -> None:
    y, x = np.indices((260, 240))
    distance = 71.0 * (np.hypot((x - 118.4) / 71.15, (y - 131.7) / 70.85) - 1.0)
    data = np.random.default_rng(2).poisson(4.0 + 400.0 * np.exp(-0.5 * (distance / 2.5) ** 2))
    fit = refine_ring(data, Circle(118.4, 131.7, 71.0))
    assert fit.ellipse is not None
    assert fit.ellipse.semi_major_px - fit.ellipse.semi_minor_px == pytest.approx(0.3, abs=0.06)
    assert fit.warnings == ()
    assert np.all(np.abs(numbers(fit) - [118.4, 131.7, 71.0]) < 4.5 * sigma(fit))


def test_smooth_wobble_on_half_a_ring_widens_sigma() -> None:
    pulls = []
    y, x = np.indices((260, 240))
    azimuth = np.arctan2(y - TRUTH.center_y_px, x - TRUTH.center_x_px)
    for seed in range(16):
        rng = np.random.default_rng(seed)
        wobble = np.zeros_like(azimuth)
        for harmonic in range(2, 7):
            a, b = rng.normal(0, 0.15, 2)
            wobble += a * np.cos(harmonic * azimuth) + b * np.sin(harmonic * azimuth)
        t = np.hypot(x - TRUTH.center_x_px, y - TRUTH.center_y_px) - TRUTH.radius_px - wobble
        data = rng.poisson(4.0 + 1000.0 * np.exp(-0.5 * (t / 4.0) ** 2)).astype(np.float64)
        fit = refine_ring(data, TRUTH, mask=y > TRUTH.center_y_px + 5.0)
        claimed = [fit.sigma_center_x_px, fit.sigma_center_y_px, fit.sigma_radius_px]
        pulls.append((numbers(fit) - [118.4, 131.7, 71.3]) / claimed)
    # Neighbouring sectors err alike: taken for independent they would claim a third of this.
    assert np.sqrt(np.mean(np.square(pulls))) < 1.8


def test_edge_of_a_shadow_does_not_move_the_ring() -> None:
    pulls = []
    for seed in range(1, 17):
        fit = refine_ring(demo_image(seed), CIRCLE)
        claimed = [fit.sigma_center_x_px, fit.sigma_center_y_px, fit.sigma_radius_px]
        truth = [CIRCLE.center_x_px, CIRCLE.center_y_px, CIRCLE.radius_px]
        pulls.append((numbers(fit) - truth) / claimed)
    assert np.all(np.abs(np.mean(pulls, axis=0)) < 3.5 / np.sqrt(16))
    assert np.sqrt(np.mean(np.square(pulls))) < 1.2


def test_arc_and_gap_are_told() -> None:
    data = ring_image(21)
    mask = np.ones(data.shape, bool)
    mask[:100] = False
    fit = refine_ring(data, TRUTH, mask=mask)
    assert [warning.code for warning in fit.warnings] == ["large_gap"]
    mask[:72] = True
    mask[:72] = False
    mask[72:] = True
    arc = refine_ring(data, TRUTH, mask=mask)
    assert [warning.code for warning in arc.warnings] == ["short_arc"]
    assert 0.1 < arc.coverage < 0.25
    error = numbers(arc) - [118.4, 131.7, 71.3]
    claimed = [arc.sigma_center_x_px, arc.sigma_center_y_px, arc.sigma_radius_px]
    assert np.all(np.abs(error) < 4.5 * np.array(claimed))


def test_centre_far_outside_is_told() -> None:
    truth = Circle(-390.0, 130.0, 500.0)
    expected = expected_counts((260, 240), [RingShape(truth, 2.5, 200.0)], 4.0)
    data = np.random.default_rng(1).poisson(expected)
    fit = refine_ring(data, Circle(-388.0, 130.5, 498.5))
    codes = [warning.code for warning in fit.warnings]
    assert "centre_far_outside" in codes
    assert abs(fit.center_x_px + 390.0) < 4.5 * fit.sigma_center_x_px


def test_arc_beside_the_beam_is_a_circle_only_where_it_shows() -> None:
    def codes(columns: int, seed: int) -> list[str]:
        x = 0.5 * columns
        ring = RingShape(Circle(x, -20.0, 200.0), 2.5, 400.0)
        data = np.random.default_rng(seed).poisson(expected_counts((220, columns), [ring], 4.0))
        fit = refine_ring(data, Circle(x + 1.0, -20.5, 201.0))
        return [warning.code for warning in fit.warnings]

    assert codes(500, 1) == ["large_gap"]
    assert codes(120, 2) == ["short_arc", "elliptical"]


def test_saturated_ring_is_told() -> None:
    data = np.minimum(ring_image(4) * 2000.0, 65535).astype(np.uint16)
    fit = refine_ring(data, TRUTH)
    assert "saturated" in [warning.code for warning in fit.warnings]


def test_gaps_at_full_scale_are_not_saturation() -> None:
    data = ring_image(4).astype(np.uint16)
    data[:, 100:112] = 65535
    assert "saturated" not in [warning.code for warning in refine_ring(data, TRUTH).warnings]


def test_progress_is_told_and_cancel_stops() -> None:
    told: list[float] = []
    refine_ring(ring_image(5), TRUTH, progress=lambda share, text: told.append(share))
    assert told == sorted(told)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    with pytest.raises(JobCancelledError):
        refine_ring(ring_image(5), TRUTH, cancelled=lambda: len(told) > 2)


def test_weak_ring_is_told_and_none_is_refused() -> None:
    expected = expected_counts((260, 240), [RingShape(TRUTH, 2.5, 0.35)], 0.5)
    codes = []
    for seed in range(6):
        data = np.random.default_rng(seed).poisson(expected)
        try:
            codes.append([warning.code for warning in refine_ring(data, TRUTH).warnings])
        except RingNotFoundError:
            codes.append(["none"])
    assert all(code in ([], ["weak_ring"], ["none"]) for code in codes)
    data = np.random.default_rng(9).poisson(np.full((260, 240), 0.5))
    with pytest.raises(RingNotFoundError):
        refine_ring(data, TRUTH)
