"""Points by the keyboard alone: what the keys aim at is seen, and is where the point comes."""

import math
import tkinter as tk
from pathlib import Path

import pytest

from calibtool.model.circle import radial_residuals
from calibtool.view.cross_hairs import TAG
from tests.app.driver import Driver
from tests.app.rings import SMALL
from tests.view.events import move


def reticle(program: Driver) -> tuple[float, float] | None:
    """Middle of the mark on the image, in image pixels."""
    image = program.workspace.image
    box = image.bbox(TAG)
    if not box:
        return None
    return image.viewport.to_image((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def test_five_points_by_keys_are_all_on_the_ring(program: Driver, image: Path) -> None:
    program.open(image)
    program.keys = 0
    program.key("p")
    for number in range(1, 6):
        program.key("g", "a", "<Return>")
        assert len(program.session.points) == number, program.said
    program.key("<Return>")
    program.idle()
    assert program.keys <= 25
    assert program.clicks == 1, "the one that opened the image"
    assert all(point.refined for point in program.session.points)
    assert abs(radial_residuals(program.session.xy(), SMALL)).max() < 0.5
    result = program.session.result
    assert result is not None
    assert result.circle is not None
    assert result.circle.inliers.all()
    assert result.circle.center_x_px == pytest.approx(SMALL.center_x_px, abs=0.3)


def test_the_next_place_is_far_from_the_points_there_are(program: Driver, image: Path) -> None:
    program.open(image)
    program.key("p")
    for _ in range(8):
        place = program.scene.next_place
        assert place is not None
        for point in program.session.points:
            assert math.dist(place, (point.x, point.y)) > 0.6 * SMALL.radius_px
        program.key("g", "a", "<Return>")


@pytest.mark.parametrize("place", ["nothing", "check box", "list", "title"])
def test_arrows_move_the_frozen_magnifier_wherever_the_focus_was(
    program: Driver, image: Path, place: str
) -> None:
    program.open(image)
    focused: dict[str, tk.Misc] = {
        "nothing": program.root,
        "check box": program.workspace.side.fixed_box,
        "list": program.workspace.points.list.tree,
        "title": program.workspace.drawer.titles[program.workspace.folder],
    }
    program.reveal(focused[place])
    focused[place].focus_force()
    program.settle()
    program.key("p", "g", "a")
    lens = program.scene.lens
    assert lens is not None
    program.key("<Right>", "<Right>", "<Down>", "<Shift-Left>")
    assert program.scene.lens == pytest.approx((lens[0] + 1.9, lens[1] + 1.0))


def test_p_shows_list_done_and_cancel_whatever_was_looked_at(
    program: Driver, image: Path
) -> None:
    program.open(image)
    program.key("p", "g", "a", "<Return>", "p")
    assert not program.scene.picking
    program.workspace.drawer.select(program.workspace.folder)
    program.settle()
    program.key("p")
    assert program.scene.picking
    assert program.workspace.points.list.tree.winfo_viewable()
    assert program.button("done").winfo_viewable()
    assert program.button("cancel_picking").winfo_viewable()


def test_what_the_keys_aim_at_is_marked_on_the_image(program: Driver, image: Path) -> None:
    program.open(image)
    assert reticle(program) is None
    program.key("p", "<Alt-Right>")
    first = reticle(program)
    assert first is not None
    program.key("<Alt-Right>")
    second = reticle(program)
    assert second is not None
    assert second[0] > first[0]
    program.key("a", "<Down>")
    lens = program.scene.lens
    assert lens is not None
    assert reticle(program) == pytest.approx(lens, abs=0.6)
    program.key("<Return>")
    program.hover(20.0, 20.0)
    assert reticle(program) is None, "the mouse shows itself where it is"


def test_the_frozen_magnifier_is_marked_while_the_mouse_is_in_it(
    program: Driver, image: Path
) -> None:
    program.open(image)
    program.key("p")
    program.click_image(60.0, 70.0)
    lens = program.workspace.lens.lens
    move(lens, 5, 5)
    assert reticle(program) == pytest.approx(program.scene.lens, abs=0.6)
    program.key("<Escape>")
    assert reticle(program) is None


def test_placing_by_key_from_elsewhere_first_shows_where(program: Driver, image: Path) -> None:
    program.open(image)
    move(program.workspace.side, 5, 5)
    program.key("p", "a")
    assert program.scene.lens is None
    assert reticle(program) is not None
    program.key("a")
    assert program.scene.lens is not None
