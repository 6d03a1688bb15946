"""Without matplotlib and pyFAI all else works, and what is missing is said in one sentence.

Both are missing at once, so that neither stands in for the other.
"""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from calibtool.model.demo import CIRCLE
from calibtool.tasks.gallery import write_image
from tests.packaging.environments import make_environment
from tests.x11 import Screen, picture_is_there


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_image(tmp_path_factory.mktemp("image") / "agbh.edf")


@pytest.fixture(scope="module")
def programs(direct_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of an environment with neither matplotlib nor pyFAI."""
    missing = ("matplotlib", "mpl_toolkits", "pylab", "pyfai")
    return make_environment(tmp_path_factory.mktemp("without"), direct_wheel, missing)


def calibtool(programs: Path, *words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs / "calibtool", *words], cwd=home, env=os.environ | variables(home),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def variables(home: Path) -> dict[str, str]:
    """A home of its own, so that no table kept by an earlier run is found."""
    return {"HOME": str(home), "CALIBTOOL_HOME": str(home)}


def test_a_report_is_refused_in_one_sentence(programs: Path, image: Path, tmp_path: Path) -> None:
    done = calibtool(programs, "fit", image, "--figure", "a.pdf", home=tmp_path)
    assert done.returncode == 2
    [sentence] = done.stderr.splitlines()
    assert "matplotlib" in sentence
    assert "pip install matplotlib" in sentence


def test_the_ring_is_found_and_saved_all_the_same(
    programs: Path, image: Path, tmp_path: Path
) -> None:
    words = ("--json", "-o", "c.json", "--poni", "c.poni")
    done = calibtool(programs, "fit", image, *words, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["radius_px"] == pytest.approx(CIRCLE.radius_px, abs=0.1)
    assert (tmp_path / "c.poni").exists()


def test_the_built_in_calibrants_are_there(programs: Path, tmp_path: Path) -> None:
    done = calibtool(programs, "calibrants", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "AgBh" in done.stdout


def test_the_demo_is_written_without_its_figure(programs: Path, tmp_path: Path) -> None:
    done = calibtool(programs, "demo", "--out", tmp_path / "demo", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "matplotlib" in done.stderr
    assert {path.suffix for path in (tmp_path / "demo").iterdir()} == {".edf", ".json"}


def test_a_detector_that_cannot_be_looked_up_is_one_sentence(
    programs: Path, image: Path, tmp_path: Path
) -> None:
    done = calibtool(programs, "fit", image, "--detector", "Pilatus1M", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pyFAI is not installed" in done.stderr
    assert "or type the pixel size and the d-spacing" in done.stderr


def test_the_missing_list_of_detectors_is_said(programs: Path, tmp_path: Path) -> None:
    done = calibtool(programs, "detectors", home=tmp_path)
    assert "pyFAI is not installed" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_self_test_names_what_is_left_out(programs: Path, tmp_path: Path) -> None:
    done = calibtool(programs, "--self-test", home=tmp_path)
    assert done.returncode == 0, done.stdout
    left_out = [line for line in done.stdout.splitlines() if line.startswith("left out")]
    assert any("matplotlib" in line for line in left_out)
    assert any("pyFAI" in line for line in left_out)


def test_the_window_works(programs: Path, image: Path, tmp_path: Path, display: str) -> None:
    program = subprocess.Popen(
        [programs / "calibtool", image], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        env=os.environ | variables(tmp_path) | {"DISPLAY": display},
    )  # fmt: skip
    screen = Screen(display)
    try:
        screen.wait(picture_is_there, timeout=60)
        # While the lists of instruments are looked for in the background.
        for _ in range(10):
            assert program.poll() is None
            time.sleep(0.2)
    finally:
        program.terminate()
        said = program.communicate(timeout=30)[1]
        screen.close()
    assert said == ""
