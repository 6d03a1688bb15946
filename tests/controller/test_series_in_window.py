"""The folder of the image: next, process, resume, stop, follow."""

import os
from pathlib import Path

import pytest

from tests.controller.conftest import Desk
from tests.exposures import write_edf
from tests.tasks.frames import START, drifted, frame
from tests.tasks.here import in_this_process
from tests.tasks.image_server import content, give, serving
from tests.tasks.test_starting import placed, write_image


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibtool.controller.series.processes", in_this_process)


def process(desk: Desk, table: Path) -> None:
    """Choose a table for the folder, and start where nothing is in the way."""
    desk.controller.command_path("process_folder_as", str(table))
    start = f"anew:{table}"
    notice = desk.scene.notice
    if notice is not None and (start, "Start") in notice.choices:
        desk.controller.answer(start)


@pytest.mark.usefixtures("here")
def test_before_it_starts_it_is_said_what_will_be_measured_and_how(
    desk: Desk, folder: Path
) -> None:
    desk.open(folder / "run_0.edf")
    desk.controller.command("process_folder")
    notice = desk.scene.notice
    assert notice is not None
    for part in (f"9 files of {folder} ", "images_series.csv", "beam is fitted in each"):
        assert part in notice.text
    assert desk.scene.busy is None
    assert not (folder / "images_series.csv").exists()
    desk.controller.answer("dismiss")
    desk.controller.set_field("fixed_center", "1")
    desk.controller.set_field("pattern", "run_[01].edf")
    desk.controller.command("process_folder")
    notice = desk.scene.notice
    assert notice is not None
    x, y = desk.controller.session.settings.fixed_xy or (0.0, 0.0)
    assert x == pytest.approx(START.center_x_px, abs=0.1)
    assert f"2 files of {folder} " in notice.text
    assert f"beam is fixed at {x:.2f}, {y:.2f} px" in notice.text
    (start, label), *_ = notice.choices
    assert label == "Start"
    desk.controller.answer(start)
    desk.rest()
    assert [row[2] for row in desk.scene.series.rows] == ["ok", "ok"]
    assert (folder / "images_series.csv").exists()


def test_next_and_previous_walk_through_the_folder(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    assert [row[0] for row in desk.scene.folder.rows][:2] == ["run_0.edf", "run_1.edf"]
    desk.controller.command("next")
    desk.rest()
    assert desk.controller.session.image is not None
    assert desk.controller.session.image.path.endswith("run_1.edf")
    assert desk.scene.folder.current == 1
    desk.controller.command("previous")
    desk.rest()
    desk.controller.command("previous")
    assert desk.scene.notice is not None
    assert "first image" in desk.scene.notice.text


def test_a_fixed_centre_is_used_for_the_next_image(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    desk.controller.set_field("fixed_center", "1")
    fixed = desk.controller.session.settings.fixed_xy
    desk.controller.command("next")
    desk.rest()
    result = desk.controller.session.result
    assert result is not None
    assert (result.best.center_x_px, result.best.center_y_px) == fixed
    assert result.center_source == "fixed"
    assert result.best.radius_px == pytest.approx(drifted(10).radius_px, abs=0.1)


def test_the_folder_is_measured_against_the_calibration(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    desk.open(folder / "run_0.edf")
    table = tmp_path / "table.csv"
    process(desk, table)
    desk.rest()
    rows = desk.scene.series.rows
    assert [row[0] for row in rows] == [*(f"run_{n}.edf" for n in range(8)), "run_9.edf"]
    assert [row[2] for row in rows] == ["ok"] * 8 + ["failed"]
    for number in range(1, 8):
        true = drifted(10 * number)
        assert float(rows[number][4]) == pytest.approx(true.center_x_px, abs=0.15)
        assert float(rows[number][5]) == pytest.approx(true.center_y_px, abs=0.15)
    assert {curve.name for curve in desk.scene.drift} == {"dx", "dy", "dR"}
    assert len(table.read_text().splitlines()) == 10
    desk.controller.open_row("series", 3)
    desk.rest()
    assert desk.controller.session.image is not None
    assert desk.controller.session.image.path.endswith("run_3.edf")


@pytest.mark.usefixtures("here")
def test_distance_and_tilt_of_each_image_are_in_table_and_plot_with_their_sigma(
    desk: Desk, tmp_path: Path
) -> None:
    images, table = tmp_path / "images", tmp_path / "table.csv"
    images.mkdir()
    for number in range(3):
        write_image(images / f"{number}.edf", placed(171.3 + 0.2 * number, 146.8), seed=number)
    desk.open(images / "0.edf")
    for key, value in (("wavelength", "0.05"), ("pixel_size", "0.2"), ("calibrant", "LaB6")):
        desk.controller.set_field(key, value)
        desk.rest()
    desk.controller.command_path("process_folder_as", str(table))
    desk.controller.answer(f"rings:{table}")
    desk.rest()
    shown = desk.scene.series
    for name, true, most in (("distance (mm)", 140.0, 0.5), ("tilt (°)", 3.0, 0.3)):
        column = shown.columns.index(name)
        for row in shown.rows:
            value, sigma = float(row[column]), float(row[column + 1])
            assert abs(value - true) < 4.0 * sigma + 1e-3
            assert 0.0 < sigma < most
    curves = {curve.name: curve for curve in desk.scene.drift}
    assert list(curves) == ["dx", "dy", "dR", "distance", "tilt"]
    assert all(len(curve.sigma) == 3 and min(curve.sigma) > 0.0 for curve in curves.values())
    whole = table.read_text()
    table.write_text("".join(whole.splitlines(keepends=True)[:3]))
    desk.controller.command_path("process_folder_as", str(table))
    desk.controller.answer(f"resume:{table}")
    desk.rest()
    assert table.read_text() == whole


@pytest.mark.usefixtures("here")
def test_an_existing_table_is_completed_or_begun_anew_as_the_user_says(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    desk.open(folder / "run_0.edf")
    table = tmp_path / "table.csv"
    process(desk, table)
    desk.rest()
    whole = table.read_text()
    table.write_text("".join(whole.splitlines(keepends=True)[:4]))
    process(desk, table)
    assert desk.scene.notice is not None
    choices = dict((label, choice) for choice, label in desk.scene.notice.choices)
    desk.controller.answer(choices["Complete it"])
    desk.rest()
    assert table.read_text() == whole


def test_without_a_calibration_there_is_nothing_to_measure_with(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    empty = folder / "empty.edf"
    write_edf(empty, frame(None, seed=99))
    desk.open(empty)
    process(desk, tmp_path / "table.csv")
    assert desk.scene.notice is not None
    assert "no calibration" in desk.scene.notice.text
    assert not (tmp_path / "table.csv").exists()


def test_follow_shows_what_arrives_and_says_a_drift(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    desk.controller.set_field("drift_limit", "0,3")
    desk.controller.command("follow")
    assert "follow" in desk.scene.checked
    hidden = folder / ".run_20.edf"
    write_edf(hidden, frame(drifted(60), seed=7))
    os.replace(hidden, folder / "run_20.edf")
    desk.until(lambda: len(desk.scene.series.rows) == 1)
    assert desk.scene.series.rows[0][0] == "run_20.edf"
    assert desk.scene.notice is not None
    assert "drifted" in desk.scene.notice.text
    desk.controller.command("follow")
    desk.rest()
    assert "follow" not in desk.scene.checked


def test_an_address_is_followed_and_the_newest_image_is_shown(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    served = [content(frame(circle, seed)) for seed, circle in ((31, START), (32, drifted(60)))]
    with serving(lambda handler: give(served[0] if len(served) == 1 else served.pop(0))(handler)
                 ) as address:  # fmt: skip
        desk.controller.command_path("follow_address", address)
        assert "follow" in desk.scene.checked
        desk.until(lambda: len(desk.scene.series.rows) == 2)
        image = desk.controller.session.image
        assert image is not None
        assert (image.path, image.frame) == (address, 1)
        assert desk.scene.notice is not None
        assert "has drifted by" in desk.scene.notice.text
        assert "σ" in desk.scene.notice.text
        desk.controller.command("follow")
        desk.rest()
    assert "follow" not in desk.scene.checked


def test_an_address_that_serves_no_image_is_said_and_following_goes_on(
    desk: Desk, folder: Path
) -> None:
    desk.open(folder / "run_0.edf")
    before = desk.controller.session.image
    with serving(give(b"<html><body>not yet</body></html>")) as address:
        desk.controller.command_path("follow_address", address)
        desk.until(lambda: len(desk.scene.series.rows) == 1)
    assert desk.scene.notice is not None
    assert "not an image" in desk.scene.notice.text
    assert desk.controller.session.image is before
    assert "follow" in desk.scene.checked
    desk.controller.command("follow")
    desk.rest()


def test_what_is_no_address_is_said(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    desk.controller.command_path("follow_address", "detector")
    assert desk.scene.notice is not None
    assert "write it as http://" in desk.scene.notice.text
    assert "follow" not in desk.scene.checked


@pytest.mark.parametrize("command", ["save", "save_points", "report", "process_folder_as"])
def test_no_image_of_the_folder_is_ever_written_over(
    command: str, desk: Desk, folder: Path
) -> None:
    desk.open(folder / "run_0.edf")
    for name in ("run_0.edf", "run_1.edf"):
        before = (folder / name).read_bytes()
        desk.controller.command_path(command, str(folder / name))
        desk.rest()
        assert (folder / name).read_bytes() == before
        assert desk.scene.notice is not None
        assert "is an image and was not overwritten" in desk.scene.notice.text
