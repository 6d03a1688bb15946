"""The archive for a report has what helps and no image, unless one is asked for."""

import zipfile
from pathlib import Path

import pytest

from calibtool.cli import main, report_problem
from calibtool.io.fault_log import MOST_BYTES, fault_log, keep_fault


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALIBTOOL_HOME", str(tmp_path / "home"))


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as packed:
        return packed.namelist()


def test_versions_and_self_test_are_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("calibtool.cli.self_test.CHECKS", {})
    archive = tmp_path / "report.zip"
    assert main.run(["report-problem", "-o", str(archive)]) == 0
    assert names(archive) == ["versions.txt", "self-test.txt"]
    assert "versions.txt" in capsys.readouterr().out
    with zipfile.ZipFile(archive) as packed:
        assert b"numpy" in packed.read("versions.txt")
    assert main.run(["report-problem", "-o", str(archive)]) == 2


def test_a_fault_is_in_it_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise ZeroDivisionError("of the test")

    monkeypatch.setattr(report_problem, "options_parser", fails)
    assert main.run(["report-problem"]) == 2
    monkeypatch.undo()
    monkeypatch.setenv("CALIBTOOL_HOME", str(tmp_path / "home"))
    archive = tmp_path / "report.zip"
    assert main.run(["report-problem", "--no-self-test", "-o", str(archive)]) == 0
    with zipfile.ZipFile(archive) as packed:
        log = packed.read("faults.log").decode()
    assert "ZeroDivisionError: of the test" in log
    assert "in fails" in log


def test_an_image_is_in_it_only_where_it_was_named(tmp_path: Path) -> None:
    image, archive = tmp_path / "image.edf", tmp_path / "report.zip"
    image.write_bytes(b"pixels")
    words = ["report-problem", "--no-self-test", "--image", str(image), "-o", str(archive)]
    assert main.run(words) == 0
    assert names(archive) == ["versions.txt", "image 1/image.edf"]
    assert main.run([*words[:-1], str(image), "--force"]) == 2
    assert image.read_bytes() == b"pixels"


def test_the_log_keeps_the_latest_and_does_not_grow(tmp_path: Path) -> None:
    for number in range(3):
        keep_fault(ValueError(f"{number}" * (MOST_BYTES // 2)))
    assert fault_log().stat().st_size == MOST_BYTES
    assert fault_log().read_text().rstrip().endswith("222")


def test_a_log_that_cannot_be_written_is_no_further_fault(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    keep_fault(ValueError("x"))
