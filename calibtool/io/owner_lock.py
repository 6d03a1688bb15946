"""A lock that is gone when its program is, however that ended."""

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import IO

ROUNDS = 10
"""A file found removed is made anew; where that happens ever again, its numbers are not stable."""

_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class OwnerLock:
    """Holds a file of its own locked until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Take the lock; False where another program holds it.

        Raises
        ------
        OSError
            The file cannot be made, or its file system has no locks.
        """
        if self._stream is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(ROUNDS):
            stream = self.path.open("ab")
            try:
                _lock(stream)
            except OSError as error:
                stream.close()
                if error.errno in _HELD:
                    return False
                raise
            if _is_still(stream, self.path):
                self._stream = stream
                return True
            stream.close()
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK), str(self.path))

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._stream is None:
            return
        if os.name == "nt":
            self._stream.close()
            self._stream = None
        with contextlib.suppress(OSError):
            self.path.unlink()
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _is_still(stream: IO[bytes], path: Path) -> bool:
    """Whether the file is there still; who held the lock before has removed it at the end."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(stream: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
