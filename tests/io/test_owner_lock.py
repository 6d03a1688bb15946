"""A lock on a drive whose file numbers are not stable is refused, not waited for for ever."""

import errno
import os
from pathlib import Path

import pytest

from calibtool.io.owner_lock import OwnerLock


def test_file_numbers_that_never_agree_end_the_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "samestat", lambda _one, _two: False)
    lock = OwnerLock(tmp_path / "lock")
    with pytest.raises(OSError, match="lock") as failed:
        lock.acquire()
    assert failed.value.errno == errno.ENOLCK


def test_a_lock_is_held_by_one_and_free_after_it(tmp_path: Path) -> None:
    first, second = OwnerLock(tmp_path / "lock"), OwnerLock(tmp_path / "lock")
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
