"""Wrong usage is one line on standard error and exit code 2, and overwrites nothing."""

from pathlib import Path

import numpy as np
import pytest

from calibtool.cli.main import run


@pytest.fixture
def image(tmp_path: Path) -> str:
    """A small image without a ring; wrong options must be refused before it is searched."""
    path = tmp_path / "flat.npy"
    np.save(path, np.full((64, 64), 5.0))
    return str(path)


def refusal(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run, and return the one line that says why not."""
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("calibtool: ")
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--frame", "x"], "--frame"),
        (["--seed", "1.5"], "--seed"),
        (["--seed", "-1"], "seed"),
        (["--sideways"], "--sideways"),
        (["--wavelength", "0.1", "--energy", "12"], "--energy"),
        (["--calibrant", ""], "--calibrant"),
        (["--wavelength", " "], "--wavelength"),
        (["--pixel-size", "172"], "check the unit"),
        (["--energy", "12400"], "check the unit"),
        (["--distance", "1e300"], "check the unit"),
        (["--wavelength", "1e-10"], "check the unit"),
        (["--d-spacing", "1e300"], "check the unit"),
        (["--center", "1e9,1e9"], "check the unit"),
        (["--energy", "1_2"], "'1_2' is not a number"),
        (["--calibrant", "unobtainium"], "calibtool calibrants"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(
    image: str, words: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert named in refusal(["fit", image, "--json", *words], capsys)


def test_the_missing_paths_of_a_batch_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "batch --help" in refusal(["batch"], capsys)


def test_an_image_needs_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert "without a name" in refusal(["fit", ""], capsys)


@pytest.mark.parametrize("name", ["agbh_demo.edf", "agbh_demo.json", "agbh_demo.png"])
def test_the_demo_overwrites_nothing(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("mine")
    assert name in refusal(["demo", "--out", str(tmp_path)], capsys)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_demo_folder_that_is_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    assert str(tmp_path / "file") in refusal(["demo", "--out", str(tmp_path / "file")], capsys)


def test_no_detector_of_a_name_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["detectors", "no-such-detector"]) == 0
    assert "no-such-detector" in capsys.readouterr().err
