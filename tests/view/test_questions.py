"""The question how pixels lie in a file, with real keys: what does not fit is not taken."""

import tkinter as tk
from pathlib import Path

import pytest

from calibtool.view import questions
from calibtool.view.questions import LayoutDialog, ask_address
from tests.view.events import take_keys


def fill(dialog: LayoutDialog, **texts: str) -> None:
    for key, text in texts.items():
        entry = dialog.fields[key]
        entry.focus_force()
        entry.delete(0, "end")
        for letter in text:
            entry.event_generate(f"<Key-{letter}>")
            entry.event_generate(f"<KeyRelease-{letter}>")
        entry.update()


def ask(root: tk.Tk, path: Path, *steps: str) -> tuple[str | None, list[str]]:
    """Open the dialog, type ``width height offset`` and press Return at each step."""
    said: list[str] = []

    class Driven(LayoutDialog):
        def wait_window(self, window: tk.Misc | None = None) -> None:
            take_keys(self)
            for step in steps:
                width, height, offset = step.split()
                fill(self, width=width, height=height, offset=offset)
                said.append(str(self.said.cget("text")))
                self.fields["width"].event_generate("<Return>")
                self.update()
            if self.winfo_exists():
                self.fields["width"].event_generate("<Escape>")

    return Driven(root, str(path)).result, said


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "dump.raw"
    path.write_bytes(bytes(8 + 2 * 30 * 20))
    return path


def test_what_fits_the_file_is_the_answer(root: tk.Tk, dump: Path) -> None:
    answer, said = ask(root, dump, "30 20 8")
    assert (answer, said) == ("30x20:uint16:8", ["1 image"])


def test_what_does_not_fit_is_said_beside_the_fields_and_can_be_mended(
    root: tk.Tk, dump: Path
) -> None:
    answer, said = ask(root, dump, "30 20 0", "15 20 8")
    assert answer == "15x20:uint16:8"
    assert said == ["This needs 1200 bytes and the file has 1208.", "2 images"]


def test_left_by_escape_it_has_no_answer(root: tk.Tk, dump: Path) -> None:
    answer, _ = ask(root, dump, "7 7 0")
    assert answer is None


def test_an_address_is_asked_for_with_the_last_one(
    root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[str] = []

    def typed(_title: str, _prompt: str, **options: str) -> str | None:
        known.append(options["initialvalue"])
        return " http://detector/image " if len(known) == 1 else None

    monkeypatch.setattr(questions.simpledialog, "askstring", typed)
    assert ask_address(root, "") == "http://detector/image"
    assert ask_address(root, "http://detector/image") == ""
    assert known == ["http://", "http://detector/image"]
