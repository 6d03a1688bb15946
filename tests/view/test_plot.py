"""Plots put values where their axes say, with ticks a person can read."""

import math
import tkinter as tk
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibtool.scene import Curve
from calibtool.view.body import Body
from calibtool.view.curves_plot import CurvesPlot
from calibtool.view.plot import Plot
from calibtool.view.plot_content import Content, Line, Marker
from calibtool.view.strip_plot import robust_limits
from calibtool.view.theme import Theme
from calibtool.view.ticks import linear_ticks, log_ticks, padded, tick_texts
from tests.view.events import click, settle
from tests.view.scenes import fitted, points

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@given(NUMBERS, st.floats(1e-6, 1e9), st.integers(1, 12))
def test_linear_ticks_are_round_even_and_inside(low: float, width: float, count: int) -> None:
    high = low + width
    if not high - low > 1e-9 * max(abs(low), abs(high)):
        return
    ticks = linear_ticks(low, high, count)
    assert 2 <= len(ticks) <= max(count, 2)
    assert len(ticks) >= (count - 4) / 2.5
    slack = 1e-6 * (high - low)
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert {f"{b - a:.2e}" for a, b in pairwise(ticks)} == {f"{ticks[1] - ticks[0]:.2e}"}
    power = math.floor(math.log10(ticks[1] - ticks[0]))
    steps = [factor * 10.0**p for p in (power - 1, power) for factor in (1, 2, 5)]
    assert any(all(abs(t / step - round(t / step)) < 1e-3 for t in ticks) for step in steps)


def test_even_a_small_log_axis_has_two_ticks() -> None:
    assert log_ticks(0.018, 0.62, 2) == [0.02, 0.5]
    assert log_ticks(0.04, 0.9, 5) == pytest.approx([0.05, 0.1, 0.2, 0.5])
    assert log_ticks(0.01, 1000.0, 3) == pytest.approx([0.01, 1.0, 100.0])


@given(st.floats(1e-12, 1e9), st.floats(1.01, 1e12), st.integers(1, 8))
def test_log_ticks_are_inside_and_positive(low: float, ratio: float, count: int) -> None:
    high = low * ratio
    for tick in log_ticks(low, high, count):
        assert tick > 0
        assert low * 0.999999 <= tick <= high * 1.000001


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6, unique=True))
def test_limits_leave_room_on_both_sides(values: list[float]) -> None:
    low, high = padded(min(values), max(values))
    assert low < min(values)
    assert high > max(values)


@pytest.mark.parametrize(("ticks", "texts"), [
    ([-180.0, 0.0, 180.0], ["−180", "0", "180"]),
    ([0.0, 0.5, 1.0], ["0.0", "0.5", "1.0"]),
    ([242.54, 242.56], ["242.54", "242.56"]),
    ([1219.45, 1219.55], ["1219.45", "1219.55"]),
    ([1.0, 1000.0, 1e6], ["1e0", "1e3", "1e6"]),
    ([1e-8, 1e-7], ["1e−8", "1e−7"]),
    ([], []),
])
def test_ticks_are_written_with_what_tells_them_apart(
    ticks: list[float], texts: list[str]
) -> None:
    assert tick_texts(ticks) == texts


@pytest.fixture
def picked() -> list[int]:
    return []


@pytest.fixture
def plot(root: tk.Tk, picked: list[int]) -> Plot:
    made = Plot(root, Theme(root), on_pick=picked.append, width=400, height=240)
    made.pack(fill="both", expand=True)
    root.update()
    return made


def test_values_are_where_the_axes_say(plot: Plot) -> None:
    plot.show(Content(lines=(Line((0.0, 5.0, 10.0), (1.0, 2.0, 4.0), "#ff0000"),)))
    settle(plot)
    assert plot.axes is not None
    axes = plot.axes
    assert plot.position(axes.x_limits[0], axes.y_limits[0]) == (axes.left, axes.bottom)
    assert plot.position(axes.x_limits[1], axes.y_limits[1]) == pytest.approx(
        (axes.right, axes.top))
    (line,) = plot.find_withtag("line")
    drawn = plot.coords(line)
    assert drawn == pytest.approx([
        *plot.position(0.0, 1.0), *plot.position(5.0, 2.0), *plot.position(10.0, 4.0)])


def test_a_logarithmic_axis_puts_decades_at_equal_steps(plot: Plot) -> None:
    plot.show(Content(lines=(Line((0.0, 1.0, 2.0, 3.0), (0.0, 1.0, 10.0, 100.0), "#ff0000"),),
                      log_y=True))
    settle(plot)
    ones, tens, hundreds = (plot.position(1.0, value)[1] for value in (1.0, 10.0, 100.0))
    assert ones - tens == pytest.approx(tens - hundreds)
    (line,) = plot.find_withtag("line")
    assert len(plot.coords(line)) == 6


def test_values_that_are_not_finite_leave_a_gap(plot: Plot) -> None:
    plot.show(Content(lines=(
        Line((0.0, 1.0, 2.0, 3.0, 4.0), (1.0, 2.0, math.nan, 1.0, 2.0), "#ff0000"),)))
    settle(plot)
    assert len(plot.find_withtag("line")) == 2


def test_the_nearest_marker_to_a_click_is_picked(plot: Plot, picked: list[int]) -> None:
    plot.show(Content(markers=(
        Marker(0.0, 0.0, "#ff0000", key=7), Marker(1.0, 1.0, "#ff0000", "cross", key=8),
        Marker(0.5, 0.5, "#ff0000"),
    )))
    settle(plot)
    for x, y in ((0.0, 0.0), (1.0, 1.0), (0.5, 0.5)):
        at = plot.position(x, y)
        click(plot, round(at[0]) + 3, round(at[1]))
    assert picked == [7, 8]


def test_a_message_stands_where_there_is_nothing_to_plot(plot: Plot) -> None:
    plot.show(Content(message="Nothing yet"))
    settle(plot)
    (item,) = plot.find_all()
    assert plot.itemcget(item, "text") == "Nothing yet"


def test_groups_of_curves_get_a_plot_each(root: tk.Tk) -> None:
    curves = CurvesPlot(root, Theme(root), x_label="iteration", empty="Nothing yet")
    curves.pack(fill="both", expand=True)
    root.geometry("500x400")
    root.update()
    steps = (0.0, 1.0, 2.0)
    curves.show((
        Curve("a", steps, (9.0, 3.0, 1.0), "objective", log=True),
        Curve("b", steps, (8.0, 2.0, 1.0), "objective", log=True),
        Curve("a", steps, (30.0, 31.0, 30.5), "radius (px)", sigma=(0.5, 0.1, 0.2)),
    ))
    settle(root)
    assert [plot.content.y_label for plot in curves.plots] == ["objective", "radius (px)"]
    assert [len(plot.content.lines) for plot in curves.plots] == [2, 3]
    _, *edges = curves.plots[1].content.lines
    assert [edge.y for edge in edges] == [(29.5, 30.9, 30.3), (30.5, 31.1, 30.7)]
    assert [plot.content.log_y for plot in curves.plots] == [True, False]
    assert [plot.content.x_label for plot in curves.plots] == ["", "iteration"]
    assert all(len(plot.find_withtag("line")) for plot in curves.plots)
    curves.show(())
    settle(root)
    assert curves.plots[0].content.message == "Nothing yet"
    assert [plot.winfo_manager() for plot in curves.plots] == ["grid", ""]


@given(st.lists(st.floats(-0.3, 0.3), min_size=5, max_size=60),
       st.lists(st.floats(50.0, 1e6), min_size=1, max_size=2))
def test_gross_outliers_do_not_widen_robust_limits(good: list[float], bad: list[float]) -> None:
    limits = robust_limits([*good, *bad])
    assert limits is not None
    low, high = limits
    assert low < 0.0 < high
    assert high < 5.0
    without = robust_limits(good)
    assert without is not None
    inside = [value for value in good if without[0] <= value <= without[1]]
    assert 2 * len(inside) >= len(good)


@given(st.floats(1e-3, 1e3), st.integers(20, 60), st.integers(0, 1000))
def test_robust_limits_hold_nearly_all_of_a_normal_sample(
    scale: float, count: int, seed: int
) -> None:
    sample = np.random.default_rng(seed).normal(0.0, scale, count)
    limits = robust_limits(sample.tolist())
    assert limits is not None
    shown = (sample >= limits[0]) & (sample <= limits[1])
    assert shown.mean() > 0.85


def test_no_values_have_no_limits() -> None:
    assert robust_limits([]) is None
    assert robust_limits([math.nan, math.inf]) is None


def test_a_marker_beyond_the_axes_points_there_and_can_be_clicked(
    plot: Plot, picked: list[int]
) -> None:
    markers = (Marker(0.0, 40.0, "#ff0000", key=1, label="+40.0"),
               Marker(1.0, -9.0, "#ff0000", key=2, label="−9.0"),
               Marker(0.5, 0.5, "#ff0000", key=3, label="+0.5"))
    plot.show(Content(markers=markers, x_limits=(-1.0, 2.0), y_limits=(-1.0, 1.0)))
    settle(plot)
    assert plot.axes is not None
    above, below = plot.find_withtag("beyond")
    for item, sign in ((above, 1), (below, -1)):
        _x, base, _x2, _base2, _x3, tip = plot.coords(item)
        assert (base - tip) * sign > 0
        assert all(plot.axes.top <= y <= plot.axes.bottom for y in (base, tip))
    texts = [plot.itemcget(item, "text") for item in plot.find_withtag("label")]
    assert texts == ["+40.0", "−9.0"]
    for item in (above, below):
        x, _y, x2, _y2, _x3, tip = plot.coords(item)
        click(plot, round((x + x2) / 2), round(tip))
    assert picked == [1, 2]


def test_the_strip_shows_good_points_apart_beside_a_gross_outlier(window: Body) -> None:
    far = tuple(replace(p, residual_px=60.0) if p.number == 3 else p for p in points())
    window.show(replace(fitted(), points=far))
    settle(window.workspace)
    strip = window.workspace.points.strip.plot
    assert strip.axes is not None
    good = [strip.position(p.azimuth_deg or 0.0, p.residual_px or 0.0)[1]
            for p in far if p.number != 3]
    assert max(good) - min(good) > 0.5 * (strip.axes.bottom - strip.axes.top)
    assert len(strip.find_withtag("beyond")) == 1


def test_places_in_a_series_are_whole_numbers(plot: Plot) -> None:
    line = Line((1.0, 2.0, 3.0), (0.1, 0.2, 0.1), "#000000")
    plot.show(Content(lines=(line,), counted=True, x_label="image", y_label="change (px)"))
    settle(plot)
    texts = {plot.itemcget(item, "text") for item in plot.find_all() if plot.type(item) == "text"}
    assert {"1", "2", "3", "image"} <= texts


@pytest.mark.parametrize("width", [200, 320, 700])
def test_no_two_texts_of_the_axes_touch(root: tk.Tk, width: int) -> None:
    plot = Plot(root, Theme(root), width=width, height=90)
    plot.pack()
    root.update()
    plot.show(Content(markers=(Marker(0.0, 0.05, "#000000"),), x_label="azimuth (°)",
                      y_label="residual (px)", x_limits=(-185.0, 185.0),
                      x_ticks=(-180.0, 0.0, 180.0)))
    settle(plot)
    boxes = [plot.bbox(item) for item in plot.find_all() if plot.type(item) == "text"]
    for n, (left, top, right, low) in enumerate(boxes):
        assert left >= 0
        assert right <= plot.winfo_width()
        assert low <= plot.winfo_height() + 2
        for a, b, c, d in boxes[n + 1:]:
            # A box has some empty rows above and below its letters.
            assert right <= a or left >= c or low <= b + 4 or top >= d - 4
