"""A series: drift recovered within σ, every bad file named, nothing lost when it is stopped."""

import csv
import math
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from calibtool.cli.stopping import ENDING
from calibtool.model.image import Image
from calibtool.tasks import measure as module
from calibtool.tasks.measure import SeriesOptions
from calibtool.tasks.reference import Reference
from calibtool.tasks.series import process
from calibtool.tasks.series_row import COLUMNS, SeriesRow, from_texts, to_texts
from calibtool.tasks.series_table import read_rows
from tests.tasks.batch_runs import PATIENCE_S, begun, n_lines, start, table_of, until
from tests.tasks.frames import D_NM, N_FRAMES, START, Series, frame
from tests.tasks.here import Here


def test_the_drift_is_recovered_within_sigma(series: Series, table: Path) -> None:
    rows = {row.file: row for row in read_rows(str(table))}
    for found, sigma, true, start_ in (
        ("dx_px", "sigma_center_x_px", "center_x_px", START.center_x_px),
        ("dy_px", "sigma_center_y_px", "center_y_px", START.center_y_px),
        ("dradius_px", "sigma_radius_px", "radius_px", START.radius_px),
    ):
        pulls = np.array(
            [
                (getattr(rows[file], found) - (getattr(circle, true) - start_))
                / getattr(rows[file], sigma)
                for file, circle in series.truth.items()
            ]
        )
        n = len(pulls)
        assert n == N_FRAMES - 7
        # Mean and scatter of n pulls, each to four of its own standard errors.
        assert abs(pulls.mean()) < 4.0 / math.sqrt(n), found
        assert abs(pulls.std() - 1.0) < 4.0 / math.sqrt(2 * n), found
        assert np.abs(pulls).max() < 4.5, found


def test_every_bad_file_is_named_with_its_reason(series: Series, table: Path) -> None:
    rows = {row.file: row for row in read_rows(str(table))}
    reasons = {"truncated": "truncated", "pixels": "256 × 240 pixels", "ring": "No ring found"}
    assert {file for file, row in rows.items() if not row.ok} == set(series.bad)
    for file, kind in series.bad.items():
        assert reasons[kind] in rows[file].message
        assert rows[file].center_x_px is None


def test_the_table_has_the_agreed_columns_in_natural_order(series: Series, table: Path) -> None:
    with table.open(newline="", encoding="utf-8") as stream:
        lines = list(csv.reader(stream))
    assert ",".join(lines[0]) == (
        "file,frame,status,message,center_x_px,center_y_px,center_source,sigma_center_x_px,"
        "sigma_center_y_px,radius_px,sigma_radius_px,d_nm,dx_px,dy_px,dradius_px,coverage,warnings,"
        "distance_mm,sigma_distance_mm,tilt_deg,sigma_tilt_deg"
    )
    names = [Path(line[0]).name for line in lines[1:]]
    assert names == [f"run_{n}.edf" for n in range(N_FRAMES)]


def test_d_follows_the_radius_at_the_scale_of_the_calibration(table: Path) -> None:
    for row in read_rows(str(table)):
        if row.radius_px is not None:
            assert row.d_nm == pytest.approx(D_NM * START.radius_px / row.radius_px, rel=1e-6)


def test_killed_in_the_middle_it_resumes_to_the_identical_table(
    series: Series, table: Path, tmp_path: Path
) -> None:
    part = tmp_path / "part.csv"
    process = start(series, part, "--jobs", "2")
    until(lambda: n_lines(part) > 40, "40 rows")
    workers = psutil.Process(process.pid).children()
    process.kill()
    process.communicate(timeout=PATIENCE_S)
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE_S)
    assert not alive
    kept = read_rows(str(part))
    assert 40 <= len(kept) < N_FRAMES
    assert set(kept) <= set(read_rows(str(table)))
    with part.open("ab") as stream:
        stream.write(b"/tmp/run_99.edf,0,ok,,118.")  # a row torn by a power cut
    table_of(series, part, "--jobs", "2", "--resume")
    assert part.read_bytes() == table.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals to other processes")
@pytest.mark.parametrize(
    ("stop", "code"), [(signal.SIGINT, 130), *((number, 128 + number) for number in ENDING)]
)
def test_cancelled_it_keeps_what_is_done_and_resumes_to_the_identical_table(
    stop: signal.Signals, code: int, series: Series, table: Path, tmp_path: Path
) -> None:
    part = begun(table, tmp_path / "part.csv", 40)
    process = start(series, part, "--jobs", "2", "--resume")
    until(lambda: n_lines(part) > 50, "10 rows more")
    process.send_signal(stop)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    assert errors.count("\n") == 1
    assert errors.startswith("calibtool: stopped; ")
    assert "--resume goes on" in errors
    kept = read_rows(str(part))
    assert 50 <= len(kept) < N_FRAMES
    order = {row.key: place for place, row in enumerate(read_rows(str(table)))}
    assert [order[row.key] for row in kept] == sorted(order[row.key] for row in kept)
    assert set(kept) <= set(read_rows(str(table)))
    if stop == signal.SIGINT:
        table_of(series, part, "--jobs", "2", "--resume")
        assert part.read_bytes() == table.read_bytes()


def test_a_second_run_leaves_a_table_that_is_being_written_alone(
    series: Series, table: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared.csv"
    first = start(series, shared, "--jobs", "1")
    until(lambda: n_lines(shared) > 10, "10 rows")
    for wish in ("--force", "--resume"):
        second = start(series, shared, wish)
        _, errors = second.communicate(timeout=PATIENCE_S)
        assert second.returncode == 2
        assert f"{shared} is being written by another run" in errors
    _, errors = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 1, errors
    assert shared.read_bytes() == table.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["shared.csv"]


def test_a_process_killed_in_the_middle_costs_nothing_but_time(
    series: Series, table: Path, tmp_path: Path
) -> None:
    part = begun(table, tmp_path / "part.csv", 60)
    process = start(series, part, "--jobs", "2", "--resume")
    until(lambda: n_lines(part) > 70, "10 rows more")
    workers = [
        child
        for child in psutil.Process(process.pid).children()
        if "spawn_main" in " ".join(child.cmdline())
    ]
    assert len(workers) == 2
    workers[0].kill()
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1, errors
    assert part.read_bytes() == table.read_bytes()


def test_a_fault_of_the_program_costs_one_frame_and_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "stack.h5", "w") as file:
        file["entry/data"] = np.stack([frame(START, n) for n in range(3)])
    whole = module.measure

    def faulty(image: Image, *more: Any) -> SeriesRow:
        if image.frame == 0:
            raise TypeError("a bug")
        return whole(image, *more)

    monkeypatch.setattr(module, "measure", faulty)
    rows = list(
        process([str(tmp_path / "stack.h5")], Reference(START), SeriesOptions(), Here(), n_jobs=1)
    )
    assert sorted((row.frame, row.status) for row in rows) == [
        (0, "failed"),
        (1, "ok"),
        (2, "ok"),
    ]
    assert "Fault in calibtool (TypeError: a bug)" in rows[-1].message


def test_cancelling_ends_the_rows_early() -> None:
    stopped = False
    files = [f"{n}.edf" for n in range(20)]
    rows = process(
        files, Reference(START), SeriesOptions(), Here(), n_jobs=1, cancelled=lambda: stopped
    )
    first = [next(rows), next(rows), next(rows)]
    stopped = True
    rest = list(rows)
    assert len(first) + len(rest) <= 4


def test_a_row_survives_its_text_form() -> None:
    full = SeriesRow(
        'a, "b".edf', 7, "ok", "note", 1.5, 2.5, "found", 0.1, 0.2, 30.0, 0.05, 5.838, 0.5, -0.5,
        -0.25, 0.75, ("short_arc", "drift"), 140.5, 0.25, 1.5, 0.125,
    )  # fmt: skip
    for row in (full, SeriesRow("b.edf", 0, "failed", "it is damaged")):
        assert from_texts(to_texts(row)) == row
    assert len(COLUMNS) == len(to_texts(full))
