"""The window comes back where it was, with and without a window manager around it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.xvfb import managed, running_xvfb

PROGRAM = """
import sys, tkinter as tk
from calibtool.view.window import Window
from tests.view.events import settle, wait_until
from tests.view.recorder import Recorder

def started(kept):
    root = tk.Tk(className="calibtool")
    window = Window(root, Recorder())
    window.take_place(kept)
    root.wait_visibility()
    settle(root)
    return root, window

managed = sys.argv[1] == "managed"
root, window = started(None)
root.geometry("1000x600+120+80")
# A frame has an edge at the left.
wait_until(root, lambda: root.winfo_rootx() > 120 if managed else root.winfo_rootx() == 120)
settle(root)
first, kept = (root.winfo_rootx(), root.winfo_rooty()), dict(window.place)
root.destroy()
for _ in range(3):
    root, window = started(kept)
    wait_until(root, lambda: (root.winfo_rootx(), root.winfo_rooty()) == first)
    settle(root)
    assert (root.winfo_width(), root.winfo_height()) == (1000, 600)
    assert window.place["geometry"] == kept["geometry"]
    kept = dict(window.place)
    root.destroy()
"""


@pytest.mark.parametrize("manager", ["", "openbox"])
@pytest.mark.skipif(sys.platform != "linux", reason="window managers are those of X11")
def test_the_window_comes_back_where_it_was_each_time(manager: str) -> None:
    if manager and shutil.which(manager) is None:
        pytest.skip(f"{manager} is not installed")
    with running_xvfb("1280x800") as display, managed(display, manager):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, "managed" if manager else "alone"], check=False,
            capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2],
            env={**os.environ, "DISPLAY": display},
        )
    assert run.returncode == 0, run.stderr
