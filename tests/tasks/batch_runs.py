"""``calibtool batch`` as a process of its own, to be stopped and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from calibtool.cli.stopping import ENDING
from tests.tasks.frames import Series

PATIENCE_S = 120.0


def command(series: Series, table: Path, *more: str) -> list[str]:
    return [
        *(sys.executable, "-m", "calibtool", "batch", str(series.folder)),
        *("--calibration", str(series.calibration), "-o", str(table), *more),
    ]


def _in_a_terminal() -> None:
    """Hear what ends a program, also where the tests themselves run in the background."""
    for number in (signal.SIGINT, *ENDING):
        signal.signal(number, signal.SIG_DFL)


def start(series: Series, table: Path, *more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(series, table, *more),
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
        preexec_fn=_in_a_terminal if os.name == "posix" else None,
    )


def table_of(series: Series, table: Path, *more: str) -> Path:
    """Run to the end, with two processes unless told otherwise."""
    process = start(series, table, *(more or ("--jobs", "2")))
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1, errors
    assert errors == ""
    return table


def begun(table: Path, part: Path, n_rows: int) -> Path:
    """A table with the first rows of another one, to be resumed."""
    lines = table.read_bytes().splitlines(keepends=True)
    part.write_bytes(b"".join(lines[: n_rows + 1]))
    return part


def n_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition, with a limit."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.01)
