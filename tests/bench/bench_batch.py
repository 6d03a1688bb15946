"""A long batch: rate, memory, and the table of a run that was killed ten times at random.

``FRAMES=2000`` makes it shorter than the 10,000 frames.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from tests.bench.figures import Figure
from tests.exposures import write_edf
from tests.tasks.batch_runs import n_lines
from tests.tasks.frames import START, drifted, frame, write_calibration

FRAMES = int(os.environ.get("FRAMES", "10000"))
DIFFERENT = 100
"""Images that are really there; the others are second names of them."""

KILLS = 10
LOOK_S = 0.25
GROWTH_MB = 10.0


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        start = time.perf_counter()
        levels = _watched(folder, folder / "whole.csv")
        rate = FRAMES / (time.perf_counter() - start)
        kills = _killed(folder, folder / "part.csv")
        same = (folder / "whole.csv").read_bytes() == (folder / "part.csv").read_bytes()
    n = max(len(levels) // 10, 1)
    growth = float(np.nanmedian(levels[-2 * n : -n]) - np.nanmedian(levels[n : 2 * n]))
    return [
        Figure("batch: frames", FRAMES),
        Figure("batch: frames of 256 × 240 a second, start and end included", rate, "images/s"),
        Figure("batch: memory of all processes", float(np.nanmedian(levels)), "MB"),
        Figure("batch: its growth from the second tenth to the ninth", growth, "MB", GROWTH_MB),
        Figure("batch: times killed", kills, limit=KILLS, at_least=True),
        Figure("batch: killed and resumed, the table is the same", float(same), limit=1.0,
               at_least=True),
    ]  # fmt: skip


def _write(folder: Path) -> None:
    images = folder / "images"
    images.mkdir()
    for number in range(FRAMES):
        path = images / f"run_{number}.edf"
        if number < DIFFERENT:
            write_edf(path, frame(drifted(number) if number else START, number))
        else:
            path.hardlink_to(images / f"run_{number % DIFFERENT}.edf")
    write_calibration(folder / "calibration.json")


def _begin(folder: Path, table: Path, *more: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "calibtool", "batch", str(folder / "images")),
            *("--calibration", str(folder / "calibration.json"), "-o", str(table), *more),
        ],
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )


def _watched(folder: Path, table: Path) -> list[float]:
    """Run to the end; memory (MB) of all processes of the run, every now and then."""
    process, levels = _begin(folder, table), []
    while process.poll() is None:
        if n_lines(table) > FRAMES // 20:
            levels.append(_memory_mb(process.pid))
        time.sleep(LOOK_S)
    if process.returncode != 0:
        raise RuntimeError(f"the batch ended with {process.returncode}")
    return levels


def _memory_mb(pid: int) -> float:
    try:
        whole = psutil.Process(pid)
        family = [whole, *whole.children(recursive=True)]
        return sum(one.memory_info().rss for one in family) / 2**20
    except psutil.Error:
        return float("nan")


def _killed(folder: Path, table: Path) -> int:
    """Kill the run at random numbers of rows, resume it each time; how often it was killed."""
    rng, kills = random.Random(5), 0
    for rows in sorted(rng.randrange(FRAMES // 50, FRAMES - FRAMES // 50) for _ in range(KILLS)):
        process = _begin(folder, table, *(["--resume"] if table.exists() else []))
        _until(lambda: n_lines(table) > rows or process.poll() is not None)  # noqa: B023
        if process.poll() is None:
            workers = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            kills += 1
            psutil.wait_procs(workers, timeout=60)
        process.wait()
    _begin(folder, table, "--resume").wait()
    return kills


def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.02)
