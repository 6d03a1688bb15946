"""The session of each running window, on disk, to be offered after a crash."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from calibtool.errors import CalibtoolError
from calibtool.io.calibration import Calibration
from calibtool.io.owner_lock import OwnerLock
from calibtool.places import user_folder

SESSION, LOCK = ".session.json", ".lock"
KEPT = 20
"""Sessions of crashed windows that are kept; older ones are removed."""


@dataclass(frozen=True)
class Crashed:
    """A session that its window could not save: the file, and what is in it."""

    path: Path
    calibration: Calibration


class Autosave:
    """Keeps the session of this process; other processes see whether it still lives.

    A folder that cannot be written is no reason to stop the program: `keep` then returns
    False, and nothing is offered later.

    Parameters
    ----------
    folder : Path
        Where sessions are kept, see `state_folder`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A process that comes later may have the same number.
        self._name = f"{time.time_ns()}-{os.getpid()}"
        self._lock: OwnerLock | None = None

    def keep(self, calibration: Calibration) -> bool:
        """Write the session; returns whether it is safe on disk."""
        try:
            if self._lock is None:
                lock = OwnerLock(self._folder / (self._name + LOCK))
                if not lock.acquire():
                    return False
                self._lock = lock
            calibration.save(self._path, force=True)
        except (OSError, CalibtoolError):
            return False
        return True

    def close(self) -> None:
        """Forget the session: the program ends as it should."""
        forget(self._path)
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @property
    def _path(self) -> Path:
        return self._folder / (self._name + SESSION)


def state_folder() -> Path:
    """Folder for sessions of this user."""
    return user_folder("state") / "sessions"


def crashed(folder: Path) -> tuple[Crashed, ...]:
    """Sessions whose window lives no more, newest first; damaged files are removed."""
    found = []
    for path in _newest_first(folder):
        if _lives(path):
            continue
        try:
            found.append(Crashed(path, Calibration.load(path)))
        except CalibtoolError:
            forget(path)
    for old in found[KEPT:]:
        forget(old.path)
    return tuple(found[:KEPT])


def forget(path: Path) -> None:
    """Remove a session that was restored or is not wanted."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _newest_first(folder: Path) -> list[Path]:
    timed = []
    with contextlib.suppress(OSError):
        for path in folder.glob(f"*{SESSION}"):
            with contextlib.suppress(OSError):
                timed.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(timed, reverse=True)]


def _lives(session: Path) -> bool:
    lock = OwnerLock(session.with_name(session.name.removesuffix(SESSION) + LOCK))
    try:
        if not lock.acquire():
            return True
    except OSError:
        return True
    lock.release()
    return False
