"""Write a file whole or not at all, and know that it can be read again."""

import contextlib
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

from calibtool.errors import InputError

TRIES, WAIT_S = 20, 0.05
"""Windows refuses to replace a file that any program has open; most close it within a second."""


def write_file(
    path: str | os.PathLike[str],
    content: bytes | str,
    *,
    force: bool = False,
    verify: Callable[[bytes], None] | None = None,
) -> None:
    """Write a file through a temporary one beside it, and read it back.

    Parameters
    ----------
    path : str or path-like
        Where to; a link is followed.
    content : bytes or str
        What; text is written as UTF-8.
    force : bool
        Whether an existing file may be replaced.
    verify : callable, optional
        Called with the bytes read back from the disk before an old file is replaced; raises
        where they are not right.

    Raises
    ------
    InputError
        Where the file exists and ``force`` is not given, or cannot be written; an existing
        file is then as it was.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise InputError(f"Cannot write {path}: it is a folder; give the name of a file.")
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise InputError(
            f"Cannot write {path}: it is a device, a pipe or a circle of links; give the name of "
            "a file."
        )
    if not force and target.exists():
        raise InputError(
            f"{path} exists already and was not overwritten; choose another name or allow "
            "overwriting (--force).",
            in_window=f"{path} exists already and was not overwritten; choose another name.",
        )
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.tmp")
    try:
        _write_through(temporary, data)
        back = temporary.read_bytes()
        if back != data:
            raise InputError(f"Cannot write {path}: it read back differently; save elsewhere.")
        if verify is not None:
            verify(back)
        _replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _cannot_write(path, target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _replace(temporary: Path, target: Path) -> None:
    """Put the new file in the place of the old, also where a virus scanner looks at that."""
    tries = TRIES if sys.platform == "win32" else 1
    for _ in range(tries - 1):
        with contextlib.suppress(PermissionError):
            temporary.replace(target)
            return
        time.sleep(WAIT_S)
    temporary.replace(target)


def _cannot_write(path: str | os.PathLike[str], target: Path, error: OSError) -> InputError:
    if sys.platform == "win32" and isinstance(error, PermissionError) and target.exists():
        return InputError(
            f"Cannot write {path}: another program has it open; close it there and try again."
        )
    reason = error.strerror or type(error).__name__
    return InputError(f"Cannot write {path}: {reason}; choose another folder.")


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_text(path: str | os.PathLike[str], what: str) -> str:
    """Text of a file.

    Parameters
    ----------
    path : str or path-like
        The file, UTF-8.
    what : str
        What it should be, for the message, as "a calibration".

    Raises
    ------
    InputError
        Where it is missing, empty, a folder, not text or may not be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not {what}: it is not a text file.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"Cannot read {path}: {reason}; choose another file.") from error
    if not text.strip():
        raise InputError(f"{path} is not {what}: the file is empty.")
    return text
