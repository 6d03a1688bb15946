"""An executor without a process."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any


class Here(Executor):
    """Runs each task at once in the calling thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def run(self, fn: Callable[..., Any], /, *args: Any) -> Any:
        return fn(*args)


@contextlib.contextmanager
def in_this_process(n_jobs: int, limit_s: float = 0.0) -> Iterator[Here]:
    """In place of ``processes``, whose start takes longer than the frames of a small series."""
    yield Here()
