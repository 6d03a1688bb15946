"""The whole program in a real window for each test."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.driver import Driver
from tests.view.conftest import root

__all__ = ["demo", "program", "root"]


@pytest.fixture
def program(root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    """The program; it ends with the test, which fails when a callback has raised."""
    driver = Driver(root, monkeypatch)
    yield driver
    driver.app.worker.close()
    assert not driver.faults, "\n".join(driver.faults)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated image whose true ring is known."""
    from calibtool.cli.demo import IMAGE_NAME, write_image

    return write_image(tmp_path_factory.mktemp("demo") / IMAGE_NAME)
