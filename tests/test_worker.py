"""One thread, value in and value out: order, cancel, latest wins, failures come back."""

import threading
import time
from collections.abc import Iterator

import pytest

from calibtool.errors import FitError, JobCancelledError
from calibtool.worker import Monitor, Report, Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def wait_for(worker: Worker, count: int = 1, kinds: tuple[str, ...] = ()) -> list[Report]:
    deadline = time.monotonic() + 10.0
    reports: list[Report] = []
    while time.monotonic() < deadline:
        reports += [r for r in worker.poll() if not kinds or r.kind in kinds]
        if len(reports) >= count:
            return reports
        time.sleep(0.001)
    raise AssertionError(f"only {reports} came")


def test_a_value_comes_back(worker: Worker) -> None:
    worker.submit("fit", lambda _monitor: 6 * 7)
    (report,) = wait_for(worker)
    assert (report.kind, report.value) == ("done", 42)
    assert not worker.busy()


def test_an_error_comes_back_as_it_is(worker: Worker) -> None:
    error = FitError("all points on a line")

    def task(_monitor: Monitor) -> None:
        raise error

    worker.submit("fit", task)
    (report,) = wait_for(worker)
    assert report.kind == "failed"
    assert report.error is error


def test_progress_comes_in_order(worker: Worker) -> None:
    def task(monitor: Monitor) -> None:
        for n in range(5):
            monitor.progress(n / 5, f"step {n}")

    worker.submit("fit", task)
    reports = wait_for(worker, 6)
    assert [r.fraction for r in reports[:-1]] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert reports[-1].kind == "done"


def test_cancel_ends_a_running_job_as_cancelled(worker: Worker) -> None:
    started = threading.Event()

    def task(monitor: Monitor) -> None:
        started.set()
        while not monitor.cancelled():
            time.sleep(0.001)
        raise JobCancelledError("stopped")

    worker.submit("fit", task)
    assert started.wait(10)
    worker.cancel("fit")
    (report,) = wait_for(worker)
    assert report.kind == "cancelled"


def test_the_latest_job_of_a_lane_wins(worker: Worker) -> None:
    started, release = threading.Event(), threading.Event()

    def slow(_monitor: Monitor) -> str:
        started.set()
        release.wait(10)
        return "old"

    worker.submit("fit", slow)
    assert started.wait(10)
    worker.submit("fit", lambda _monitor: "new")
    release.set()
    reports = wait_for(worker)
    assert [(r.kind, r.value) for r in reports] == [("done", "new")]


def test_lanes_do_not_replace_each_other(worker: Worker) -> None:
    worker.submit("open", lambda _monitor: "image")
    worker.submit("fit", lambda _monitor: "circle")
    assert {r.value for r in wait_for(worker, 2)} == {"image", "circle"}


def test_a_waiting_job_that_was_cancelled_never_runs(worker: Worker) -> None:
    release = threading.Event()
    ran: list[str] = []
    worker.submit("open", lambda _monitor: release.wait(10))
    worker.submit("fit", lambda _monitor: ran.append("fit"))
    worker.cancel("fit")
    release.set()
    kinds = {r.job.name: r.kind for r in wait_for(worker, 2)}
    assert kinds == {"open": "done", "fit": "cancelled"}
    assert ran == []


def test_what_is_under_way_at_the_end_is_given_time_to_end_well() -> None:
    worker = Worker()
    begun, written = threading.Event(), threading.Event()

    def write_slowly(monitor: Monitor) -> None:
        begun.set()
        while not monitor.cancelled():
            time.sleep(0.001)
        time.sleep(0.1)
        written.set()

    worker.submit("series", write_slowly)
    assert begun.wait(10.0)
    assert not worker.wait(0.0)
    worker.close()
    assert worker.wait(10.0)
    assert written.is_set()
    assert Worker().wait(0.0)
