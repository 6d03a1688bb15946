"""The program on a screen of its own, for what is measured in the window."""

import os
import tempfile
import tkinter as tk
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.app.driver import Driver
from tests.xvfb import running_xvfb


@contextmanager
def running_program() -> Iterator[tuple[Driver, Path]]:
    """The program with preferences of its own, and a folder for its files."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        if os.name == "posix":
            patch.setenv("DISPLAY", stack.enter_context(running_xvfb("1920x1200")))
        patch.setenv("CALIBTOOL_HOME", str(folder))
        program = Driver(tk.Tk(className="calibtool"), patch)
        try:
            yield program, folder
        finally:
            program.root.destroy()
