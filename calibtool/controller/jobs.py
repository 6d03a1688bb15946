"""Long work for the worker, and what its answer does to the state."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from calibtool.controller.entering import MATTERS
from calibtool.errors import InputError
from calibtool.instruments.calibrants import calibrants
from calibtool.instruments.detectors import find_detectors
from calibtool.model.exposure import PLAIN, Exposure
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.points.marked import MIN_POINTS
from calibtool.model.settings import Settings
from calibtool.model.state.session import Result, Session
from calibtool.presenter.state import State
from calibtool.scene import Thumbnail
from calibtool.tasks.calibrate import find, fit_points
from calibtool.tasks.exposing import only_corrections
from calibtool.tasks.opening import Opened, fill_in, open_image
from calibtool.tasks.recognised import with_pattern
from calibtool.tasks.thumbnails import thumbnails
from calibtool.worker import Monitor

MOST_RECENT = 12

Task = Callable[[Monitor], Any]
Take = Callable[[State, Any], State]


def unchanged(state: State, _value: Any) -> State:
    """Take a value that says nothing to the state."""
    return state


@dataclass(frozen=True)
class LongWork:
    """Work for the worker: what is said meanwhile, the task, and what its values do.

    ``take`` gets the final value, ``step`` those handed out before. ``then`` names the
    command that follows on success, if any.
    """

    text: str
    task: Task
    take: Take
    then: str = ""
    step: Take = unchanged


def picturing(paths: tuple[str, ...]) -> LongWork:
    """Show pictures of images that are offered, as long as they are."""

    def take(state: State, pictures: tuple[Thumbnail | None, ...]) -> State:
        notice = state.notice
        if notice is None or tuple(c.partition(":")[2] for c, _ in notice.choices) != paths:
            return state
        return replace(state, notice=replace(notice, pictures=pictures))

    return LongWork("", lambda _monitor: thumbnails(paths), take)


def opening(path: str, frame: int, session: Session) -> LongWork:
    """Open an image; the session of the new image starts with the settings there are."""

    def task(_monitor: Monitor) -> tuple[Opened, Settings]:
        opened = _with_what_fits(path, frame, session.settings)
        anew, _ = fill_in(Settings(), opened.image.geometry, opened.detector)
        return opened, anew

    def take(state: State, value: tuple[Opened, Settings]) -> State:
        opened, anew = value
        fresh = Session(
            image=opened.image,
            enabled=state.session.enabled,
            settings=opened.settings,
            one_click=state.session.one_click,
        )
        own = os.path.abspath(path)
        recent = (own, *(known for known in state.recent if known != own))[:MOST_RECENT]
        state = state.restart(fresh, replace(fresh, settings=anew))
        return _remarked(replace(state, folder=opened.folder, recent=recent), opened)

    then = "find" if session.enabled else ""
    return LongWork(f"Opening {os.path.basename(path)}", task, take, then)


def _with_what_fits(path: str, frame: int, settings: Settings) -> Opened:
    """The image with mask, dark and flat of the one before, or without those that do not fit it."""
    kept = only_corrections(settings.exposure)
    try:
        return open_image(path, frame, replace(settings, exposure=kept))
    except InputError as error:
        if kept.plain:
            raise
        opened = open_image(path, frame, replace(settings, exposure=PLAIN))
        remark = f"Mask, dark and flat of the image before are not used here. {error}"
        return replace(opened, remarks=(*opened.remarks, remark))


def exposing(session: Session, exposure: Exposure) -> LongWork:
    """Load the session's image again with other frames, dark or flat; an undoable step."""
    image = session.image
    if image is None:
        raise ValueError("only an image can be exposed")

    def task(_monitor: Monitor) -> Opened:
        return open_image(image.path, image.frame, replace(session.settings, exposure=exposure))

    def take(state: State, opened: Opened) -> State:
        now = state.session
        if now.image is None or now.image.path != image.path:
            return state
        settings = replace(now.settings, exposure=exposure)
        state = state.push(replace(now, image=opened.image, settings=settings))
        return state.say(" ".join(opened.remarks)) if opened.remarks else state

    again = "fit" if len(session.points) >= MIN_POINTS else "" if session.points else "find"
    return LongWork("Reading the frames", task, take, again if session.enabled else "")


def _remarked(state: State, opened: Opened) -> State:
    """State that says what there is to say of an image just opened, and asks for its detector."""
    detector, image = opened.detector, opened.image
    if detector.message and detector.candidates and image.geometry.pixel_size_x_mm is None:
        rows, columns = image.data.shape
        remarks = [remark for remark in opened.remarks if remark != detector.message]
        question = (
            f"Which detector has these {columns} × {rows} pixels? Choose it, or type the "
            "pixel size."
        )
        choices = [(f"detector:{known.name}", str(known)) for known in detector.candidates]
        return state.say(" ".join([*remarks, question]), "info", *choices)
    return state.say(" ".join(opened.remarks)) if opened.remarks else state


def catalogues() -> LongWork:
    """Read the names of calibrants and detectors, which asks pyFAI the first time."""

    def task(_monitor: Monitor) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (
            tuple(calibrant.name for calibrant in calibrants()),
            tuple(entry.name for entry in find_detectors()),
        )

    def take(state: State, names: tuple[tuple[str, ...], tuple[str, ...]]) -> State:
        return replace(state, calibrants=names[0], detectors=names[1])

    return LongWork("", task, take)


def finding(session: Session, *, again: bool = False) -> LongWork:
    """Find the rings of the session's image, anywhere, or where they were found last.

    What is found ``again`` is no step of its own: it belongs to the entry that asked for it.
    """
    image, settings = session.image, session.settings
    if image is None:
        raise ValueError("finding needs an image")

    near = _geometry(session.result) if session.result is not None and again else None

    def task(_monitor: Monitor) -> Result:
        return find(image, settings, near=near)

    def take(state: State, result: Result) -> State:
        now = state.session
        if now.image is not image or (again and _other_inputs(now.settings, settings)):
            return state
        now = replace(now, result=replace(result, exposure=settings.exposure))
        if now.points == session.points:
            now = replace(now, points=(), live=None, selected=None)
        # A question that opening the image has raised is not answered by its ring.
        asked = state.notice if state.notice is not None and state.notice.choices else None
        return replace(_taken(state, with_pattern(now), again=again), notice=asked)

    return LongWork("Looking for the rings", task, take)


def _other_inputs(one: Settings, other: Settings) -> bool:
    """Whether the numbers would be others: the entry that asked for them was undone meanwhile."""
    return any(getattr(one, key, None) != getattr(other, key, None) for key in MATTERS)


def _taken(state: State, session: Session, *, again: bool) -> State:
    return state.amend(session) if again else state.push(session)


def _geometry(result: Result) -> Geometry | None:
    return None if result.pattern is None else result.pattern.geometry


def fitting(session: Session, *, again: bool = False) -> LongWork:
    """Fit the session's points, then the whole ring; ``again`` as for `finding`."""
    image, points, settings = session.image, session.points, session.settings

    def task(monitor: Monitor) -> Result:
        return fit_points(
            image, points, settings, progress=monitor.progress, cancelled=monitor.cancelled
        )

    def take(state: State, result: Result) -> State:
        now = state.session
        if now.image is not image or (again and _other_inputs(now.settings, settings)):
            return state
        if now.points != points:
            return state.say("The points changed while the fit ran: press Refit.", "warning")
        measured = replace(result, exposure=settings.exposure)
        return _taken(state, with_pattern(replace(now, result=measured)), again=again)

    return LongWork("Fitting", task, take)
