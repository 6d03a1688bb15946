"""The whole program in a real window for each test."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.driver import Driver
from tests.view.conftest import root

__all__ = ["demo", "home", "program", "root"]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A user who has never used the program: nothing remembered, nothing to restore."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
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
    from calibtool.cli.demo import IMAGE_NAME, write_image

    return write_image(tmp_path_factory.mktemp("demo") / IMAGE_NAME)
