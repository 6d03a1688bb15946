"""A tooltip is beside its widget, never over the line of the running job, and goes away."""

import tkinter as tk
from tkinter import ttk

import pytest

from calibtool.view import tooltip
from calibtool.view.body import Body
from calibtool.view.command_button import CommandButton
from calibtool.view.help_window import show_about, show_help
from calibtool.view.tooltip import Tooltip
from tests.view.events import settle, wait_until
from tests.view.scenes import fitted


def shown(root: tk.Tk) -> list[tk.Toplevel]:
    found: list[tk.Toplevel] = []
    todo: list[tk.Misc] = [root]
    while todo:
        widget = todo.pop()
        todo += widget.winfo_children()
        if isinstance(widget, tk.Toplevel) and widget.winfo_exists():
            found.append(widget)
    return found


def overlap(a: tk.Misc, b: tk.Misc) -> bool:
    right = min(a.winfo_rootx() + a.winfo_width(), b.winfo_rootx() + b.winfo_width())
    low = min(a.winfo_rooty() + a.winfo_height(), b.winfo_rooty() + b.winfo_height())
    return right > max(a.winfo_rootx(), b.winfo_rootx()) and low > max(
        a.winfo_rooty(), b.winfo_rooty()
    )


def test_no_tooltip_covers_the_job_and_its_cancel(window: Body, root: tk.Tk) -> None:
    window.show(fitted())
    settle(root)
    checked = 0
    todo: list[tk.Misc] = [window.workspace]
    while todo:
        widget = todo.pop()
        todo += widget.winfo_children()
        if isinstance(widget, CommandButton) and widget.winfo_viewable():
            tip = Tooltip(widget, window.theme, lambda: "A long text " * 12)
            tip.show()
            settle(root)
            assert not overlap(shown(root)[0], window.workspace.status), widget
            tip.hide()
            checked += 1
    assert checked > 5


def test_a_tooltip_goes_away_by_itself(
    window: Body, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tooltip, "SHOWN_MS", 20)
    label = ttk.Label(window.workspace.status, text="here")
    tip = Tooltip(label, window.theme, lambda: "text")
    tip.show()
    assert shown(root)
    wait_until(root, lambda: not shown(root))
    tip.show()
    tip.hide()
    assert not shown(root)


def test_a_field_with_an_error_shows_the_reason_and_no_tip(window: Body) -> None:
    from dataclasses import replace
    from types import MappingProxyType

    from calibtool.scene import Field

    scene = fitted()
    row = window.workspace.rows["calibrant"]
    window.show(scene)
    assert row._tip()
    wrong = {**scene.fields, "calibrant": Field("xy", error="There is no calibrant 'xy'.")}
    window.show(replace(scene, fields=MappingProxyType(wrong)))
    assert row._tip() == ""


@pytest.mark.parametrize("show", [show_help, show_about])
def test_the_help_is_over_the_window_and_whole_on_the_screen(
    window: Body, root: tk.Tk, show: object
) -> None:
    assert callable(show)
    root.geometry("+200+150")
    settle(root)
    opened = show(window.workspace._context).window
    settle(root)
    left, top = opened.winfo_rootx(), opened.winfo_rooty()
    assert left > 0
    assert top >= 0
    assert left + opened.winfo_width() <= root.winfo_screenwidth()
    assert top + opened.winfo_height() <= root.winfo_screenheight()
    middle = root.winfo_rootx() + root.winfo_width() / 2
    assert left + opened.winfo_width() / 2 == pytest.approx(middle, abs=3)
    opened.destroy()
