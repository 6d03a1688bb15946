"""The CSV table of a series: rows are appended as they come, and put in order at the end."""

import csv
import errno
import io
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from calibtool.errors import InputError
from calibtool.io.atomic import write_file
from calibtool.io.folder import natural_key
from calibtool.io.owner_lock import OwnerLock
from calibtool.io.same_file import identity
from calibtool.tasks.series_row import COLUMNS, Key, SeriesRow, from_texts, to_texts

SYNC_S = 1.0
"""A row reaches the system at once and the disk within this time."""

MOST_LETTERS = 80
NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
"""What file systems without locks answer; there a table is written all the same."""

ODD_NAMES = "surrogateescape"
"""Names of files are bytes on many systems: those that are no UTF-8 stand as they are."""


class TableFile:
    """A table on disk.

    Each row is handed to the system when it comes, so that a killed process loses only the
    frames under way. `finish` puts the rows in the order of the files.
    """

    def __init__(self, path: str, files: Sequence[str]) -> None:
        self._path, self._files = path, files
        self._synced = time.monotonic()
        self._stream: TextIO | None = None

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Keep other runs from this table: what they write would be lost, or ours.

        Raises
        ------
        InputError
            Another run has it, or nothing can be written beside it.
        """
        place = Path(os.path.realpath(self._path))
        lock = OwnerLock(place.with_name(f".{place.name[:MOST_LETTERS]}.lock"))
        try:
            taken = place.parent.is_dir() and not lock.acquire()
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise _cannot_begin(self._path, error) from error
            taken = False
        if taken:
            raise InputError(
                f"{self._path} is being written by another run of calibtool: wait until it has "
                "ended, or choose another name for this table."
            )
        try:
            yield
        finally:
            lock.release()

    def begin(self, rows: Iterable[SeriesRow], *, force: bool) -> None:
        """Write the table anew with the rows there are already, and stay ready for more.

        Raises
        ------
        InputError
            The file exists and ``force`` is not given, or it cannot be written.
        """
        write_file(self._path, _bytes(in_order(rows, self._files)), force=force)
        try:
            self._stream = open(  # noqa: SIM115
                self._path, "a", encoding="utf-8", errors=ODD_NAMES, newline=""
            )
        except OSError as error:
            raise _cannot_write(self._path, error) from error

    def add(self, row: SeriesRow) -> None:
        """Append a row."""
        if self._stream is None:
            raise ValueError("begin comes first")
        try:
            self._stream.write(_lines([row]))
            self._stream.flush()
            if time.monotonic() - self._synced > SYNC_S:
                os.fsync(self._stream.fileno())
                self._synced = time.monotonic()
        except OSError as error:
            raise _cannot_write(self._path, error) from error

    def finish(self) -> str:
        """Put the rows in order; the file is whole before and after.

        Returns
        -------
        str
            A sentence where they could not be, as while another program reads the table; all
            rows are there all the same.
        """
        if self._stream is None:
            return ""
        self._stream.close()
        self._stream = None
        rows = in_order(read_rows(self._path), self._files)
        try:
            write_file(self._path, _bytes(rows), force=True)
        except InputError as error:
            return f"All rows are written, but not in the order of the files. {error}"
        return ""


class TableStream:
    """The table on standard output, file by file in order."""

    def __init__(self, files: Sequence[str], stream: TextIO | None = None) -> None:
        self._files = list(reversed(files))
        self._stream = stream or sys.stdout
        self._rows: dict[str, list[SeriesRow]] = {}
        self._whole: set[str] = set()

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """As for a file; nobody else writes to this stream."""
        yield

    def begin(self, rows: Iterable[SeriesRow], *, force: bool) -> None:
        """Write the names of the columns, and the rows there are already."""
        self._stream.write(_header())
        for row in rows:
            self.add(row)

    def add(self, row: SeriesRow) -> None:
        """Write what is whole up to here; a file is whole with the row of its frame 0."""
        self._rows.setdefault(row.file, []).append(row)
        if row.frame == 0:
            self._whole.add(row.file)
        while self._files and self._files[-1] in self._whole:
            self._write(self._files.pop())

    def finish(self) -> str:
        """Write what is left after a stop; there is nothing to say of it."""
        for file in reversed(self._files):
            if file in self._rows:
                self._write(file)
        return ""

    def _write(self, file: str) -> None:
        rows = sorted(self._rows.pop(file), key=lambda row: row.frame)
        self._stream.write(_lines(rows))
        self._stream.flush()


def in_order(rows: Iterable[SeriesRow], files: Sequence[str]) -> list[SeriesRow]:
    """Rows in the order of the files; those of other files come last, in natural order."""
    rows = list(rows)
    place = {file: number for number, file in enumerate(files)}
    place |= {name: place[file] for name, file in names_in(rows, files).items()}
    last = len(place)
    return sorted(rows, key=lambda r: (place.get(r.file, last), natural_key(r.file), r.frame))


def names_in(rows: Iterable[SeriesRow], files: Sequence[str]) -> dict[str, str]:
    """Names of files in rows that are not in ``files``, though the files are: those there."""
    strange = {row.file for row in rows}.difference(files)
    if not strange:
        return {}
    known = {identity(file): file for file in files}
    return {name: known[what] for name in strange if (what := identity(name)) in known}


def read_rows(path: str) -> list[SeriesRow]:
    """Rows of a table; what stands after the last whole line was cut off and is left out.

    Raises
    ------
    InputError
        The file cannot be read, or is not a table of a series.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8", ODD_NAMES)
    except OSError as error:
        raise InputError(
            f"Cannot read the table {path}: {error.strerror}; choose another."
        ) from error
    whole = text[: text.rfind("\n") + 1]
    if not whole and _text([]).startswith(text):
        return []
    lines = csv.reader(io.StringIO(whole))
    if tuple(next(lines, ())) != COLUMNS:
        raise InputError(
            f"{path} is not a table of 'calibtool batch' (its columns are others): choose another "
            "name with -o.",
            in_window=f"{path} is not the table of a series (its columns are others): choose "
            "another name.",
        )
    try:
        return [from_texts(texts) for texts in lines]
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path} has a damaged row ({error}): remove the row, or begin anew with --force.",
            in_window=f"{path} has a damaged row ({error}): remove the row, or begin anew.",
        ) from error


def done_keys(rows: Sequence[SeriesRow], files: Sequence[str]) -> frozenset[Key]:
    """File and frame of rows, a file by its name in ``files`` where it is among them."""
    names = names_in(rows, files)
    return frozenset((names.get(row.file, row.file), row.frame) for row in rows)


def _bytes(rows: Iterable[SeriesRow]) -> bytes:
    return _text(rows).encode("utf-8", ODD_NAMES)


def _text(rows: Iterable[SeriesRow]) -> str:
    return _header() + _lines(rows)


def _header() -> str:
    return ",".join(COLUMNS) + "\n"


def _lines(rows: Iterable[SeriesRow]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(to_texts(row) for row in rows)
    return buffer.getvalue()


def _cannot_begin(path: str, error: OSError) -> InputError:
    return InputError(f"Cannot write the table {path}: {error.strerror}; choose another folder.")


def _cannot_write(path: str, error: OSError) -> InputError:
    return InputError(
        f"Cannot write the table {path}: {error.strerror}; what is in it stays, go on with "
        "--resume once this is mended."
    )
