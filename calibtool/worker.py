"""One background thread: a value goes in, a value comes back; the latest job wins."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from calibtool.errors import JobCancelledError


class Monitor(Protocol):
    """What a job may say and ask while it runs."""

    def progress(self, fraction: float, text: str) -> None:
        """Tell the done fraction (0…1) and what is being done."""

    def partial(self, value: Any) -> None:
        """Hand out a value before the end."""

    def cancelled(self) -> bool:
        """Whether the job should stop."""


Task = Callable[[Monitor], Any]
"""The work itself. It gets a monitor and returns a value; it touches nothing shared."""


@dataclass(frozen=True)
class Report:
    """What comes back to the thread that polls: exactly one of the five kinds.

    ``kind`` is ``"progress"`` (``fraction``, ``text``), ``"partial"`` or ``"done"``
    (``value``), ``"failed"`` (``error``) or ``"cancelled"``.
    """

    job: "Job"
    kind: str
    fraction: float = 0.0
    text: str = ""
    value: Any = None
    error: BaseException | None = None


class Job:
    """One submitted task and its cancel switch."""

    def __init__(self, name: str, task: Task, outbox: "queue.SimpleQueue[Report]") -> None:
        self.name = name
        self._task = task
        self._outbox = outbox
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the task to stop; it ends as cancelled at its next look."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stop.is_set()

    def progress(self, fraction: float, text: str) -> None:
        """Report progress from within the task."""
        self._outbox.put(Report(self, "progress", fraction=fraction, text=text))

    def partial(self, value: Any) -> None:
        """Hand out a value before the end, from within the task."""
        self._outbox.put(Report(self, "partial", value=value))

    def run(self) -> None:
        """Run the task and put its one final report into the outbox."""
        if self.cancelled():
            self._outbox.put(Report(self, "cancelled"))
            return
        try:
            value = self._task(self)
        except JobCancelledError:
            self._outbox.put(Report(self, "cancelled"))
        except Exception as error:  # handed to the thread that polls, which shows or raises it
            self._outbox.put(Report(self, "failed", error=error))
        else:
            self._outbox.put(Report(self, "done", value=value))


class Worker:
    """Runs jobs one after another in one thread.

    ``submit`` replaces a waiting or running job of the same lane, whose late reports are
    dropped by ``poll``. Reports are fetched, never pushed, so the caller chooses its thread.
    """

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self._latest: dict[str, Job] = {}
        self._thread: threading.Thread | None = None

    def submit(self, lane: str, task: Task) -> Job:
        """Queue a task; an unfinished one of the same lane is cancelled and forgotten."""
        self.cancel(lane)
        job = Job(lane, task, self._outbox)
        self._latest[lane] = job
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="calibtool-worker", daemon=True)
            self._thread.start()
        self._inbox.put(job)
        return job

    def cancel(self, lane: str) -> None:
        """Ask the lane's unfinished job, if any, to stop."""
        job = self._latest.get(lane)
        if job is not None:
            job.cancel()

    def busy(self, lane: str | None = None) -> bool:
        """Whether a job (of this lane) has not reported its end yet."""
        return bool(self._latest) if lane is None else lane in self._latest

    def poll(self) -> list[Report]:
        """Reports since the last call, those of replaced jobs left out."""
        reports: list[Report] = []
        while True:
            try:
                report = self._outbox.get_nowait()
            except queue.Empty:
                return reports
            if self._latest.get(report.job.name) is not report.job:
                continue
            if report.kind not in ("progress", "partial"):
                del self._latest[report.job.name]
            reports.append(report)

    def close(self) -> None:
        """Cancel everything and let the thread end."""
        for job in self._latest.values():
            job.cancel()
        self._inbox.put(None)

    def wait(self, seconds: float) -> bool:
        """After `close`: give the job under way time to end well; returns whether it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def _loop(self) -> None:
        while (job := self._inbox.get()) is not None:
            job.run()
