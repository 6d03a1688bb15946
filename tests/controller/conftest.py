"""The controller with a view that only keeps what it is shown."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from calibtool.controller.controller import Controller
from calibtool.scene import Scene
from calibtool.worker import Worker
from tests.exposures import write_edf
from tests.tasks.frames import START, drifted, frame


class Shown:
    """Keeps the last scene."""

    def __init__(self) -> None:
        self.scene = Scene()

    def show(self, scene: Scene) -> None:
        self.scene = scene


class Desk:
    """A controller, the scene it shows, and waiting for its work."""

    def __init__(self) -> None:
        self.shown = Shown()
        self.workers = Worker(), Worker()
        self.controller = Controller(self.shown, *self.workers)

    @property
    def scene(self) -> Scene:
        return self.shown.scene

    def until(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"still waiting; notice: {self.scene.notice}"
            self.controller.poll()
            time.sleep(0.002)

    def rest(self) -> None:
        self.until(lambda: self.controller.state.busy is None)

    def open(self, path: Path) -> None:
        self.controller.command_path("open", str(path))
        self.rest()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    for worker in desk.workers:
        worker.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight frames with a known drift, and one file that is no image."""
    images = tmp_path / "images"
    images.mkdir()
    for number in range(8):
        circle = START if number == 0 else drifted(10 * number)
        write_edf(images / f"run_{number}.edf", frame(circle, seed=number))
    (images / "run_9.edf").write_text("not an image")
    return images
