"""The window of the whole program: from a click to the updated circle, pauses while it works.

A pause is the longest time during which the event loop did not come round: a timer set to
ring every 2 ms notes how late it is. Below 50 ms nobody notices.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.app.driver import Driver
from tests.app.rings import ERRORS_PX, Known
from tests.bench.figures import Figure
from tests.bench.program import running_program

TICK_MS = 2
GOAL_MS = 50.0


def run() -> list[Figure]:
    with running_program() as (program, folder):
        return _figures(program, folder)


def _figures(program: Driver, folder: Path) -> list[Figure]:
    from calibtool.model.demo import CIRCLE
    from calibtool.tasks.gallery import write_image

    path, other = write_image(folder / "demo.edf"), write_image(folder / "other.edf")
    known = Known(path, CIRCLE.center_x_px, CIRCLE.center_y_px, CIRCLE.radius_px, 0.0)
    figures = [
        _pause(program, "a 1 Mpx image is opened, its ring found", lambda: program.open(path))
    ]
    program.until(lambda: not program.app.worker.busy(), "the lists of names")
    figures.append(_pause(program, "another is opened in its place",
                          *(lambda p=p: program.open(p) for p in 3 * (other, path))))  # type: ignore[misc]
    program.press_button("pick")
    angles = np.linspace(5.0, 350.0, 14)
    errors = np.resize(ERRORS_PX, len(angles))
    times = [_click(program, *known.at(a, e)) for a, e in zip(angles, errors, strict=True)]
    late = times[3:]
    figures += [
        Figure("click in the magnifier to the updated circle", median(late), "ms", GOAL_MS),
        Figure("the same, slowest of 11", max(late), "ms", 2 * GOAL_MS),
        _pause(program, "14 points and the whole ring are fitted", _job(program, "fit")),
    ]
    for key, text in (("population", "60"), ("generations", "400"), ("starts", "20")):
        program.controller.set_field(key, text)
    figures.append(_pause(program, "a long fit runs (60 × 400 × 20)", _job(program, "fit")))
    figures.append(_pause(program, "the ring is found without a click", _job(program, "find")))
    return figures


def _job(program: Driver, command: str) -> Callable[[], None]:
    def run_it() -> None:
        program.controller.command(command)
        program.idle()

    return run_it


def _click(program: Driver, x: float, y: float) -> float:
    """Place a point; ms from the second click until the circle on the screen is the new one."""
    program.click_image(x, y)
    lens = program.workspace.lens.lens
    at = [round(c) for c in lens.viewport.to_canvas(x, y)]
    lens.event_generate("<ButtonPress-1>", x=at[0], y=at[1])
    start = time.perf_counter()
    lens.event_generate("<ButtonRelease-1>", x=at[0], y=at[1])
    program.root.update_idletasks()
    program.root.tk.call("update", "idletasks")
    return 1e3 * (time.perf_counter() - start)


def _pause(program: Driver, what: str, *actions: Callable[[], Any]) -> Figure:
    """Longest pause of the event loop during an action; of several the median."""
    late = median(_longest(program, action) for action in actions)
    return Figure(f"longest pause while {what}", 1e3 * late, "ms", GOAL_MS)


def _longest(program: Driver, action: Callable[[], Any]) -> float:
    longest, last, going = 0.0, time.perf_counter(), True

    def tick() -> None:
        nonlocal longest, last
        now = time.perf_counter()
        longest, last = max(longest, now - last - TICK_MS * 1e-3), now
        if going:
            program.root.after(TICK_MS, tick)

    tick()
    action()
    going = False
    program.settle()
    return longest
