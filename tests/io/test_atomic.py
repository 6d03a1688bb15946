"""A file that another program has open is waited for, as Windows asks for."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calibtool.errors import InputError
from calibtool.io import atomic
from calibtool.io.atomic import write_file

Opened = Callable[[int], None]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Windows, and a program that keeps the target open for some tries."""
    replace = Path.replace

    def held(tries: int) -> None:
        left = [tries]

        def refuse(self: Path, target: Path) -> Path:
            left[0] -= 1
            if left[0] >= 0:
                raise PermissionError(13, "Access is denied", str(target))
            return replace(self, target)

        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setattr(Path, "replace", refuse)
        monkeypatch.setattr(atomic, "WAIT_S", 0.0)

    return held


def test_a_scanner_that_looks_at_the_file_is_waited_for(tmp_path: Path, opened: Opened) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")
    opened(3)
    write_file(target, "new", force=True)
    assert target.read_text() == "new"


def test_a_program_that_keeps_it_open_is_named_as_the_reason(
    tmp_path: Path, opened: Opened
) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")
    opened(1000)
    with pytest.raises(InputError, match="another program has it open; close it there"):
        write_file(target, "new", force=True)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
