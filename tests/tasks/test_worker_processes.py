"""Processes with a limit of time: what hangs or dies costs itself only."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from operator import attrgetter
from pathlib import Path

import pytest

from calibtool.cli.batch import run
from calibtool.tasks import worker_processes
from calibtool.tasks.executors import cores, processes
from calibtool.tasks.series_start import first_reference
from calibtool.tasks.series_table import read_rows
from calibtool.tasks.worker_processes import (
    ProcessDiedError,
    TookTooLongError,
    WorkerProcesses,
)
from tests.tasks.frames import Series, write_series
from tests.tasks.odd_tasks import for_ever, identity, unsendable


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerProcesses]:
    with processes(1, limit_s=4.0) as made:
        yield made


def test_what_hangs_is_ended_and_the_next_task_is_done(pool: WorkerProcesses) -> None:
    hanging, next_one = pool.submit(for_ever), pool.submit(identity, 7)
    with pytest.raises(TookTooLongError):
        hanging.result(60.0)
    assert next_one.result(60.0) == 7


def test_a_process_that_dies_costs_its_own_task(pool: WorkerProcesses) -> None:
    dying, next_one = pool.submit(os._exit, 1), pool.submit(identity, 8)
    with pytest.raises(ProcessDiedError):
        dying.result(60.0)
    assert next_one.result(60.0) == 8


def test_an_error_is_handed_on_and_what_cannot_be_sent_is_one(pool: WorkerProcesses) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.run(divmod, 1, 0)
    with pytest.raises(Exception, match="local object 'unsendable"):
        pool.run(unsendable)
    assert pool.run(identity, 9) == 9


def test_windows_waits_for_as_many_as_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "cpu_count", lambda: 128)
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == 61
    with processes(100) as pool:
        assert pool._n_jobs == 61


def test_links_of_another_class_are_heard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows has PipeConnection where other systems have Connection.
    monkeypatch.setattr(worker_processes, "Connection", type("Other", (), {}))
    with processes(1, limit_s=60.0) as pool:
        assert pool.submit(identity, 5).result(60.0) == 5


def test_where_no_process_lives_the_wait_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_processes, "_serve", os.close)  # ends at once, with an error
    with processes(2) as broken, pytest.raises(BrokenExecutor):
        broken.submit(identity, 1).result(60.0)


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> Series:
    """Good frames, and a file whose pixels are behind a link to where nothing ever comes from."""
    h5py = pytest.importorskip("h5py")
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes with a name")
    series = write_series(tmp_path_factory.mktemp("stuck"), 4, accidents=False)
    pipe = series.folder.parent / "pipe.h5"
    os.mkfifo(pipe)
    with h5py.File(series.folder / "run_1b.h5", "w") as file:
        file["entry/data/data"] = h5py.ExternalLink(str(pipe), "/data")
    return series


def test_a_frame_that_takes_for_ever_is_a_row_that_says_so(stuck: Series, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    known = [str(stuck.folder), "--calibration", str(stuck.calibration), "-o", str(table)]
    assert run([*known, "--frame-timeout", "4,5", "--jobs", "1"]) == 1
    rows = {Path(row.file).name: row for row in read_rows(str(table))}
    assert rows.keys() == {"run_0.edf", "run_1.edf", "run_1b.h5", "run_2.edf", "run_3.edf"}
    assert [name for name, row in rows.items() if not row.ok] == ["run_1b.h5"]
    assert "--frame-timeout" in rows["run_1b.h5"].message


def test_without_a_calibration_what_hangs_is_passed_over(stuck: Series) -> None:
    files = [str(stuck.folder / name) for name in ("run_1b.h5", "run_2.edf")]
    with processes(1, limit_s=12.0) as pool:
        reference = first_reference(files, attrgetter("settings"), pool.run)
    truth = stuck.truth[files[1]]
    assert reference.circle.center_x_px == pytest.approx(truth.center_x_px, abs=0.06)
