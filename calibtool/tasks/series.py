"""Measure every frame of many files against one calibration, on any executor."""

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, replace

from calibtool.errors import InputError
from calibtool.tasks.measure import Answer, SeriesOptions, count_frames, fault, measure_file
from calibtool.tasks.reference import Reference
from calibtool.tasks.series_row import Key, SeriesRow, failed
from calibtool.tasks.worker_processes import ProcessDiedError, TookTooLongError

LOOK_S = 0.2
"""How long to wait for a frame before asking whether to stop."""

DIED = "The process that read this image died: the file is damaged, or memory ran out."
TOO_LONG = "It took longer than the time a frame is given, and was stopped: see --frame-timeout."

Futures = dict["Future[Answer]", "_Job"]


@dataclass(frozen=True)
class _Job:
    """A frame to be measured.

    ``again`` says that a process died over it once. Where the first frame of a file is ``lost``,
    the file is asked for nothing but how many frames it has.
    """

    key: Key
    again: bool = False
    lost: SeriesRow | None = None


class _Plan:
    """Frames to do, in natural order; grows when a file turns out to hold several."""

    def __init__(self, files: Sequence[str], done: Collection[Key]) -> None:
        self.waiting = deque(_Job((file, 0)) for file in files if (file, 0) not in done)
        self._done = done
        self._held: dict[str, SeriesRow] = {}
        self._left: dict[str, int] = {}

    def take(self, key: Key, answer: Answer) -> Iterator[SeriesRow]:
        """Note an answer; yields the rows that can be given out now.

        The row of a file's first frame comes last. Where it stands in a table, all frames of
        the file do, so that a later run knows without opening the file.
        """
        file, frame = key
        if frame == 0:
            rest = [n for n in range(1, answer.n_frames) if (file, n) not in self._done]
            self.waiting.extendleft(_Job((file, n)) for n in reversed(rest))
            self._held[file], self._left[file] = answer.row, len(rest)
        else:
            self._left[file] -= 1
            yield answer.row
        if not self._left[file]:
            del self._left[file]
            yield self._held.pop(file)


def process(
    files: Sequence[str],
    reference: Reference,
    options: SeriesOptions,
    executor: Executor,
    *,
    n_jobs: int,
    done: Collection[Key] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> Generator[SeriesRow, None, None]:
    """Measure all frames of files.

    A file that cannot be used is a row with its reason, and so is a frame that takes too long
    or over which two processes have died. Not more than two frames a process are under way.

    Parameters
    ----------
    files : sequence of str
        Images, in natural order; files of several frames are done frame by frame.
    reference : Reference
        The calibration.
    options : SeriesOptions
        What else to do.
    executor : Executor
        Does the work.
    n_jobs : int
        How many frames the executor does at once.
    done : collection of (file, frame)
        Frames to leave out. A file whose frame 0 is among them is done as a whole.
    cancelled : callable
        Asked now and then; True ends the rows early.

    Yields
    ------
    SeriesRow
        As they come, which is not quite the order of the files.

    Raises
    ------
    InputError
        The executor cannot be had, or was lost on the way.
    """
    plan = _Plan(files, done)
    pending: Futures = {}
    while plan.waiting or pending:
        if cancelled():
            return
        while plan.waiting and len(pending) < 2 * n_jobs:
            job = plan.waiting.popleft()
            pending[_submit(executor, job, reference, options)] = job
        ready, _ = wait(pending, timeout=LOOK_S, return_when=FIRST_COMPLETED)
        for future in ready:
            job = pending.pop(future)
            outcome = _outcome(future, job)
            if isinstance(outcome, _Job):
                plan.waiting.appendleft(outcome)
            else:
                yield from plan.take(job.key, outcome)


def _submit(
    executor: Executor, job: _Job, reference: Reference, options: SeriesOptions
) -> "Future[Answer]":
    if job.lost is not None:
        return executor.submit(count_frames, job.lost)
    return executor.submit(measure_file, *job.key, reference, options)


def _outcome(future: "Future[Answer]", job: _Job) -> Answer | _Job:
    """What has come of a frame: its answer, or what is still to do for it."""
    try:
        return future.result()
    except ProcessDiedError:
        # It may have been another's fault: memory that ran out, or somebody who killed it.
        return _given_up(job, DIED) if job.again else replace(job, again=True)
    except TookTooLongError:
        return _given_up(job, TOO_LONG)
    except BrokenExecutor as error:
        raise InputError(
            "The processes for the series cannot be started: this computer refuses them; close "
            "other programs and go on with --resume."
        ) from error
    except CancelledError as error:
        raise InputError(
            "The connection to the workers was lost: check them, and go on with --resume.",
            in_window="The connection to the workers was lost: process the folder again and "
            "complete the table.",
        ) from error
    except Exception as error:  # one frame must not end the series; the row shows the fault
        if not job.again:
            # a connection to a worker that has just died, perhaps
            return replace(job, again=True)
        # Dask's name for a task over which worker after worker died.
        reason = DIED if type(error).__name__ == "KilledWorker" else fault(error)
        return Answer(failed(*job.key, reason))


def _given_up(job: _Job, reason: str) -> Answer | _Job:
    """Row of a frame without an answer, once it is known how many frames more its file has."""
    if job.lost is not None:
        return Answer(job.lost)
    row = failed(*job.key, reason)
    return replace(job, lost=row) if row.frame == 0 else Answer(row)
