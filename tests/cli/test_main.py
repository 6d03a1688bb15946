"""The command line as a whole: help, version, usage, the lists, and no traceback ever."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from calibtool import __version__
from calibtool.cli.main import SUBCOMMANDS, run


def test_help_names_every_subcommand(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in SUBCOMMANDS)


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run([name, "--help"])
    assert end.value.code == 0
    assert SUBCOMMANDS[name] in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"calibtool {__version__}"
    assert f"numpy {numpy.__version__}" in lines
    assert {"Python", "system", "Tk", "pyFAI"} <= {line.split()[0] for line in lines}


def test_senseless_usage_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--sideways"]) == 2
    assert run(["one.tif", "two.tif"]) == 2
    assert "--help" in capsys.readouterr().err


def test_a_missing_image_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "missing.tif"
    assert run(["fit", str(missing)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert str(missing) in error


def test_calibrants_begin_with_silver_behenate(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["calibrants", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["name"] == "AgBh"
    assert rows[0]["d_nm"][0] == pytest.approx(5.838)
    assert {"collagen_wet", "collagen_dry"} <= {row["name"] for row in rows}


def test_detectors_can_be_searched(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["detectors", "pilatus", "1m", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert any(row["readouts"][0]["shape"] == [1043, 981] for row in rows)
    assert all("pilatus" in " ".join(row["names"]).lower() for row in rows)


def test_demo_writes_its_answer_beside_the_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new folder"
    assert run(["demo", "--out", str(out)]) == 0
    assert "true" in capsys.readouterr().out
    assert {p.suffix for p in out.iterdir()} == {".edf", ".json", ".png"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a window opens elsewhere")
def test_without_a_screen_the_window_says_what_to_do() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "calibtool"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "calibtool fit IMAGE" in done.stderr
    assert "Traceback" not in done.stderr
