"""A whole calibration by the mouse alone, from Browse to the exported files."""

import csv
import json
import math
from pathlib import Path

import pytest

from tests.app.checks import check_numbers
from tests.app.driver import Driver
from tests.app.rings import WRONG, Known


def place(program: Driver, x: float, y: float) -> None:
    """Two clicks: near the place on the image, exactly in the magnifier."""
    before = len(program.session.points)
    program.click_image(x + 1.4, y - 1.1)
    assert program.scene.lens is not None, "the first click freezes the magnifier"
    program.click_lens(x, y)
    assert program.scene.lens is None, "the second click lets it go"
    assert len(program.session.points) == before + 1, "the second click sets the point"


def test_eight_points_one_of_them_gross_then_fit_undo_redo_and_export(
    program: Driver, known: Known, tmp_path: Path
) -> None:
    program.open(known.path)
    program.press_button("pick")
    assert program.scene.picking
    for number, (x, y) in enumerate(known.clicks(), 1):
        place(program, x, y)
        circles = {circle.role for circle in program.scene.rings}
        assert ("live" in circles) == (number >= 3), "a live circle from the third point on"
        has_residuals = program.scene.points[0].residual_px is not None
        assert has_residuals == (number >= 5), "residuals from the fifth point on"
    program.press_button("fit")
    program.idle()
    assert program.scene.points[WRONG - 1].role == "outlier", program.said
    wrong = program.session.points[WRONG - 1]
    program.click_image(wrong.x, wrong.y)
    assert program.scene.selected == WRONG, "a click on a marker selects it"
    program.press_button("remove")
    assert len(program.scene.points) == 7
    assert program.scene.verdict.dimmed, "a changed point makes the result visibly old"
    program.press_button("undo")
    assert len(program.scene.points) == 8
    program.press_button("redo")
    assert len(program.scene.points) == 7
    program.press_button("done")
    program.idle()
    assert not program.scene.picking
    check_numbers(program, known)
    program.press_button("apply")
    assert "in use" in program.notice
    assert "d " in program.controller.describe(*known.at(10.0))
    check_files(program, known, tmp_path)


def check_files(program: Driver, known: Known, folder: Path) -> None:
    """Everything that can be exported says what the window says."""
    result = program.session.result
    assert result is not None
    assert result.circle is not None
    saved = json.loads(program.save("save", folder / "calibration.json").read_text())
    for name in ("center_x_px", "center_y_px", "radius_px"):
        assert saved[name] == pytest.approx(getattr(result.best, name), abs=1e-6)
    rows = list(csv.DictReader(
        program.save("export_history", folder / "history.csv").read_text().splitlines()
    ))
    assert len(rows) == len(result.circle.history)
    assert {"start", "stage", "iteration", "radius_px", "best_objective"} <= set(rows[0])
    points = program.save("save_points", folder / "points.csv").read_text()
    assert len([line for line in points.splitlines() if line[:1].isdigit()]) == 7
    settings = program.session.settings
    if settings.wavelength.value and settings.pixel_size.value:
        poni = program.save("export_poni", folder / "calibration.poni").read_text()
        lines = dict(line.split(": ", 1) for line in poni.splitlines() if ": " in line)
        pixel_m = settings.pixel_size.value * 1e-3
        poni1, poni2, distance, rot1, rot2 = (
            float(lines[name]) for name in ("Poni1", "Poni2", "Distance", "Rot1", "Rot2")
        )
        # The PONI is the beam only where the detector stands at right angles to it.
        beam_x = poni2 - distance * math.tan(rot1)
        beam_y = poni1 + distance * math.tan(rot2) / math.cos(rot1)
        assert beam_x / pixel_m - 0.5 == pytest.approx(known.x, abs=0.5)
        assert beam_y / pixel_m - 0.5 == pytest.approx(known.y, abs=0.5)
