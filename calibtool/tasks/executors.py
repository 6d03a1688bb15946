"""Where the work of a series runs: here, in processes of this machine, or on a Dask cluster."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

from calibtool import __version__
from calibtool.errors import InputError
from calibtool.tasks.worker_processes import WorkerProcesses
from calibtool.threads import SINGLE_THREAD

PATIENCE_S = 30.0
MOST_ON_WINDOWS = 61
FRAME_LIMIT_S = 60.0
"""Time a frame may take where nobody says otherwise."""


@contextlib.contextmanager
def processes(n_jobs: int, limit_s: float = FRAME_LIMIT_S) -> Iterator[WorkerProcesses]:
    """Processes of this machine, each with a limit of time for a task.

    Each uses one thread for its linear algebra: the frames are the parallel part.
    """
    with _environment(dict.fromkeys(SINGLE_THREAD, "1")), WorkerProcesses(
        as_many_as_possible(n_jobs), limit_s
    ) as pool:
        yield pool


def cores() -> int:
    """How many processes this machine can run at once for us."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return as_many_as_possible(os.cpu_count() or 1)


def as_many_as_possible(n_jobs: int) -> int:
    """So many processes, or as many as one process of Windows can wait for."""
    return min(n_jobs, MOST_ON_WINDOWS) if sys.platform == "win32" else n_jobs


@contextlib.contextmanager
def dask_cluster(address: str) -> Iterator[Executor]:
    """Workers of an existing Dask cluster, through the same interface.

    Raises
    ------
    InputError
        distributed is not installed, nothing answers at the address, there is no worker, or
        the workers have no calibtool or another version of it.
    """
    client = _connect(address)
    try:
        _check_workers(client, address)
        with client.get_executor(retries=3) as executor:
            yield executor
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            "--scheduler needs Dask, which is not installed: install it with "
            "'pip install \"calibtool[cluster]\"'."
        ) from error
    if not re.fullmatch(r"(\w+://)?\S+:\d+", address):
        raise InputError(
            f"--scheduler: '{address}' is not an address; write it as tcp://host:8786."
        )
    try:
        return Client(address, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"No Dask scheduler answers at {address}: check the address, as in "
            "tcp://host:8786, and that the scheduler runs."
        ) from error


def _check_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
    except TimeoutError as error:
        raise InputError(
            f"The Dask scheduler at {address} has no workers: start some, and try again."
        ) from error
    try:
        versions = set(client.run(worker_version).values())
    except Exception as error:  # whatever keeps the workers from loading the program
        raise InputError(
            f"The workers of {address} cannot load calibtool ({error}): install calibtool "
            f"{__version__} where they run."
        ) from error
    if versions - {__version__}:
        listed = ", ".join(sorted(versions))
        raise InputError(
            f"The workers of {address} have calibtool {listed} and this is {__version__}: install "
            "the same version everywhere."
        )


def worker_version() -> str:
    """Version of calibtool where this runs."""
    return __version__


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Environment variables that processes started meanwhile inherit."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
