"""``calibtool --self-test`` passes here, and tells a fault from a part that is not installed."""

from pathlib import Path

import pytest

from calibtool.cli import self_test


def test_this_installation_passes(display: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert self_test.run([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "all is well"
    assert [line.split()[0] for line in lines[1:-1]] == ["ok"] * len(self_test.CHECKS)


def test_a_fault_is_named_and_the_other_checks_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_folder: Path) -> str:
        raise OSError("disk is full")

    def absent(_folder: Path) -> str:
        raise self_test.LeftOut("no such part")

    checks = {"first": broken, "second": absent, "fit of points": self_test.check_points}
    monkeypatch.setattr(self_test, "CHECKS", checks)
    assert self_test.run([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "FAILED    first: OSError: disk is full"
    assert lines[2] == "left out  second: no such part"
    assert lines[3].startswith("ok")
    assert lines[4] == "1 of 3 checks failed"


def test_a_wrong_ring_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "LARGEST_ERROR_PX", 1e-9)
    with pytest.raises(self_test.Failed, match="px off"):
        self_test.check_ring(tmp_path)
