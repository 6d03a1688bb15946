"""The whole program in a real window for each test."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from calibtool.io.edf import write_edf
from calibtool.places import HOME
from tests.app.driver import Driver
from tests.app.rings import REAL, Known, real, small_counts
from tests.view.conftest import root

__all__ = ["root"]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A user who has never used the program: nothing remembered, nothing to restore."""
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    return monkeypatch


@pytest.fixture
def program(home: pytest.MonkeyPatch, root: tk.Tk) -> Iterator[Driver]:
    """The program; it ends with the test, which fails when a callback has raised."""
    driver = Driver(root, home)
    yield driver
    assert not driver.faults, "\n".join(driver.faults)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated image whose true ring is known."""
    from calibtool.cli.demo import IMAGE_NAME
    from calibtool.tasks.gallery import write_image

    return write_image(tmp_path_factory.mktemp("demo") / IMAGE_NAME)


@pytest.fixture(params=["simulated", *REAL])
def known(request: pytest.FixtureRequest, demo: Path) -> Known:
    """Each image in turn; the real ones where they are."""
    if request.param == "simulated":
        from calibtool.model.demo import CIRCLE

        return Known(demo, CIRCLE.center_x_px, CIRCLE.center_y_px, CIRCLE.radius_px, 0.0)
    return real(request.getfixturevalue("real_data"), request.param)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A small image with the ring ``SMALL``, in a folder of its own."""
    folder = tmp_path / "images"
    folder.mkdir()
    write_edf(folder / "ring.edf", small_counts(1), {})
    return folder / "ring.edf"
