"""The built program does its whole job where nothing is installed.

It runs from a copy in another folder that cannot be written, as a user without a home, with no
PATH and nothing else in its environment. The images it reads are written here, by the libraries
of the tests.
"""

import json
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from calibtool import __version__
from calibtool.model.demo import CIRCLE, demo_image
from tests.x11 import Screen, picture_is_there, something_is_there

BUILT = Path(__file__).resolve().parents[2] / "dist" / "calibtool"
NOBODY = 65534
FILTERS = ("Bitshuffle", "LZ4", "Zstd", "Blosc", "Blosc2", "BZip2")
OUTPUTS = {"-o": "c.json", "--poni": "c.poni", "--history": "c.csv", "--figure": "c.pdf"}


@dataclass(frozen=True)
class Place:
    """Where the program stands (``program``, read-only) and where it may write (``folder``)."""

    program: Path
    folder: Path

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *words], env={}, cwd=self.folder, user=self.user, timeout=300,
            capture_output=True, text=True,
        )  # fmt: skip

    @property
    def user(self) -> int | None:
        # To root every folder can be written, so root's own run would prove nothing.
        return NOBODY if os.geteuid() == 0 else None


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    assert (BUILT / "calibtool").exists(), "nothing is built yet; run 'make exe' first"
    with tempfile.TemporaryDirectory(prefix="calibtool elsewhere ") as name:
        top = Path(name)
        top.chmod(0o755)
        shutil.copytree(BUILT, top / "program", symlinks=True)
        for path in [top / "program", *(top / "program").rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
        folder = top / "work"
        folder.mkdir()
        folder.chmod(0o777)
        yield Place(top / "program" / "calibtool", folder)
        for path in [top / "program", *(top / "program").rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)


@pytest.fixture(scope="module")
def images(place: Place) -> dict[str, Path]:
    """The same simulated frame in every format."""
    import h5py
    import hdf5plugin
    from fabio.cbfimage import CbfImage
    from fabio.edfimage import EdfImage
    from fabio.tifimage import TifImage

    data, made = demo_image(), {}
    for name, kind in (("tif", TifImage), ("edf", EdfImage), ("cbf", CbfImage)):
        made[name] = place.folder / f"demo.{name}"
        kind(data=data).write(str(made[name]))
    for name in FILTERS:
        made[name] = place.folder / f"{name}.h5"
        with h5py.File(made[name], "w") as file:
            file.create_dataset("entry/data/data", data=data, **getattr(hdf5plugin, name)())
    return made


@pytest.mark.parametrize("kind", ["tif", "edf", "cbf", *FILTERS])
def test_it_opens_the_format_and_finds_the_ring(
    place: Place, images: dict[str, Path], kind: str
) -> None:
    done = place.run("fit", images[kind], "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["center_x_px"] == pytest.approx(CIRCLE.center_x_px, abs=0.1)
    assert found["center_y_px"] == pytest.approx(CIRCLE.center_y_px, abs=0.1)
    assert found["radius_px"] == pytest.approx(CIRCLE.radius_px, abs=0.1)
    assert done.stderr == ""


def test_it_writes_every_file(place: Place, images: dict[str, Path]) -> None:
    angles = np.linspace(0.2, 5.9, 9)
    x = CIRCLE.center_x_px + CIRCLE.radius_px * np.cos(angles)
    y = CIRCLE.center_y_px + CIRCLE.radius_px * np.sin(angles)
    rows = "\n".join(f"{a},{b}" for a, b in zip(x, y, strict=True))
    (place.folder / "points.csv").write_text(f"x_px,y_px\n{rows}\n", encoding="utf-8")
    words = ["--wavelength", "0.1", "--pixel-size", "0.172", "--points", "points.csv"]
    for option, name in OUTPUTS.items():
        words += [option, name]
    done = place.run("fit", images["tif"], *words)
    assert done.returncode == 0, done.stderr
    calibration = json.loads((place.folder / "c.json").read_text(encoding="utf-8"))
    assert calibration["format"] == "calibtool-calibration"
    poni = (place.folder / "c.poni").read_text(encoding="utf-8")
    assert "poni_version: 2.1" in poni
    assert (place.folder / "c.csv").read_text(encoding="utf-8").startswith("start,stage,iteration")
    assert (place.folder / "c.pdf").read_bytes().startswith(b"%PDF")
    assert done.stderr == ""


def test_it_writes_a_report_that_can_be_looked_at(place: Place, images: dict[str, Path]) -> None:
    done = place.run("fit", images["edf"], "--figure", "c.png")
    assert done.returncode == 0, done.stderr
    pixels = np.asarray(PIL.Image.open(place.folder / "c.png"))
    assert np.unique(pixels).size > 100


def test_it_measures_a_folder_in_processes(place: Place, images: dict[str, Path]) -> None:
    done = place.run("batch", images["tif"], images["cbf"], "--jobs", "2", "-o", "table.csv")
    assert done.returncode == 0, done.stderr
    rows = (place.folder / "table.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("file,frame,status")
    assert [row.split(",")[2] for row in rows[1:]] == ["ok", "ok"]


def test_it_lists_detectors_and_calibrants(place: Place) -> None:
    detectors = place.run("detectors", "--json")
    assert len(json.loads(detectors.stdout)) > 100
    calibrants = place.run("calibrants")
    assert "AgBh" in calibrants.stdout
    assert detectors.stderr + calibrants.stderr == ""


def test_it_says_its_version_and_tests_itself(place: Place) -> None:
    assert place.run("--version").stdout.startswith(f"calibtool {__version__}\n")
    done = place.run("--self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all is well" in done.stdout
    assert "FAILED" not in done.stdout


def test_the_window_shows_the_picture(place: Place, images: dict[str, Path], display: str) -> None:
    screen = Screen(display)
    program = subprocess.Popen(
        [place.program, images["Bitshuffle"]], env={"DISPLAY": display}, cwd=place.folder,
        user=place.user, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        screen.wait(something_is_there, timeout=60)
        screen.wait(picture_is_there, timeout=60)
        # Long enough for the ring to be found and the lists to be loaded in the background.
        for _ in range(20):
            assert program.poll() is None
            time.sleep(0.5)
    finally:
        program.terminate()
        said = program.communicate(timeout=30)[1]
        screen.close()
    assert said == ""
