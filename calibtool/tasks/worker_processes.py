"""Processes that do one task each at a time; one that takes too long is killed and replaced.

The pool of the standard library cannot tell which of its processes does which task, so that
the only way to stop one is to break the pool.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

Answer = TypeVar("Answer")

LOOK_S = 0.2
"""How long to wait for an answer before Ctrl-C is heard, where a wait is deaf to it."""

LEAVE_S = 2.0
"""Time a process has to end the task under way when all is over."""

MOST_STILLBORN = 3
"""So many processes in a row that die before their first task: none can be started here."""

_SPAWN = multiprocessing.get_context("spawn")


class TookTooLongError(Exception):
    """A task was over the limit of time, and its process was killed."""


class ProcessDiedError(Exception):
    """The process died over the task."""


class _Worker:
    """A process, the way to talk to it, and the task it does."""

    def __init__(self) -> None:
        self.link, other = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_serve, args=(other,), daemon=True)
        with _deaf_to_ctrl_c():
            self.process.start()
        other.close()
        self.ready = False
        self.future: Future[Any] | None = None
        self.deadline = float("inf")

    def give(self, task: "_Task", limit_s: float) -> None:
        """Begin a task; raises OSError where the process is no more."""
        future, fn, args = task
        self.future, self.deadline = future, time.monotonic() + limit_s
        self.link.send((fn, args))

    def take_future(self) -> "Future[Any] | None":
        """Return the future of the task under way, which is over."""
        future, self.future, self.deadline = self.future, None, float("inf")
        return future

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.link.close()
        # A process that hangs in the system itself (a dead disk) does not even hear that.
        self.process.join(LEAVE_S)


_Task = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...]]


class WorkerProcesses(Executor):
    """Runs tasks in processes of this machine, started afresh (spawn) when they are needed.

    Parameters
    ----------
    n_jobs : int
        Processes at the most.
    limit_s : float
        Time a task may take; then its future fails with `TookTooLongError`.
    """

    def __init__(self, n_jobs: int, limit_s: float) -> None:
        self._n_jobs, self._limit_s = n_jobs, limit_s
        self._waiting: deque[_Task] = deque()
        self._workers: list[_Worker] = []
        self._stillborn = 0
        self._closing = False
        self._woken, self._wake = _SPAWN.Pipe(duplex=False)
        self._thread: threading.Thread | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Queue a task: a function of a module, called with values that can be pickled."""
        if kwargs:
            raise TypeError("values are given by their places")
        future: Future[Any] = Future()
        self._waiting.append((future, fn, args))
        if self._thread is None:
            self._thread = threading.Thread(target=self._manage, daemon=True)
            self._thread.start()
        self._wake.send_bytes(b"1")
        return future

    def run(self, fn: Callable[..., Answer], /, *args: Any) -> Answer:
        """Run a task and wait for its answer."""
        future: Future[Answer] = self.submit(fn, *args)
        while True:
            with contextlib.suppress(TimeoutError):
                return future.result(LOOK_S)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; what they are doing is given a moment to end well."""
        self._closing = True
        if self._thread is not None:
            self._wake.send_bytes(b"1")
            self._thread.join()
            self._thread = None

    def _manage(self) -> None:
        while not self._closing:
            self._start_some()
            self._hand_out()
            # On Windows the links are of another class, so any object may be the key.
            links: dict[Any, _Worker] = {worker.link: worker for worker in self._workers}
            nearest = min((worker.deadline for worker in self._workers), default=float("inf"))
            left = None if nearest == float("inf") else max(nearest - time.monotonic(), 0.0)
            for link in wait([*links, self._woken], left):
                if link is self._woken:
                    self._woken.recv_bytes()
                else:
                    self._hear(links[link])
            self._end_late()
        self._leave()

    def _start_some(self) -> None:
        """Have as many processes as there are tasks for, up to the limit.

        A few tasks are done before a second process is there: at first one is started, then
        as many more as there are.
        """
        busy = sum(worker.future is not None for worker in self._workers)
        ready = sum(worker.ready for worker in self._workers)
        wanted = min(self._n_jobs, busy + len(self._waiting), max(2 * ready, 1))
        while len(self._workers) < wanted:
            self._workers.append(_Worker())

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.ready and worker.future is None and self._waiting:
                # One that has just died is heard of as such.
                with contextlib.suppress(OSError):
                    worker.give(self._waiting.popleft(), self._limit_s)

    def _hear(self, worker: _Worker) -> None:
        try:
            message = worker.link.recv()
        except (EOFError, OSError):
            self._replace(worker, ProcessDiedError())
            return
        except Exception as fault:  # an answer that cannot be unpacked is one all the same
            message = (None, fault)
        if message is None:
            worker.ready, self._stillborn = True, 0
            return
        future, (value, error) = worker.take_future(), message
        if future is not None and error is None:
            future.set_result(value)
        elif future is not None:
            future.set_exception(error)

    def _end_late(self) -> None:
        now = time.monotonic()
        for worker in [worker for worker in self._workers if worker.deadline <= now]:
            self._replace(worker, TookTooLongError())

    def _replace(self, worker: _Worker, reason: Exception) -> None:
        """Let a process go; another one is started where there is more to do."""
        self._workers.remove(worker)
        future = worker.take_future()
        worker.kill()
        if future is not None:
            future.set_exception(reason)
        elif not worker.ready:
            self._stillborn += 1
        if self._stillborn >= MOST_STILLBORN:
            while self._waiting:
                self._waiting.popleft()[0].set_exception(BrokenExecutor())
            self._stillborn = 0

    def _leave(self) -> None:
        for worker in self._workers:
            worker.link.close()
        end = time.monotonic() + LEAVE_S
        for worker in self._workers:
            worker.process.join(max(end - time.monotonic(), 0.0))
            worker.kill()


def _serve(link: "Connection[Any, Any]") -> None:
    """Do tasks until there is nobody to give them."""
    _begin_process()
    with contextlib.suppress(EOFError, OSError):
        link.send(None)
        while True:
            fn, args = link.recv()
            link.send_bytes(_packed_outcome(fn, args))


def _packed_outcome(fn: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    """Value and error of a task; what cannot be sent is an error too."""
    try:
        return pickle.dumps((fn(*args), None))
    except Exception as error:  # belongs to whoever asks for the result
        try:
            return pickle.dumps((None, error))
        except Exception:
            return pickle.dumps((None, RuntimeError(repr(error))))


def _begin_process() -> None:
    # The parent takes Ctrl-C and stops its processes itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What a task needs is there before its time counts.
    import fabio  # noqa: F401
    import scipy.optimize  # noqa: F401

    import calibtool.tasks.measure  # noqa: F401


def _end_with_parent() -> None:
    """Do not stay behind, busy with a task, when the parent was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let a process that is started meanwhile not hear a Ctrl-C, which is for its parent."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
