"""Every command does its one thing, from the menu, the tool bar, a button and the keys."""

import tkinter as tk
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calibtool.scene import Busy, Scene
from calibtool.view import file_dialogs, runner
from calibtool.view.body import Body
from calibtool.view.command_button import CommandButton, CommandCheck
from calibtool.view.commands import COMMANDS, Command
from calibtool.view.tool_bar import ToolBar
from calibtool.view.window import Window
from tests.view.events import click, settle
from tests.view.recorder import Recorder
from tests.view.scenes import fitted

PLAIN = [command for command in COMMANDS if not command.asks and not command.local]
ASKING = [command for command in COMMANDS if command.asks]
QUIET = {"describe", "profile"}


def asked(actions: Recorder) -> list[tuple[str, tuple[Any, ...]]]:
    """What was asked for since the last time, without what belongs to the pointer."""
    calls = [call for call in actions.calls if call[0] not in QUIET]
    actions.calls.clear()
    return calls


def ready(window: Body) -> Scene:
    """Show a scene in which every command can be run."""
    scene = replace(fitted(), selected=2, busy=Busy("Searching", 0.5))
    window.show(scene)
    return scene


def press(widget: tk.Misc, pattern: str) -> None:
    widget.focus_force()
    widget.update()
    widget.event_generate(pattern if pattern.startswith("<") else f"<Key-{pattern}>")
    widget.update()


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The file dialogs answer at once; what they were opened with is noted."""
    opened: list[dict[str, Any]] = []

    def answer(**options: Any) -> str:
        opened.append(options)
        return "/data/chosen.file"

    for name in ("askopenfilename", "asksaveasfilename", "askdirectory"):
        monkeypatch.setattr(file_dialogs.filedialog, name, answer)
    monkeypatch.setattr(runner, "ask_address", lambda _root, _known: "/data/chosen.file")
    monkeypatch.setattr(runner, "ask_layout", lambda _root, _path: "16x16:uint8:0")
    return opened


def test_a_scene_can_come_while_a_menu_is_open(window: Body, root: tk.Tk) -> None:
    window.show(Scene())
    window.workspace.focus_force()
    root.update()
    for keys in ("<F10>", "<Down>"):
        root.tk.call("event", "generate", root.tk.call("focus"), keys)
        root.update()
    assert "#" in str(root.tk.call("focus")), "no menu has the focus"
    window.show(fitted())
    root.update()
    assert window.workspace.rows["d_spacing"].text.get() == "1.5"
    for _ in range(2):
        root.tk.call("event", "generate", root.tk.call("focus"), "<Escape>")
        root.update()


def test_after_escape_no_title_of_the_menu_is_lit(window: Body, root: tk.Tk) -> None:
    window.show(fitted())
    settle(root)
    bar = next(str(w) for w in root.tk.splitlist(root.tk.call("winfo", "children", "."))
               if str(w).startswith(".#"))
    for event in ("<Enter>", "<Motion>", "<ButtonPress-1>", "<ButtonRelease-1>"):
        root.tk.call("event", "generate", bar, event, "-x", 50, "-y", 10)
        settle(root)
    assert root.tk.call(bar, "index", "active") == 1, "Edit is open"
    root.tk.call("event", "generate", root.tk.call("focus"), "<Escape>")
    settle(root)
    assert root.tk.call(bar, "index", "active") in ("none", "")


def test_every_command_runs_from_its_menu(
    window: Body, actions: Recorder, dialogs: list[dict[str, Any]]
) -> None:
    ready(window)
    asked(actions)
    for command in PLAIN + ASKING:
        menu, index = window.menus.entry(command.name)
        assert menu.entrycget(index, "label") == command.label
        menu.invoke(index)
        assert asked(actions) == [expected(command)]


def expected(command: Command) -> tuple[str, tuple[Any, ...]]:
    if command.asks == "open_raw":
        return "command_path", (command.name, "/data/chosen.file::16x16:uint8:0")
    if command.asks:
        return "command_path", (command.name, "/data/chosen.file")
    return "command", (command.name,)


def test_every_command_runs_from_each_of_its_keys(
    window: Body, actions: Recorder, dialogs: list[dict[str, Any]]
) -> None:
    ready(window)
    for command in PLAIN + ASKING:
        for key in command.keys:
            asked(actions)
            press(window.workspace.image, key)
            assert asked(actions) == [expected(command)], (command.name, key)


def test_every_button_of_the_tool_bar_runs_its_command(
    window: Body, actions: Recorder, dialogs: list[dict[str, Any]], root: tk.Tk
) -> None:
    ready(window)
    root.update()
    for name, button in window.workspace.tool_bar.buttons.items():
        command = next(command for command in COMMANDS if command.name == name)
        asked(actions)
        click(button, 8, 8)
        if not command.local:
            assert asked(actions) == [expected(command)]


def test_every_button_of_the_panels_runs_its_command(
    window: Body, actions: Recorder, dialogs: list[dict[str, Any]]
) -> None:
    ready(window)
    found = set()
    for widget in descendants(window.workspace):
        if isinstance(widget, CommandButton | CommandCheck) and not isinstance(
            widget.master, ToolBar
        ):
            asked(actions)
            widget.invoke()
            calls = asked(actions)
            assert len(calls) == 1
            found.add(calls[0][1][0])
    assert {"apply", "revert", "report", "pick", "done", "fit", "reset", "remove", "unset", "open",
            "process_folder", "follow", "export_history", "load_points"} <= found


def descendants(widget: Any) -> list[tk.Misc]:
    children = widget.winfo_children()
    return [*children, *(deeper for child in children for deeper in descendants(child))]


def test_a_command_that_is_not_enabled_does_nothing(
    window: Body, actions: Recorder, dialogs: list[dict[str, Any]]
) -> None:
    window.show(replace(fitted(), enabled=frozenset(), results=()))
    asked(actions)
    for command in PLAIN + ASKING:
        menu, index = window.menus.entry(command.name)
        assert menu.entrycget(index, "state") == "disabled"
        window.runner.run(command.name)
        for key in command.keys:
            press(window.workspace.image, key)
    assert asked(actions) == []
    assert all(b.instate(["disabled"]) for b in window.workspace.tool_bar.buttons.values()
               if "zoom" not in str(b.cget("text")).lower() and "Fit" not in b.cget("text"))


def test_a_dialog_that_is_left_asks_for_nothing(
    window: Body, actions: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(window)
    for name in ("askopenfilename", "asksaveasfilename", "askdirectory"):
        monkeypatch.setattr(file_dialogs.filedialog, name, lambda **_options: "")
    monkeypatch.setattr(runner, "ask_address", lambda _root, _known: "")
    asked(actions)
    for command in ASKING:
        window.runner.run(command.name)
    assert asked(actions) == []


def test_dialogs_start_in_the_folder_of_the_image_and_know_the_name(
    window: Body, tmp_path: Path, dialogs: list[dict[str, Any]]
) -> None:
    window.show(replace(ready(window), directory=str(tmp_path), stem="agbh"))
    window.runner.run("save")
    assert dialogs[-1]["initialdir"] == str(tmp_path)
    assert dialogs[-1]["initialfile"] == "agbh_calibration.json"
    assert dialogs[-1]["defaultextension"] == ".json"


def test_ticks_follow_the_scene_and_not_the_click(window: Body, actions: Recorder) -> None:
    scene = ready(window)
    menu, index = window.menus.entry("show_mask")
    variable = str(menu.entrycget(index, "variable"))
    menu.invoke(index)
    assert not menu.getvar(variable)
    window.show(replace(scene, checked=frozenset({"show_mask", "pick"})))
    assert menu.getvar(variable)
    assert window.workspace.tool_bar.buttons["pick"].instate(["selected"])
    assert not window.workspace.tool_bar.buttons["fit"].instate(["selected"])


def test_copying_puts_the_text_on_the_clipboard(
    window: Body, actions: Recorder, root: tk.Tk
) -> None:
    ready(window)
    for kind in ("pyfai", "fit2d", "musclex", "plain"):
        window.runner.run(f"copy_{kind}")
        assert root.clipboard_get() == kind


def test_a_long_folder_leaves_the_menu_of_recent_images_narrow(window: Body) -> None:
    deep = "/data/visitor/sc5678/id02/20261122/RAW_DATA/silver_behenate/run_0007/position_01"
    window.show(replace(fitted(), recent=(f"{deep}/agbh_00001.edf.gz",)))
    label = str(window.menus._recent_menu.entrycget(0, "label"))
    assert label.startswith("agbh_00001.edf.gz ")
    assert label.endswith("position_01)")
    assert len(label) < 70


def test_recent_images_are_in_the_menu(window: Body, actions: Recorder) -> None:
    window.show(replace(fitted(), recent=("/data/a.tif", "/data/b.tif")))
    file_menu, _index = window.menus.entry("open")
    place = file_menu.index("Open recent")
    assert file_menu.entrycget(place, "state") == "normal"
    recent = file_menu.nametowidget(file_menu.entrycget(place, "menu"))
    asked(actions)
    recent.invoke(1)
    assert asked(actions) == [("command_path", ("open", "/data/b.tif"))]


def test_zoom_commands_move_the_image_and_ask_for_nothing(
    window: Body, actions: Recorder, root: tk.Tk
) -> None:
    ready(window)
    root.update()
    image = window.workspace.image
    fitted_scale = image.viewport.scale
    asked(actions)
    press(image, "<Control-plus>")
    assert image.viewport.scale > fitted_scale
    press(image, "<Key-1>")
    assert image.viewport.scale == pytest.approx(1.0)
    press(image, "<Home>")
    assert image.viewport.scale == pytest.approx(fitted_scale)
    assert asked(actions) == []


def test_help_and_about_open_and_close_by_escape(window: Body, root: tk.Tk) -> None:
    ready(window)
    for name, words in (("help", "Find ring"), ("about", "calibtool")):
        window.runner.run(name)
        root.update()
        opened = [child for child in root.winfo_children() if isinstance(child, tk.Toplevel)][-1]
        text = next(child for child in opened.winfo_children() if isinstance(child, tk.Text))
        assert words in text.get("1.0", "end")
        opened.focus_force()
        opened.update()
        opened.event_generate("<Escape>")
        root.update()
        assert not opened.winfo_exists()


def test_closing_the_window_tells_the_actions_first(root: tk.Tk, actions: Recorder) -> None:
    destroyed: list[str] = []
    real, root.destroy = root.destroy, lambda: destroyed.append("destroyed")  # type: ignore[method-assign]
    try:
        Window(root, actions)
        root.tk.call(root.wm_protocol("WM_DELETE_WINDOW"))
    finally:
        root.destroy = real  # type: ignore[method-assign]
    assert actions.named("command") == [("quit",)]
    assert destroyed == ["destroyed"]
