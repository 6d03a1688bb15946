"""find_ring where only a part of the ring shows, beside brighter light, and with many defects."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import Circle, FloatArray
from calibtool.model.finding import find_ring
from calibtool.model.look.grains import with_grains
from calibtool.model.look.hot_pixels import hot_pixels
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.simulate import RingShape, expected_counts
from tests.model.test_finding import off_circle

TRUTH = Circle(251.3, 243.8, 150.0)


def from_centre(shape: tuple[int, int], circle: Circle) -> tuple[FloatArray, FloatArray]:
    """Distance and azimuth (rad) of every pixel."""
    y, x = np.indices(shape)
    dx, dy = x - circle.center_x_px, y - circle.center_y_px
    return np.hypot(dx, dy), np.arctan2(dy, dx)


def arc(degrees: float, amplitude: float, seed: int) -> NDArray[np.int64]:
    """Counts of a ring that shows over a part of its azimuth only, though all is in the image."""
    rng = np.random.default_rng(seed)
    shape = (480, 500)
    ring = expected_counts(shape, [RingShape(TRUTH, 2.5, amplitude)])
    azimuth = from_centre(shape, TRUTH)[1]
    there = (azimuth - rng.uniform(0, 2 * np.pi)) % (2 * np.pi) < np.radians(degrees)
    return rng.poisson(20.0 + ring * there)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("degrees", "amplitude"), [(50.0, 2000.0), (90.0, 60.0)])
def test_an_arc_that_ends_within_the_image_is_found_and_called_short(
    degrees: float, amplitude: float, seed: int
) -> None:
    found = find_ring(arc(degrees, amplitude, seed))
    sigma = max(found.sigma_center_x_px, found.sigma_center_y_px, found.sigma_radius_px)
    assert off_circle(found, TRUTH) < max(0.5, 4.0 * sigma)
    assert "short_arc" in {warning.code for warning in found.warnings}


@pytest.mark.parametrize("inward", [True, False])
@pytest.mark.parametrize(("radius", "width"), [(90.0, 1.2), (150.0, 2.1)])
def test_near_stays_on_a_ring_five_widths_from_one_eight_times_as_bright(
    radius: float, width: float, inward: bool
) -> None:
    truth = Circle(251.3, 243.8, radius)
    other = Circle(251.3, 243.8, radius * (0.93 if inward else 1.07))
    rings = [RingShape(truth, width, 100.0), RingShape(other, width, 800.0)]
    data = np.random.default_rng(5).poisson(expected_counts((480, 500), rings, 50.0))
    found = find_ring(data, near=(251.8, 243.3, 1.003 * radius))
    assert off_circle(found, truth) < 0.3


def test_hot_pixels_as_one_in_a_hundred_are_nearly_all_found() -> None:
    rng = np.random.default_rng(2)
    data = rng.poisson(expected_counts((475, 502), [RingShape(TRUTH, 2.0, 60.0)], 5.0))
    hot = rng.random(data.shape) < 0.01
    data[hot] = rng.integers(300, 60000, np.count_nonzero(hot))
    found = np.zeros(data.shape, dtype=bool)
    found[hot_pixels(data, np.zeros(data.shape, dtype=bool))] = True
    assert np.count_nonzero(found & hot) > 0.97 * np.count_nonzero(hot)
    assert np.count_nonzero(found & ~hot) < 10
    assert off_circle(find_ring(data), TRUTH) < 0.1


def test_a_hot_pixel_alone_in_a_gap_or_in_the_last_rows_is_found() -> None:
    data = np.random.default_rng(3).poisson(4.0, (107, 110)).astype(np.int32)
    data[40:52] = -1
    spots = [(45, 20), (106, 50), (30, 109)]
    for row, column in spots:
        data[row, column] = 20000
    found = list(zip(*hot_pixels(data, data < 0), strict=True))
    assert sorted((int(r), int(c)) for r, c in found) == sorted(spots)


def test_the_bright_rim_of_a_beamstop_is_not_preferred_to_a_ring() -> None:
    shape = (480, 500)
    distance, _ = from_centre(shape, TRUTH)
    ring = expected_counts(shape, [RingShape(TRUTH, 2.5, 60.0)], 10.0)
    halo = 30000.0 * np.exp(-distance / 12.0)
    light = (ring + halo) / (1.0 + np.exp((25.0 - distance) / 1.5))
    found = find_ring(np.random.default_rng(4).poisson(light))
    assert off_circle(found, TRUTH) < 0.3


def test_a_ring_inside_a_sharp_aperture_is_found_though_the_edge_is_clearer() -> None:
    shape = (480, 500)
    edge, _ = from_centre(shape, Circle(230.0, 250.0, 200.0))
    ring = expected_counts(shape, [RingShape(TRUTH, 1.2, 300.0)], 800.0)
    light = ring * (0.1 + 0.9 / (1.0 + np.exp((edge - 200.0) / 0.5)))
    found = find_ring(np.random.default_rng(6).poisson(light))
    assert off_circle(found, TRUTH) < 0.2


@pytest.mark.parametrize("edge_widths", [2.4, 3.0, 4.0])
def test_the_edge_of_a_beamstop_at_the_foot_of_a_wide_ring_does_not_move_it(
    edge_widths: float,
) -> None:
    shape, truth = (480, 500), Circle(251.3, 243.8, 100.0)
    distance, _ = from_centre(shape, truth)
    light = expected_counts(shape, [RingShape(truth, 14.0, 12.0)], 10.0)
    light = np.where(distance < truth.radius_px - 14.0 * edge_widths, 0.3, light)
    found = refine_ring(np.random.default_rng(8).poisson(light), truth)
    assert off_circle(found, truth) < 0.5
    assert found.width_px == pytest.approx(14.0, rel=0.08)


def test_a_neighbour_is_told_where_the_background_has_been_subtracted() -> None:
    other = Circle(TRUTH.center_x_px, TRUTH.center_y_px, 161.0)
    rings = [RingShape(TRUTH, 3.0, 60.0), RingShape(other, 3.0, 40.0)]
    rng = np.random.default_rng(9)
    data = rng.poisson(expected_counts((480, 500), rings, 50.0)).astype(np.float32) - 200.0
    found = refine_ring(data, TRUTH, mask=np.zeros(data.shape, dtype=bool))
    assert off_circle(found, TRUTH) < 0.2


@pytest.mark.parametrize("dummy", [False, True])
def test_a_clipped_flare_is_no_ring_even_below_the_mark_of_gaps(dummy: bool) -> None:
    distance, _ = from_centre((400, 420), Circle(200.3, 190.8, 1.0))
    light = 2.0 + 5e6 * np.exp(-distance / 12.0)
    data = np.random.default_rng(11).poisson(light)
    data = np.minimum(data, 2**20 - 1).astype(np.uint32)
    mask = np.zeros(data.shape, dtype=bool)
    mask[150:160] = True
    if dummy:
        data[mask] = 2**32 - 1
    with pytest.raises(RingNotFoundError):
        find_ring(data, mask=mask)


def test_pixels_taken_for_hot_ones_count_again_where_they_crowd_on_a_ring() -> None:
    rng = np.random.default_rng(5)
    ring = Circle(150.3, 149.1, 90.0)
    anywhere = rng.integers(0, 300, 400), rng.integers(0, 300, 400)
    ignore = np.zeros((300, 300), bool)
    ignore[anywhere] = True
    assert with_grains(ignore, anywhere, ring, 4.0) is ignore
    azimuth = rng.uniform(0.0, 2.0 * np.pi, 300)
    rows = np.rint(ring.center_y_px + 90.0 * np.sin(azimuth)).astype(np.intp)
    columns = np.rint(ring.center_x_px + 90.0 * np.cos(azimuth)).astype(np.intp)
    hot = np.concatenate([anywhere[0], rows]), np.concatenate([anywhere[1], columns])
    ignore[rows, columns] = True
    counted = with_grains(ignore, hot, ring, 4.0)
    assert not counted[rows, columns].any()
    far = np.abs(np.hypot(anywhere[1] - 150.3, anywhere[0] - 149.1) - 90.0) > 5.0
    assert counted[anywhere[0][far], anywhere[1][far]].all()


def test_a_ring_of_single_bright_grains_is_seen_all_around() -> None:
    rng = np.random.default_rng(8)
    ring = Circle(160.4, 151.7, 101.3)
    mean = expected_counts((320, 320), [RingShape(ring, 0.5, 12.0)], background=3.0)
    grains = rng.gamma(0.25, 4.0, mean.shape)
    data = rng.poisson(3.0 + (mean - 3.0) * grains)
    fit = find_ring(data)
    assert fit.coverage > 0.85
    assert abs(fit.center_x_px - ring.center_x_px) < 5.0 * fit.sigma_center_x_px < 1.0
    assert abs(fit.center_y_px - ring.center_y_px) < 5.0 * fit.sigma_center_y_px < 1.0
