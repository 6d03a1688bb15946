"""Sessions: saved, restored, done again with identical numbers, offered after a crash."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibtool.cli import fit
from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.model.settings import USER, FitOptions, Quantity
from calibtool.model.state.session import Point, Session
from calibtool.tasks.autosave import Autosave, crashed, forget
from calibtool.tasks.entering import choose_calibrant, choose_ring
from calibtool.tasks.opening import open_image
from calibtool.tasks.session_file import replayed, restore, restored_session, session_record
from tests.exposures import write_edf
from tests.model.rings import on_ring
from tests.tasks.batch_runs import until
from tests.tasks.frames import START, frame


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "agbh.edf"
    write_edf(path, frame(START, 3))
    return path


def session_of(image: Path, *, n_points: int) -> Session:
    """A session with everything in it that a user can set."""
    from calibtool.model.settings import Settings

    opened = open_image(str(image), 0, Settings())
    settings = replace(
        choose_ring(choose_calibrant(opened.settings, "AgBh"), 2, USER),
        wavelength=Quantity(0.1, None, USER),
        pixel_size=Quantity(0.172, None, USER),
        distance=Quantity(900.0, None, USER),
        s10_px=71.5,
        center_x=Quantity(118.0, None, USER),
        center_y=Quantity(131.5, None, USER),
        options=FitOptions(population=40, generations=60, starts=3, seed=7, threshold=2.5),
    )
    clicks = on_ring(START, n_points, noise_px=0.4, seed=2) if n_points else np.empty((0, 2))
    points = tuple(Point(x + 0.3, y - 0.2, x, y, True) for x, y in clicks.tolist())
    return replayed(Session(image=opened.image, settings=settings, points=points))


@pytest.mark.parametrize("n_points", [0, 9], ids=["found", "points"])
def test_a_session_read_back_gives_identical_numbers(
    image: Path, tmp_path: Path, n_points: int
) -> None:
    session = session_of(image, n_points=n_points)
    saved = tmp_path / "session.json"
    session_record(session).save(saved)
    calibration = Calibration.load(saved)
    again = replayed(restored_session(calibration, restore(calibration)))
    assert session_record(again).to_json_dict() == session_record(session).to_json_dict()
    assert replace(again.settings, detector_source="") == replace(
        session.settings, detector_source=""
    )
    assert again.points == session.points
    assert session.result is not None
    assert again.result is not None
    assert np.array_equal(again.result.best.covariance, session.result.best.covariance)
    if n_points:
        assert session.result.circle is not None
        assert again.result.circle is not None
        assert again.result.circle.history == session.result.circle.history


def test_the_command_line_repeats_what_it_saved(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = tmp_path / "points.csv"
    xy = on_ring(START, 8, noise_px=0.3, seed=5)
    points.write_text("x_px,y_px\n" + "".join(f"{x!r},{y!r}\n" for x, y in xy.tolist()))
    saved = tmp_path / "first.json"
    first = [str(image), "--points", str(points), "--wavelength", "0.1", "--seed", "3"]
    assert fit.run([*first, "--json", "-o", str(saved)]) == 0
    before = json.loads(capsys.readouterr().out)
    assert fit.run(["--session", str(saved), "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    after["image"] = before["image"]
    assert after == before
    for wrong in ([str(image)], ["--ring", "2"], ["--frame", "0"], ["--seed", "0"]):
        with pytest.raises(InputError, match="session already says"):
            fit.run(["--session", str(saved), *wrong])
    with pytest.raises(InputError, match="Which image"):
        fit.run(["--json"])


def test_a_session_that_was_moved_with_its_image_finds_it(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "data").mkdir(parents=True)
    (here / "data" / image.name).write_bytes(image.read_bytes())
    monkeypatch.chdir(here)
    assert fit.run([f"data/{image.name}", "-o", "data/saved.json", "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    here.rename(there)
    monkeypatch.chdir(tmp_path)
    assert fit.run(["--session", "there/data/saved.json", "--json"]) == 0
    said = capsys.readouterr()
    after = json.loads(said.out)
    assert after["center_x_px"] == before["center_x_px"]
    assert os.path.samefile(after["image"], there / "data" / image.name)
    assert said.err == ""


def test_a_session_whose_image_has_changed_says_so(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "a.json"
    assert fit.run([str(image), "-o", str(saved)]) == 0
    capsys.readouterr()
    assert fit.run(["--session", str(saved), "--json"]) == 0
    assert capsys.readouterr().err == ""
    image.write_bytes(image.read_bytes().replace(b"}", b" }", 1))
    assert fit.run(["--session", str(saved), "--json"]) == 0
    said = capsys.readouterr()
    assert "has changed since" in said.err
    assert json.loads(said.out)["radius_px"] > 0


def test_an_image_that_is_gone_or_another_is_said(image: Path, tmp_path: Path) -> None:
    calibration = session_record(session_of(image, n_points=0))
    write_edf(image, frame(START, 3, (240, 256)))
    with pytest.raises(InputError, match="not the image of this session"):
        restore(calibration)
    image.unlink()
    with pytest.raises(InputError, match=r"agbh\.edf"):
        restore(calibration)
    with pytest.raises(InputError, match="which image"):
        restore(Calibration())


CRASHING = """
import sys, time
from pathlib import Path
from calibtool.io.calibration import Calibration
from calibtool.tasks.autosave import Autosave
autosave = Autosave(Path(sys.argv[1]))
assert autosave.keep(Calibration(image="lost.edf", radius_px=12.5))
print("kept", flush=True)
time.sleep(600)
"""


def test_a_session_is_offered_when_its_program_was_killed_and_not_before(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    process = subprocess.Popen(
        [sys.executable, "-c", CRASHING, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    living = process.stdout.readline() == "kept\n" and crashed(folder) == ()
    process.kill()
    process.communicate(timeout=30)
    assert living
    until(lambda: len(crashed(folder)) == 1, "the lost session")
    lost = crashed(folder)[0]
    assert lost.calibration.image == "lost.edf"
    assert lost.calibration.radius_px == 12.5
    forget(lost.path)
    assert crashed(folder) == ()


def test_a_program_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    autosave = Autosave(tmp_path)
    assert autosave.keep(Calibration(image="a.edf"))
    assert autosave.keep(Calibration(image="b.edf"))
    assert crashed(tmp_path) == ()
    autosave.close()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_session_is_removed_and_a_folder_that_is_none_does_no_harm(
    tmp_path: Path,
) -> None:
    (tmp_path / "1-2.session.json").write_text("{")
    assert crashed(tmp_path) == ()
    assert list(tmp_path.glob("*.session.json")) == []
    (tmp_path / "file").write_text("")
    assert Autosave(tmp_path / "file").keep(Calibration()) is False
    assert crashed(tmp_path / "nowhere") == ()
