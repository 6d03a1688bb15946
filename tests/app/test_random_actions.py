"""Whatever a user does, in whatever order: nothing breaks, and undo leads back to the start.

Sequences of forty actions on the real window, with resizing, scrolling, drawer, magnifier and keys;
the list, the strip and the overlays are compared with the session after each action, and all
widgets are there in the end. ``make sequences`` takes 200 of them.
"""

import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.app.checks import essence
from tests.app.driver import Driver, all_widgets
from tests.app.rings import SMALL
from tests.view.events import wheel

SEQUENCES, LENGTH = int(os.environ.get("CALIBTOOL_RANDOM_SEQUENCES", "20")), 40
AT_ONCE = 4
"""Sequences in one window after another."""
SIZES = ("900x600", "1024x740", "1280x730", "1500x1000", "1900x1100")
KEYS = ("p", "g", "a", "<Return>", "<Escape>", "<Alt-Right>", "<Shift-Down>", "n", "<Delete>", "x",
        "<Control-z>", "<Control-y>", "plus", "minus", "<Home>", "m", "d", "o", "c", "<F9>", "u")
FIELDS = {
    "d_spacing": ("5,83", "-1", "abc", ""),
    "ring": ("2", "1"),
    "wavelength": ("0,1", "0", "nan"),
    "energy": ("12,4", "keV"),
    "distance": ("230", "inf", ""),
    "threshold": ("2.5", "0", "x"),
    "seed": ("3", "1.5"),
    "fixed_center": ("1", ""),
    "center_x": ("101", "?"),
}
COMMANDS = (
    "pick", "pick", "pick", "done", "cancel_picking", "step_back", "remove", "reset", "undo",
    "undo", "redo", "apply", "revert", "measure", "one_click", "find", "fit", "stop", "show_mask",
    "next_point", "previous_point", "zoom_in", "zoom_fit", "lens_in", "lens_out",
    "calibration_image", "place", "next_place", "fix_center", "copy_plain", "zoom_one", "zoom_out",
    "drawer", "magnifier", "unrolled",
)  # fmt: skip
WALKS = ("undo", "redo", "<Control-z>", "<Control-y>")


class User:
    """Does things by chance."""

    def __init__(self, program: Driver, seed: int) -> None:
        self.program = program
        self.random = random.Random(seed)
        self.actions: tuple[Callable[[], None], ...] = (
            self.place, self.place, self.place, self.place, self.click_near_the_ring,
            self.click_anywhere, self.click_in_the_lens, self.drag, self.press_arrow,
            self.run_command, self.run_command, self.run_command, self.enter, self.wait,
            self.resize, self.unroll, self.press_key, self.press_key, self.turn_the_wheel,
            self.try_to_close,
        )  # fmt: skip

    def act(self) -> str:
        action = self.random.choice(self.actions)
        self.command = ""
        before, was_busy = essence(self.program.session), self.program.scene.busy is not None
        action()
        self.program.settle()
        if not was_busy and self.program.scene.busy is None and self.command not in WALKS:
            self.check_step(before)
        return self.command or action.__name__

    def check_step(self, before: tuple[object, ...]) -> None:
        """What an action did, undo takes back and redo does again."""
        after = essence(self.program.session)
        if after != before:
            self.program.controller.command("undo")
            assert essence(self.program.session) == before, self.command
            self.program.controller.command("redo")
            assert essence(self.program.session) == after, self.command

    def place(self) -> None:
        """Set a point in two clicks, beginning the selection where it is not on."""
        if not self.program.scene.picking:
            self.program.press_button("pick")
            return
        self.click_near_the_ring()
        self.click_in_the_lens()

    def click_near_the_ring(self) -> None:
        angle = self.random.uniform(0.0, 2 * np.pi)
        radius = SMALL.radius_px + self.random.gauss(0.0, 2.0)
        self.program.click_image(
            SMALL.center_x_px + radius * np.cos(angle), SMALL.center_y_px + radius * np.sin(angle)
        )

    def click_anywhere(self) -> None:
        self.program.click_image(self.random.uniform(-5, 204), self.random.uniform(-5, 204))

    def click_in_the_lens(self) -> None:
        lens = self.program.workspace.lens.lens
        if not lens.winfo_viewable():
            return
        x, y = lens.viewport.centre
        reach = 0.4 * min(lens.winfo_width(), lens.winfo_height()) / lens.viewport.scale
        self.program.click_lens(
            x + self.random.uniform(-reach, reach), y + self.random.uniform(-reach, reach)
        )

    def drag(self) -> None:
        points = self.program.scene.points
        if points:
            point = self.random.choice(points)
            to = point.x + self.random.gauss(0, 6), point.y + self.random.gauss(0, 6)
            self.program.drag_image((point.x, point.y), to)

    def press_arrow(self) -> None:
        modifier = self.random.choice(("", "Shift-", "Control-"))
        arrow = self.random.choice(("Left", "Right", "Up", "Down"))
        self.program.key(f"<{modifier}{arrow}>", on=self.program.workspace.image)

    def run_command(self) -> None:
        self.command = self.random.choice(COMMANDS)
        self.program.body.runner.run(self.command)

    def enter(self) -> None:
        key = self.random.choice(tuple(FIELDS))
        self.program.controller.set_field(key, self.random.choice(FIELDS[key]))

    def resize(self) -> None:
        width, height = self.random.randint(760, 1700), self.random.randint(520, 1100)
        self.program.root.geometry(f"{width}x{height}")

    def unroll(self) -> None:
        """Ask for the unrolled image, of one ring or of all."""
        self.program.controller.unroll(whole=self.random.random() < 0.5)

    def press_key(self) -> None:
        """Press a key, where the focus is."""
        self.command = self.random.choice(KEYS)
        self.program.key(self.command)

    def turn_the_wheel(self) -> None:
        """Over the image, the magnifier or the column."""
        workspace = self.program.workspace
        over = self.random.choice((workspace.image, workspace.lens.lens, workspace.side.column))
        steps = self.random.choice((-3, -1, 1, 3))
        wheel(over, over.winfo_width() // 3, over.winfo_height() // 3, steps)

    def try_to_close(self) -> None:
        """Ask to close while points are not saved, and stay."""
        if self.program.session.points and not self.program.notice:
            self.program.key("<Control-q>")
            assert "not saved" in self.program.notice
            self.program.controller.answer("dismiss")

    def wait(self) -> None:
        self.program.idle()


def check_agreement(program: Driver) -> None:
    """List, strip and overlays show the session's points, those in sight, and nothing else."""
    session, scene, workspace = program.session, program.scene, program.workspace
    numbers = list(range(1, len(session.points) + 1))
    assert [point.number for point in scene.points] == numbers
    assert [(p.x, p.y) for p in scene.points] == [(p.x, p.y) for p in session.points]
    tree = workspace.points.list.tree
    assert [int(item) for item in tree.get_children()] == numbers
    selected = [] if session.selected is None else [session.selected]
    assert [int(item) for item in tree.selection()] == selected
    with_residual = [p.number for p in scene.points if p.residual_px is not None]
    markers = workspace.points.strip.plot.content.markers
    assert [marker.key for marker in markers if marker.key is not None] == with_residual
    assert [marker.key for marker in markers if marker.chosen] == [
        number for number in selected if number in with_residual
    ]
    image = workspace.image
    for point in scene.points:
        x, y = image.viewport.to_canvas(point.x, point.y)
        if not (0 <= x <= image.viewport.width and 0 <= y <= image.viewport.height):
            continue
        found = image.find_overlapping(x - 7, y - 7, x + 7, y + 7)
        assert any("point" in image.gettags(item) for item in found), f"no marker {point.number}"
    assert session.selected is None or session.selected in numbers


def walk(program: Driver, command: str) -> None:
    """Undo everything, or redo it."""
    while command in program.scene.enabled:
        program.controller.command(command)


def widgets(program: Driver) -> set[str]:
    """All parts of the window, without what comes and goes with a notice, a list or a tip."""
    gone = ("guidebar", "toplevel", "popdown", "#")
    names = (str(widget) for widget in all_widgets(program.workspace))
    return {name for name in names if not any(part in name for part in gone)}


@pytest.mark.parametrize("first", range(0, SEQUENCES, AT_ONCE))
def test_random_sequences(program: Driver, image: Path, first: int) -> None:
    program.open(image)
    program.until(lambda: program.session.result is not None, "first ring")
    walk(program, "undo")
    start, parts = essence(program.session), widgets(program)
    assert program.session.result is None
    for seed in range(first, min(first + AT_ONCE, SEQUENCES)):
        user = User(program, seed)
        done: list[str] = []
        for _ in range(LENGTH):
            done.append(user.act())
            assert not program.faults, (seed, done, program.faults[0])
            check_agreement(program)
        program.idle()
        end = essence(program.session)
        steps = program.controller.state.timeline.cursor
        walk(program, "undo")
        assert parts <= widgets(program), (seed, done)
        assert essence(program.session) == start, (seed, done)
        program.settle()
        check_agreement(program)
        for _ in range(steps):
            program.controller.command("redo")
        assert essence(program.session) == end, (seed, done)
        walk(program, "undo")
