"""From the start of the process to the window and to the picture; size and memory.

Every program starts in turn, on a private screen that is watched from outside, and each time is
given as a multiple of the same round's bare Tk window: the multiple is steady, the
milliseconds are those of the machine. Medians of the rounds.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from calibtool.tasks.gallery import write_image
from tests.bench.figures import Figure
from tests.x11 import Screen, picture_is_there, something_is_there
from tests.xvfb import running_xvfb

ROUNDS = 9
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "dist" / "calibtool" / "calibtool"
BARE_TK = "import tkinter as t; r = t.Tk(); t.Label(r, text='calibtool').pack(); r.mainloop()"
MEGABYTE = 1e6
Command = list[str | Path]


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, running_xvfb() as display:
        image = write_image(Path(folder) / "agbh.edf")
        environment = _plain_environment(display, folder)
        screen = Screen(display)
        figures = _times(Watch(screen, environment), image)
        screen.close()
    return figures + _sizes()


class Watch:
    """Starts a program and says when something came on the screen."""

    def __init__(self, screen: Screen, environment: dict[str, str]) -> None:
        self.screen, self.environment = screen, environment

    def seconds(self, command: Command, condition: Callable[[Screen], bool]) -> float:
        with self.started(command) as (_process, start):
            return self.screen.wait(condition) - start

    def megabytes(self, command: Command, settle: float) -> float:
        """Peak memory ``settle`` seconds after the picture, MB (VmHWM of proc(5))."""
        with self.started(command) as (process, _start):
            self.screen.wait(picture_is_there)
            time.sleep(settle)
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / MEGABYTE

    @contextmanager
    def started(self, command: Command) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
        start = time.perf_counter()
        process = subprocess.Popen(command, env=self.environment, cwd=os.sep)
        try:
            yield process, start
        finally:
            process.kill()
            process.wait()
            self.screen.wait(lambda screen: not something_is_there(screen))


def _plain_environment(display: str, home: str) -> dict[str, str]:
    """The user's environment with a new home, and with compiled modules kept as they are."""
    variables = os.environ | {"DISPLAY": display, "HOME": home, "CALIBTOOL_HOME": home}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables


def _programs() -> dict[str, Command]:
    """How each program is started; the image may follow."""
    found: dict[str, Command] = {"source": [Path(sys.executable).with_name("calibtool")]}
    if PROGRAM.exists():
        found["executable"] = [PROGRAM]
    return found


def _times(watch: Watch, image: Path) -> list[Figure]:
    jobs: dict[str, tuple[Command, Callable[[Screen], bool]]] = {
        "bare Tk": ([sys.executable, "-c", BARE_TK], something_is_there)
    }
    for name, command in _programs().items():
        jobs[f"window, {name}"] = (command, something_is_there)
        jobs[f"picture of 1 Mpx, {name}"] = ([*command, image], picture_is_there)
    if shutil.which("pyFAI-calib2") and _has_qt():
        jobs["window, pyFAI-calib2"] = (["pyFAI-calib2"], something_is_there)
    for command, condition in jobs.values():
        watch.seconds(command, condition)
    rounds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, (command, condition) in jobs.items():
            rounds[name].append(watch.seconds(command, condition))
    figures = [_multiple(name, rounds, rounds["bare Tk"]) for name in jobs]
    for name, command in _programs().items():
        for when, settle, limit in (("with the picture", 0.0, 120.0), ("at rest", 6.0, None)):
            memory = watch.megabytes([*command, image], settle)
            figures.append(Figure(f"peak memory {when}, {name}", memory, "MB", limit))
    return figures


def _multiple(name: str, rounds: dict[str, list[float]], bare: list[float]) -> Figure:
    if name == "bare Tk":
        return Figure("window, bare Tk", 1e3 * median(bare), "ms")
    limits = {"window, source": 1.3, "window, executable": 2.0}
    limit = limits.get(name, 3.5 if name.startswith("picture") else None)
    ratios = [mine / its for mine, its in zip(rounds[name], bare, strict=True)]
    milliseconds = 1e3 * median(rounds[name])
    return Figure(name, median(ratios), "× bare", limit, peer=milliseconds, peer_name="in ms")


def _has_qt() -> bool:
    from importlib.util import find_spec

    return any(find_spec(name) for name in ("PyQt5", "PyQt6", "PySide6"))


def _sizes() -> list[Figure]:
    figures = []
    if PROGRAM.exists():
        files = [path for path in PROGRAM.parent.rglob("*") if path.is_file()]
        size = sum(path.lstat().st_size for path in files) / MEGABYTE
        figures.append(Figure("size of the executable's folder", size, "MB", 200.0))
    archives = sorted((ROOT / "dist").glob("calibtool-*.tar.xz"))
    figures += [
        Figure("size of its archive", path.stat().st_size / MEGABYTE, "MB", 60.0)
        for path in archives
    ]
    return figures
