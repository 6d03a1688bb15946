"""How much of the benchmark of patterns is run, and on how many processes."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

QUICK = bool(os.environ.get("QUICK"))
"""``QUICK=1``: about a sixth of everything."""

JOBS = int(os.environ.get("JOBS", os.cpu_count() or 1))
SCENES = int(os.environ.get("SCENES", 100 if QUICK else 600))
FIRST_SEED = int(os.environ.get("FIRST_SEED", 1))


def spread(job: Callable[[Any], T], tasks: Iterable[Any]) -> list[T]:
    """Results of a job on all tasks, in their order."""
    listed = list(tasks)
    if JOBS < 2:
        return [job(task) for task in listed]
    with ProcessPoolExecutor(JOBS) as pool:
        return list(pool.map(job, listed, chunksize=1))
