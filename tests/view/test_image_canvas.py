"""The image canvas in a real window: what is drawn where, and what the mouse does."""

import tkinter as tk
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calibtool.picture import Picture
from calibtool.scene import PointMark, RingMark, Scene
from calibtool.view.image_canvas import ImageCanvas
from tests.view.events import click, drag, move, settle, wait_until, wheel
from tests.view.recorder import Recorder
from tests.view.screen import pixels


def picture(shape: tuple[int, int] = (120, 160)) -> Picture:
    rng = np.random.default_rng(0)
    return Picture(rng.poisson(20, shape).astype(np.uint32), np.zeros(shape, bool), "simulated")


def marker(number: int, x: float, y: float) -> PointMark:
    return PointMark(number, x, y, x, y, False, "new")


@pytest.fixture
def canvas(root: tk.Tk, actions: Recorder) -> ImageCanvas:
    made = ImageCanvas(root, actions)
    made.configure(width=401, height=300)
    made.pack(fill="both", expand=True)
    settle(root)
    made.show(Scene(picture=picture()))
    settle(root)
    return made


def test_a_click_reports_the_image_position_under_the_pointer(
    canvas: ImageCanvas, actions: Recorder
) -> None:
    canvas.center_on(30.25, 40.5)
    canvas.zoom_in()
    settle(canvas)
    click(canvas, 200, 150)
    # The middle of 401 x 300 screen pixels is at (200, 149.5).
    expected = (30.25, 40.5 + 0.5 / canvas.viewport.scale)
    assert actions.named("click_image") == [pytest.approx(expected, abs=1e-6)]


def test_the_wheel_zooms_at_the_pointer(canvas: ImageCanvas) -> None:
    before, scale = canvas.viewport.to_image(50, 60), canvas.viewport.scale
    wheel(canvas, 50, 60, 3)
    assert canvas.viewport.scale > 1.5 * scale
    assert canvas.viewport.to_image(50, 60) == pytest.approx(before)
    wheel(canvas, 50, 60, -3)
    assert canvas.viewport.scale == pytest.approx(scale)


def test_the_right_button_removes_the_marker_it_hits(
    canvas: ImageCanvas, actions: Recorder
) -> None:
    canvas.show(Scene(picture=picture(), points=(marker(1, 40, 40), marker(2, 90, 70))))
    settle(canvas)
    x, y = canvas.viewport.to_canvas(90, 70)
    click(canvas, round(x), round(y), button=3)
    assert actions.named("select_point") == [(2,)]
    assert actions.named("command") == [("remove",)]
    click(canvas, 3, 3, button=3)
    assert actions.named("command") == [("remove",)]


@pytest.mark.parametrize("space", [False, True])
def test_a_pan_moves_the_image_with_the_pointer_and_adds_no_point(
    canvas: ImageCanvas, actions: Recorder, space: bool
) -> None:
    canvas.zoom_in()
    settle(canvas)
    held = canvas.viewport.to_image(200, 150)
    if space:
        canvas.focus_force()
        canvas.event_generate("<KeyPress-space>")
    drag(canvas, (200, 150), (230, 139), button=1 if space else 2)
    if space:
        canvas.event_generate("<KeyRelease-space>")
    assert canvas.viewport.to_image(230, 139) == pytest.approx(held)
    assert actions.named("click_image") == []


def test_a_left_drag_on_the_image_adds_no_point(canvas: ImageCanvas, actions: Recorder) -> None:
    drag(canvas, (100, 100), (150, 120))
    assert actions.calls == []


def test_a_click_on_a_marker_selects_it_and_a_drag_moves_it(
    canvas: ImageCanvas, actions: Recorder
) -> None:
    scene = Scene(picture=canvas._scene.picture, points=(marker(1, 20, 30), marker(2, 90, 60)))
    canvas.show(scene)
    settle(canvas)
    at = tuple(round(c) for c in canvas.viewport.to_canvas(90, 60))
    click(canvas, at[0] + 2, at[1] - 1)
    assert actions.calls == [("select_point", (2,))]
    drag(canvas, (at[0], at[1]), (at[0] + 25, at[1] + 10))
    ((number, x, y),) = actions.named("move_point")
    scale = canvas.viewport.scale
    assert (number, x, y) == pytest.approx((2, 90 + 25 / scale, 60 + 10 / scale))
    assert actions.named("click_image") == []


def test_the_marker_follows_the_pointer_before_it_is_dropped(
    canvas: ImageCanvas, actions: Recorder
) -> None:
    canvas.show(replace(canvas._scene, points=(marker(1, 90, 60),)))
    settle(canvas)
    x, y = (round(c) for c in canvas.viewport.to_canvas(90, 60))
    move(canvas, x, y)
    canvas.event_generate("<ButtonPress-1>", x=x, y=y)
    move(canvas, x + 40, y, 0x100)
    drawn = canvas.coords("point")
    assert sum(drawn[0::2]) / len(drawn[0::2]) == pytest.approx(x + 40, abs=1.5)
    assert actions.named("move_point") == []
    canvas.event_generate("<ButtonRelease-1>", x=x + 40, y=y)


def test_a_marker_that_vanished_while_dragged_is_not_moved(
    canvas: ImageCanvas, actions: Recorder
) -> None:
    scene = replace(canvas._scene, points=(marker(1, 90, 60),))
    canvas.show(scene)
    settle(canvas)
    x, y = (round(c) for c in canvas.viewport.to_canvas(90, 60))
    move(canvas, x, y)
    canvas.event_generate("<ButtonPress-1>", x=x, y=y)
    move(canvas, x + 40, y, 0x100)
    canvas.show(replace(scene, points=()))
    canvas.event_generate("<ButtonRelease-1>", x=x + 40, y=y)
    settle(canvas)
    assert actions.calls == []
    assert canvas.find_withtag("point") == ()


def test_the_cursor_is_told_and_that_it_left(root: tk.Tk, actions: Recorder) -> None:
    told: list[Any] = []
    canvas = ImageCanvas(root, actions, on_cursor=lambda x, y: told.append((x, y)))
    canvas.configure(width=300, height=200)
    canvas.pack()
    canvas.show(Scene(picture=picture()))
    settle(root)
    move(canvas, 40, 50)
    assert told[-1] == pytest.approx(canvas.viewport.to_image(40, 50))
    canvas.zoom_in()
    assert told[-1] == pytest.approx(canvas.viewport.to_image(40, 50))
    canvas.event_generate("<Leave>")
    assert told[-1] == (None, None)


def test_the_pointer_shows_what_a_click_would_do(canvas: ImageCanvas) -> None:
    canvas.show(replace(canvas._scene, picking=True, points=(marker(1, 90, 60),)))
    settle(canvas)
    x, y = (round(c) for c in canvas.viewport.to_canvas(90, 60))
    move(canvas, x, y)
    assert str(canvas.cget("cursor")) == "hand2"
    move(canvas, x + 40, y)
    assert str(canvas.cget("cursor")) == "tcross"


def test_a_fitted_image_stays_fitted_when_the_window_changes(
    root: tk.Tk, canvas: ImageCanvas
) -> None:
    root.geometry("640x500")
    settle(root)
    assert (canvas.viewport.width, canvas.viewport.height) == (640, 500)
    assert canvas.viewport.scale == pytest.approx(4.0)


def test_items_are_moved_and_not_made_again(canvas: ImageCanvas) -> None:
    circle, bare = RingMark(80, 60, 30, "live"), canvas.find_all()
    canvas.show(replace(canvas._scene, rings=(circle,), points=(marker(1, 50, 60),)))
    settle(canvas)
    items = canvas.find_all()
    canvas.zoom_in()
    canvas.show(replace(canvas._scene, rings=(replace(circle, x=82),)))
    settle(canvas)
    assert canvas.find_all() == items
    canvas.show(replace(canvas._scene, rings=(), points=()))
    settle(canvas)
    assert canvas.find_all() == bare


def test_without_a_picture_nothing_is_reported(root: tk.Tk, actions: Recorder) -> None:
    canvas = ImageCanvas(root, actions)
    canvas.pack()
    canvas.show(Scene())
    settle(root)
    click(canvas, 20, 20)
    wheel(canvas, 20, 20, 2)
    canvas.zoom_fit()
    canvas.zoom_one()
    settle(root)
    assert actions.calls == []


def test_many_events_end_in_one_frame(
    canvas: ImageCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = []
    draw = canvas._renderer.frame
    monkeypatch.setattr(canvas._renderer, "frame", lambda *a: frames.append(a) or draw(*a))
    for k in range(50):
        canvas.event_generate("<ButtonPress-4>", x=50 + k, y=60)
    settle(canvas)
    assert len(frames) == 1
    circle = RingMark(80, 60, 30, "live")
    canvas.show(replace(canvas._scene, rings=(circle,)))
    settle(canvas)
    assert len(frames) == 1, "marks alone must not cost a frame"


def test_the_screen_shows_the_view_after_any_pan_zoom_and_contrast(canvas: ImageCanvas) -> None:
    scene = Scene(picture=picture((900, 1000)))
    canvas.show(scene)
    canvas.zoom_one()
    rng = np.random.default_rng(3)
    for step in range(40):
        if step % 13 == 5:
            canvas.wheel(rng.choice([-1, 1]), 120, 80)
        elif step % 13 == 9:
            scene = replace(scene, display=replace(scene.display, high_percent=50.0 + step))
            canvas.show(scene)
        elif step % 13 == 11:
            canvas.center_on(*rng.uniform(100, 800, 2))
        else:
            canvas.pan(*rng.integers(-90, 90, 2).tolist())
        shown: Any = canvas._renderer
        expected = np.asarray(shown.frame(canvas.viewport, scene.display)).astype(int)
        np.testing.assert_array_equal(pixels(canvas), expected)


def test_the_means_are_shown_once_they_are_made(canvas: ImageCanvas) -> None:
    scene = Scene(picture=picture((900, 1200)))
    canvas.show(scene)
    canvas.update_idletasks()
    renderer: Any = canvas._renderer
    first = np.asarray(renderer.frame(canvas.viewport, scene.display)).astype(int)
    wait_until(canvas, lambda: len(renderer.pyramid.levels) > 3)
    settle(canvas)
    means = np.asarray(renderer.frame(canvas.viewport, scene.display)).astype(int)
    assert not np.array_equal(first, means)
    np.testing.assert_array_equal(pixels(canvas), means)


def test_a_short_pan_moves_what_is_drawn(
    canvas: ImageCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas.show(Scene(picture=picture((900, 1000))))
    canvas.zoom_one()
    settle(canvas)
    canvas.pan(10, 0)
    settle(canvas)
    pasted: list[object] = []
    monkeypatch.setattr(canvas._surface, "paste", pasted.append)
    for _ in range(8):
        canvas.pan(-9, 7)
        settle(canvas)
    assert pasted == []
    for _ in range(3):
        canvas.pan(-35, 35)
        settle(canvas)
    assert len(pasted) == 1
