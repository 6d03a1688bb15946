"""Wrong usage is one line on standard error and exit code 2, and overwrites nothing."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from calibtool.cli.main import run
from calibtool.tasks.gallery import write_image


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
        (["-o", ""], "no name"),
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
        (["--center", ";"], "--center"),
        (["--center", "-12,x"], "Centre y"),
        (["--calibrant", "AgBh", "--d-spacing", "3"], "no ring of AgBh"),
        (["--ring", "2", "--d-spacing", "5.838"], "not ring 2"),
        (["--figure", "report.xyz"], "report.xyz"),
        (["-o", "no-such-folder/out.json"], "no-such-folder"),
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


@pytest.mark.skipif(os.name == "nt", reason="links need the developer mode there")
def test_no_output_replaces_what_is_read(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(image).read_bytes()
    link = tmp_path / "link.json"
    link.symlink_to(image)
    for words in (["fit", image, "-o", image], ["fit", image, "--poni", str(link)],
                  ["batch", image, "-o", image]):  # fmt: skip
        assert "is read by this run" in refusal([*words, "--force"], capsys)
    assert Path(image).read_bytes() == before


def test_no_output_replaces_a_session_or_a_calibrant_that_is_read(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session, own = tmp_path / "session.json", tmp_path / "own.D"
    session.write_text("{}")
    own.write_text("58.38\n")
    for words in (["fit", "--session", str(session), "-o", str(session)],
                  ["fit", image, "--calibrant", str(own), "-o", str(own)],
                  ["batch", image, "--calibrant", str(own), "-o", str(own)]):  # fmt: skip
        assert "is read by this run" in refusal([*words, "--force"], capsys)
    assert own.read_text() == "58.38\n"


def test_two_outputs_of_one_name_are_refused(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = str(tmp_path / "out")
    said = refusal(["fit", image, "-o", name, "--poni", name, "--force"], capsys)
    assert "two outputs" in said
    assert not Path(name).exists()


def test_what_exists_is_refused_before_anything_is_written(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.poni").write_text("mine")
    first, second = str(tmp_path / "a.json"), str(tmp_path / "b.poni")
    assert second in refusal(["fit", image, "-o", first, "--poni", second], capsys)
    assert not Path(first).exists()


def test_a_history_needs_points(image: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--points" in refusal(["fit", image, "--history", "h.csv"], capsys)


@pytest.mark.skipif(os.name == "nt", reason="names cannot have several lines")
def test_a_name_of_several_lines_stays_on_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "missing\\n.tif" in refusal(["fit", "missing\n.tif"], capsys)


def test_a_fault_of_the_program_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("something\nunforeseen")

    monkeypatch.delenv("CALIBTOOL_DEBUG", raising=False)
    monkeypatch.setattr("calibtool.instruments.calibrants.calibrants", broken)
    assert "RuntimeError" in refusal(["calibrants"], capsys)
    monkeypatch.setenv("CALIBTOOL_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(["calibrants"])


def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> None:
        raise ModuleNotFoundError("No module named 'fabio.edfimage'", name="fabio.edfimage")

    monkeypatch.delenv("CALIBTOOL_DEBUG", raising=False)
    monkeypatch.setattr("calibtool.instruments.calibrants.calibrants", missing)
    assert "pip install fabio" in refusal(["calibrants"], capsys)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_of_few_characters_gets_the_list(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "calibtool", "calibrants"],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == b""
    assert "5.838, 2.919" in done.stdout.decode(encoding)


@pytest.mark.skipif(os.name == "nt", reason="closes a stream as a POSIX shell does")
@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX closes the stream")
def test_a_closed_standard_error_leaves_standard_output_clean() -> None:
    program = shlex.join([sys.executable, "-m", "calibtool", "fit", "missing.tif", "--json"])
    done = subprocess.run(["sh", "-c", f"{program} 2>&-"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_closed_standard_output_is_no_fault() -> None:
    command = f"{shlex.quote(sys.executable)} -m calibtool calibrants >&-"
    done = subprocess.run(command, shell=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--drift-limit", "nan"], "--drift-limit"),
        (["--drift-limit", "-1"], "--drift-limit"),
        (["--scheduler", "somewhere"], "tcp://host:8786"),
        (["--jobs", "0"], "--jobs"),
    ],
)
def test_an_option_of_a_batch_that_cannot_be_used_is_named(
    demo: str, words: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["batch", demo, *words]) == 2
    assert named in capsys.readouterr().err


def test_a_file_that_is_no_table_is_not_completed(
    demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (b"my notes", b"\x00\xff", b"a,b\n1,2\n"):
        (tmp_path / "mine.csv").write_bytes(content)
        words = ["batch", demo, "-o", str(tmp_path / "mine.csv"), "--resume"]
        assert "not a table" in refusal(words, capsys)
        assert (tmp_path / "mine.csv").read_bytes() == content


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names are bytes on Linux")
def test_a_name_that_is_no_text_is_measured_reported_and_resumed(
    demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = os.fsdecode(os.fsencode(str(tmp_path)) + b"/odd\xff.edf")
    Path(odd).write_bytes(Path(demo).read_bytes())
    table, figure = str(tmp_path / "t.csv"), str(tmp_path / "f.png")
    words = ["batch", demo, odd, "-o", table]
    assert run([*words, "--figure", figure]) == 0
    before = Path(table).read_bytes()
    assert b"odd\xff.edf,0,ok" in before
    assert run([*words, "--resume"]) == 0
    assert Path(table).read_bytes() == before
    saved = str(tmp_path / "c.json")
    report = str(tmp_path / "r.png")
    assert run(["fit", odd, "-o", saved, "--figure", report, "--json"]) == 0
    capsys.readouterr()
    assert run(["fit", "--session", saved, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["image"].endswith("odd\udcff.edf")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo image."""
    return str(write_image(tmp_path_factory.mktemp("demo") / "demo.edf"))
