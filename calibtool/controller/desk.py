"""State, scene and running work: what all parts of the controller stand around."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from calibtool.controller.jobs import LongWork, picturing
from calibtool.errors import CalibtoolError, DatasetChoiceError, UnknownFormatError
from calibtool.model.state.session import Session
from calibtool.presenter import State, new_state, present
from calibtool.scene import Scene
from calibtool.tasks.exposing import masked
from calibtool.worker import Report, Worker

SERIES = "series"
"""Lane of the background worker."""

MOST_PICTURED = 6
"""Images that are offered with pictures; more are a list."""


class ViewLike(Protocol):
    """All the controller knows of the window."""

    def show(self, scene: Scene) -> None:
        """Show the scene."""


class Desk(ABC):
    """Owns the state, shows the scene after each change, and gives long work to the workers.

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
        self._running: dict[str, LongWork] = {}
        self._reports: list[Report] = []

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    @property
    def session(self) -> Session:
        """The current session."""
        return self.state.session

    @abstractmethod
    def command(self, name: str) -> None:
        """Run a command without argument."""

    @abstractmethod
    def set_field(self, key: str, text: str) -> None:
        """Take what was typed; a wrong text stays beside its reason."""

    @abstractmethod
    def find_again(self) -> None:
        """Measure the image again as far as it was: by its points, or without."""

    def busy_with(self, lane: str) -> bool:
        """Whether work of a lane is running."""
        return lane in self._running

    def set_display(self, **changes: Any) -> None:
        """Change how the image is shown."""
        self.update(replace(self.state, display=replace(self.state.display, **changes)))

    def update(self, state: State) -> None:
        """Take a new state and show it."""
        self.state = state = _remasked(state)
        self._scene = present(state)
        self._view.show(self._scene)

    def push(self, session: Session) -> None:
        """Take an undoable step."""
        self.update(self.state.push(session))

    def amend(self, session: Session) -> None:
        """Change the session without a step of its own."""
        self.update(self.state.amend(session))

    def start(self, lane: str, work: LongWork) -> None:
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
            self.start("pictures", picturing(error.candidates))


def _remasked(state: State) -> State:
    """The state with the mask that its settings make drawn into its image."""
    session = state.session
    if session.image is None:
        return state
    image = masked(session.image, session.settings.exposure.mask)
    return state if image is session.image else state.amend(replace(session, image=image))


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
