"""Opening: whatever cannot be opened is said in one sentence, and nothing else changes."""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibtool.controller import files
from calibtool.io.edf import write_edf
from calibtool.model.circle import Circle
from calibtool.model.simulate import RingShape, expected_counts
from calibtool.view import file_dialogs
from tests.app.checks import essence
from tests.app.driver import Driver
from tests.app.rings import small_counts

Maker = Callable[[Path], Path]


def missing(folder: Path) -> Path:
    return folder / "not_there.edf"


def empty(folder: Path) -> Path:
    (folder / "empty.tif").write_bytes(b"")
    return folder / "empty.tif"


def truncated(folder: Path) -> Path:
    whole = folder / "whole.edf"
    write_edf(whole, small_counts(2), {})
    (folder / "half.edf").write_bytes(whole.read_bytes()[:50_000])
    return folder / "half.edf"


def no_image(folder: Path) -> Path:
    (folder / "notes.txt").write_text("centre at 101, 97\n")
    return folder / "notes.txt"


@pytest.mark.parametrize("make", [missing, empty, truncated, no_image])
def test_what_cannot_be_opened_is_named_and_nothing_else_changes(
    program: Driver, image: Path, tmp_path: Path, make: Maker
) -> None:
    program.open(image)
    before, steps = essence(program.session), program.controller.state.timeline.cursor
    bad = make(tmp_path)
    program.open(bad)
    assert program.scene.notice is not None
    assert program.scene.notice.level == "error"
    assert bad.name in program.notice
    assert "Traceback" not in program.notice
    assert essence(program.session) == before
    assert program.controller.state.timeline.cursor == steps
    assert program.root.title().startswith("ring.edf")


def test_an_image_without_a_ring_says_so_and_gives_no_number(
    program: Driver, tmp_path: Path
) -> None:
    noise = np.random.default_rng(3).poisson(5.0, (200, 200)).astype(np.int32)
    write_edf(tmp_path / "noise.edf", noise, {})
    program.open(tmp_path / "noise.edf")
    assert program.session.image is not None
    assert "ring" in program.notice
    assert program.session.result is None
    assert [row.value for row in program.scene.results] == [""] * 5
    assert program.scene.rings == ()


def test_unset_forgets_the_image_and_keeps_the_settings(program: Driver, image: Path) -> None:
    program.open(image)
    program.type_into("distance", "231,5")
    program.press_button("unset")
    assert program.scene.picture is None
    assert program.session.result is None
    assert program.session.settings.distance.value == 231.5
    assert program.root.title() == "calibtool"
    program.open(image)
    assert program.session.settings.distance.value == 231.5


def test_leaving_the_dialog_without_a_choice_changes_nothing(program: Driver, image: Path) -> None:
    program.open(image)
    before = essence(program.session)
    program.open("")
    assert essence(program.session) == before
    assert program.notice == ""


def test_a_file_with_several_datasets_asks_which_one(program: Driver, tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "two.h5"
    with h5py.File(path, "w") as file:
        file["first/frame"] = small_counts(4)
        file["second/frame"] = small_counts(5, Circle(90.2, 110.7, 55.3))
    program.open(path)
    notice = program.scene.notice
    assert notice is not None
    assert program.session.image is None
    assert [label for _id, label in notice.choices] == [
        "/first/frame (200 × 200)", "/second/frame (200 × 200)",
    ]  # fmt: skip
    program.press_notice("/second/frame")
    program.idle()
    result = program.session.result
    assert result is not None, program.said
    assert result.best.radius_px == pytest.approx(55.3, abs=5 * result.best.sigma_radius_px)


def test_a_question_about_the_detector_stays_until_it_is_answered(
    program: Driver, tmp_path: Path
) -> None:
    ring = RingShape(Circle(1010.2, 1060.7, 420.5), 4.0, 60.0)
    counts = expected_counts((2048, 2048), [ring], background=4.0).round().astype(np.int32)
    write_edf(tmp_path / "frame.edf", counts, {})
    program.open(tmp_path / "frame.edf")
    assert program.session.result is not None, program.said
    assert "2048 × 2048" in program.notice
    assert program.session.settings.pixel_size.value is None
    program.press_notice("Rayonix MX225")
    settings = program.session.settings
    assert "chosen by the user" in settings.detector_source
    assert settings.pixel_size.value == pytest.approx(0.11, abs=0.001)
    assert program.notice == ""
    assert program.session.result is not None


def test_dialogs_begin_beside_the_image_and_then_where_the_last_file_went(
    program: Driver, image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def answer(**options: str) -> str:
        begun.append(options.get("initialdir", ""))
        return program.answers.pop(0)

    program.open(image)
    for name in ("askopenfilename", "asksaveasfilename"):
        monkeypatch.setattr(file_dialogs.filedialog, name, answer)
    program.open("")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        program.save("save", tmp_path / folder / "calibration.json")
    program.open("")
    own = str(image.parent)
    assert begun == [own, own, str(tmp_path / "one"), own]


def test_next_and_previous_go_through_the_frames_and_then_the_folder(
    program: Driver, tmp_path: Path
) -> None:
    import h5py

    with h5py.File(tmp_path / "a_stack.h5", "w") as file:
        file["entry/data"] = np.stack([small_counts(n) for n in (6, 7, 8)])
    write_edf(tmp_path / "b_last.edf", small_counts(9), {})
    program.open(tmp_path / "a_stack.h5")
    seen = [program.root.title()]
    for _ in range(3):
        program.key("<Next>", on=program.workspace.image)
        program.idle()
        seen.append(program.root.title())
    assert [title.partition(" – ")[0] for title in seen] == [
        "a_stack.h5 [1/3]", "a_stack.h5 [2/3]", "a_stack.h5 [3/3]", "b_last.edf"
    ]
    program.key("<Next>", on=program.workspace.image)
    assert "last" in program.notice
    program.key("<Prior>", on=program.workspace.image)
    program.idle()
    assert program.root.title().startswith("a_stack.h5")


def test_setting_by_calibration_image_off_opens_without_looking_for_the_small_counts(
    program: Driver, image: Path
) -> None:
    program.press_check("calibration_image")
    assert not program.session.enabled
    program.open(image)
    assert program.session.image is not None
    assert program.session.result is None
    assert "find" not in program.scene.enabled
    program.press_check("calibration_image")
    program.idle()
    assert program.session.result is not None


def test_the_latest_of_several_images_is_the_one_that_stays(
    program: Driver, tmp_path: Path
) -> None:
    for name in "abcd":
        write_edf(tmp_path / f"{name}.edf", small_counts(ord(name)), {})
    for name in "abcd":
        files.open_path(program.controller, str(tmp_path / f"{name}.edf"))
    program.idle()
    assert program.root.title().startswith("d.edf")
    assert program.session.result is not None


def test_undo_after_opening_leads_to_the_image_just_opened(
    program: Driver, image: Path
) -> None:
    program.open(image)
    for _ in itertools.repeat(None, 5):
        program.key("<Control-z>")
    assert program.session.image is not None
    assert program.session.result is None
