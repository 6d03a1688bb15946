"""Zoom, pan and fit."""

import pytest

from calibtool.view.navigation import SMALLEST_PART, Navigation
from calibtool.view.viewport import LARGEST_SCALE, Viewport


@pytest.fixture
def whole() -> Navigation:
    return Navigation(Viewport(400, 300)).on((600, 1000))


def test_a_new_image_is_shown_whole_and_stays_so_when_the_canvas_changes(
    whole: Navigation,
) -> None:
    assert whole.view == Viewport.fitted(400, 300, (600, 1000))
    assert whole.resized(801, 700).view == Viewport.fitted(801, 700, (600, 1000))


def test_the_next_image_of_the_same_shape_is_seen_in_the_same_place(whole: Navigation) -> None:
    near = whole.zoomed(4, (30, 40))
    assert near.on((600, 1000)).view == near.view
    assert near.on((601, 1000)).view == Viewport.fitted(400, 300, (601, 1000))


def test_zoom_ends_at_both_limits(whole: Navigation) -> None:
    near, far = whole, whole
    for _ in range(60):
        near, far = near.zoomed(1.5), far.zoomed(1 / 1.5)
    assert near.view.scale == LARGEST_SCALE
    assert far.view.scale == pytest.approx(SMALLEST_PART * whole.view.scale)
    assert near.whole() == whole


def test_the_image_cannot_be_lost(whole: Navigation) -> None:
    assert whole.panned(1e6, -1e6).view.centre == pytest.approx((-0.5, 599.5))
    assert whole.zoomed(8).centred(-50, 300).view.centre == pytest.approx((-0.5, 300))
