"""Only the visible arcs of a circle are drawn, and they are on the circle."""

import math

import numpy as np
import pytest

from calibtool.view.arcs import MOST_CHORDS, SAG, visible_arcs

WIDTH, HEIGHT = 400, 300


def points(arcs: list[list[float]]) -> np.ndarray:
    return np.concatenate([np.reshape(arc, (-1, 2)) for arc in arcs])


@pytest.mark.parametrize("radius", [3.0, 60.0, 149.0])
def test_a_circle_inside_is_one_closed_line(radius: float) -> None:
    (arc,) = visible_arcs(200, 150, radius, WIDTH, HEIGHT)
    assert arc[:2] == pytest.approx(arc[-2:], abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_arcs_are_on_the_circle_and_nothing_visible_is_left_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-3000, 3000, 2)
    reach = math.hypot(x - WIDTH / 2, y - HEIGHT / 2)
    radius = abs(reach + rng.uniform(-200, 200)) + 1
    arcs = visible_arcs(x, y, radius, WIDTH, HEIGHT)
    angle = np.linspace(0, 2 * math.pi, 200_000)
    circle = np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle)))
    visible = np.all((circle >= 0) & (circle <= (WIDTH, HEIGHT)), axis=1)
    if not arcs:
        assert not visible.any()
        return
    drawn = points(arcs)
    assert np.hypot(*(drawn - (x, y)).T) == pytest.approx(radius, rel=1e-9)
    assert np.all((drawn > -60) & (drawn < (WIDTH + 60, HEIGHT + 60)))
    for place in circle[visible][:: max(1, visible.sum() // 20)]:
        assert min(distance(arc, place) for arc in arcs) < 2 * SAG + 0.05


def distance(arc: list[float], place: np.ndarray) -> float:
    """Distance of a position from a polyline."""
    line = np.reshape(arc, (-1, 2))
    start, along = line[:-1], np.diff(line, axis=0)
    part = np.clip(((place - start) * along).sum(1) / (along**2).sum(1), 0, 1)
    return float(np.hypot(*(start + part[:, None] * along - place).T).min())


@pytest.mark.parametrize("radius", [1e4, 1e6, 1e9])
def test_a_huge_circle_costs_few_points_with_small_coordinates(radius: float) -> None:
    arcs = visible_arcs(200 + radius, 150, radius, WIDTH, HEIGHT)
    drawn = points(arcs)
    assert len(drawn) < MOST_CHORDS
    assert np.abs(drawn).max() < 1000
    assert np.abs(drawn[:, 0] - 200).max() < 2


def test_a_circle_around_or_beside_the_canvas_is_not_drawn() -> None:
    assert visible_arcs(200, 150, 5000, WIDTH, HEIGHT) == []
    assert visible_arcs(-500, 150, 100, WIDTH, HEIGHT) == []
