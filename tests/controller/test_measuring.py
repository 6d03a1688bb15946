"""The measuring tool: distance and d-spacing from the centre, spacing of a pair."""

from pathlib import Path

import pytest

from tests.controller.conftest import Desk
from tests.tasks.frames import START


def test_a_pair_of_reflections_gives_s10_and_d10(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    x, y = START.center_x_px, START.center_y_px
    desk.controller.command("measure")
    desk.controller.click_image(x + 30.0, y)
    assert desk.scene.notice is not None
    assert "S = 30.0" in desk.scene.notice.text
    # Small angle: the d-spacing of the ring, 5.838 nm, stands at R.
    assert f"d = {5.838 * START.radius_px / 30.0:.3f}"[:8] in desk.scene.notice.text
    desk.controller.click_image(x - 30.0, y)
    (choice, label), *_ = desk.scene.notice.choices
    assert label == "Use as S10"
    desk.controller.answer(choice)
    assert float(desk.scene.fields["s10"].text) == pytest.approx(30.0)
    for key, text in (("wavelength", "0.1033"), ("distance", "1911"), ("pixel_size", "0.172")):
        desk.controller.set_field(key, text)
    # d10 = λ·(S_dd / p) / S10 = 0.1033 · (1911 / 0.172) / 30 nm
    assert float(desk.scene.fields["d10"].text) == pytest.approx(38.2570, abs=1e-3)


def test_a_third_click_begins_anew(desk: Desk, folder: Path) -> None:
    desk.open(folder / "run_0.edf")
    desk.controller.command("measure")
    for dx in (10.0, 20.0, 40.0):
        desk.controller.click_image(START.center_x_px + dx, START.center_y_px)
    assert len([mark for mark in desk.scene.crosses if mark.role == "measure"]) == 1
