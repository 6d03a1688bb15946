"""A real Dask cluster: the same table as the processes, and a dead worker costs only time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calibtool.errors import InputError
from calibtool.tasks.executors import dask_cluster
from tests.tasks.batch_runs import PATIENCE_S, begun, n_lines, start, table_of, until
from tests.tasks.frames import Series

pytest.importorskip("distributed")

Process = "subprocess.Popen[bytes]"


class Cluster:
    """A scheduler and workers on loopback, started as a user would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._log = (folder / "log.txt").open("wb")
        self.scheduler = self._dask("scheduler", "--host", "127.0.0.1", "--port", "0")
        until(self._file.exists, "the scheduler")
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        import json

        address: str = json.loads(self._file.read_text())["address"]
        return address

    def add_worker(self) -> None:
        self.workers.append(
            self._dask("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        )

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait(timeout=PATIENCE_S)
        self._log.close()

    def _dask(self, what: str, *more: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "dask", what, "--scheduler-file", str(self._file)),
                *("--no-dashboard", *more),
            ],
            cwd=self._folder,
            stdout=self._log,
            stderr=self._log,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        made.add_worker()
        made.add_worker()
        yield made
    finally:
        made.close()


def test_the_cluster_gives_the_table_of_the_processes(
    cluster: Cluster, series: Series, table: Path, tmp_path: Path
) -> None:
    made = table_of(series, tmp_path / "table.csv", "--scheduler", cluster.address)
    assert made.read_bytes() == table.read_bytes()


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(
    cluster: Cluster, series: Series, table: Path, tmp_path: Path
) -> None:
    part = begun(table, tmp_path / "table.csv", 60)
    process = start(series, part, "--scheduler", cluster.address, "--resume")
    until(lambda: n_lines(part) > 70, "10 rows more")
    cluster.workers[0].kill()
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1, errors
    assert part.read_bytes() == table.read_bytes()


def test_an_address_where_nothing_answers_is_said_by_name() -> None:
    address = "nonsense://127.0.0.1:1"
    with pytest.raises(InputError, match=address), dask_cluster(address):
        pass
