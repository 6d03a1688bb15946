"""The ring is judged on the image itself: lines beside it, a key that takes all of them away."""

import tkinter as tk
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from calibtool.scene import RingMark
from calibtool.view.arcs import visible_part
from calibtool.view.body import Body
from calibtool.view.image_canvas import ImageCanvas
from calibtool.view.overlays import GAP_WIDTHS, LEAST_GAP, Overlays
from calibtool.view.viewport import Viewport
from tests.view.events import click, settle, wait_until
from tests.view.recorder import Recorder
from tests.view.scenes import fitted, points


def distances(canvas: tk.Canvas, view: Viewport, ring: RingMark) -> np.ndarray:
    """How far every vertex of the drawn lines is from the middle of the ring, in image px."""
    found = [
        np.hypot(*(np.array(view.to_image(x, y)) - (ring.x, ring.y)))
        for item in canvas.find_withtag("ring") if canvas.type(item) == "line"
        for x, y in zip(canvas.coords(item)[::2], canvas.coords(item)[1::2], strict=True)
    ]
    return np.array(found)


@pytest.mark.parametrize("scale", [0.6, 1.0, 4.0])
def test_a_fitted_ring_is_drawn_on_both_sides_of_its_peak(root: tk.Tk, scale: float) -> None:
    canvas = tk.Canvas(root, width=300, height=300)
    ring = RingMark(100.0, 100.0, 60.0, "fit", width=2.0)
    view = Viewport.around(300, 300, 100.0 + 60.0 * (scale > 1), 100.0, scale)
    Overlays(canvas, 1.0).draw(view, (ring,), (), ())
    away = np.abs(distances(canvas, view, ring) - 60.0)
    assert away.min() > max(GAP_WIDTHS * 2.0, LEAST_GAP / scale) - 0.3
    assert away.max() < max(GAP_WIDTHS * 2.0, LEAST_GAP / scale) + 0.3


def test_rings_fade_while_zoomed_in(root: tk.Tk) -> None:
    canvas = tk.Canvas(root, width=200, height=200)
    ring = RingMark(100.0, 100.0, 60.0, "order")
    overlays = Overlays(canvas, 1.0)
    counts = []
    for scale in (1.0, 8.0):
        overlays.draw(Viewport.around(200, 200, 160.0, 100.0, scale), (ring,), (), ())
        counts.append(len(canvas.find_withtag("ring")))
    assert counts[1] < counts[0]


def test_a_ring_that_is_no_circle_is_drawn_where_it_is_seen() -> None:
    turn = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    around = tuple(zip(100 + 90 * np.cos(turn), 80 + 40 * np.sin(turn), strict=True))
    ring = RingMark(100.0, 80.0, 60.0, "order", points=around)
    view = Viewport(150, 200)
    runs = visible_part(ring, 0.0, view)
    assert runs
    for run in runs:
        x, y = np.array(run[::2]), np.array(run[1::2])
        assert ((x - 100) / 90) ** 2 + ((y - 80) / 40) ** 2 == pytest.approx(1.0)
        assert max(x) < 160
        for one, other in pairwise(zip(x, y, strict=True)):
            assert np.hypot(*np.subtract(one, other)) < 10, "no chord across what is not seen"
    outer = visible_part(ring, 5.0, view)
    (x, y) = outer[0][:2]
    assert ((x - 100) / 90) ** 2 + ((y - 80) / 40) ** 2 > 1.05


def marks(image: ImageCanvas) -> int:
    return len({*image.find_withtag("ring"), *image.find_withtag("point")})


def test_while_h_is_held_the_image_is_bare(window: Body, root: tk.Tk) -> None:
    window.show(fitted())
    image = window.workspace.image
    image.focus_force()
    settle(root)
    before = marks(image)
    assert before > 10
    image.event_generate("<KeyPress-h>")
    settle(root)
    assert marks(image) == 0
    # A key that is held repeats.
    image.event_generate("<KeyRelease-h>")
    image.event_generate("<KeyPress-h>")
    settle(root)
    assert marks(image) == 0
    image.event_generate("<KeyRelease-h>")
    wait_until(root, lambda: marks(image) == before)


def test_the_letter_h_in_a_field_hides_nothing(window: Body, root: tk.Tk) -> None:
    window.show(fitted())
    entry = window.workspace.rows["calibrant"].widget
    entry.focus_force()
    settle(root)
    before = marks(window.workspace.image)
    entry.event_generate("<KeyPress-h>")
    settle(root)
    assert marks(window.workspace.image) == before


def test_a_double_click_shows_the_whole_image_but_not_while_points_are_set(
    window: Body, root: tk.Tk, actions: Recorder
) -> None:
    image = window.workspace.image
    for picking in (False, True):
        window.show(replace(fitted(), picking=picking, points=points()[:1]))
        settle(root)
        image.zoom_in()
        settle(root)
        scale = image.viewport.scale
        actions.calls.clear()
        for _ in range(2):
            click(image, 30, 120)
        assert (image.viewport.scale < scale) is not picking
        assert len(actions.named("click_image")) == 2
