"""The controller: each action of the user in a few lines."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from calibtool.controller import (
    commands,
    entering,
    files,
    jobs,
    leaving,
    masking,
    measuring,
    reading,
    recovery,
    series,
    tour,
    unrolling,
)
from calibtool.errors import CalibtoolError, DatasetChoiceError, UnknownFormatError
from calibtool.model.exposure import StepKind
from calibtool.model.state import editing
from calibtool.model.state.session import Session
from calibtool.presenter import State, new_state, present
from calibtool.scene import LensProfile, Scene
from calibtool.tasks.export import refusal
from calibtool.worker import Report, Worker

SERIES = "series"
"""Lane of the background worker."""

MOST_PICTURED = 6
"""Images that are offered with pictures; more are a list."""

ANSWERS: dict[str, Callable[["Controller", str], None]] = {
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


class ViewLike(Protocol):
    """All the controller knows of the window."""

    def show(self, scene: Scene) -> None:
        """Show the scene."""


class Controller:
    """Owns the state; takes the user's actions; shows the scene after each.

    Parameters
    ----------
    view : ViewLike
        Where scenes go.
    worker : Worker
        Where long work goes that the user waits for.
    background : Worker
        Where work goes that may take hours, as a series.
    state : State, optional
        State to begin with.
    """

    def __init__(
        self, view: ViewLike, worker: Worker, background: Worker, state: State | None = None
    ) -> None:
        self.state = state or new_state()
        self._view = view
        self._scene = Scene()
        self._worker = worker
        self._background = background
        self._running: dict[str, jobs.LongWork] = {}
        self._reports: list[Report] = []

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    @property
    def session(self) -> Session:
        """The current session."""
        return self.state.session

    def ready(self, name: str) -> bool:
        """Whether a command can ask for a file or end the program; says why where not."""
        if name == "quit":
            return leaving.may_leave(self)
        reason = refusal(name, self.session)
        if reason:
            self.update(self.state.say(reason, "error"))
        return not reason

    def busy_with(self, lane: str) -> bool:
        """Whether work of a lane is running."""
        return lane in self._running

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

    def set_display(self, **changes: Any) -> None:
        """Change how the image is shown."""
        self.update(replace(self.state, display=replace(self.state.display, **changes)))

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
            named = "fit" if len(session.points) >= commands.MIN_POINTS else "find"
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

    def update(self, state: State) -> None:
        """Take a new state and show it."""
        self.state = state = masking.remasked(state)
        self._scene = present(state)
        self._view.show(self._scene)

    def push(self, session: Session) -> None:
        """Take an undoable step."""
        self.update(self.state.push(session))

    def amend(self, session: Session) -> None:
        """Change the session without a step of its own."""
        self.update(self.state.amend(session))

    def start(self, lane: str, work: jobs.LongWork) -> None:
        """Give long work to the worker; its answer comes by ``poll``."""
        self._running[lane] = work
        worker = self._background if lane == SERIES else self._worker
        worker.submit(lane, work.task)
        if work.text:
            self.update(self.state.working(work.text))

    def stop(self) -> None:
        """Ask whatever the user waits for to stop."""
        lanes = [
            lane for lane, work in self._running.items() if work.text or lane == SERIES
        ]
        for lane in lanes:
            self._worker.cancel(lane)
            self._background.cancel(lane)
        if lanes:
            self.update(self.state.working("Stopping"))

    def forget_jobs(self, *lanes: str) -> None:
        """Stop jobs of some lanes whose answer nobody waits for any more."""
        for lane in lanes:
            if self._running.pop(lane, None) is not None:
                self._worker.cancel(lane)

    def poll(self) -> None:
        """Take the workers' reports. Called by a timer."""
        self._reports += (*self._worker.poll(), *self._background.poll())
        while self._reports:
            report = self._reports.pop(0)
            newer = any(later.job is report.job for later in self._reports)
            if report.job.name in self._running and not (newer and report.kind == "progress"):
                self._take(report)
            elif report.error is not None and not report.job.cancelled():
                raise report.error

    def _take(self, report: Report) -> None:
        stopped = report.job.cancelled() and report.job.name != SERIES
        if report.kind == "progress":
            if not stopped:
                self._progress(self.state.working(report.text, report.fraction))
            return
        if report.kind == "partial":
            self.update(self._running[report.job.name].step(self.state, report.value))
            return
        work = self._running.pop(report.job.name)
        others = [other.text for other in self._running.values() if other.text]
        state = self.state.working(others[-1]) if others else self.state.idle()
        if stopped or report.kind == "cancelled":
            kept = "what is done is kept" if report.job.name == SERIES else "nothing was changed"
            self.update(replace(state, following=False).say(f"Stopped; {kept}."))
        elif report.kind == "done":
            self._go_on(work.then, work.take(state, report.value))
        elif isinstance(report.error, CalibtoolError):
            self._tell(state, report.error)
        else:
            self.update(state)
            raise report.error or RuntimeError("a job failed without a reason")

    def _go_on(self, then: str, state: State) -> None:
        """Show a state, or what a command makes of it; no scene between the two is to be seen."""
        before, self.state = self._scene, state
        if then:
            self.command(then)
        if self._scene is before:
            self.update(self.state)

    def _progress(self, state: State) -> None:
        """Show how far a job is; it comes often, so nothing else is worked out anew."""
        if self.state.busy is None:
            self.update(state)
            return
        self.state, self._scene = state, replace(self._scene, busy=state.busy)
        self._view.show(self._scene)

    def _do(self, action: Callable[[], None]) -> None:
        try:
            action()
        except CalibtoolError as error:
            self._tell(self.state, error)

    def _tell(self, state: State, error: CalibtoolError) -> None:
        self.update(_told(state, error))
        if isinstance(error, DatasetChoiceError) and len(error.candidates) <= MOST_PICTURED:
            self.start("pictures", jobs.picturing(error.candidates))


def _told(state: State, error: CalibtoolError) -> State:
    """State with the error as a notice, and the choices it offers."""
    if isinstance(error, DatasetChoiceError):
        choices = [
            (f"open:{name}", f"{name.rpartition('::')[2]} ({look})")
            for name, look in zip(error.candidates, error.looks, strict=True)
        ]
        file = os.path.basename(error.candidates[0].rpartition("::")[0])
        return state.say(f"{file} holds {len(choices)} images: choose one.", "info", *choices)
    if isinstance(error, UnknownFormatError):
        close = ("dismiss", "Close")
        return state.say(error.in_window, "error", (f"raw:{error.path}", "Say how…"), close)
    return state.say(error.in_window, "error")
