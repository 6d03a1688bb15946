"""A whole calibration by the keyboard alone, from Ctrl-O to the exported files."""

import json
import math
from pathlib import Path

import pytest

from calibtool.view.aiming import STEP
from tests.app.checks import check_numbers
from tests.app.driver import Driver
from tests.app.rings import WRONG, Known


def aim(program: Driver, x: float, y: float) -> None:
    """Move the pointer by keys until it is within a few screen pixels of a position."""
    image = program.workspace.image
    goal = image.viewport.to_canvas(x, y)
    for _ in range(200):
        at = (image.winfo_pointerx() - image.winfo_rootx(),
              image.winfo_pointery() - image.winfo_rooty())
        left, down = goal[0] - at[0], goal[1] - at[1]
        if max(abs(left), abs(down)) <= STEP / 2:
            return
        along_x = abs(left) >= abs(down)
        length = left if along_x else down
        arrow = ("Right" if length > 0 else "Left") if along_x else ("Down" if length > 0 else "Up")
        program.key(f"<Alt-{'Control-' if abs(length) > 5 * STEP else ''}{arrow}>")
    raise AssertionError("the pointer does not come near")


def bring_lens_to(program: Driver, x: float, y: float) -> None:
    """Move the frozen magnifier by keys: ten, one and a tenth of a pixel a press."""
    for step, modifier in ((10.0, "Control-"), (1.0, ""), (0.1, "Shift-")):
        lens = program.scene.lens
        assert lens is not None
        for length, arrows in ((x - lens[0], ("Left", "Right")), (y - lens[1], ("Up", "Down"))):
            for _ in range(math.floor(abs(length) / step + 0.5)):
                program.key(f"<{modifier}{arrows[length > 0]}>")
    lens = program.scene.lens
    assert lens is not None
    assert math.hypot(x - lens[0], y - lens[1]) < 0.1


@pytest.mark.parametrize("known", ["simulated", "gabriel_agbh.tif"], indirect=True)
def test_eight_points_one_of_them_gross_then_fit_undo_redo_and_export(
    program: Driver, known: Known, tmp_path: Path
) -> None:
    program.answers.append(str(known.path))
    program.key("<Control-o>")
    program.idle()
    program.key("p")
    assert program.scene.picking
    # The first two arrows bring the pointer from wherever it is over the image.
    program.key("<Right>", "<Right>")
    for number, (x, y) in enumerate(known.clicks(), 1):
        aim(program, x, y)
        program.key("a")
        assert program.scene.lens is not None
        bring_lens_to(program, x, y)
        program.key("<Return>")
        assert len(program.session.points) == number, program.said
    program.key("f")
    program.idle()
    assert program.scene.points[WRONG - 1].role == "outlier", program.said
    while program.scene.selected != WRONG:
        program.key("n")
    program.key("<Delete>")
    assert len(program.scene.points) == 7
    program.key("<Control-z>")
    assert len(program.scene.points) == 8
    program.key("<Control-y>")
    assert len(program.scene.points) == 7
    assert program.scene.verdict.dimmed
    program.key("<Return>")
    program.idle()
    assert not program.scene.picking
    check_numbers(program, known)
    program.key("<Control-Return>")
    assert "in use" in program.notice
    program.answers.append(str(tmp_path / "calibration.json"))
    program.key("<Control-s>")
    saved = json.loads((tmp_path / "calibration.json").read_text())
    assert abs(saved["radius_px"] - known.radius) <= 0.5
    for name, path in (("export_history", "history.csv"), ("save_points", "points.csv")):
        program.menu_by_keys(name, tmp_path / path)
        assert (tmp_path / path).read_text().count("\n") > 7
