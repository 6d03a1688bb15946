"""The magnifier in a real window: follows, freezes, magnifies, shows the profile."""

import math
import tkinter as tk
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from calibtool.picture import Picture
from calibtool.scene import Busy, LensProfile, RingMark, Scene
from calibtool.view.lens import MAGNIFICATIONS, PROFILE_MS, START
from calibtool.view.magnifier import Magnifier
from calibtool.view.profile_strip import ProfileStrip
from tests.view.events import click, drag, move, settle, wait_until, wheel
from tests.view.parts import context
from tests.view.recorder import Recorder
from tests.view.screen import pixels

PROFILE = LensProfile((-2.0, -1.0, 0.0, 1.0, 2.0), (1.0, 2.0, 4.0, 8.0, 3.0), 1.0, 0.0, 1.1)


@pytest.fixture
def scene() -> Scene:
    rng = np.random.default_rng(0)
    data = rng.poisson(20, (200, 300)).astype(np.uint32)
    return Scene(picture=Picture(data, np.zeros(data.shape, bool), "simulated"))


@pytest.fixture
def magnifier(root: tk.Tk, actions: Recorder, scene: Scene) -> Magnifier:
    made = Magnifier(root, context(root, actions))
    made.pack(fill="both", expand=True)
    settle(root)
    made.show(scene)
    wait_until(root, lambda: actions.named("profile"))
    settle(root)
    actions.calls.clear()
    return made


def test_it_follows_the_pointer_until_it_is_frozen(magnifier: Magnifier, scene: Scene) -> None:
    magnifier.follow(30.5, 40.25)
    assert magnifier.lens.viewport.centre == pytest.approx((30.5, 40.25))
    magnifier.show(replace(scene, lens=(31.0, 41.0)))
    magnifier.follow(90, 90)
    assert magnifier.lens.viewport.centre == pytest.approx((31, 41))
    magnifier.show(scene)
    magnifier.follow(None)
    assert magnifier.lens.viewport.centre == pytest.approx((31, 41))
    magnifier.follow(90, 90)
    assert magnifier.lens.viewport.centre == pytest.approx((90, 90))


def test_a_click_counts_only_while_frozen_and_only_without_a_drag(
    magnifier: Magnifier, actions: Recorder, scene: Scene
) -> None:
    click(magnifier.lens, 50, 60)
    assert actions.named("click_lens") == []
    magnifier.show(replace(scene, lens=(100.0, 90.0)))
    drag(magnifier.lens, (50, 60), (90, 80))
    assert actions.named("click_lens") == []
    click(magnifier.lens, 50, 60)
    assert len(actions.named("click_lens")) == 1


def test_wheel_and_buttons_go_through_all_magnifications(magnifier: Magnifier) -> None:
    lens = magnifier.lens
    assert lens.viewport.scale == START
    wheel(lens, 20, 20, -20)
    seen = [lens.viewport.scale]
    for _ in MAGNIFICATIONS[1:]:
        magnifier.zoom_in()
        seen.append(lens.viewport.scale)
    assert tuple(seen) == MAGNIFICATIONS
    assert (seen[0], seen[-1]) == (2, 64)
    wheel(lens, 20, 20, 3)
    assert lens.viewport.scale == 64
    click(magnifier.buttons[0], 5, 5)
    assert lens.viewport.scale == 48
    click(magnifier.buttons[1], 5, 5)
    assert lens.viewport.scale == 64


def test_the_profile_is_that_of_the_cross_hairs_and_its_peak_is_marked(
    magnifier: Magnifier, actions: Recorder, scene: Scene
) -> None:
    actions.lens_profile = PROFILE
    magnifier.show(replace(scene, lens=(100.0, 90.0)))
    wait_until(magnifier, lambda: actions.named("profile"))
    assert actions.named("profile")[-1] == pytest.approx((100, 90))
    actions.calls.clear()
    move(magnifier.lens, 60, 70)
    wait_until(magnifier, lambda: actions.named("profile"))
    expected = magnifier.lens.viewport.to_image(60, 70)
    assert actions.named("profile")[-1] == pytest.approx(expected)
    texts = [
        strip.itemcget(item, "text")
        for strip in (magnifier._strip,)
        for item in strip.find_all() if strip.type(item) == "text"
    ]
    assert "peak +1.10 px" in texts
    bars = [item for item in magnifier.lens.find_withtag("hair")
            if magnifier.lens.itemcget(item, "fill") == "#E69F00"]
    left, top, right, bottom = magnifier.lens.coords(bars[0])
    peak = magnifier.lens.viewport.to_canvas(expected[0] + 1.1, expected[1])
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(peak)


def test_many_moves_ask_for_few_profiles(magnifier: Magnifier, actions: Recorder) -> None:
    actions.calls.clear()
    for k in range(200):
        magnifier.follow(50 + k / 4, 60)
    wait_until(magnifier, lambda: actions.named("profile"))
    assert len(actions.named("profile")) == 1
    assert actions.named("profile") == [pytest.approx((50 + 199 / 4, 60))]


def test_the_profile_that_waits_lets_work_begin_first(
    magnifier: Magnifier, actions: Recorder, scene: Scene
) -> None:
    lens = magnifier.lens
    magnifier.follow(50, 60)
    before = lens._waiting
    magnifier.show(replace(scene, busy=Busy("Fitting")))
    assert lens._waiting != before
    begun = [0]
    lens.after(5 * PROFILE_MS, lambda: begun.append(len(actions.named("profile"))))
    wait_until(magnifier, lambda: actions.named("profile"))
    assert begun == [0, 0]
    assert actions.named("profile") == [pytest.approx((50, 60))]


def test_a_weak_ring_beside_a_bright_one_has_contrast(root: tk.Tk, actions: Recorder) -> None:
    columns = np.arange(400)[None].repeat(400, 0)
    data = (100_000 * (columns < 60) + 20 + 10 * (abs(columns - 300) < 4)).astype(np.uint32)
    magnifier = Magnifier(root, context(root, actions))
    magnifier.pack()
    magnifier.show(Scene(picture=Picture(data, np.zeros(data.shape, bool)), lens=(300.0, 200.0)))
    settle(root)
    shown = pixels(magnifier.lens)[10]
    ring, beside = shown[shown.shape[0] // 2], shown[10]
    assert np.abs(ring - beside).sum() > 250


def test_marks_are_drawn_at_their_place(magnifier: Magnifier, scene: Scene) -> None:
    circle = RingMark(100, 90, 6, "fit")
    magnifier.show(replace(scene, lens=(100.0, 90.0), rings=(circle,)))
    settle(magnifier)
    lens = magnifier.lens
    left, top, right, bottom = lens.bbox("ring")
    centre = lens.viewport.to_canvas(100, 90)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(centre, abs=1.5)
    assert right - left == pytest.approx(2 * 6 * lens.viewport.scale, abs=12)


def test_the_profile_stays_in_sight_where_there_is_little_room(
    root: tk.Tk, magnifier: Magnifier
) -> None:
    root.geometry("236x240")
    settle(root)
    strip = magnifier._strip
    bottom = strip.winfo_rooty() + strip.winfo_height()
    assert bottom <= root.winfo_rooty() + root.winfo_height()
    assert magnifier.lens.winfo_height() > 100


def texts_of(magnifier: Magnifier) -> list[str]:
    strip = magnifier._strip
    return [strip.itemcget(item, "text") for item in strip.find_all() if strip.type(item) == "text"]


def test_a_new_image_has_a_profile_of_its_own(
    magnifier: Magnifier, actions: Recorder, scene: Scene
) -> None:
    actions.lens_profile = PROFILE
    magnifier.follow(60.0, 70.0)
    wait_until(magnifier, lambda: "peak +1.10 px" in texts_of(magnifier))
    actions.lens_profile, other = None, scene.picture
    assert other is not None
    magnifier.show(replace(scene, picture=Picture(other.data.copy(), other.mask, "another")))
    assert "peak +1.10 px" not in texts_of(magnifier)
    actions.lens_profile = replace(PROFILE, peak_px=-0.5)
    wait_until(magnifier, lambda: "peak −0.50 px" in texts_of(magnifier))


def test_another_circle_asks_for_the_profile_across_it(
    magnifier: Magnifier, actions: Recorder, scene: Scene
) -> None:
    magnifier.show(replace(scene, rings=(RingMark(100, 90, 60, "fit"),)))
    wait_until(magnifier, lambda: actions.named("profile"))


def test_no_line_is_drawn_across_a_masked_gap(magnifier: Magnifier) -> None:
    gap = LensProfile((-2.0, -1.0, 0.0, 1.0, 2.0, 3.0), (5.0, 6.0, math.nan, math.nan, 7.0, 9.0),
                      1.0, 0.0)
    strip = magnifier._strip
    strip.show(gap)
    width = strip.winfo_width() - 1
    lines = [strip.coords(item) for item in strip.find_withtag("profile")
             if strip.type(item) == "line"]
    curves = sorted(line for line in lines if line[0] != line[2])
    ends = [(line[0] / width * 5 - 2, line[-2] / width * 5 - 2) for line in curves]
    assert ends == [pytest.approx((-2, -1)), pytest.approx((2, 3))]


def test_where_all_is_masked_the_strip_says_so(magnifier: Magnifier) -> None:
    magnifier._strip.show(LensProfile((-1.0, 0.0, 1.0), (math.nan,) * 3, 1.0, 0.0))
    assert "no profile here" in texts_of(magnifier)


def test_the_numbers_of_rings_do_not_cover_the_ring_in_the_magnifier(
    magnifier: Magnifier, scene: Scene
) -> None:
    circle = RingMark(100, 90, 6, "order", "2nd")
    magnifier.show(replace(scene, lens=(100.0, 90.0), rings=(circle,)))
    settle(magnifier)
    lens = magnifier.lens
    assert lens.find_withtag("ring")
    assert "2nd" not in [lens.itemcget(item, "text") for item in lens.find_withtag("ring")
                         if lens.type(item) == "text"]


def test_where_nobody_sees_it_it_asks_for_nothing(
    root: tk.Tk, magnifier: Magnifier, actions: Recorder
) -> None:
    magnifier.pack_forget()
    settle(root)
    magnifier.follow(30, 40)
    wait_until(root, lambda: not magnifier.lens._waiting)
    assert actions.named("profile") == []
    magnifier.pack(fill="both", expand=True)
    wait_until(root, lambda: actions.named("profile"))
    assert actions.named("profile") == [(pytest.approx(30), pytest.approx(40))]


@pytest.mark.parametrize("side", [174, 480])
def test_the_numbers_of_the_profile_stand_clear_of_each_other(root: tk.Tk, side: int) -> None:
    strip = ProfileStrip(root)
    strip.place(x=0, y=0, width=side)
    offsets = tuple(float(k) for k in range(-20, 21))
    strip.show(LensProfile(offsets, tuple(1.0 + o * o for o in offsets), 1.0, 0.0, -10.24))
    settle(strip)
    places = [strip.bbox(i) for i in strip.find_withtag("profile") if strip.type(i) == "text"]
    places.sort()
    assert all(left[2] < right[0] for left, right in pairwise(places)), places
