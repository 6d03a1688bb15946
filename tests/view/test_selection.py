"""List, strip and image show one selection; the keys move it and its point."""

from dataclasses import replace
from typing import Any

import pytest

from calibtool.picture import Display
from calibtool.view.body import Body
from calibtool.view.markers import place
from calibtool.view.workspace import Workspace
from tests.view.events import click, move, settle
from tests.view.recorder import Recorder
from tests.view.scenes import fitted, points


def shown(window: Body, **changes: Any) -> Workspace:
    window.show(replace(fitted(), **changes))
    settle(window.workspace)
    return window.workspace


def test_a_row_of_the_list_selects_its_point(window: Body, actions: Recorder) -> None:
    tree = shown(window).points.list.tree
    for number in (1, 3, 6):
        tree.see(str(number))
        settle(tree)
        x, y, width, height = tree.bbox(str(number))
        click(tree, x + width // 2, y + height // 2)
    assert actions.named("select_point") == [(1,), (3,), (6,)]


def test_a_marker_of_the_strip_selects_its_point(window: Body, actions: Recorder) -> None:
    plot = shown(window).points.strip.plot
    for point in points():
        assert point.azimuth_deg is not None
        assert point.residual_px is not None
        marker = next(m for m in plot.content.markers if m.key == point.number)
        assert plot.axes is not None
        placed = place(marker, plot.axes, marker.size)
        assert placed is not None
        x, y, _beyond = placed
        click(plot, round(x), round(y))
    assert actions.named("select_point") == [(point.number,) for point in points()]


def test_a_marker_of_the_image_selects_its_point(window: Body, actions: Recorder) -> None:
    image = shown(window).image
    point = points()[3]
    x, y = image.viewport.to_canvas(point.x, point.y)
    click(image, round(x), round(y))
    assert actions.named("select_point") == [(4,)]


def test_the_measuring_tool_measures_at_a_marker_too(window: Body, actions: Recorder) -> None:
    image = shown(window, measuring=True).image
    point = points()[3]
    x, y = image.viewport.to_canvas(point.x, point.y)
    click(image, round(x), round(y))
    assert actions.named("select_point") == []
    ((at_x, at_y),) = actions.named("click_image")
    assert abs(at_x - point.x) < 1.0
    assert abs(at_y - point.y) < 1.0


def test_what_the_scene_selects_is_shown_in_list_and_strip(
    window: Body, actions: Recorder
) -> None:
    for number in (2, 5, None, 1):
        workspace = shown(window, selected=number)
        chosen = () if number is None else (str(number),)
        assert tuple(workspace.points.list.tree.selection()) == chosen
        markers = [m.key for m in workspace.points.strip.plot.content.markers if m.chosen]
        assert markers == ([] if number is None else [number])
        assert len(workspace.points.strip.plot.find_withtag("chosen")) == len(markers)
    settle(workspace)
    assert actions.named("select_point") == []


def test_the_list_shows_the_points_of_the_scene(window: Body) -> None:
    tree = shown(window).points.list.tree
    for count in (6, 2, 4, 0, 5):
        marks = points((0, 50, 100, 170, -130, -60)[:count])
        shown(window, points=marks)
        assert tree.get_children() == tuple(str(mark.number) for mark in marks)
        for mark in marks:
            number, x, y, residual, refined, inlier = tree.item(str(mark.number), "values")
            assert (int(number), float(x), float(y)) == (
                mark.number, pytest.approx(mark.x, abs=0.005), pytest.approx(mark.y, abs=0.005)
            )
            assert float(residual.replace("−", "-")) == pytest.approx(mark.residual_px, abs=0.005)
            assert refined == ("✔" if mark.refined else "–")
            assert inlier == ("✖" if mark.role == "outlier" else "✔")


def test_the_strip_has_a_marker_for_each_point_with_a_residual(window: Body) -> None:
    marks = tuple(
        replace(mark, residual_px=None, azimuth_deg=None) if mark.number == 2 else mark
        for mark in points()
    )
    plot = shown(window, points=marks).points.strip.plot
    keyed = [marker for marker in plot.content.markers if marker.key is not None]
    assert [marker.key for marker in keyed] == [1, 3, 4, 5, 6]
    looks = {marker.key: marker.shape for marker in keyed}
    assert looks[3] != looks[1]


def test_next_and_previous_point_go_round(window: Body, actions: Recorder) -> None:
    for selected, key, wanted in ((None, "n", 1), (6, "n", 1), (2, "n", 3), (1, "b", 6),
                                  (None, "b", 6)):
        image = shown(window, selected=selected).image
        image.focus_force()
        settle(image)
        actions.calls.clear()
        image.event_generate(f"<Key-{key}>")
        assert actions.named("select_point") == [(wanted,)]


ARROWS = {
    "<Left>": (-1.0, 0.0), "<Right>": (1.0, 0.0), "<Up>": (0.0, -1.0), "<Down>": (0.0, 1.0),
    "<Shift-Left>": (-0.1, 0.0), "<Shift-Down>": (0.0, 0.1), "<Control-Up>": (0.0, -10.0),
    "<Control-Right>": (10.0, 0.0),
}


def test_arrows_move_the_selected_point(window: Body, actions: Recorder) -> None:
    workspace = shown(window, selected=2)
    for pattern, shift in ARROWS.items():
        for widget in (workspace.image, workspace.points.list.tree):
            widget.focus_force()
            settle(widget)
            actions.calls.clear()
            widget.event_generate(pattern)
            settle(widget)
            plain_in_list = widget is not workspace.image and pattern in ("<Up>", "<Down>")
            assert actions.named("nudge") == ([] if plain_in_list else [shift])
            assert bool(actions.named("select_point")) == plain_in_list
            shown(window, selected=None)
            shown(window, selected=2)


def test_up_and_down_in_the_list_select(window: Body, actions: Recorder) -> None:
    tree = shown(window, selected=2).points.list.tree
    tree.focus_force()
    settle(tree)
    tree.event_generate("<Down>")
    settle(tree)
    assert actions.named("select_point") == [(3,)]
    assert actions.named("nudge") == []


def test_arrows_move_the_frozen_magnifier_and_else_nothing(
    window: Body, actions: Recorder
) -> None:
    for lens, wanted in ((None, []), ((70.0, 40.0), [(1.0, 0.0)])):
        image = shown(window, selected=None, picking=True, lens=lens).image
        image.focus_force()
        settle(image)
        image.event_generate("<Right>")
        settle(image)
        assert actions.named("nudge") == wanted


def test_the_pointer_fills_the_status_line(window: Body, actions: Recorder) -> None:
    workspace = shown(window)
    image = workspace.image
    x, y = image.viewport.to_canvas(60.0, 45.0)
    image.event_generate("<Motion>", x=round(x), y=round(y))
    settle(image)
    described = actions.named("describe")[-1]
    assert described == (pytest.approx(60.0, abs=0.5), pytest.approx(45.0, abs=0.5))
    text = str(workspace.status.position.cget("text"))
    assert text == f"x {described[0]:.2f}  y {described[1]:.2f}"
    image.event_generate("<Leave>")
    settle(image)
    assert str(workspace.status.position.cget("text")) == ""


def test_the_list_counts_from_the_corner_where_asked_and_says_so(window: Body) -> None:
    def first(workspace: Workspace) -> list[float]:
        tree = workspace.points.list.tree
        return [float(tree.set("1", name)) for name in ("x", "y")]

    plain = first(shown(window))
    workspace = shown(window, display=Display(corner=True))
    assert first(workspace) == pytest.approx([value + 0.5 for value in plain])
    assert "corner" in str(workspace.points.words.cget("text"))
    workspace = shown(window)
    assert first(workspace) == plain
    assert "corner" not in str(workspace.points.words.cget("text"))


def test_the_titles_of_the_list_say_what_they_mean(window: Body) -> None:
    points_list = shown(window).points.list
    tree = points_list.tree
    move(tree, 40, 8)
    assert "outlier" in points_list._tip()
    x, y, width, height = tree.bbox("1")
    move(tree, x + width // 2, y + height // 2)
    assert points_list._tip() == ""
