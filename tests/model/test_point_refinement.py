"""Clicked points move to the ring, and stay where there is nothing."""

import numpy as np
import pytest

from calibtool.errors import InputError
from calibtool.model.circle import Circle, FloatArray
from calibtool.model.rings.point_refinement import refine_points
from calibtool.model.simulate import RingShape, expected_counts

CENTER = (204.3, 196.8)


def ring_image(width: float, amplitude: float, radius: float = 110.0, seed: int = 0) -> FloatArray:
    shape = RingShape(Circle(*CENTER, radius), width, amplitude)
    expected = expected_counts((400, 410), [shape], background=5.0)
    return np.random.default_rng(seed).poisson(expected).astype(np.float64)


def around(radius: FloatArray | float, azimuth: FloatArray) -> FloatArray:
    return np.column_stack(
        [CENTER[0] + radius * np.cos(azimuth), CENTER[1] + radius * np.sin(azimuth)]
    )


def radius_of(points: FloatArray) -> FloatArray:
    return np.hypot(points[:, 0] - CENTER[0], points[:, 1] - CENTER[1])


@pytest.mark.parametrize("width", [1.0, 2.5, 6.0, 12.0, 20.0])
def test_peak_is_found_within_its_sigma(width: float) -> None:
    rng = np.random.default_rng(int(10 * width))
    data = ring_image(width, 100.0, seed=int(width))
    azimuth = rng.uniform(-np.pi, np.pi, 150)
    clicked = around(110.0 + rng.uniform(-1, 1, 150) * max(0.9 * width, 2.5), azimuth)
    found = refine_points(data, clicked, center=CENTER)
    assert found.refined.all()
    error = radius_of(found.points) - 110.0
    assert np.sqrt(np.mean(error**2)) < 0.03 * width + 0.02
    assert 0.8 < np.std(error / found.sigma_px) < 1.25
    assert np.array_equal(found.clicked, clicked)
    assert np.allclose(np.arctan2(*(found.points - CENTER).T), np.arctan2(*(clicked - CENTER).T))


@pytest.mark.parametrize("width", [2.0, 6.0])
def test_edge_of_a_ring_is_its_steepest_place(width: float) -> None:
    rng = np.random.default_rng(3)
    steepest = 110.0 + np.sqrt(width**2 + 1 / 12)
    clicked = around(steepest + rng.uniform(-0.5, 0.5, 40) * width, rng.uniform(-3, 3, 40))
    found = refine_points(ring_image(width, 300.0), clicked, center=CENTER, mode="edge")
    assert found.refined.all()
    error = radius_of(found.points) - steepest
    assert np.sqrt(np.mean(error**2)) < 0.05 * width
    assert abs(error.mean()) < 0.02 * width


def test_edge_of_a_shadow_is_found() -> None:
    rng = np.random.default_rng(4)
    y, x = np.indices((400, 410))
    inside = 0.5 * (1 + np.tanh((np.hypot(x - CENTER[0], y - CENTER[1]) - 110.0) / 2.0))
    data = rng.poisson(3.0 + 200.0 * inside)
    clicked = around(110.0 + rng.uniform(-2, 2, 40), rng.uniform(-3, 3, 40))
    found = refine_points(data, clicked, center=CENTER, mode="edge")
    assert found.refined.all()
    error = radius_of(found.points) - 110.0
    assert np.sqrt(np.mean(error**2)) < 0.15
    assert np.std(error / found.sigma_px) < 1.5


def test_normal_comes_from_the_points_or_from_the_image() -> None:
    data = ring_image(3.0, 200.0)
    azimuth = np.array([0.3, 1.7, 2.9, -1.2, -2.4])
    clicked = around(110.0 + np.array([2.0, -2.0, 1.5, -1.0, 2.5]), azimuth)
    for n_points in (5, 3, 2, 1):
        found = refine_points(data, clicked[:n_points])
        assert found.refined.all()
        assert np.abs(radius_of(found.points) - 110.0).max() < 0.2


def test_brighter_neighbour_does_not_attract() -> None:
    rings = [
        RingShape(Circle(*CENTER, 110.0), 2.0, 60.0),
        RingShape(Circle(*CENTER, 119.0), 2.0, 300.0),
    ]
    data = np.random.default_rng(8).poisson(expected_counts((400, 410), rings, 5.0))
    azimuth = np.linspace(-3, 3, 30)
    clicked = around(110.0 + np.random.default_rng(1).uniform(-2.0, 2.0, 30), azimuth)
    found = refine_points(data, clicked, center=CENTER)
    assert found.refined.all()
    assert np.abs(radius_of(found.points) - 110.0).max() < 0.5


def test_nothing_there_leaves_the_point() -> None:
    data = np.random.default_rng(6).poisson(8.0, (400, 410))
    clicked = np.array([[60.0, 70.0], [300.0, 200.0], [120.5, 333.3]])
    found = refine_points(data, clicked, center=CENTER)
    assert not found.refined.any()
    assert np.array_equal(found.points, clicked)
    assert np.all(np.isnan(found.sigma_px))


def test_outside_masked_and_invalid_points_stay() -> None:
    data = ring_image(2.0, 100.0)
    mask = np.zeros(data.shape, bool)
    mask[:, :150] = True
    clicked = np.array([[-20.0, 10.0], [np.nan, 5.0], [94.3, 196.8], [314.3, 196.8]])
    found = refine_points(data, clicked, center=CENTER, mask=mask)
    assert found.refined.tolist() == [False, False, False, True]
    assert np.array_equal(found.points[:3], clicked[:3], equal_nan=True)


def test_points_near_the_border_are_refined() -> None:
    data = ring_image(2.0, 100.0)[:, :312]
    clicked = around(111.0, np.radians([-4.0, 0.0, 4.0]))[:, :]
    clicked[:, 0] = np.minimum(clicked[:, 0], 311.0)
    found = refine_points(data, clicked, center=CENTER)
    error = np.abs(radius_of(found.points) - 110.0)
    assert np.all(error[found.refined] < 5 * found.sigma_px[found.refined])


def test_no_points_and_wrong_input() -> None:
    data = ring_image(2.0, 100.0)
    assert len(refine_points(data, [])) == 0
    with pytest.raises(InputError, match="pairs"):
        refine_points(data, [[1.0, 2.0, 3.0]])
    with pytest.raises(InputError, match="peak"):
        refine_points(data, [[1.0, 2.0]], mode="ridge")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="mask"):
        refine_points(data, [[1.0, 2.0]], mask=np.zeros((2, 2), bool))
    tiny = refine_points(np.ones((3, 3)), [[1.0, 1.0]])
    assert not tiny.refined.any()
