"""The controller: each action of the user in a few lines."""

from collections.abc import Callable
from dataclasses import replace

from calibtool.controller import (
    commands,
    entering,
    files,
    leaving,
    masking,
    measuring,
    reading,
    recovery,
    series,
    tour,
    unrolling,
)
from calibtool.controller.desk import Desk
from calibtool.errors import CalibtoolError
from calibtool.model.exposure import StepKind
from calibtool.model.points.marked import MIN_POINTS
from calibtool.model.state import editing
from calibtool.scene import LensProfile
from calibtool.tasks.export import refusal

ANSWERS: dict[str, Callable[[Desk, str], None]] = {
    "s10": measuring.use_as_s10,
    "resume": series.resume,
    "anew": series.anew,
    "rings": series.rings,
    "replace": files.replace_beside,
    "leave": leaving.leave,
    "tour": tour.step,
    "restore": recovery.restore_from,
    "forget": recovery.forget_file,
    "detector": lambda c, name: c.set_field("detector", name),
    "calibrant": lambda c, name: c.set_field("calibrant", name),
}
"""What the buttons of a notice or a warning do, by the part of their id before the colon."""


class Controller(Desk):
    """Takes the user's actions, each of which changes the state on the desk."""

    def ready(self, name: str) -> bool:
        """Whether a command can ask for a file or end the program; says why where not."""
        if name == "quit":
            return leaving.may_leave(self)
        reason = refusal(name, self.session)
        if reason:
            self.update(self.state.say(reason, "error"))
        return not reason

    def command(self, name: str) -> None:
        """Run a command without argument."""
        self._do(lambda: commands.COMMANDS[name](self))

    def command_path(self, name: str, path: str) -> None:
        """Run a command on a file or folder."""
        self._do(lambda: files.COMMANDS[name](self, path))

    def set_field(self, key: str, text: str) -> None:
        """Take what was typed; a wrong text stays beside its reason."""
        errors = tuple(e for e in self.state.errors if e[0] != key)
        state = replace(self.state, errors=errors)
        try:
            aside = entering.entered_aside(state, key, text)
            after = aside or state.push(entering.entered(state.session, key, text))
            after = entering.without_errors(after, entering.REPLACES.get(key, ()))
            after = entering.with_recent(after, key)
            self.update(entering.with_remark(after, key))
            if key in entering.MATTERS:
                commands.again(self)
        except CalibtoolError as error:
            self.update(replace(state, errors=(*errors, (key, text, error.in_window))))

    def answer(self, choice: str) -> None:
        """Take a choice offered by the notice; an empty one only closes it."""
        self.update(replace(self.state, notice=None))
        kind, _, value = choice.partition(":")
        if kind == "open":
            self.command_path("open", value)
        elif kind in ANSWERS:
            self._do(lambda: ANSWERS[kind](self, value))

    def click_image(self, x: float, y: float) -> None:
        """Take a click on the image: first step of a point, whole point, or a measurement."""
        session = self.session
        if self.state.measuring:
            self.update(measuring.measured(self.state, x, y))
        elif session.picking and session.one_click:
            self._do(lambda: self.push(editing.add_point(self.session, x, y)))
        elif session.picking and session.lens is None:
            self.amend(editing.freeze_lens(session, x, y))
        elif session.selected is not None and not session.picking:
            self.amend(replace(session, selected=None))

    def draw_mask(self, kind: StepKind, numbers: tuple[float, ...]) -> None:
        """Take a shape of the mask that was drawn."""
        self._do(lambda: masking.draw(self, kind, numbers))

    def find_again(self) -> None:
        """Measure the image again as far as it was: by its points, or without."""
        session = self.session
        if session.image is not None and session.enabled:
            named = "fit" if len(session.points) >= MIN_POINTS else "find"
            self.command(named)

    def click_lens(self, x: float, y: float) -> None:
        """Second step of a point."""
        if self.session.picking and self.session.lens is not None:
            self._do(lambda: self.push(editing.add_point(self.session, x, y)))

    def select_point(self, number: int | None) -> None:
        """Select a point or none."""
        if number is not None and not 1 <= number <= len(self.session.points):
            number = None
        self.amend(replace(self.session, selected=number))

    def move_point(self, number: int, x: float, y: float) -> None:
        """Put a point elsewhere."""
        if 1 <= number <= len(self.session.points):
            self._do(lambda: self.push(editing.move_point(self.session, number, x, y)))

    def nudge(self, dx: float, dy: float) -> None:
        """Move the frozen magnifier or the selected point by some pixels."""
        session = self.session
        if session.lens is not None:
            self.amend(replace(session, lens=(session.lens[0] + dx, session.lens[1] + dy)))
        elif session.selected is not None:
            self.push(editing.nudge_point(session, session.selected, dx, dy))

    def open_row(self, table: str, row: int) -> None:
        """Open a row of a table."""
        self._do(lambda: files.open_row(self, table, row))

    def describe(self, x: float, y: float, reach_px: float = 0.0) -> str:
        """Text of the status line; a ring no farther off than ``reach_px`` is named."""
        corner = self.state.display.corner
        return reading.describe(self.session, x, y, corner=corner, reach_px=reach_px)

    def profile(self, x: float, y: float) -> LensProfile | None:
        """Radial profile for the magnifier."""
        return reading.profile(self.session, x, y)

    def unroll(self, *, whole: bool) -> None:
        """Unroll the image in the background, unless that is on its way already."""
        unrolling.unroll(self, whole=whole)

    def copy_text(self, name: str) -> str:
        """Text for the clipboard."""
        return files.copy_text(self.session, name)
