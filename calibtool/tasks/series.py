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

from calibtool.errors import InputError
from calibtool.tasks.executors import OpenExecutor
from calibtool.tasks.measure import Answer, SeriesOptions, fault, measure_file
from calibtool.tasks.reference import Reference
from calibtool.tasks.series_row import Key, SeriesRow, failed

LOOK_S = 0.2
"""How long to wait for a frame before asking whether to stop."""

DIED = "The process that read this image died: the file is damaged, or memory ran out."

Futures = dict["Future[Answer]", Key]


class _Plan:
    """Frames to do, in natural order; grows when a file turns out to hold several.

    ``suspects`` were under way when a process died; they are done one at a time.
    """

    def __init__(self, files: Sequence[str], done: Collection[Key]) -> None:
        self.waiting = deque((file, 0) for file in files if (file, 0) not in done)
        self.suspects: deque[Key] = deque()
        self._done = done
        self._held: dict[str, SeriesRow] = {}
        self._left: dict[str, int] = {}

    @property
    def queue(self) -> deque[Key]:
        """Where the next frame is taken from."""
        return self.suspects or self.waiting

    def take(self, key: Key, answer: Answer) -> Iterator[SeriesRow]:
        """Note an answer; yields the rows that can be given out now.

        The row of a file's first frame comes last. Where it stands in a table, all frames of
        the file do, so that a later run knows without opening the file.
        """
        file, frame = key
        if frame == 0:
            rest = [n for n in range(1, answer.n_frames) if (file, n) not in self._done]
            self.waiting.extendleft((file, n) for n in reversed(rest))
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
    open_executor: OpenExecutor,
    *,
    n_jobs: int,
    done: Collection[Key] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> Generator[SeriesRow, None, None]:
    """Measure all frames of files.

    A file that cannot be used is a row with its reason. A process that dies over a frame
    costs this frame only. Not more than two frames a process are under way at once.

    Parameters
    ----------
    files : sequence of str
        Images, in natural order; files of several frames are done frame by frame.
    reference : Reference
        The calibration.
    options : SeriesOptions
        What else to do.
    open_executor : callable
        Makes the executor, as ``lambda: processes(4)``.
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
    task = _Task(reference, options)
    while plan.queue:
        with open_executor() as executor:
            finished = yield from _work_through(plan, task, executor, 2 * n_jobs, cancelled)
        if finished:
            return


class _Task:
    """What is the same for all frames, and how one is given to an executor."""

    def __init__(self, reference: Reference, options: SeriesOptions) -> None:
        self._reference, self._options = reference, options

    def submit(self, executor: Executor, key: Key) -> "Future[Answer]":
        return executor.submit(measure_file, *key, self._reference, self._options)


def _work_through(
    plan: _Plan, task: _Task, executor: Executor, most: int, cancelled: Callable[[], bool]
) -> Generator[SeriesRow, None, bool]:
    """Yield rows until all is done (True), or until the executor breaks (False)."""
    pending: Futures = {}
    while plan.queue or pending:
        if cancelled():
            return True
        limit = 1 if plan.suspects else most
        try:
            while plan.queue and len(pending) < limit:
                key = plan.queue[0]
                pending[task.submit(executor, key)] = key
                plan.queue.popleft()
            for key, answer in _ready(pending):
                yield from plan.take(key, answer)
        except BrokenExecutor as error:
            if not pending:
                raise InputError(
                    "The processes for the series cannot be started: try --jobs 1.",
                    in_window="The processes for the series cannot be started: close other "
                    "programs and try again.",
                ) from error
            yield from _blame(plan, list(pending.values()))
            return False
    return True


def _ready(pending: Futures) -> Iterator[tuple[Key, Answer]]:
    """Take the futures that are done out of ``pending``."""
    ready, _ = wait(pending, timeout=LOOK_S, return_when=FIRST_COMPLETED)
    for future in ready:
        answer = _answer(future, pending[future])
        yield pending.pop(future), answer


def _answer(future: "Future[Answer]", key: Key) -> Answer:
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except CancelledError as error:
        raise InputError(
            "The connection to the workers was lost: check them, and go on with --resume.",
            in_window="The connection to the workers was lost: process the folder again and "
            "complete the table.",
        ) from error
    except Exception as error:  # one frame must not end the series; the row shows the fault
        # Dask's name for what is a broken pool here: worker after worker died over the task.
        reason = DIED if type(error).__name__ == "KilledWorker" else fault(error)
        return Answer(failed(*key, reason))


def _blame(plan: _Plan, lost: list[Key]) -> Iterator[SeriesRow]:
    """Frames that were under way when a process died: guilty alone, otherwise suspect."""
    if len(lost) > 1:
        plan.suspects.extend(sorted(lost))
    for key in lost if len(lost) == 1 else ():
        yield from plan.take(key, Answer(failed(*key, DIED)))
