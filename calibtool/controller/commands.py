"""Commands without an argument, by the names of the window's table."""

from collections.abc import Callable
from dataclasses import replace

from calibtool.controller import files, jobs, masking, series, tour
from calibtool.controller.desk import Desk
from calibtool.errors import TooFewPointsError
from calibtool.model.points.marked import MIN_POINTS
from calibtool.model.state import editing
from calibtool.model.state.session import Session

Command = Callable[[Desk], None]


def find(c: Desk) -> None:
    """Look for the ring without a click."""
    if c.session.image is not None and c.session.enabled:
        c.start("fit", jobs.finding(c.session))


def again(c: Desk) -> None:
    """Judge the image anew by what has been entered: the pattern, or the points, as they were."""
    session = c.session
    if session.image is None or session.result is None or not session.enabled or session.picking:
        return
    if session.points and session.fresh:
        c.start("fit", jobs.fitting(session, again=True))
    elif not session.points:
        c.start("fit", jobs.finding(session, again=True))


def fit(c: Desk) -> None:
    """Fit the points, then the whole ring."""
    missing = MIN_POINTS - len(c.session.points)
    if missing > 0:
        some = "1 more point" if missing == 1 else f"{missing} more points"
        raise TooFewPointsError(
            f"A circle fit needs at least {MIN_POINTS} points; there are "
            f"{len(c.session.points)}: add {some} on the ring, well spread around it."
        )
    c.start("fit", jobs.fitting(c.session))


def pick(c: Desk) -> None:
    """Begin manual calibration, or end it where it is on."""
    if c.session.image is None:
        return
    change = editing.stop_picking if c.session.picking else editing.start_picking
    c.update(replace(c.state, measuring=False).push(change(c.session)))


def done(c: Desk) -> None:
    """End the selection and fit; below five points say what is missing."""
    if not c.session.picking:
        return
    fit(c)
    c.push(editing.stop_picking(c.session))


def cancel_picking(c: Desk) -> None:
    """End the selection and restore what was before it began."""
    if not c.session.picking:
        return
    states = c.state.timeline.states[: c.state.timeline.cursor + 1]
    resting = (s for s in reversed(states) if not s.picking)
    c.push(next(resting, editing.stop_picking(c.session)))


def step_back(c: Desk) -> None:
    """Leave the present step: the frozen magnifier, a selection, measuring, a mask, a notice."""
    session = c.session
    if session.lens is not None:
        c.amend(editing.release_lens(session))
    elif session.selected is not None:
        c.amend(replace(session, selected=None))
    elif c.state.masking is not None:
        masking.toggle(c)
    elif c.state.measuring:
        measure(c)
    elif c.state.notice is not None:
        c.update(replace(c.state, notice=None))
    elif c.state.tour:
        tour.step(c, "0")


def remove(c: Desk) -> None:
    """Remove the selected point."""
    if c.session.selected is not None:
        c.push(editing.remove_point(c.session, c.session.selected))


def reset(c: Desk) -> None:
    """Remove all points."""
    if c.session.points:
        c.push(editing.set_points(c.session, ()))


def apply(c: Desk) -> None:
    """Put the result in use: read-out and rings follow it from now on."""
    session = c.session
    if session.result is None or not session.fresh:
        return
    settings = session.settings
    used = replace(editing.stop_picking(session), applied=(session.result, settings))
    state = c.state.push(used)
    c.update(replace(state, base=used).say("This calibration is now in use."))


def revert(c: Desk) -> None:
    """Restore exactly what was when the last calibration was put in use."""
    base = c.state.base
    if base is not None and base is not c.session:
        c.push(base)


def measure(c: Desk) -> None:
    """Turn the measuring tool on or off."""
    on = not c.state.measuring
    session = replace(editing.stop_picking(c.session), measured=())
    c.update(replace(c.state.push(session), measuring=on))


def one_click(c: Desk) -> None:
    """Turn the one-click way of selecting on or off."""
    c.amend(replace(editing.release_lens(c.session), one_click=not c.session.one_click))


def fix_center(c: Desk) -> None:
    """Keep the centre fixed, or let it be fitted again."""
    c.set_field("fixed_center", "" if c.session.settings.fixed_center else "1")


def calibration_image(c: Desk) -> None:
    """Turn "Setting by calibration image" on or off; on looks for the ring."""
    on = not c.session.enabled
    c.push(replace(c.session, enabled=on))
    if on and c.session.result is None:
        find(c)


def unset(c: Desk) -> None:
    """Forget the image, keep the settings."""
    c.forget_jobs("open", "fit")
    kept = Session(enabled=c.session.enabled, settings=c.session.settings)
    c.update(c.state.idle().restart(kept))


def showing(name: str) -> Command:
    """Return the command that changes one of two ways of showing the image."""
    return lambda c: c.set_display(**{name: not getattr(c.state.display, name)})


def neighbour(step: int) -> Command:
    """Return the command that opens the image ``step`` places further in the folder."""
    return lambda c: files.open_neighbour(c, step)


COMMANDS: dict[str, Command] = {
    **masking.COMMANDS,
    "find": find,
    "fit": fit,
    "pick": pick,
    "done": done,
    "cancel_picking": cancel_picking,
    "step_back": step_back,
    "remove": remove,
    "reset": reset,
    "undo": lambda c: c.update(c.state.undo()),
    "redo": lambda c: c.update(c.state.redo()),
    "apply": apply,
    "revert": revert,
    "measure": measure,
    "one_click": one_click,
    "fix_center": fix_center,
    "calibration_image": calibration_image,
    "unset": unset,
    "show_mask": showing("show_mask"),
    "corner_pixels": showing("corner"),
    "dark": showing("dark"),
    "stop": Desk.stop,
    "quit": Desk.stop,
    "tour": tour.begin,
    "follow": series.toggle_following,
    "process_folder": files.process_folder,
    **{name: files.saving(name) for name in files.BESIDE},
    "next": neighbour(+1),
    "previous": neighbour(-1),
}
