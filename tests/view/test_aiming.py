"""Points can be placed without a mouse."""

from dataclasses import replace
from typing import Any

import pytest

from calibtool.view.aiming import STEP
from calibtool.view.body import Body
from calibtool.view.image_canvas import ImageCanvas
from tests.view.events import settle, wait_until
from tests.view.recorder import Recorder
from tests.view.scenes import fitted


def picking(window: Body, **changes: Any) -> ImageCanvas:
    window.show(replace(fitted(), **{"picking": True, "points": (), "selected": None, **changes}))
    image = window.workspace.image
    image.focus_force()
    settle(image)
    return image


def pointer(image: ImageCanvas) -> tuple[int, int]:
    return (image.winfo_pointerx() - image.winfo_rootx(),
            image.winfo_pointery() - image.winfo_rooty())


def start(image: ImageCanvas) -> tuple[int, int]:
    """Bring the pointer to a known place over the image."""
    place = image.winfo_width() // 2 + 7, image.winfo_height() // 2 - 5
    image.event_generate("<Motion>", x=place[0], y=place[1], warp=True)
    wait_until(image, lambda: pointer(image) == place)
    return place


@pytest.mark.parametrize(("pattern", "shift"), [
    ("<Alt-Right>", (STEP, 0)), ("<Alt-Up>", (0, -STEP)), ("<Alt-Shift-Left>", (-1, 0)),
])
def test_alt_and_arrows_move_the_pointer_and_what_follows_it(
    window: Body, actions: Recorder, pattern: str, shift: tuple[int, int]
) -> None:
    image = picking(window)
    x, y = start(image)
    actions.calls.clear()
    image.event_generate(pattern)
    wait_until(image, lambda: pointer(image) == (x + shift[0], y + shift[1]))
    settle(image)
    wanted = image.viewport.to_image(x + shift[0], y + shift[1])
    assert actions.named("describe")[-1] == pytest.approx(wanted)
    assert actions.named("nudge") == []


def test_a_key_places_a_point_where_the_pointer_is(window: Body, actions: Recorder) -> None:
    image = picking(window)
    place = start(image)
    for key in ("<Key-a>", "<Insert>"):
        image.event_generate(key)
    settle(image)
    wanted = image.viewport.to_image(*place)
    assert actions.named("click_image") == [pytest.approx(wanted)] * 2


def test_in_the_frozen_magnifier_the_key_takes_its_cross(
    window: Body, actions: Recorder
) -> None:
    image = picking(window, lens=(61.25, 44.5))
    image.event_generate("<Key-a>")
    settle(image)
    assert actions.named("click_lens") == [(61.25, 44.5)]
    assert actions.named("click_image") == []


def test_without_a_selection_going_on_the_key_does_nothing(
    window: Body, actions: Recorder
) -> None:
    image = picking(window, picking=False, enabled=frozenset())
    start(image)
    image.event_generate("<Key-a>")
    settle(image)
    assert actions.named("click_image") == []
