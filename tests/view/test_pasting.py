"""A path that was copied elsewhere opens by Ctrl-V, whatever the other program put around it."""

import sys
import tkinter as tk
from dataclasses import replace

import pytest

from calibtool.view.body import Body
from calibtool.view.inputs import INSTRUMENT
from calibtool.view.pasting import command_for, pasted_path
from tests.view.events import settle
from tests.view.recorder import Recorder
from tests.view.scenes import fitted


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written otherwise there")
@pytest.mark.parametrize(("text", "path"), [
    ("/data/a b.tif", "/data/a b.tif"),
    ("  /data/a.tif\n", "/data/a.tif"),
    ('"/data/a b.tif"', "/data/a b.tif"),
    ("'/data/a.tif'\n'/data/b.tif'", "/data/a.tif"),
    ("file:///data/a%20b%C3%A9.tif", "/data/a bé.tif"),
    ("copy\nfile:///data/a.tif\nfile:///data/b.tif", "/data/a.tif"),
    ("file://localhost/data/a.tif", "/data/a.tif"),
    ("run.h5::/entry/data", "run.h5::/entry/data"),
    ("", ""),
    ("\n  \n", ""),
])
def test_the_path_in_a_text(text: str, path: str) -> None:
    assert pasted_path(text) == path


def test_a_calibration_is_loaded_and_all_else_is_opened() -> None:
    assert [command_for(name) for name in ("a.poni", "b.JSON", "calibration.info", "a.tif")] == [
        "load", "load", "load", "open"
    ]


def paste(root: tk.Tk, text: str) -> None:
    root.clipboard_clear()
    root.clipboard_append(text)
    root.tk.call("event", "generate", root.tk.call("focus") or ".", "<Control-v>")
    settle(root)


def test_control_v_opens_what_was_copied(window: Body, actions: Recorder, root: tk.Tk) -> None:
    window.show(replace(fitted(), picture=None))
    paste(root, "file:///data/agbh.tif")
    paste(root, "/data/agbh.poni")
    assert actions.named("command_path") == [
        ("open", "/data/agbh.tif"), ("load", "/data/agbh.poni")
    ]
    root.clipboard_clear()
    root.tk.call("event", "generate", root.tk.call("focus") or ".", "<Control-v>")
    settle(root)
    assert len(actions.named("command_path")) == 2


def test_in_a_field_control_v_pastes_into_it(
    window: Body, actions: Recorder, root: tk.Tk
) -> None:
    window.show(fitted())
    window.workspace.side.sections[INSTRUMENT.title].toggle()
    widget = window.workspace.rows["wavelength"].widget
    widget.focus_force()
    settle(root)
    widget.selection_range(0, "end")
    paste(root, "0.1033")
    assert actions.named("command_path") == []
    assert "0.1033" in widget.get()
