"""Write a session as one of the files there are, for window and command line alike."""

from collections.abc import Callable

from calibtool.errors import InputError, NoAnswerError
from calibtool.model.state.session import Session
from calibtool.tasks.record import record

Writer = Callable[[Session, str, bool], None]


def write_as(kind: str, session: Session, path: str, *, force: bool = False) -> None:
    """Write a file.

    Parameters
    ----------
    kind : str
        One of ``WRITERS``.
    session : Session
        The session.
    path : str
        Where to.
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        The file exists or cannot be written; names it and says why.
    """
    WRITERS[kind](session, path, force)


def refusal(name: str, session: Session) -> str:
    """Why a command cannot write its file yet, with all that is missing; empty where it can."""
    if name not in ("save_poni", "export_poni"):
        return ""
    known = record(session)
    missing = []
    if known.center_x_px is None:
        missing.append("the beam centre")
    if known.pixel_size_mm is None:
        missing.append("the pixel size")
    if known.distance_mm is None and known.wavelength_nm is None:
        missing.append("the wavelength (or the distance)")
    elif known.distance_mm is None and known.d_spacing_nm is None:
        missing.append("the d-spacing of the ring (or the distance)")
    if not missing:
        return ""
    verb, them = ("is", "it") if len(missing) == 1 else ("are", "them")
    return (
        f"A .poni file needs {' and '.join(missing)}, which {verb} not known; enter {them} under "
        "Parameters."
    )


def _calibration(session: Session, path: str, force: bool) -> None:
    record(session, with_hash=True).save(path, force=force)


def _history(session: Session, path: str, force: bool) -> None:
    from calibtool.io.history_csv import write_history

    fit = None if session.result is None else session.result.circle
    if fit is None or not fit.history:
        raise NoAnswerError(
            f"Cannot write {path}: there is no optimisation history, because the ring was found "
            "without points; select or give points and fit them."
        )
    write_history(path, fit.history, force=force)


def _figure(session: Session, path: str, force: bool) -> None:
    from calibtool.tasks.report import save_report

    save_report(session, path, force=force)


def _poni(session: Session, path: str, force: bool) -> None:
    from calibtool.io.poni import write_poni

    write_poni(path, record(session), force=force)


def _musclex(session: Session, path: str, force: bool) -> None:
    from calibtool.io.musclex import write_musclex

    write_musclex(path, record(session), force=force)


def _points(session: Session, path: str, force: bool) -> None:
    from calibtool.io.points_file import write_npt, write_points

    if not session.points:
        raise InputError(f"Cannot write {path}: there are no points yet.")
    settings = session.settings
    if not path.lower().endswith(".npt"):
        write_points(path, session.xy(), force=force)
        return
    write_npt(
        path,
        session.xy(),
        calibrant=settings.calibrant or "free",
        ring=settings.ring or 1,
        d_nm=settings.d_spacings_nm or (settings.d_spacing.value or 0.0,),
        wavelength_nm=settings.wavelength.value,
        force=force,
    )


WRITERS: dict[str, Writer] = {
    "output": _calibration,
    "history": _history,
    "figure": _figure,
    "poni": _poni,
    "musclex": _musclex,
    "points": _points,
}
