"""The first steps on the demo image, what is new, and the versions for a report of a fault."""

import tkinter as tk
from pathlib import Path

import pytest

from calibtool import __version__
from calibtool.controller.remembering import Memory
from calibtool.io.preferences import Preferences, save_preferences
from calibtool.model.demo import CIRCLE
from calibtool.presenter.tour import STEPS
from calibtool.view import workspace
from calibtool.view.help_window import TextWindow
from tests.app.driver import Driver


def test_three_steps_lead_to_a_calibration_in_use(program: Driver) -> None:
    program.press(program.workspace.welcome.tour)
    program.idle()
    assert program.scene.rings
    for number, text in enumerate(STEPS, 1):
        assert program.notice == f"First steps, {number} of 3: {text}"
        if number < len(STEPS):
            program.press_notice("Next")
    program.press_button("apply")
    assert program.notice == "This calibration is now in use."
    program.press_notice("Close")
    assert program.notice == ""
    assert program.session.result is not None
    assert program.session.result.best.center_x_px == pytest.approx(CIRCLE.center_x_px, abs=0.1)
    assert program.scene.recent == ()


@pytest.mark.parametrize("leave", ["Skip", "<Escape>"])
def test_they_can_be_skipped(program: Driver, leave: str) -> None:
    program.press_menu("tour")
    program.idle()
    assert "1 of 3" in program.notice
    if leave == "Skip":
        program.press_notice(leave)
    else:
        program.key(leave)
    assert program.notice == ""


def test_another_image_ends_them(program: Driver, image: Path) -> None:
    program.press_menu("tour")
    program.idle()
    program.open(image)
    assert "First steps" not in program.notice


def test_they_are_offered_until_there_are_images_opened_lately(
    program: Driver, image: Path
) -> None:
    welcome = program.workspace.welcome
    assert welcome.tour.winfo_viewable()
    program.open(image)
    program.press_button("unset")
    assert welcome.winfo_viewable()
    assert not welcome.tour.winfo_viewable()


def test_a_new_version_is_said_once(tmp_path: Path) -> None:
    first = Memory(tmp_path / "first.json")
    assert not first.has_new_version()
    place = tmp_path / "kept.json"
    save_preferences(Preferences().with_value("version", "0.1.0"), place)
    after = Memory(place)
    assert [after.has_new_version(), after.has_new_version()] == [True, False]
    after.remember(after.display(), (), {})
    assert not Memory(place).has_new_version()


def test_what_is_new_is_a_page_of_the_manual(
    program: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    monkeypatch.setattr(workspace, "open_page", lambda page: not pages.append(page))  # type: ignore[func-returns-value]
    program.press_menu("news")
    assert pages == ["changes.html"]


def test_about_copies_the_versions(
    program: Driver, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[TextWindow] = []
    show = workspace.show_about
    monkeypatch.setattr(workspace, "show_about", lambda context: opened.append(show(context)))
    program.press_menu("about")
    opened[0].copy.invoke()
    copied = root.clipboard_get()
    assert copied.startswith(f"calibtool {__version__}\nPython ")
    assert "\nTk 8." in copied
    assert "\nnumpy " in copied
    opened[0].window.destroy()
