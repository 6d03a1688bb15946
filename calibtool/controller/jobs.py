"""Long work for the worker, and what its answer does to the state."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from calibtool.errors import InputError
from calibtool.instruments.calibrants import Calibrant, calibrants
from calibtool.instruments.detectors import find_detectors
from calibtool.model.session import Result, Session, Tilt
from calibtool.presenter.state import State
from calibtool.tasks.calibrate import find, fit_points
from calibtool.tasks.opening import Opened, open_image
from calibtool.tasks.order import with_order
from calibtool.tasks.tilt import refine_tilt
from calibtool.worker import Monitor

if TYPE_CHECKING:
    from calibtool.instruments.geometry import GeometryFit

MOST_RECENT = 12

Task = Callable[[Monitor], Any]
Take = Callable[[State, Any], State]


def _unchanged(state: State, _value: Any) -> State:
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
    step: Take = _unchanged


def opening(path: str, frame: int, session: Session) -> LongWork:
    """Open an image; the session of the new image starts with the settings there are."""

    def task(_monitor: Monitor) -> Opened:
        return open_image(path, frame, session.settings)

    def take(state: State, opened: Opened) -> State:
        fresh = Session(
            image=opened.image,
            enabled=state.session.enabled,
            settings=opened.settings,
            one_click=state.session.one_click,
        )
        own = os.path.abspath(path)
        recent = (own, *(known for known in state.recent if known != own))[:MOST_RECENT]
        state = replace(state.restart(fresh), folder=opened.folder, recent=recent)
        return state.say(" ".join(opened.remarks)) if opened.remarks else state

    then = "find" if session.enabled else ""
    return LongWork(f"Opening {os.path.basename(path)}", task, take, then)


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


def finding(session: Session) -> LongWork:
    """Find the ring of the session's image."""
    image, settings = session.image, session.settings
    if image is None:
        raise ValueError("finding needs an image")

    def task(_monitor: Monitor) -> Result:
        return find(image, settings)

    def take(state: State, result: Result) -> State:
        now = state.session
        if now.image is not image:
            return state
        now = replace(now, result=result)
        if now.points == session.points:
            now = replace(now, points=(), live=None, selected=None)
        return state.push(with_order(now))

    return LongWork("Looking for the ring", task, take)


def tilting(session: Session) -> LongWork:
    """Refine distance, centre and tilt on all rings that can be followed.

    Raises
    ------
    InputError
        What is needed for it is not known; says what.
    """
    image, result, settings = session.image, session.result, session.settings
    wavelength, pixel = settings.wavelength.value, settings.pixel_size.value
    needed = {
        "a fitted ring": None if image is None else result,
        "a calibrant with the ring's number": settings.ring,
        "the wavelength": wavelength,
        "the pixel size": pixel,
    }
    missing = [name for name, value in needed.items() if value is None]
    if image is None or result is None or wavelength is None or pixel is None or missing:
        raise InputError(f"The tilt needs {' and '.join(missing)}: enter it first.")
    calibrant = Calibrant(
        settings.calibrant, settings.d_spacings_nm, settings.d_relative_sigma, "settings"
    )
    ring = settings.ring or 1

    def task(monitor: Monitor) -> "GeometryFit":
        return refine_tilt(
            image,
            result.best,
            calibrant,
            ring=ring,
            wavelength_nm=wavelength,
            pixel_size_mm=pixel,
            progress=monitor.progress,
            cancelled=monitor.cancelled,
        )

    def take(state: State, fit: "GeometryFit") -> State:
        tilt = Tilt(
            fit.geometry,
            max(fit.sigma_center_x_px, fit.sigma_center_y_px),
            fit.sigma_distance_mm,
            fit.sigma_tilt_deg,
            fit.rms_px,
            fit.n_rings,
        )
        return state.push(replace(state.session, result=replace(result, tilt=tilt)))

    return LongWork("Refining the tilt", task, take)


def fitting(session: Session) -> LongWork:
    """Fit the session's points, then the whole ring."""
    image, points, settings = session.image, session.points, session.settings

    def task(monitor: Monitor) -> Result:
        return fit_points(
            image, points, settings, progress=monitor.progress, cancelled=monitor.cancelled
        )

    def take(state: State, result: Result) -> State:
        now = state.session
        if now.image is not image:
            return state
        if now.points != points:
            return state.say("The points changed while the fit ran: press Refit.", "warning")
        return state.push(with_order(replace(now, result=result)))

    return LongWork("Fitting", task, take)
