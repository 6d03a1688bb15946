"""A real window for each test; an error in any callback of it fails the test."""

import tkinter as tk
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from calibtool.view.body import Body
from calibtool.view.window import Window
from tests.view.events import take_keys
from tests.view.recorder import Recorder


@pytest.fixture
def root(display: str) -> Iterator[tk.Tk]:
    """One Tk root at 96 dpi; what its callbacks raised is raised at the end of the test."""
    errors: list[str] = []

    def record(*error: Any) -> None:
        errors.append("".join(traceback.format_exception(*error)))

    # As in the program: the class of the window is that of its name.
    window = tk.Tk(className="calibtool")
    window.report_callback_exception = record  # type: ignore[method-assign]
    window.tk.call("tk", "scaling", 96 / 72)
    window.geometry("+40+30")
    try:
        yield window
    finally:
        # A test may have closed it.
        with suppress(tk.TclError):
            window.destroy()
    assert not errors, "\n".join(errors)


@pytest.fixture
def window(root: tk.Tk, actions: Recorder) -> Body:
    """The whole window, told what it shows and noting what it asks for."""
    built = Window(root, actions)
    root.update()
    take_keys(root)
    assert built.body is not None
    return built.body


@pytest.fixture
def actions() -> Recorder:
    """Stands in for the controller and notes what the view asks for."""
    return Recorder()
