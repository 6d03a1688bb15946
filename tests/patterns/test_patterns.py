"""The simulated patterns themselves: their formulas, pixels, bound and judgement."""

from dataclasses import replace

import numpy as np
import pytest

from calibtool.model.tilted_geometry import TiltedGeometry
from tests.patterns.bound import bound
from tests.patterns.geometry import FloatArray, Geometry
from tests.patterns.judge import judge, ring_points
from tests.patterns.oracle import ideal_answer, spoilt_answers
from tests.patterns.pattern import Background, Pattern
from tests.patterns.ringless import RINGLESS, ringless_scene
from tests.patterns.scenes import calibrant_pattern, random_scene, simulated

PLACE = Geometry(93.3, 104.8, 60.0, 0.2, tilt_deg=7.0, azimuth_deg=-70.0)


def small_pattern(**style: object) -> Pattern:
    return Pattern(
        (200, 190),
        PLACE,
        0.06,
        (0.5, 0.36, 0.3),
        (20.0, 12.0, 30.0),
        background=Background(3.0),
        **style,
    )


def test_the_angle_is_that_of_pyfais_rotations() -> None:
    s_x, s_y, s_z = PLACE.direction
    rot1 = np.arctan2(-s_x, s_z)
    theirs = TiltedGeometry(
        distance_mm=PLACE.distance_mm * s_z,
        poni_x_px=PLACE.beam_x_px - PLACE.distance_px * s_x,
        poni_y_px=PLACE.beam_y_px - PLACE.distance_px * s_y,
        pixel_size_x_mm=0.2,
        pixel_size_y_mm=0.2,
        rot1_rad=rot1,
        rot2_rad=np.arctan2(s_y * np.cos(rot1), s_z),
    )
    x, y = np.random.default_rng(1).uniform(-200, 800, (2, 100))
    np.testing.assert_allclose(PLACE.two_theta(x, y), theirs.two_theta_rad(x, y), atol=1e-12)


def test_slopes_of_the_angle() -> None:
    x, y = np.random.default_rng(1).uniform(0, 200, (2, 100))
    for row, step in zip(PLACE.slopes(x, y), np.diag([1e-4, 1e-4, 1e-4, 1e-6, 1e-6]), strict=True):
        change = PLACE.moved(step).two_theta(x, y) - PLACE.moved(-step).two_theta(x, y)
        np.testing.assert_allclose(row, change / (2 * step.sum()), rtol=1e-5, atol=1e-9)


def test_points_of_a_ring_lie_at_its_angle() -> None:
    pattern = small_pattern()
    x, y = ring_points(pattern, 1).T
    angle = 2 * np.arcsin(pattern.wavelength_nm / (2 * pattern.d_nm[1]))
    np.testing.assert_allclose(PLACE.two_theta(x, y), angle, atol=1e-12)


@pytest.mark.parametrize(("width", "skew"), [(0.45, 0.0), (0.8, 0.0), (1.5, 0.7), (3.0, 0.0)])
def test_pixels_hold_the_mean_over_their_area(width: float, skew: float) -> None:
    pattern = small_pattern(width_px=width, skew=skew)
    places = (np.arange(15) - 7) / 15
    rows, columns = np.arange(60, 160), np.full(100, 130)
    mean = np.zeros(100)
    for dx in places:
        for dy in places:
            angle = PLACE.two_theta(columns + dx, rows + dy)
            mean += sum(pattern.peak(ring, angle, angle) for ring in pattern.rings())
    mean = 3.0 + mean / 225
    np.testing.assert_allclose(pattern.expected()[rows, columns], mean, atol=0.02)


def test_a_skewed_ring_keeps_its_centroid() -> None:
    pattern = small_pattern(skew=1.0)
    ring = next(iter(pattern.rings()))
    t = ring.angle + ring.width * np.linspace(-9, 9, 2001)
    peak = pattern.peak(ring, t, t)
    assert abs(np.average(t, weights=peak) - ring.angle) < 1e-6 * ring.width


def _columns(pattern: Pattern) -> FloatArray:
    """Derivatives (9 + 1, pixels) by drawing the pattern again: geometry, heights, width, level."""

    def change(ahead: Pattern, behind: Pattern, step: float) -> FloatArray:
        return (ahead.expected() - behind.expected()).reshape(-1) / (2 * step)

    rows = []
    for k, size in enumerate((1e-3, 1e-3, 1e-3, 1e-5, 1e-5)):
        step = np.zeros(5)
        step[k] = size
        ahead, behind = (replace(pattern, geometry=PLACE.moved(s)) for s in (step, -step))
        rows.append(change(ahead, behind, size))
    for k, height in enumerate(pattern.heights):
        pair = []
        for sign in (1, -1):
            heights = list(pattern.heights)
            heights[k] = height + 0.01 * sign
            pair.append(replace(pattern, heights=tuple(heights)))
        rows.append(change(*pair, 0.01))
    wide, slim = (replace(pattern, width_px=pattern.width_px + e) for e in (1e-3, -1e-3))
    rows.append(change(wide, slim, 1e-3))
    return np.array([*rows, np.ones_like(rows[0])])


def test_a_fit_of_the_true_model_scatters_as_the_bound_says() -> None:
    pattern = small_pattern(width_px=2.0)
    columns, mean = _columns(pattern), pattern.expected().reshape(-1)
    least = bound(pattern).sigma()[:5]
    gain = np.linalg.solve((columns / mean) @ columns.T, columns / mean)
    rng = np.random.default_rng(3)
    errors = []
    for _ in range(60):
        counts = rng.poisson(mean)
        value = np.zeros(len(columns))
        value[:5] = 2 * least * rng.choice([-1, 1], 5)
        for _ in range(4):
            heights = tuple(np.array(pattern.heights) + value[5:8])
            now = replace(
                pattern,
                geometry=PLACE.moved(value[:5]),
                heights=heights,
                width_px=pattern.width_px + value[8],
                background=Background(3.0 + value[9]),
            )
            value = value + gain @ (counts - now.expected().reshape(-1))
        errors.append(value[:5] / least)
    assert 0.88 < np.sqrt(np.mean(np.square(errors))) < 1.1


def test_scenes_are_the_same_each_time_and_unlike_each_other() -> None:
    first, again, other = random_scene(3), random_scene(3), random_scene(6)
    np.testing.assert_array_equal(first.image, again.image)
    assert first.traits == again.traits != other.traits


def test_frames_without_rings_are_of_ten_kinds_and_more() -> None:
    assert len(RINGLESS) >= 40
    scene = ringless_scene(4)
    assert scene.pattern is None
    assert judge(scene, None).kind == "right"


def test_a_calibrants_pattern_has_its_rings() -> None:
    pattern = calibrant_pattern("CeO2", (300, 300), Geometry(150, 140, 90, 0.2), 0.05)
    radii = [pattern.radius_px(ring.line) for ring in pattern.rings()]
    assert radii[0] == pytest.approx(450 * np.tan(2 * np.arcsin(0.05 / 2 / 0.3124418)), rel=1e-5)
    assert radii == sorted(radii)


@pytest.mark.parametrize("seed", [1, 3, 4, 25, 29])
def test_the_judge_lets_the_ideal_answer_pass(seed: int) -> None:
    scene = random_scene(seed)
    assert judge(scene, ideal_answer(scene)).kind in ("right", "refused")


def test_the_judge_sees_what_is_wrong() -> None:
    place, given = replace(PLACE, tilt_deg=1.0), {"calibrant": "LaB6", "wavelength_nm": 0.06}
    pattern = calibrant_pattern("LaB6", (200, 190), place, 0.06, 300.0)
    scene = simulated(pattern, calibrant="LaB6", given=given)
    answer = ideal_answer(scene)
    assert answer is not None
    assert judge(scene, answer).kind == "right"
    for name, change in spoilt_answers(scene).items():
        assert judge(scene, replace(answer, **change)).kind == "UNWARNED", name
    vague = replace(answer, sigma_beam_x_px=5.0)
    assert judge(scene, vague).kind == "missed"
    assert judge(scene, None).kind == "missed"
