"""From points to the ring and its number: the one path for window and command line."""

from dataclasses import replace

import numpy as np
import pytest

from calibtool.errors import FixedBeamError
from calibtool.model.demo import CIRCLE, demo_image
from calibtool.model.image import Image, default_mask
from calibtool.model.settings import USER, Quantity, Settings
from calibtool.model.state.session import Point, Result
from calibtool.model.state.verdict import judge
from calibtool.tasks.calibrate import at_fixed_center, find, fit_points
from calibtool.tasks.entering import choose_calibrant
from calibtool.tasks.recognised import recognised


@pytest.fixture(scope="module")
def image() -> Image:
    data = demo_image(seed=11)
    return Image(data, default_mask(data))


def points_on(radius_px: float, n: int = 8, noise_px: float = 1.5) -> tuple[Point, ...]:
    rng = np.random.default_rng(4)
    angle = np.linspace(0.2, 0.2 + 2 * np.pi, n, endpoint=False)
    radii = radius_px + rng.normal(0.0, noise_px, n)
    xs = CIRCLE.center_x_px + radii * np.cos(angle)
    ys = CIRCLE.center_y_px + radii * np.sin(angle)
    return tuple(Point(x, y, x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True))


def number_of(result: Result, radius_px: float) -> int | None:
    """Number of the pattern's ring nearest to a radius."""
    assert result.pattern is not None
    return min(result.pattern.rings, key=lambda r: abs(r.radius_px - radius_px)).index


@pytest.mark.parametrize("ring", [1, 2])
def test_sloppy_points_end_on_the_whole_ring_with_its_number(image: Image, ring: int) -> None:
    result = fit_points(image, points_on(ring * CIRCLE.radius_px), Settings())
    assert result.ring is not None
    assert result.best.center_x_px == pytest.approx(CIRCLE.center_x_px, abs=0.15)
    assert result.best.center_y_px == pytest.approx(CIRCLE.center_y_px, abs=0.15)
    told = number_of(result, ring * CIRCLE.radius_px)
    assert told == ring


def test_points_off_any_ring_stay_a_circle_of_points(image: Image) -> None:
    points = points_on(1.5 * CIRCLE.radius_px, noise_px=0.3)
    result = fit_points(image, points, Settings())
    assert result.ring is None
    assert "ring_not_used" in {warning.code for warning in result.warnings}
    assert result.best.radius_px == pytest.approx(1.5 * CIRCLE.radius_px, abs=1.0)


def test_the_radius_at_a_fixed_centre_is_that_of_the_truth(image: Image) -> None:
    settings = Settings(
        fixed_center=True,
        center_x=Quantity(CIRCLE.center_x_px, None, USER),
        center_y=Quantity(CIRCLE.center_y_px, None, USER),
    )
    result = find(image, settings)
    fit = result.best
    assert (fit.center_x_px, fit.center_y_px) == (CIRCLE.center_x_px, CIRCLE.center_y_px)
    number = round(fit.radius_px / CIRCLE.radius_px)
    assert fit.radius_px == pytest.approx(number * CIRCLE.radius_px, rel=1.5e-3)
    assert fit.sigma_center_x_px == 0.0


def fixed_at(x: float, y: float) -> Settings:
    return Settings(
        fixed_center=True, center_x=Quantity(x, None, USER), center_y=Quantity(y, None, USER)
    )


def test_a_fixed_centre_that_is_not_the_rings_is_said(image: Image) -> None:
    settings = fixed_at(CIRCLE.center_x_px + 1.0, CIRCLE.center_y_px - 1.0)
    codes = {warning.code for warning in find(image, settings).warnings}
    assert "fixed_center_off" in codes


def test_a_fixed_centre_that_the_rings_contradict_is_refused(image: Image) -> None:
    with pytest.raises(FixedBeamError, match=r"498\.3"):
        find(image, fixed_at(505.0, 515.0))


def test_the_condition_shifts_radius_by_the_covariance(image: Image) -> None:
    free = find(image, Settings()).ring
    assert free is not None
    held = at_fixed_center(free, (free.center_x_px + 0.1, free.center_y_px))
    gain = np.linalg.solve(free.covariance[:2, :2], free.covariance[:2, 2])
    assert held.radius_px - free.radius_px == pytest.approx(0.1 * gain[0], abs=1e-9)
    assert held.sigma_radius_px <= free.sigma_radius_px


def test_a_ring_the_user_chose_is_not_changed_by_evidence(image: Image) -> None:
    result = find(image, Settings())
    assert result.pattern is not None
    chosen = Settings(ring=3, ring_source=USER)
    assert recognised(chosen, result.pattern).ring == 3
    free = recognised(Settings(), result.pattern)
    assert free.ring == result.pattern.shown_ring.index
    assert free.calibrant == "AgBh"


def test_a_number_that_is_not_certain_is_a_default(image: Image) -> None:
    pattern = find(image, Settings()).pattern
    assert pattern is not None
    likely = recognised(Settings(), replace(pattern, certain=False))
    assert likely.ring_source.startswith("default")
    sure = recognised(Settings(), replace(pattern, certain=True))
    assert not sure.ring_source.startswith("default")


def test_points_on_one_side_warn_of_nothing_where_the_whole_ring_was_measured(
    image: Image,
) -> None:
    side = tuple(p for p in points_on(CIRCLE.radius_px, n=16) if p.x > CIRCLE.center_x_px)
    result = fit_points(image, side, Settings())
    assert result.circle is not None
    assert {"large_gap", "short_arc"} & {w.code for w in result.circle.warnings}
    assert result.ring is not None
    assert result.ring.coverage > 0.8
    assert not {"large_gap", "short_arc"} & {w.code for w in result.warnings}


def test_with_a_calibrant_that_the_rings_contradict_nothing_is_to_be_trusted(image: Image) -> None:
    settings = choose_calibrant(Settings(), "LaB6")
    result = find(image, settings)
    assert result.pattern is not None
    assert "other_calibrant" in {warning.code for warning in result.pattern.warnings}
    assert judge(result, settings).level == "poor"
