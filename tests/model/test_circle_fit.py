import math
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calibtool.errors import FitError, InputError, JobCancelledError, TooFewPointsError
from calibtool.model.circle import Circle, CircleLike, FloatArray, radial_residuals
from calibtool.model.points.circle_fit import fit_circle
from calibtool.model.results import CircleFit
from tests.drawn import examples
from tests.model.rings import on_ring

TRUTH = Circle(498.37, 521.82, 231.45)
AWAY = Circle(-310.2, 2400.9, 2750.3)


def errors(fit: CircleLike, truth: CircleLike) -> FloatArray:
    return np.abs(
        [
            fit.center_x_px - truth.center_x_px,
            fit.center_y_px - truth.center_y_px,
            fit.radius_px - truth.radius_px,
        ]
    )


def distance(fit: CircleLike, truth: CircleLike) -> float:
    return float(errors(fit, truth).max())


def codes(fit: CircleFit) -> set[str]:
    return {warning.code for warning in fit.warnings}


@pytest.mark.parametrize("arc_deg", [360.0, 180.0, 90.0, 20.0])
@pytest.mark.parametrize("n", [5, 12, 40])
def test_exact_points_give_the_exact_circle_and_none_is_set_aside(n: int, arc_deg: float) -> None:
    fit = fit_circle(on_ring(TRUTH, n, arc_deg=arc_deg))
    assert distance(fit, TRUTH) < 1e-6
    assert fit.inliers.all()


@pytest.mark.parametrize("n", [6, 8, 12, 30])
def test_an_exact_ring_loses_just_its_bad_points(n: int) -> None:
    points = on_ring(TRUTH, n)
    bad = list(range(0, n, 4))[: n - 5]
    points[bad] += [31.0, -18.0]
    fit = fit_circle(points)
    assert distance(fit, TRUTH) < 1e-6
    assert list(np.flatnonzero(~fit.inliers)) == bad


def test_a_centre_far_off_the_image_is_found_with_a_warning() -> None:
    fit = fit_circle(on_ring(AWAY, 12, arc_deg=25.0, start_deg=-40.0), image_shape=(600, 800))
    assert distance(fit, AWAY) < 1e-5
    assert {"centre_far_outside", "short_arc"} <= codes(fit)


def test_a_centre_inside_the_image_is_not_warned_of() -> None:
    assert fit_circle(on_ring(TRUTH, 12), image_shape=(1043, 981)).warnings == ()


def test_residuals_are_signed_distances_in_the_order_given() -> None:
    points = on_ring(TRUTH, 10, noise_px=0.5)
    points[3] += 40.0
    fit = fit_circle(points)
    np.testing.assert_allclose(fit.residuals_px, radial_residuals(points, fit), atol=1e-9)
    kept = fit.residuals_px[fit.inliers]
    assert fit.rms_residual_px == pytest.approx(math.sqrt(np.mean(kept**2)))
    assert not fit.inliers[3]
    with pytest.raises(ValueError, match="read-only"):
        fit.residuals_px[0] = 0.0


def test_least_squares_leaves_no_gradient_on_its_inliers() -> None:
    points = on_ring(TRUTH, 12, arc_deg=70.0, noise_px=0.8, seed=4)
    points[5] += 60.0
    fit = fit_circle(points)
    kept = points[fit.inliers]
    unit = (kept - [fit.center_x_px, fit.center_y_px]) / np.linalg.norm(
        kept - [fit.center_x_px, fit.center_y_px], axis=1, keepdims=True
    )
    design = np.column_stack([unit, np.ones(len(kept))])
    np.testing.assert_allclose(design.T @ fit.residuals_px[fit.inliers], 0.0, atol=1e-5)


def test_five_points_are_all_kept_and_a_bad_one_is_warned_of() -> None:
    points = on_ring(TRUTH, 5, noise_px=0.3)
    points[2] += [40.0, 25.0]
    fit = fit_circle(points)
    assert fit.inliers.all()
    assert {"too_few_points", "poor_fit"} <= codes(fit)


def test_an_infinite_threshold_keeps_every_point() -> None:
    points = on_ring(TRUTH, 12, noise_px=0.3)
    points[2] += 60.0
    assert fit_circle(points, threshold=math.inf).inliers.all()
    assert not fit_circle(points).inliers[2]


def test_a_lower_threshold_sets_more_aside() -> None:
    points = on_ring(TRUTH, 60, noise_px=1.0, seed=3)
    kept = [int(fit_circle(points, threshold=t).inliers.sum()) for t in (1.0, 2.0, 4.0)]
    assert kept[0] < kept[1] < kept[2] == 60


@pytest.mark.parametrize("n", [5, 8, 12, 30])
def test_the_truth_lies_within_1_96_sigma_19_times_in_20(n: int) -> None:
    within = []
    for seed in range(60):
        points = on_ring(TRUTH, n, arc_deg=200.0, noise_px=0.5, seed=seed)
        fit = fit_circle(points, starts=1, generations=5)
        sigmas = (fit.sigma_center_x_px, fit.sigma_center_y_px, fit.sigma_radius_px)
        within.append(np.less(errors(fit, TRUTH), 1.96 * np.array(sigmas)))
    # 180 numbers of which a third are independent: σ of the share is about 0.025.
    assert 0.89 < np.mean(within) <= 1.0


def test_a_known_sigma_is_taken_at_its_word() -> None:
    points = on_ring(TRUTH, 12, noise_px=0.5, seed=1)
    fit = fit_circle(points, sigma_px=0.5)
    design = np.column_stack(
        [
            (points - [fit.center_x_px, fit.center_y_px])
            / np.hypot(*(points - [fit.center_x_px, fit.center_y_px]).T)[:, None],
            np.ones(12),
        ]
    )
    expected = 0.25 * np.linalg.inv(design.T @ design)
    np.testing.assert_allclose(fit.covariance, expected, rtol=1e-6)


def test_a_known_sigma_far_too_small_is_widened_and_warned_of() -> None:
    fit = fit_circle(on_ring(TRUTH, 20, noise_px=0.5, seed=1), sigma_px=0.02)
    assert "poor_fit" in codes(fit)
    assert fit.sigma_radius_px > 0.05


def test_a_point_with_a_large_sigma_of_its_own_counts_little() -> None:
    points = on_ring(TRUTH, 12)
    points[4] += 5.0
    sigma = np.full(12, 0.1)
    sigma[4] = 50.0
    fit = fit_circle(points, sigma_px=sigma)
    assert fit.inliers.all()
    assert distance(fit, TRUTH) < 1e-3


def test_the_history_holds_every_iteration_and_its_best_never_rises() -> None:
    points = on_ring(TRUTH, 12, noise_px=0.5)
    points[0] += 50.0
    fit = fit_circle(points, starts=3, generations=15, tolerance=0.0)
    evolved = [row for row in fit.history if row.stage == "evolution"]
    assert len(evolved) == 3 * 15
    assert {row.stage for row in fit.history} == {"initial", "evolution", "least_squares"}
    for start in range(3):
        rows = [row for row in fit.history if row.start == start]
        assert all(b.best_objective <= a.best_objective for a, b in pairwise(rows))
        lowest = np.minimum.accumulate([row.objective for row in rows])
        np.testing.assert_array_equal([row.best_objective for row in rows], lowest)
        iterations = [row.iteration for row in rows if row.stage == "evolution"]
        assert iterations == list(range(15))
    assert fit.history[-1].n_points == fit.inliers.sum() == 11
    last = Circle(*fit.history[-1][3:6])
    assert distance(fit, last) < 1e-6


def test_more_generations_and_starts_are_really_run() -> None:
    points = on_ring(TRUTH, 12, noise_px=0.5)
    rows = []
    for starts, generations in ((1, 5), (1, 20), (4, 20)):
        fit = fit_circle(points, starts=starts, generations=generations, tolerance=0.0)
        rows.append([row.stage for row in fit.history].count("evolution"))
    assert rows == [5, 20, 80]


def test_the_same_seed_gives_the_same_numbers() -> None:
    points = on_ring(TRUTH, 30, noise_px=0.5)
    one, two, other = (fit_circle(points, seed=seed) for seed in (7, 7, 8))
    assert one.history == two.history
    assert (one.center_x_px, one.radius_px) == (two.center_x_px, two.radius_px)
    assert other.history != one.history
    assert distance(other, Circle(one.center_x_px, one.center_y_px, one.radius_px)) < 1e-6


def test_cancelling_stops_the_search() -> None:
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 6

    with pytest.raises(JobCancelledError):
        fit_circle(on_ring(TRUTH, 12, noise_px=1.0), cancelled=cancelled)
    assert len(asked) == 7


def test_progress_rises_to_one_with_a_text() -> None:
    told = []
    fit_circle(on_ring(TRUTH, 12, noise_px=1.0), progress=lambda *what: told.append(what))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert all(text for _, text in told)


@pytest.mark.parametrize("n", [0, 1, 3, 4])
def test_too_few_points_say_how_many_are_missing(n: int) -> None:
    with pytest.raises(TooFewPointsError, match=f"add {5 - n} more"):
        fit_circle(on_ring(TRUTH, n) if n else [])


def test_a_doubled_click_is_no_fifth_point() -> None:
    points = on_ring(TRUTH, 4)
    with pytest.raises(TooFewPointsError, match="4 different points"):
        fit_circle(np.vstack([points, points]))


@pytest.mark.parametrize(
    ("points", "error", "text"),
    [
        (np.ones((7, 2)), FitError, "same position"),
        (np.column_stack([np.arange(8.0), 3.0 * np.arange(8.0) + 1]), FitError, "straight line"),
        (np.column_stack([np.full(6, 5.0), np.arange(6.0)]), FitError, "straight line"),
        (np.ones((6, 3)), InputError, "shape"),
        (np.arange(12.0), InputError, "shape"),
        ([["a", "b"]], InputError, "numbers"),
        ([[1, 2], [3]], InputError, "numbers"),
    ],
)
def test_points_that_fit_no_circle_say_why(
    points: FloatArray, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        fit_circle(points)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e200])
def test_a_position_that_is_none_is_named(value: float) -> None:
    points = on_ring(TRUTH, 8)
    points[4, 1] = value
    with pytest.raises(InputError, match="Point 5 "):
        fit_circle(points)


def test_a_noisy_line_is_not_called_a_circle() -> None:
    rng = np.random.default_rng(2)
    points = np.column_stack([np.linspace(0, 400, 12), rng.normal(0, 1.0, 12)])
    with pytest.raises(FitError, match="straight line within their scatter"):
        fit_circle(points)


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": 0.0},
        {"threshold": math.nan},
        {"population": 1},
        {"generations": 0},
        {"starts": 0},
        {"tolerance": -1.0},
        {"seed": -1},
        {"sigma_px": 0.0},
        {"sigma_px": [1.0, 2.0]},
    ],
)
def test_a_setting_without_sense_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        fit_circle(on_ring(TRUTH, 8), **wrong)


@pytest.mark.parametrize(
    ("n", "arc_deg", "expected"),
    [
        (12, 360.0, set()),
        (12, 80.0, {"short_arc"}),
        (12, 200.0, {"large_gap"}),
        (6, 360.0, {"too_few_points"}),
    ],
)
def test_the_spread_of_the_points_is_judged(n: int, arc_deg: float, expected: set[str]) -> None:
    assert codes(fit_circle(on_ring(TRUTH, n, arc_deg=arc_deg, noise_px=0.3))) == expected


def test_the_gap_named_is_where_the_points_are_missing() -> None:
    fit = fit_circle(on_ring(TRUTH, 12, arc_deg=200.0, start_deg=90.0))
    (warning,) = fit.warnings
    assert warning.code == "large_gap"
    azimuth = float(warning.message.split("azimuth ")[1].split("°")[0])
    assert azimuth == pytest.approx(10.0, abs=12.0)


def test_many_outliers_are_warned_of() -> None:
    points = on_ring(TRUTH, 12, noise_px=0.3)
    points[[1, 5, 9]] += [[50, 20], [-40, 10], [33, 60]]
    fit = fit_circle(points)
    assert "many_outliers" in codes(fit)
    assert list(np.flatnonzero(~fit.inliers)) == [1, 5, 9]


@pytest.mark.parametrize("orientation_deg", [0.0, 35.0, 120.0])
def test_an_ellipse_is_not_called_a_circle(orientation_deg: float) -> None:
    phi = np.radians(np.arange(0, 360, 15.0))
    turn = np.radians(orientation_deg)
    radius = 300.0 + 3.0 * np.cos(2 * (phi - turn)) + np.random.default_rng(0).normal(0, 0.3, 24)
    fit = fit_circle(np.column_stack([500 + radius * np.cos(phi), 480 + radius * np.sin(phi)]))
    (warning,) = fit.warnings
    assert warning.code == "elliptical"
    words = warning.message.replace("°", " ").replace(".", " . ")
    said = float(words.split("longer at ")[1].split()[0])
    assert min(abs(said - orientation_deg), 180 - abs(said - orientation_deg)) < 4.0


scenes = st.builds(
    lambda seed, n, arc: on_ring(TRUTH, n, arc_deg=arc, noise_px=0.4, seed=seed),
    st.integers(0, 10_000),
    st.integers(6, 25),
    st.sampled_from([360.0, 180.0, 90.0]),
)


def quick(points: FloatArray) -> CircleFit:
    return fit_circle(points, starts=1, generations=4)


def same(fit: CircleFit, x: float, y: float, radius: float, sigma: float) -> bool:
    return (
        abs(fit.center_x_px - x) < 1e-5 * (1 + sigma)
        and abs(fit.center_y_px - y) < 1e-5 * (1 + sigma)
        and abs(fit.radius_px - radius) < 1e-5 * (1 + sigma)
    )


@examples(15)
@given(scenes, st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_a_shift_of_the_points_shifts_the_circle(points: FloatArray, dx: float, dy: float) -> None:
    one, two = quick(points), quick(points + np.array([dx, dy]))
    assert same(two, one.center_x_px + dx, one.center_y_px + dy, one.radius_px, 0)
    assert two.sigma_radius_px == pytest.approx(one.sigma_radius_px, rel=1e-4)
    np.testing.assert_array_equal(one.inliers, two.inliers)


@examples(15)
@given(scenes, st.floats(0, 360))
def test_a_rotation_of_the_points_rotates_the_circle(points: FloatArray, angle_deg: float) -> None:
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    one, two = quick(points), quick(points @ np.array([[c, s], [-s, c]]))
    x, y = one.center_x_px, one.center_y_px
    assert same(two, c * x - s * y, s * x + c * y, one.radius_px, 0)


@examples(15)
@given(scenes)
def test_a_flip_of_the_points_flips_the_circle(points: FloatArray) -> None:
    one = quick(points)
    assert same(quick(points * [-1, 1]), -one.center_x_px, one.center_y_px, one.radius_px, 0)
    assert same(quick(points[:, ::-1]), one.center_y_px, one.center_x_px, one.radius_px, 0)


@examples(15)
@given(scenes, st.floats(0.2, 20.0))
@example(on_ring(TRUTH, 6, arc_deg=360.0, noise_px=0.4, seed=388), 5.0)
def test_a_larger_image_has_a_larger_circle(points: FloatArray, factor: float) -> None:
    one, two = quick(points), quick(points * factor)
    x, y, r = (factor * v for v in (one.center_x_px, one.center_y_px, one.radius_px))
    assert same(two, x, y, r, factor)
    assert two.sigma_radius_px == pytest.approx(factor * one.sigma_radius_px, rel=1e-4)


@examples(15)
@given(scenes, st.randoms(use_true_random=False))
def test_neither_the_order_of_clicks_nor_a_doubled_click_changes_anything(
    points: FloatArray, random: Random
) -> None:
    order = list(range(len(points)))
    random.shuffle(order)
    order += random.choices(order, k=3)
    one, two = quick(points), quick(points[order])
    assert (one.center_x_px, one.center_y_px, one.radius_px, one.sigma_radius_px) == (
        two.center_x_px,
        two.center_y_px,
        two.radius_px,
        two.sigma_radius_px,
    )
    np.testing.assert_array_equal(two.inliers, one.inliers[order])
    np.testing.assert_array_equal(two.residuals_px, one.residuals_px[order])
