"""What is printed keeps every sign and name, and a reader that has had enough is no fault."""

import errno
import io
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from calibtool.cli import main
from calibtool.cli.counting import Counter
from calibtool.tasks.series_row import SeriesRow


def printed(code: str, **variables: str) -> bytes:
    """Bytes that calibtool's command line writes into a pipe where letters are Windows' own."""
    # A code page is the C library's affair; Python is told of it as Windows tells.
    start = (
        "import sys; sys.stdout.reconfigure(encoding='cp1252'); from calibtool.cli import main; "
        f"main._make_writable(); {code}"
    )
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    done = subprocess.run(
        [sys.executable, "-c", start], env=clean | variables, capture_output=True, check=True,
        timeout=60,
    )  # fmt: skip
    return done.stdout


def test_names_in_a_redirected_table_are_utf_8() -> None:
    assert printed("print('σ 日本_1.edf')").split() == "σ 日本_1.edf".encode().split()


def test_who_chose_an_encoding_has_it() -> None:
    assert printed("print('σ x')", PYTHONIOENCODING="cp1252").split() == [b"?", b"x"]


@pytest.mark.parametrize(
    ("system", "error", "code"),
    [
        ("linux", BrokenPipeError(errno.EPIPE, "broken"), 0),
        ("win32", OSError(errno.EINVAL, "Invalid argument"), 0),
        ("win32", OSError(errno.EINVAL, "Invalid argument", "image?.edf"), 2),
        ("linux", OSError(errno.EINVAL, "Invalid argument"), 2),
    ],
)
def test_a_closed_pipe_is_the_readers_wish(
    monkeypatch: pytest.MonkeyPatch, system: str, error: OSError, code: int, tmp_path: Path
) -> None:
    def fail(_text: str) -> int:
        raise error

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(main, "_say", fail)
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main.run(["--help"]) == code


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def row(frame: int) -> SeriesRow:
    return SeriesRow(file="a.edf", frame=frame, status="ok", message="")


def test_progress_clears_its_line_on_every_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibtool.cli.counting.EVERY_S", -1.0)
    terminal = Terminal()
    counter = Counter(2, terminal)
    for frame in (5, 0):
        counter.count(row(frame))
    counter.total = 1
    counter.finish()
    said = terminal.getvalue()
    assert "\x1b" not in said
    lines = said.rstrip("\n").split("\r")[1:]
    assert all(len(later) >= len(before.rstrip())
               for before, later in pairwise(lines))


def test_progress_is_for_terminals_only() -> None:
    pipe = io.StringIO()
    counter = Counter(1, pipe)
    counter.count(row(0))
    counter.finish()
    assert pipe.getvalue() == ""


def test_ctrl_break_of_windows_ends_a_series_well() -> None:
    code = (
        "import signal; signal.SIGBREAK = 21; from calibtool.cli.stopping import ENDING; "
        "print(21 in ENDING)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert done.stdout.strip() == b"True"
