"""The fit of a whole ring: at the truth within its σ, and honest where it cannot be."""

import numpy as np
import pytest

from calibtool.errors import InputError, RingNotFoundError
from calibtool.model.circle import Circle
from calibtool.model.rings.point_refinement import refine_points
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.simulate import RingShape, expected_counts


@pytest.mark.parametrize("width", [1.2, 3.0, 8.0, 18.0])
def test_finds_the_truth_from_a_start_one_width_off(width: float) -> None:
    truth = Circle(251.3, 243.8, 160.2)
    expected = expected_counts((500, 520), [RingShape(truth, width, 30.0)], background=5.0)
    data = np.random.default_rng(int(10 * width)).poisson(expected)
    off = max(0.7 * width, 3.0)
    fit = refine_ring(data, Circle(251.3 + off, 243.8 - off, 160.2 + off))
    assert abs(fit.center_x_px - 251.3) < 4.5 * fit.sigma_center_x_px
    assert abs(fit.center_y_px - 243.8) < 4.5 * fit.sigma_center_y_px
    assert abs(fit.radius_px - 160.2) < 4.5 * fit.sigma_radius_px
    assert abs(fit.width_px - width) < 4.5 * fit.sigma_width_px
    assert fit.sigma_center_x_px < 0.02 * width + 0.01
    assert fit.coverage == 1.0
    assert fit.warnings == ()


def test_lists_are_taken_for_arrays() -> None:
    truth = Circle(60.3, 58.8, 40.2)
    data = np.random.default_rng(3).poisson(
        expected_counts((120, 124), [RingShape(truth, 2.0, 50.0)], background=5.0)
    )
    mask = data > 80
    start = Circle(61.0, 58.0, 40.5)
    fit = refine_ring(data.tolist(), start, mask=mask.tolist())
    assert fit.center_x_px == refine_ring(data, start, mask=mask).center_x_px
    clicks = [[100.0, 59.0], [60.0, 98.0], [20.0, 59.0]]
    found = refine_points(data.tolist(), clicks, mask=mask.tolist())
    assert np.array_equal(found.points, refine_points(data, np.array(clicks), mask=mask).points)
    assert found.refined.all()


def test_refuses_where_there_is_no_ring() -> None:
    data = np.random.default_rng(5).poisson(10.0, (300, 300))
    with pytest.raises(RingNotFoundError, match=r"[Nn]o ring"):
        refine_ring(data, Circle(150.0, 150.0, 80.0))


def test_refuses_circles_that_miss_the_image_and_masks_that_hide_it() -> None:
    data = np.ones((60, 60))
    with pytest.raises(RingNotFoundError, match="does not cross the image"):
        refine_ring(data, Circle(900.0, 30.0, 100.0))
    with pytest.raises(RingNotFoundError, match="masked"):
        refine_ring(data, Circle(30.0, 30.0, 20.0), mask=np.ones(data.shape, bool))
    with pytest.raises(RingNotFoundError, match="masked"):
        refine_ring(np.full((60, 60), np.nan), Circle(30.0, 30.0, 20.0))
    with pytest.raises(RingNotFoundError):
        refine_ring(np.ones((3, 3)), Circle(1.0, 1.0, 1.0))
    with pytest.raises(InputError, match="radius above 0"):
        refine_ring(data, Circle(30.0, float("nan"), 20.0))
    with pytest.raises(InputError, match="mask"):
        refine_ring(data, Circle(30.0, 30.0, 20.0), mask=np.zeros((3, 3), bool))
