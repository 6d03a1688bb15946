"""Two rings that overlap are not passed off as one, and one ring is not taken for two."""

import numpy as np
import pytest

from calibtool.model.circle import Circle
from calibtool.model.finding import find_ring
from calibtool.model.results import RingFit
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.simulate import RingShape, expected_counts

CENTER = (150.3, 158.8)


def fitted(rings: list[tuple[float, float, float]], seed: int) -> RingFit:
    """The fit to rings of a (radius, width, amplitude) each, from a start beside the first."""
    shapes = [RingShape(Circle(*CENTER, radius), width, a) for radius, width, a in rings]
    data = np.random.default_rng(seed).poisson(expected_counts((310, 320), shapes, 20.0))
    return refine_ring(data, Circle(151.0, 158.0, rings[0][0] + 1.0))


def codes(fit: RingFit) -> set[str]:
    return {warning.code for warning in fit.warnings}


@pytest.mark.parametrize(
    ("width", "apart", "second"),
    [(3.0, 6.0, 60.0), (3.0, 4.2, 60.0), (4.0, 7.7, 60.0), (3.0, 6.0, 110.0), (3.0, 7.0, 50.0)],
)
def test_two_rings_that_overlap_are_told_and_sigma_covers_both(
    width: float, apart: float, second: float
) -> None:
    fit = fitted([(100.0, width, 80.0), (100.0 + apart, width, second)], seed=int(10 * apart))
    assert "not_one_ring" in codes(fit)
    for truth in (100.0, 100.0 + apart):
        assert abs(fit.radius_px - truth) < 3.0 * fit.sigma_radius_px
    assert fit.sigma_radius_px < apart
    assert fit.covariance[2, 2] == pytest.approx(fit.sigma_radius_px**2)
    assert abs(fit.center_x_px - CENTER[0]) < 4.5 * fit.sigma_center_x_px < 1.0
    assert abs(fit.center_y_px - CENTER[1]) < 4.5 * fit.sigma_center_y_px < 1.0


def test_beside_a_much_lower_one_sigma_is_that_of_the_higher() -> None:
    fit = fitted([(100.0, 3.0, 80.0), (106.0, 3.0, 25.0)], seed=4)
    assert "not_one_ring" in codes(fit)
    assert 0.3 < abs(fit.radius_px - 100.0) < 3.0 * fit.sigma_radius_px < 4.0


def test_they_are_told_where_they_are_found_too() -> None:
    shapes = [RingShape(Circle(*CENTER, r), 3.0, a) for r, a in ((100.0, 80.0), (106.0, 60.0))]
    data = np.random.default_rng(0).poisson(expected_counts((310, 320), shapes, 20.0))
    assert "not_one_ring" in codes(find_ring(data))


@pytest.mark.parametrize("width", [0.6, 1.5, 3.0, 6.0, 12.0])
@pytest.mark.parametrize("amplitude", [3.0, 80.0, 30000.0])
def test_one_ring_is_not_taken_for_two(width: float, amplitude: float) -> None:
    fit = fitted([(100.0, width, amplitude)], seed=int(amplitude + 10 * width))
    assert "not_one_ring" not in codes(fit)
    assert fit.sigma_radius_px < 0.1 * width + 0.05


def test_an_ellipse_and_grains_are_not_taken_for_two_rings() -> None:
    rng = np.random.default_rng(8)
    y, x = np.mgrid[:310, :320]
    turn = np.arctan2(y - CENTER[1], x - CENTER[0])
    r = np.hypot(x - CENTER[0], y - CENTER[1])
    oval = r * (1.0 + 0.02 * np.cos(2.0 * turn))
    grain = rng.gamma(0.5, 2.0, 720)[((turn / (2 * np.pi)) * 720).astype(int) % 720]
    for place, height in ((oval, 1.0), (r, grain)):
        expected = 20.0 + 300.0 * height * np.exp(-0.5 * ((place - 100.0) / 2.0) ** 2)
        fit = refine_ring(rng.poisson(expected), Circle(151.0, 158.0, 101.0))
        assert "not_one_ring" not in codes(fit)
