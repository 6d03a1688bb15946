"""F1 opens the manual at what is being done; where there is none, the short help says so."""

import threading
import tkinter as tk
import webbrowser
from dataclasses import replace
from pathlib import Path

import pytest

from calibtool.scene import Advice, Masking, Notice, Scene
from calibtool.view import help_window, workspace
from calibtool.view.body import Body
from calibtool.view.manual import NOT_HERE, open_page, page_about
from tests.view.scenes import fitted

ARC = Advice("short_arc", "Only a short arc is seen", "…")


@pytest.mark.parametrize(("scene", "drawer", "page"), [
    (Scene(), "", "first.html"),
    (Scene(picking=True), "Folder (6)", "points.html"),
    (Scene(masking=Masking()), "", "masks.html"),
    (Scene(), "Series (12)", "series.html"),
    (Scene(), "Convergence", "points.html#how-the-points-are-fitted"),
    (Scene(warnings=(ARC,)), "", "when_it_says_no.html#code-short-arc"),
    (Scene(notice=Notice("No.", "error")), "", "when_it_says_no.html"),
    (Scene(measuring=True, warnings=(ARC,)), "", "numbers.html#a-spacing-in-your-sample"),
])
def test_the_page_is_about_what_is_being_done(scene: Scene, drawer: str, page: str) -> None:
    assert page_about(scene, drawer) == page


def test_a_result_without_a_warning_leads_to_what_the_numbers_mean() -> None:
    assert page_about(replace(fitted(), warnings=(), notice=None)) == "numbers.html"


def test_the_browser_gets_the_file_and_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "with spaces ü"
    folder.mkdir()
    (folder / "points.html").write_text("text")
    monkeypatch.setattr(webbrowser, "get", lambda: None)
    shown: list[str] = []
    done = threading.Event()

    def show(url: str) -> None:
        shown.append(url)
        done.set()

    assert open_page("points.html#place", folder, show)
    assert done.wait(10)
    assert shown == [(folder / "points.html").as_uri() + "#place"]


def test_without_manual_or_browser_nothing_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> None:
        raise webbrowser.Error("no browser")

    assert not open_page("points.html", tmp_path, pytest.fail)
    (tmp_path / "points.html").write_text("text")
    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_page("points.html", tmp_path, pytest.fail)


def test_f1_opens_the_manual(window: Body, root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []
    monkeypatch.setattr(workspace, "open_page", lambda page: not pages.append(page))  # type: ignore[func-returns-value]
    window.show(replace(fitted(), picking=True))
    root.event_generate("<F1>")
    root.update()
    assert pages == ["points.html"]


def test_where_it_is_missing_f1_says_so_and_helps(
    window: Body, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[help_window.TextWindow] = []

    def show(*words: object) -> None:
        opened.append(help_window.show_help(*words))  # type: ignore[arg-type]

    monkeypatch.setattr(workspace, "open_page", lambda _page: False)
    monkeypatch.setattr(workspace, "show_help", show)
    root.event_generate("<F1>")
    root.event_generate("<Shift-F1>")
    root.update()
    texts = [window.text.get("1.0", "end") for window in opened]
    assert [text.startswith(NOT_HERE[:40]) for text in texts] == [True, False]
    assert all("Calibrate by points" in text for text in texts)
