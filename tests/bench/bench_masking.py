"""Drawing a mask with the mouse on an 18 Mpx image: how long the window stands still at the end
of a stroke, and at most during it.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from calibtool.io.edf import write_edf
from tests.app.driver import Driver
from tests.bench.figures import Figure
from tests.bench.program import running_program

SHAPE = (4371, 4150)
STROKES = 10
GOAL_MS = 50.0
Path_ = list[tuple[int, int]]


def run() -> list[Figure]:
    with running_program() as (program, folder):
        return list(_figures(program, folder))


def _figures(program: Driver, folder: Path) -> Iterator[Figure]:
    path = folder / "large.edf"
    write_edf(path, np.random.default_rng(1).poisson(3.0, SHAPE).astype(np.int32), {})
    program.press_check("calibration_image")
    program.open(path)
    program.until(lambda: not program.app.worker.busy(), "the lists of names")
    program.key("k")
    for tool in ("rectangle", "circle", "wedge", "brush"):
        program.controller.command(f"mask_{tool}")
        program.settle()
        times = [_stroke(program, _way(number)) for number in range(STROKES)]
        ends = [end for _longest, end in times]
        yield Figure(f"{tool} of 18 Mpx: its end", median(ends), "ms", GOAL_MS)
        yield Figure(f"  the same, slowest of {STROKES}", max(ends), "ms", 2 * GOAL_MS)
        yield Figure(
            f"{tool} of 18 Mpx: longest step on the way",
            max(longest for longest, _end in times), "ms", GOAL_MS,
        )  # fmt: skip


def _way(number: int) -> Path_:
    """Places on the canvas: across the image, each time from elsewhere."""
    turn = 0.3 + 0.6 * number
    return [(round(500 + r * np.cos(turn)), round(450 + r * np.sin(turn)))
            for r in range(-300, 301, 30)]  # fmt: skip


def _stroke(program: Driver, way: Path_) -> tuple[float, float]:
    """Draw; longest time (ms) until a step on the way is shown, and that of the end."""
    image = program.workspace.image
    image.event_generate("<ButtonPress-1>", x=way[0][0], y=way[0][1])
    steps = []
    for place in way:
        steps.append(_timed(program, "<B1-Motion>", *place))
        program.settle()
    end = _timed(program, "<ButtonRelease-1>", *way[-1])
    program.settle()
    return max(steps), end


def _timed(program: Driver, event: str, x: int, y: int) -> float:
    start = time.perf_counter()
    program.workspace.image.event_generate(event, x=x, y=y)
    program.root.update_idletasks()
    program.root.tk.call("update", "idletasks")
    return 1e3 * (time.perf_counter() - start)
