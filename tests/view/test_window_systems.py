"""Keys, buttons and wheels are those of each window system; Windows and Macs are stood in for."""

import sys
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from calibtool.view import window_system
from calibtool.view.body import Body
from calibtool.view.help_window import show_help
from calibtool.view.keys import accelerator, written
from calibtool.view.pointer import Pointer
from calibtool.view.section import Column
from calibtool.view.theme import Theme
from calibtool.view.tooltip import Tooltip
from calibtool.view.window import Window
from calibtool.view.window_system import TOUCHPAD_NOTCH, WindowSystem, touchpad_notches
from tests.view.events import settle
from tests.view.recorder import Recorder
from tests.view.scenes import fitted

X11, WINDOWS = WindowSystem("x11"), WindowSystem("win32")
MAC, MAC_TK9 = WindowSystem("aqua", 8), WindowSystem("aqua", 9)
NUM_LOCK_OF_WINDOWS = COMMAND = 0x8
OPTION, CONTROL = 0x10, 0x4
ASKING = ("key_bindings", "menus", "pointer", "section", "shell", "window",
          "tooltip", "help_window", "command_button")

As = Callable[[WindowSystem], Body]


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[[WindowSystem], None]:
    """Let the whole view believe that it is on another system."""

    def believe(system: WindowSystem) -> None:
        for module in ASKING:
            monkeypatch.setattr(f"calibtool.view.{module}.window_system", lambda _widget: system)

    return believe


@pytest.fixture
def window_as(root: tk.Tk, actions: Recorder, pretend: Callable[[WindowSystem], None]) -> As:
    """The whole window on a system of choice."""
    # What a Mac's Tk brings.
    root.eval("namespace eval ::tk::mac {}")

    def build(system: WindowSystem) -> Body:
        pretend(system)
        body = Window(root, actions).body
        root.update()
        assert body is not None
        scene = fitted()
        body.show(replace(scene, picking=True, selected=0, enabled=scene.enabled | {"pick", "fit"}))
        body.workspace.image.focus_force()
        settle(root)
        actions.calls.clear()
        return body

    return build


@pytest.mark.parametrize("key", ["p", "f", "F5", "F6", "Delete", "Escape", "Next", "c"])
@pytest.mark.parametrize("system", [X11, WINDOWS], ids=["x11", "windows"])
def test_plain_keys_work_with_num_lock(
    window_as: As, actions: Recorder, system: WindowSystem, key: str
) -> None:
    body = window_as(system)
    body.runner.scene = replace(body.runner.scene, enabled=frozenset(ALL))
    lock = NUM_LOCK_OF_WINDOWS if system is WINDOWS else 0x10
    body.workspace.image.event_generate(f"<KeyPress-{key}>", state=lock)
    settle(body.workspace.image)
    assert actions.named("command")


ALL = ("pick", "fit", "find", "remove", "step_back", "next", "corner_pixels")


@pytest.mark.parametrize(("system", "state"), [(X11, 0x8), (WINDOWS, 0x20000), (MAC, OPTION)])
def test_a_letter_with_alt_is_not_the_plain_key(
    window_as: As, actions: Recorder, system: WindowSystem, state: int
) -> None:
    image = window_as(system).workspace.image
    image.event_generate("<KeyPress-f>", state=state)
    settle(image)
    assert actions.calls == []


def test_on_a_mac_command_is_the_key_of_the_commands(window_as: As, actions: Recorder) -> None:
    body = window_as(MAC)
    body.runner.scene = replace(body.runner.scene, enabled=frozenset({"undo", "corner_pixels"}))
    image = body.workspace.image
    image.event_generate("<KeyPress-z>", state=COMMAND)
    image.event_generate("<KeyPress-c>", state=COMMAND)  # copies, does not count from the corner
    settle(image)
    assert actions.named("command") == [("undo",)]
    assert actions.named("copy_text") == [("plain",)]


@pytest.mark.parametrize(("state", "moved"), [(0, 1.0), (0x1, 0.1), (COMMAND, 10.0)])
def test_on_a_mac_arrows_move_the_selected_point(
    window_as: As, actions: Recorder, state: int, moved: float
) -> None:
    image = window_as(MAC).workspace.image
    image.event_generate("<KeyPress-Left>", state=state)
    settle(image)
    assert actions.named("nudge") == [(pytest.approx(-moved), 0.0)]


def test_on_a_mac_option_and_arrows_aim(window_as: As, actions: Recorder) -> None:
    body = window_as(MAC)
    moves: list[tuple[float, float]] = []
    body.keys._move_pointer = lambda dx, dy: moves.append((dx, dy))
    body.workspace.image.event_generate("<KeyPress-Left>", state=OPTION)
    settle(body.workspace.image)
    assert moves == [(-1.0, 0.0)]
    assert actions.named("nudge") == []


@pytest.mark.parametrize(("pattern", "menu", "text"), [
    ("<Control-o>", "Command+O", "⌘O"), ("<Control-Z>", "Command+Shift+Z", "⌘⇧Z"),
    ("<Prior>", "PageUp", "PageUp"), ("<Delete>", "Delete", "Delete"), ("<F5>", "F5", "F5"),
    ("<Control-Return>", "Command+Return", "⌘Return"), ("<Escape>", "Escape", "Escape"),
])
def test_keys_are_written_as_a_mac_knows_them(pattern: str, menu: str, text: str) -> None:
    assert accelerator(pattern, MAC) == menu
    assert written(pattern, MAC) == text


def test_the_help_names_the_keys_of_a_mac(
    window_as: As, pretend: Callable[[WindowSystem], None]
) -> None:
    body = window_as(MAC)
    text = show_help(body.workspace._context).text.get("1.0", "end")
    assert "Option and the arrows" in text
    assert "⌘O" in text
    assert "Ctrl" not in text


def test_the_menu_of_the_program_says_what_it_is(window_as: As, root: tk.Tk) -> None:
    window_as(MAC)
    bar = root.nametowidget(root.cget("menu"))
    apple = bar.nametowidget("apple")
    assert apple.entrycget(0, "label") == "About calibtool"
    assert bar.entrycget(0, "menu") == str(apple)
    before = set(root.winfo_children())
    apple.invoke(0)
    (about,) = (child for child in root.winfo_children() if child not in before)
    assert about.title() == "About calibtool"


class Hand:
    """Notes the gestures of a canvas."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.done.append((name, *arguments))

    def named(self, name: str) -> list[tuple[Any, ...]]:
        return [gesture for gesture in self.done if gesture[0] == name]


def hand_on(root: tk.Tk) -> tuple[tk.Canvas, Hand]:
    canvas, hand = tk.Canvas(root, width=200, height=150), Hand()
    canvas.pack()
    Pointer(canvas, hand, 1.0)
    root.update()
    return canvas, hand


@pytest.mark.parametrize(("system", "right", "middle"), [(X11, 3, 2), (WINDOWS, 3, 2), (MAC, 2, 3)])
def test_the_right_button_removes_and_the_middle_one_pans(
    root: tk.Tk, pretend: Callable[[WindowSystem], None], system: WindowSystem, right: int,
    middle: int,
) -> None:
    pretend(system)
    canvas, hand = hand_on(root)
    canvas.event_generate(f"<ButtonPress-{right}>", x=50, y=40)
    canvas.event_generate(f"<ButtonRelease-{right}>", x=50, y=40)
    assert hand.named("secondary") == [("secondary", 50, 40)]
    canvas.event_generate(f"<ButtonPress-{middle}>", x=50, y=40)
    canvas.event_generate("<Motion>", x=57, y=44)
    assert hand.named("pan") == [("pan", 7, 4)]
    assert len(hand.named("secondary")) == 1


def test_on_a_mac_control_and_click_is_the_right_button_too(
    root: tk.Tk, pretend: Callable[[WindowSystem], None]
) -> None:
    pretend(MAC)
    canvas, hand = hand_on(root)
    canvas.event_generate("<ButtonPress-1>", x=50, y=40, state=CONTROL)
    canvas.event_generate("<ButtonRelease-1>", x=50, y=40, state=CONTROL)
    assert [gesture[0] for gesture in hand.done] == ["secondary"]


def test_tk_9_counts_a_macs_buttons_as_others_do() -> None:
    assert MAC_TK9.secondary == ("<ButtonPress-3>", "<Control-ButtonPress-1>")
    assert MAC_TK9.middle == 2


@pytest.mark.parametrize(
    ("system", "delta", "notches"),
    [(WINDOWS, 120, 1.0), (WINDOWS, -240, -2.0), (MAC, 1, 1.0), (MAC_TK9, 120, 1.0)],
)
def test_a_notch_of_the_wheel_is_one_everywhere(
    root: tk.Tk, pretend: Callable[[WindowSystem], None], system: WindowSystem, delta: int,
    notches: float,
) -> None:
    # This Tk has no event of Tk 9's touchpads; its wheel is what is tried.
    pretend(Deaf(system.name, system.tk_major))
    canvas, hand = hand_on(root)
    canvas.event_generate("<MouseWheel>", delta=delta, x=50, y=40)
    assert hand.named("wheel") == [("wheel", notches, 50, 40)]


class Deaf(WindowSystem):
    """A system whose touchpad says nothing."""

    has_touchpad_events = False  # type: ignore[assignment]


def test_two_fingers_of_tk_9_are_heard(pretend: Callable[[WindowSystem], None]) -> None:
    bound: dict[str, Any] = {}

    class Canvas:
        def bind(self, pattern: str, handler: Any, add: str = "") -> None:
            bound[pattern] = handler

        def winfo_toplevel(self) -> "Canvas":
            return self

    pretend(MAC_TK9)
    hand = Hand()
    Pointer(Canvas(), hand, 1.0)  # type: ignore[arg-type]
    up = SimpleNamespace(delta=(3 << 16) | 20, x=5, y=6, num="??")
    bound["<TouchpadScroll>"](up)
    assert hand.done == [("wheel", 20 / TOUCHPAD_NOTCH, 5, 6)]
    assert touchpad_notches(0xFFFF - 19) == -20 / TOUCHPAD_NOTCH


def test_a_sideways_swipe_on_a_mac_does_nothing(
    root: tk.Tk, pretend: Callable[[WindowSystem], None]
) -> None:
    pretend(MAC)
    canvas, hand = hand_on(root)
    canvas.event_generate("<MouseWheel>", delta=5, state=0x1, x=50, y=40)
    assert hand.done == []


@pytest.mark.parametrize(("system", "delta", "steps"), [
    (MAC, -1, 1), (MAC, -3, 3), (WINDOWS, -120, 2), (WINDOWS, 120, 0),
])
def test_the_side_column_scrolls_as_far_as_was_turned(
    root: tk.Tk, pretend: Callable[[WindowSystem], None], system: WindowSystem, delta: int,
    steps: int,
) -> None:
    pretend(system)
    column = Column(root, Theme(root, dark=False), 200)
    column.pack()
    tk.Frame(column.inside, height=3000, width=50).pack()
    root.update()
    column._canvas.event_generate("<MouseWheel>", delta=delta, x=5, y=5)
    settle(root)
    assert column._canvas.canvasy(0) == steps * column._step


def test_a_mac_asks_the_window_to_close(
    root: tk.Tk, pretend: Callable[[WindowSystem], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(MAC)
    root.eval("namespace eval ::tk::mac {}")
    left: list[bool] = []
    monkeypatch.setattr(Window, "quit", lambda _window: left.append(True))
    Window(root)
    root.tk.call("::tk::mac::Quit")
    assert left == [True]


def test_files_given_to_the_program_on_a_mac_are_opened(
    root: tk.Tk, pretend: Callable[[WindowSystem], None]
) -> None:
    pretend(MAC)
    root.eval("namespace eval ::tk::mac {}")
    window, opened = Window(root), []
    root.tk.call("::tk::mac::OpenDocument", "/early ring.tif")
    window.mac.deliver(opened.append)
    root.tk.call("::tk::mac::OpenDocument", "/a.edf", "/b.edf")
    assert opened == ["/early ring.tif", "/a.edf"]


def test_a_tooltip_on_a_mac_takes_no_keys(
    root: tk.Tk, pretend: Callable[[WindowSystem], None]
) -> None:
    pretend(MAC)
    root.eval("namespace eval ::tk::unsupported {}")
    asked: list[tuple[str, ...]] = []
    root.createcommand("::tk::unsupported::MacWindowStyle", lambda *words: asked.append(words))
    label = tk.Label(root, text="here")
    label.pack()
    root.update()
    tip = Tooltip(label, Theme(root, dark=False), lambda: "what it is")
    tip.show()
    assert [(words[0], *words[2:]) for words in asked] == [("style", "help", "noActivates")]
    tip.hide()


def test_windows_is_told_that_the_pixels_are_the_programs_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, Any]] = []

    class Library:
        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, function: str) -> Callable[[Any], None]:
            return lambda value: told.append((function, value))

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("ctypes.OleDLL", Library, raising=False)
    window_system.introduce()
    assert ("SetProcessDpiAwareness", 1) in told
    assert ("SetCurrentProcessExplicitAppUserModelID", window_system.APPLICATION) in told


def test_an_old_windows_without_it_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("ctypes.OleDLL", missing, raising=False)
    window_system.introduce()
