"""What is saved is named after the image, and what cannot be saved is said before the dialog."""

import tkinter as tk
from pathlib import Path

import numpy as np
import pytest

from calibtool.io.edf import write_edf
from calibtool.presenter.present import CARRIED
from tests.app.driver import Driver
from tests.app.rings import SMALL, small_counts

HEADER = {"WaveLength": "1.0332e-10", "PSize_1": "172e-6", "PSize_2": "172e-6"}


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    """An image whose header knows wavelength and pixel size."""
    folder = tmp_path / "images"
    folder.mkdir(exist_ok=True)
    write_edf(folder / "agbh_001.edf", small_counts(1), HEADER)
    return folder / "agbh_001.edf"


def lines(path: Path) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in path.read_text().splitlines() if ": " in line)


def test_one_key_saves_the_poni_beside_the_image(program: Driver, complete: Path) -> None:
    program.open(complete)
    program.key("<Control-e>")
    poni = complete.with_name("agbh_001.poni")
    assert "saved" in program.notice
    assert float(lines(poni)["Poni2"]) / 172e-6 - 0.5 == pytest.approx(SMALL.center_x_px, abs=0.2)
    assert len(program.asked) == 1, "only the one that opened the image"


def test_a_poni_that_is_there_is_only_replaced_when_the_user_says_so(
    program: Driver, complete: Path
) -> None:
    poni = complete.with_name("agbh_001.poni")
    poni.write_text("precious")
    program.open(complete)
    program.key("<Control-e>")
    assert poni.read_text() == "precious"
    assert "exists already" in program.notice
    program.press_notice("Cancel")
    assert poni.read_text() == "precious"
    program.key("<Control-e>")
    program.answers.append(str(complete.with_name("other.poni")))
    program.press_notice("Another name…")
    assert program.asked[-1]["initialfile"] == "agbh_001.poni"
    assert lines(complete.with_name("other.poni"))
    program.key("<Control-e>")
    program.press_notice("Replace")
    assert lines(poni)["poni_version"] == "2.1"


@pytest.mark.parametrize("how", ["<Control-e>", "<Control-E>"])
def test_all_that_is_missing_is_named_before_any_dialog(
    program: Driver, image: Path, how: str
) -> None:
    program.open(image)
    program.key(how)
    assert len(program.asked) == 1, "only the one that opened the image"
    assert "pixel size" in program.notice
    assert "wavelength" in program.notice
    assert not list(image.parent.glob("*.poni"))
    program.type_into("pixel_size", "0.172")
    program.key(how, on=program.workspace.image)
    assert "pixel size" not in program.notice
    assert "wavelength" in program.notice


def test_every_proposed_name_is_that_of_the_image(program: Driver, complete: Path) -> None:
    program.open(complete)
    for name, proposed in (
        ("save", "agbh_001_calibration.json"), ("export_poni", "agbh_001.poni"),
        ("export_musclex", "calibration.info"), ("report", "agbh_001_report.pdf"),
        ("process_folder_as", "images_series.csv"),
    ):
        program.save(name, Path())
        assert program.asked[-1]["initialfile"] == proposed


def test_entries_of_a_menu_have_letters_of_their_own(program: Driver) -> None:
    for title, menu in program.body.menus._menus.items():
        labels = [
            (menu.entrycget(index, "label"), int(menu.entrycget(index, "underline")))
            for index in range((menu.index("end") or 0) + 1)
            if menu.type(index) in ("command", "checkbutton")
        ]
        letters = [label[place].casefold() for label, place in labels if place >= 0]
        assert len(letters) == len(set(letters)), title
        for label, place in labels:
            spare = {letter for letter in label.casefold() if letter.isalnum()} - set(letters)
            assert place >= 0 or not spare, (title, label)


def undo_label(program: Driver) -> str:
    menu, index = program.body.menus.entry("undo")
    return str(menu.entrycget(index, "label"))


def test_one_undo_takes_back_an_entry_and_all_that_followed_from_it(
    program: Driver, complete: Path
) -> None:
    program.open(complete)
    before = program.session
    program.type_into("wavelength", "0.2")
    assert undo_label(program) == "Undo wavelength"
    now = program.session
    assert now.result is not before.result, "measured again"
    program.key("<Control-z>", on=program.workspace.image)
    assert program.session.result is before.result
    assert program.session.settings == before.settings
    assert undo_label(program) == "Undo rings found"
    program.key("<Control-y>", on=program.workspace.image)
    assert program.session.result is now.result
    assert program.session.settings == now.settings


def test_undo_says_what_it_undoes_and_goes_back_across_images(
    program: Driver, complete: Path
) -> None:
    write_edf(complete.with_name("agbh_002.edf"), small_counts(2), HEADER)
    program.open(complete)
    assert undo_label(program) == "Undo rings found"
    program.press(program.workspace.side.fixed_box)
    assert undo_label(program) == "Undo fixed beam"
    program.key("<Next>", on=program.workspace.image)
    program.idle()
    assert program.session.settings.fixed_center
    program.key("<Control-z>")
    assert undo_label(program) == f"Undo {CARRIED}"
    program.key("<Control-z>")
    assert not program.session.settings.fixed_center
    assert undo_label(program) == "Undo"
    program.key("<Control-y>")
    assert program.session.settings.fixed_center


def test_after_undo_the_results_do_not_ask_for_the_image_that_is_open(
    program: Driver, image: Path
) -> None:
    def said() -> str:
        verdict = program.workspace.side.results.verdict
        return f"{verdict.words.cget('text')} {verdict.numbers.cget('text')}"

    without_image = said()
    program.open(image)
    found = said()
    program.key("<Control-z>")
    assert said() not in (found, without_image)
    assert "Open an image" not in said()
    assert not any(row.value for row in program.scene.results)


def is_open(root: tk.Tk) -> bool:
    try:
        return bool(root.winfo_exists())
    except tk.TclError:
        return False


def with_points(program: Driver, image: Path) -> None:
    program.open(image)
    program.key("p", "g", "a", "<Return>")
    assert len(program.session.points) == 1


def test_closing_asks_while_points_are_not_saved(
    program: Driver, image: Path, tmp_path: Path
) -> None:
    with_points(program, image)
    program.key("<Control-q>")
    assert is_open(program.root)
    assert "not saved" in program.notice
    program.press_notice("Stay")
    assert program.notice == ""
    program.save("save_points", tmp_path / "points.csv")
    program.key("<Control-q>")
    assert not is_open(program.root)


@pytest.mark.parametrize("end", ["button", "again", "frame"])
def test_closing_without_saving_is_one_more_click_or_key(
    program: Driver, image: Path, end: str
) -> None:
    with_points(program, image)
    program.window.quit()
    assert is_open(program.root)
    if end == "button":
        program.press_notice("Close without saving")
    elif end == "again":
        program.key("<Control-q>")
    else:
        program.window.quit()
    assert not is_open(program.root)


def test_a_calibration_in_use_is_asked_for_and_one_only_looked_at_is_not(
    program: Driver, image: Path, tmp_path: Path
) -> None:
    program.open(image)
    program.press_button("apply")
    program.key("<Control-q>")
    assert is_open(program.root)
    assert "calibration in use is not saved" in program.notice
    program.answers.append(str(tmp_path / "calibration.json"))
    program.press_notice("Save…")
    program.key("<Control-q>")
    assert not is_open(program.root)


def test_an_image_that_was_only_opened_closes_at_once(program: Driver, image: Path) -> None:
    program.open(image)
    program.key("<Control-q>")
    assert not is_open(program.root)


def test_the_image_itself_is_as_it_was(program: Driver, complete: Path) -> None:
    before = complete.read_bytes()
    program.open(complete)
    program.key("<Control-e>", "<Control-e>")
    assert complete.read_bytes() == before
    assert np.array_equal(program.session.image.data, small_counts(1))  # type: ignore[union-attr]
