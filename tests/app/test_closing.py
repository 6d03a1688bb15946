"""The beginning and the end of the window when something is in the way."""

import os
import subprocess
import sys
import time
import tkinter as tk
from pathlib import Path

import pytest

from calibtool.tasks.series_table import read_rows
from tests.tasks.frames import write_series

PATIENCE_S = 120.0

CLOSE_DURING_A_SERIES = """
import sys
from calibtool import app

image, table = sys.argv[1:]


class Closing(app.Application):
    def start(self, *arguments):
        super().start(*arguments)
        self.root.after(10, self.begin)

    def begin(self):
        if self.controller.session.result is None or self.controller.state.busy:
            self.root.after(10, self.begin)
            return
        self.controller.answer(f"anew:{table}")
        self.root.after(10, self.close)

    def close(self):
        if self.controller.state.series.rows:
            self.root.destroy()
        else:
            self.root.after(10, self.close)


app.Application = Closing
sys.exit(app.run(image))
"""


def test_a_series_that_is_closed_leaves_a_whole_table_and_nothing_else(
    display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALIBTOOL_HOME", str(tmp_path / "home"))
    series = write_series(tmp_path / "series", 300, accidents=False)
    results = tmp_path / "results"
    results.mkdir()
    table = results / "table.csv"
    done = subprocess.run(
        [sys.executable, "-c", CLOSE_DURING_A_SERIES, str(series.folder / "run_0.edf"), str(table)],
        capture_output=True, text=True, check=False, timeout=PATIENCE_S,
        env=os.environ | {"DISPLAY": display},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    numbers = [int(Path(row.file).stem.split("_")[1]) for row in read_rows(str(table))]
    assert 0 < len(numbers) < 300
    assert numbers == sorted(numbers)
    assert [path.name for path in results.iterdir()] == ["table.csv"]


def test_a_demo_image_there_is_no_room_for_is_said_and_the_window_works(
    root: tk.Tk, home: pytest.MonkeyPatch, image: Path
) -> None:
    from calibtool.app import Application
    from calibtool.errors import InputError
    from calibtool.view.window import Window

    def no_room() -> str:
        raise InputError("Cannot write the demo: No space left on device.")

    window = Window(root)
    root.update()
    program = Application(root, window)
    program.start("", no_room)
    notice = program.controller.state.notice
    assert notice is not None
    assert "No space left" in notice.text
    program.controller.command_path("open", str(image))
    end = time.monotonic() + PATIENCE_S
    while program.controller.session.image is None:
        assert time.monotonic() < end
        root.update()
