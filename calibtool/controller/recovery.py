"""Keep the session while the program runs, and offer it again after a crash."""

import os
from dataclasses import replace
from pathlib import Path

from calibtool.controller.desk import Desk
from calibtool.controller.jobs import LongWork, unchanged
from calibtool.io.calibration import Calibration
from calibtool.model.state.session import Session
from calibtool.presenter import State
from calibtool.tasks.autosave import Autosave, crashed, forget, state_folder
from calibtool.tasks.opening import folder_of
from calibtool.tasks.session_file import replayed, restore, restored_session, session_record
from calibtool.worker import Monitor


class Keeper:
    """Writes the session to the autosave when it has changed; one write at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        self._autosave = Autosave(folder or state_folder())
        self._kept: Session | None = None

    def work(self, session: Session) -> LongWork | None:
        """Return the work of keeping a session, None where nothing has changed."""
        if session.image is None or session is self._kept:
            return None
        self._kept = session

        def task(_monitor: Monitor) -> None:
            self._autosave.keep(session_record(session))

        return LongWork("", task, unchanged)

    def close(self) -> None:
        """Forget the session: the program ends as it should."""
        self._autosave.close()


def offer(c: Desk, folder: Path | None = None) -> None:
    """Offer the newest session of a window that crashed."""
    lost = crashed(folder or state_folder())
    if not lost:
        return
    image = os.path.basename(lost[0].calibration.image or "an image")
    path = str(lost[0].path)
    c.update(
        c.state.say(
            f"calibtool did not end as it should; the work on {image} was kept.",
            "info",
            (f"restore:{path}", "Restore"),
            (f"forget:{path}", "Forget"),
        )
    )


def restore_from(c: Desk, path: str) -> None:
    """Restore a kept session, its fit done again."""

    def task(_monitor: Monitor) -> tuple[Session, tuple[str, ...]]:
        calibration = Calibration.load(path)
        session = restored_session(calibration, restore(calibration))
        if calibration.center_x_px is not None:
            session = replayed(session)
        return session, folder_of(calibration.image or "")

    def take(state: State, value: tuple[Session, tuple[str, ...]]) -> State:
        forget(Path(path))
        return replace(state.restart(value[0]), folder=value[1])

    c.start("open", LongWork("Restoring", task, take))


def forget_file(_c: Desk, path: str) -> None:
    """Remove a kept session that is not wanted."""
    forget(Path(path))
