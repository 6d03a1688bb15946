"""The first steps, on a simulated image."""

import os
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from calibtool.controller import jobs
from calibtool.controller.desk import Desk
from calibtool.model.state.session import Session
from calibtool.presenter.state import State
from calibtool.worker import Monitor


def begin(c: Desk) -> None:
    """Make the demo image, open it, and show the first step."""
    path = os.path.join(_folder().name, "agbh_demo.edf")
    opening = jobs.opening(path, 0, Session())

    def task(monitor: Monitor) -> Any:
        from calibtool.tasks.gallery import write_image

        write_image(Path(path), force=True)
        return opening.task(monitor)

    def take(state: State, value: Any) -> State:
        now = state.amend(replace(state.session, enabled=True))
        # The image is gone with the program, so that it is no image to open again.
        return replace(opening.take(now, value), recent=state.recent, tour=1)

    c.forget_jobs("fit")
    c.start("open", replace(opening, task=task, take=take))


def step(c: Desk, number: str) -> None:
    """Go on to a step; 0 ends them."""
    c.update(replace(c.state, tour=int(number)))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="calibtool-demo-")
