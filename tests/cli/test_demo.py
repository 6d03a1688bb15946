"""``calibtool demo``: every kind can be written, and its right answer is the one that is found."""

import math
from pathlib import Path

import pytest

from calibtool.cli.demo import KINDS
from calibtool.cli.main import run
from calibtool.errors import RingNotFoundError
from calibtool.model.image import default_mask
from calibtool.tasks.gallery import EXERCISES, PIXEL_SIZE_MM
from calibtool.tasks.pattern import calibrate


def test_the_parser_and_the_gallery_have_the_same_kinds() -> None:
    assert list(KINDS) == list(EXERCISES)


@pytest.mark.parametrize("kind", [kind for kind in EXERCISES if EXERCISES[kind].calibrant])
def test_the_right_answer_is_what_the_rings_say(kind: str) -> None:
    exercise = EXERCISES[kind]
    data = exercise.image()
    found = calibrate(
        data, mask=default_mask(data), wavelength_nm=exercise.wavelength_nm,
        pixel_size_mm=PIXEL_SIZE_MM,
    )  # fmt: skip
    assert found.calibrant == exercise.calibrant
    off = (
        (found.beam_x_px - exercise.truth["beam x"]) / found.sigma_beam_x_px,
        (found.beam_y_px - exercise.truth["beam y"]) / found.sigma_beam_y_px,
    )
    assert math.hypot(*off) < 4.0
    assert found.distance_mm == pytest.approx(exercise.distance_mm, rel=1e-3)


def test_where_there_is_no_ring_none_is_found() -> None:
    with pytest.raises(RingNotFoundError):
        calibrate(EXERCISES["empty"].image())


def test_a_kind_is_written_with_its_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--kind", "empty", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "No ring found" in said
    assert EXERCISES["empty"].lesson in said
    assert [path.name for path in tmp_path.iterdir()] == ["empty_demo.edf"]
    assert run(["demo", "--kind", "empty", "--out", str(tmp_path)]) == 2
