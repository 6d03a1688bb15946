"""A user of the real window: looks at it, moves the mouse, presses keys, waits."""

import time
import tkinter as tk
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tkinter import ttk
from types import TracebackType
from typing import Any

import pytest

from calibtool.app import Application
from calibtool.controller.controller import Controller
from calibtool.model.state.session import Session
from calibtool.scene import Scene
from calibtool.view import file_dialogs
from calibtool.view.body import Body
from calibtool.view.commands import BY_NAME
from calibtool.view.shell import MENUS
from calibtool.view.window import Window
from calibtool.view.workspace import Workspace
from tests.view.events import click, drag, move, settle, take_keys

PATIENCE_S = 120.0


class Driver:
    """The whole program in a window, and a user in front of it.

    ``faults`` are errors that callbacks raised; a test that expects one takes it out, any
    other fails the test. ``answers`` are what the file dialogs will say, first one first.
    ``clicks`` and ``keys`` count what the user's hands did; an answered file dialog is the key
    that ends it.
    """

    def __init__(self, root: tk.Tk, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.window = Window(root)
        root.update()
        self.app = Application(root, self.window)
        self.faults: list[str] = []
        self.answers: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.clicks = self.keys = 0
        root.report_callback_exception = self._report  # type: ignore[method-assign]
        for name in ("askopenfilename", "asksaveasfilename", "askdirectory"):
            patch.setattr(file_dialogs.filedialog, name, self._answer)
        self.app.start()
        self.settle()
        take_keys(root)

    @property
    def controller(self) -> Controller:
        return self.app.controller

    @property
    def session(self) -> Session:
        return self.controller.session

    @property
    def body(self) -> Body:
        assert self.window.body is not None
        return self.window.body

    @property
    def scene(self) -> Scene:
        return self.body.scene

    @property
    def workspace(self) -> Workspace:
        return self.body.workspace

    @property
    def notice(self) -> str:
        return self.scene.notice.text if self.scene.notice is not None else ""

    @property
    def closed(self) -> bool:
        """Whether the window has been closed."""
        try:
            return not self.root.winfo_exists()
        except tk.TclError:
            return True

    def settle(self) -> None:
        settle(self.root)

    def until(self, condition: Callable[[], object], what: str = "end of the wait") -> None:
        """Run the event loop until the condition holds."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, f"no {what}; the window says: {self.said}"
            # One event, and the thread that works has the processor meanwhile.
            self.root.tk.dooneevent(0)
            assert not self.faults, self.faults[0]
        settle(self.root)

    def idle(self) -> None:
        """Wait until the job that runs has ended."""
        self.until(lambda: self.controller.state.busy is None, "end of a job")

    @property
    def said(self) -> str:
        scene = self.scene
        return " | ".join(filter(None, (
            self.notice, scene.hint, scene.verdict.words,
            *(advice.explanation for advice in scene.warnings),
        )))

    def press_button(self, name: str) -> None:
        """Click the button of a command, in a panel or the tool bar."""
        self.press(self.button(name))

    def press(self, widget: tk.Misc) -> None:
        self.reveal(widget)
        assert widget.winfo_viewable(), f"{widget} is not in view"
        self.clicks += 1
        with suppress(tk.TclError):
            # The click may close the window.
            click(widget, widget.winfo_width() // 2, widget.winfo_height() // 2)

    def reveal(self, widget: tk.Misc) -> None:
        """Open the section of the column or the panel of the drawer that a widget is in."""
        path, drawer = str(widget), self.workspace.drawer
        for section in self.workspace.side.sections.values():
            if not section.opened and path.startswith(f"{section.body}."):
                section.toggle()
        for panel in drawer.panels:
            if path.startswith(f"{panel}.") and not (drawer.opened and drawer.current is panel):
                drawer.select(panel)
        self.settle()

    def button(self, name: str) -> tk.Widget:
        """A button of a command: one that is in sight, else one that has to be revealed."""
        if name in self.workspace.tool_bar.buttons:
            return self.workspace.tool_bar.buttons[name]
        buttons = [
            widget for widget in all_widgets(self.workspace)
            if getattr(widget, "_name", None) == name and widget.winfo_class() == "TButton"
        ]  # fmt: skip
        return max(buttons, key=lambda button: bool(button.winfo_viewable()))

    def press_check(self, name: str) -> None:
        """Click the check box of a command."""
        boxes = [
            widget for widget in all_widgets(self.workspace)
            if getattr(widget, "_name", None) == name and widget.winfo_class() == "TCheckbutton"
        ]  # fmt: skip
        self.press(boxes[0])

    def press_notice(self, label: str) -> None:
        """Click a button of the notice, or choose from its list what has ``label`` in it."""
        self.settle()
        widgets = list(all_widgets(self.workspace.guide))
        boxes = [widget for widget in widgets if isinstance(widget, ttk.Combobox)]
        if not boxes:
            self.press(next(
                widget for widget in widgets
                if widget.winfo_class() == "TButton" and str(widget.cget("text")) == label
            ))  # fmt: skip
            return
        self.clicks += 2
        choices = boxes[0].tk.splitlist(boxes[0].cget("values"))
        boxes[0].current(next(k for k, choice in enumerate(choices) if label in choice))
        boxes[0].event_generate("<<ComboboxSelected>>")
        self.settle()

    def until_fault(self) -> None:
        """Wait until a callback has raised, as it should; this fault is then forgiven."""
        end = time.monotonic() + PATIENCE_S
        while not self.faults:
            assert time.monotonic() < end, "nothing was raised"
            self.root.update()
        self.faults.clear()

    def load(self, name: str, path: Path) -> None:
        """Choose a command that reads a file from its menu."""
        self.save(name, path)

    def open(self, path: Path | str) -> None:
        """Browse for an image and wait until all that follows is done."""
        self.answers.append(str(path))
        self.press_button("open")
        self.idle()

    def save(self, name: str, path: Path) -> Path:
        """Choose a command that writes a file from its menu."""
        self.answers.append(str(path))
        menu, index = self.body.menus.entry(name)
        menu.invoke(index)
        self.settle()
        return path

    def press_menu(self, name: str) -> None:
        """Choose a command from its menu: a click on the title and one on the entry."""
        self.clicks += 2
        menu, index = self.body.menus.entry(name)
        assert menu.entrycget(index, "state") == "normal", f"{name} is not enabled"
        menu.invoke(index)
        self.settle()

    def menu_by_keys(self, name: str, path: Path) -> None:
        """Choose a command from its menu by F10 and the arrows."""
        self.answers.append(str(path))
        titles, command = list(MENUS), BY_NAME[name]
        _menu, index = self.body.menus.entry(name)
        self.key("<F10>", *["<Right>"] * titles.index(command.menu), "<Down>")
        for _ in range(40):
            if self.root.tk.call(self.focus, "index", "active") == index:
                break
            self.key("<Down>")
        self.key("<Return>")

    def click_image(self, x: float, y: float, button: int = 1) -> None:
        """Click on the image as near to a position as the screen's pixels allow."""
        image = self.workspace.image
        at_x, at_y = image.viewport.to_canvas(x, y)
        self.clicks += 1
        click(image, round(at_x), round(at_y), button)

    def click_lens(self, x: float, y: float) -> None:
        """Click in the magnifier on a position."""
        lens = self.workspace.lens.lens
        at_x, at_y = lens.viewport.to_canvas(x, y)
        assert 0 <= at_x < lens.winfo_width()
        assert 0 <= at_y < lens.winfo_height()
        self.clicks += 1
        click(lens, round(at_x), round(at_y))

    def drag_image(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag with the left button from one position on the image to another."""
        view = self.workspace.image.viewport
        from_x, from_y = view.to_canvas(*start)
        to_x, to_y = view.to_canvas(*end)
        drag(self.workspace.image, (round(from_x), round(from_y)), (round(to_x), round(to_y)))

    def hover(self, x: float, y: float) -> None:
        image = self.workspace.image
        at_x, at_y = image.viewport.to_canvas(x, y)
        move(image, round(at_x), round(at_y))

    def key(self, *patterns: str, on: tk.Misc | None = None) -> None:
        """Press keys, one after another, where the focus is (or on a widget)."""
        for pattern in patterns:
            name = pattern if pattern.startswith("<") else f"<Key-{pattern}>"
            self.keys += 1
            self.root.tk.call("event", "generate", on or self.focus, name)
            if not self.closed:
                settle(self.root)

    @property
    def focus(self) -> str:
        """Tcl name of the widget that gets the keys; menus that are open have only that."""
        return str(self.root.tk.call("focus") or ".")

    def type_into(self, key: str, text: str, end: str = "<Return>") -> None:
        """Type a value into a field, leave it by ``end``, and wait for what follows from it."""
        widget = self.workspace.rows[key].widget
        self.reveal(widget)
        widget.focus_force()
        settle(self.root)
        widget.delete(0, "end")
        widget.insert(0, text)
        widget.event_generate(end)
        settle(self.root)
        self.idle()

    def _answer(self, **options: Any) -> str:
        self.asked.append(options)
        self.keys += 1
        return self.answers.pop(0)

    def _report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.faults.append("".join(traceback.format_exception(kind, error, trace)))
        self.app.report(kind, error, trace)


def all_widgets(widget: tk.Misc) -> Iterator[tk.Misc]:
    """All widgets inside another one."""
    for child in widget.winfo_children():
        yield child
        yield from all_widgets(child)
