"""Following a folder: no image missed, none read half, none twice, drift flagged."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibtool.model.circle import Circle
from calibtool.tasks import watch_folder as watching
from calibtool.tasks.follow import follow, follow_step
from calibtool.tasks.found import Watch
from calibtool.tasks.measure import SeriesOptions
from calibtool.tasks.reference import Reference
from calibtool.tasks.series_row import SeriesRow
from calibtool.tasks.watch_folder import watch_folder
from tests.exposures import write_edf
from tests.tasks import slow_writer
from tests.tasks.frames import START, drifted, frame

REFERENCE = Reference(START, d_nm=5.838)
PLAIN = SeriesOptions()
QUICK = {"settle_s": 1.0, "patience_s": 5.0}


def looked(
    state: Watch, *times: float, options: SeriesOptions = PLAIN
) -> tuple[Watch, list[SeriesRow]]:
    """Look at the folder at some times; returns the rows of all looks."""
    rows: list[SeriesRow] = []
    for now in times:
        state, arrivals = follow_step(state, REFERENCE, options, now)
        rows += [arrival.row for arrival in arrivals]
    return state, rows


def test_a_slow_writer_that_renames_loses_no_image_and_none_is_read_half(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.mkdir()
    folder.mkdir()
    for number in range(12):
        write_edf(source / f"run_{number:02d}.edf", frame(drifted(10 * number), number))
    state = watch_folder(str(folder), settle_s=0.25, patience_s=60.0)
    writer = subprocess.Popen([sys.executable, slow_writer.__file__, str(source), str(folder)])
    rows = {}
    end = time.monotonic() + 60.0
    for arrival in follow(
        state, REFERENCE, PLAIN, cancelled=lambda: len(rows) == 12 or time.monotonic() > end,
        poll_s=0.02,
    ):  # fmt: skip
        name = Path(arrival.row.file).name.removeprefix("tmp_")
        assert name not in rows
        assert arrival.image is not None
        rows[name] = (arrival.row, arrival.image.data)
    assert writer.wait(timeout=30) == 0
    assert sorted(rows) == sorted(path.name for path in source.iterdir())
    for name, (row, data) in rows.items():
        number = int(name[4:6])
        assert np.array_equal(data, frame(drifted(10 * number), number))
        assert row.ok
        assert row.center_x_px == pytest.approx(drifted(10 * number).center_x_px, abs=0.06)


def test_what_is_there_already_is_not_new(tmp_path: Path) -> None:
    write_edf(tmp_path / "old.edf", frame(START, 1))
    state = watch_folder(str(tmp_path), **QUICK)
    state, rows = looked(state, 0.0, 10.0)
    assert rows == []
    write_edf(tmp_path / "new.edf", frame(START, 2))
    _, rows = looked(state, 11.0, 11.5, 12.1, 20.0)
    assert [Path(row.file).name for row in rows] == ["new.edf"]


def test_a_file_counts_when_it_has_not_changed_for_a_while(tmp_path: Path) -> None:
    state = watch_folder(str(tmp_path), **QUICK)
    path = tmp_path / "a.edf"
    write_edf(path, frame(START, 1))
    state, rows = looked(state, 0.0, 0.9)
    assert rows == []
    os.utime(path, ns=(1, 1))
    state, rows = looked(state, 1.5, 2.4)
    assert rows == []
    _, rows = looked(state, 2.6)
    assert len(rows) == 1


def test_a_file_renamed_after_it_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    state = watch_folder(str(tmp_path), **QUICK)
    write_edf(tmp_path / "a.edf", frame(START, 1))
    state, rows = looked(state, 0.0, 2.0)
    assert len(rows) == 1
    (tmp_path / "a.edf").rename(tmp_path / "b.edf")
    _, rows = looked(state, 3.0, 5.0)
    assert rows == []


def test_a_name_that_is_used_again_is_a_new_image(tmp_path: Path) -> None:
    state = watch_folder(str(tmp_path), **QUICK)
    for number in range(3):
        write_edf(tmp_path / "next.edf", frame(drifted(50 * number), number))
        (tmp_path / "next.edf").rename(tmp_path / "latest.edf")
        state, rows = looked(state, 10.0 * number, 10.0 * number + 2.0)
        assert [row.center_x_px for row in rows] == [
            pytest.approx(drifted(50 * number).center_x_px, abs=0.06)
        ]


def test_a_damaged_file_is_given_up_with_its_reason_and_does_not_block(tmp_path: Path) -> None:
    state = watch_folder(str(tmp_path), **QUICK)
    write_edf(tmp_path / "bad.edf", frame(START, 1))
    (tmp_path / "bad.edf").write_bytes((tmp_path / "bad.edf").read_bytes()[:50_000])
    write_edf(tmp_path / "good.edf", frame(START, 2))
    state, rows = looked(state, 0.0, 2.0)
    assert [Path(row.file).name for row in rows] == ["good.edf"]
    state, rows = looked(state, 6.0, 7.0)
    assert [(Path(row.file).name, row.status) for row in rows] == [("bad.edf", "failed")]
    assert "truncated" in rows[0].message


def test_a_stack_that_grows_goes_on_where_it_was(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "stack.h5"

    def write(n: int) -> None:
        with h5py.File(path, "a") as file:
            if "entry/data" not in file:
                shape = frame(START, 0).shape
                file.create_dataset("entry/data", (0, *shape), "i4", maxshape=(None, *shape))
            data = file["entry/data"]
            first = len(data)
            data.resize(n, axis=0)
            for number in range(first, n):
                data[number] = frame(drifted(number), number)

    write(2)
    state = watch_folder(str(tmp_path), **QUICK)
    write(5)
    state, rows = looked(state, 0.0, 2.0, 3.0)
    assert [row.frame for row in rows] == [2, 3, 4]
    write(12)
    _, rows = looked(state, 4.0, 6.0, 7.0, 8.0)
    assert [row.frame for row in rows] == [5, 6, 7, 8, 9, 10, 11]
    assert all(row.ok for row in rows)


def test_a_drift_beyond_the_limit_is_flagged(tmp_path: Path) -> None:
    state = watch_folder(str(tmp_path), **QUICK)
    near = Circle(START.center_x_px + 0.3, START.center_y_px, START.radius_px)
    far = replace(near, center_x_px=START.center_x_px + 0.7)
    write_edf(tmp_path / "a.edf", frame(near, 1))
    write_edf(tmp_path / "b.edf", frame(far, 2))
    _, rows = looked(state, 0.0, 2.0, options=SeriesOptions(drift_limit_px=0.5))
    assert ["drift" in row.warnings for row in rows] == [False, True]


def test_only_names_of_the_pattern_are_followed(tmp_path: Path) -> None:
    state = watch_folder(str(tmp_path), "run_*.edf", **QUICK)
    write_edf(tmp_path / "run_1.edf", frame(START, 1))
    write_edf(tmp_path / "dark_1.edf", frame(None, 2))
    _, rows = looked(state, 0.0, 2.0)
    assert [Path(row.file).name for row in rows] == ["run_1.edf"]


def test_not_more_than_a_few_frames_in_one_step(tmp_path: Path) -> None:
    state = watch_folder(str(tmp_path), **QUICK)
    n = watching.MOST + 2
    for number in range(n):
        write_edf(tmp_path / f"{number}.edf", frame(START, number))
    state, rows = looked(state, 0.0, 2.0)
    assert len(rows) == watching.MOST
    _, rest = looked(state, 2.1)
    assert len({row.file for row in (*rows, *rest)}) == n
