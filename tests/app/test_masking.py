"""A mask drawn on the image with the mouse, on screens of both sizes; dark and flat beside it."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from calibtool import Calibration
from calibtool.io.edf import write_edf
from calibtool.io.masks import read_mask
from calibtool.model.pixels.reasons import why_masked
from tests.app.driver import Driver
from tests.exposures import (
    OFF_PARASITE_PX,
    RING,
    SHAPE,
    X,
    Y,
    camera,
    counted,
    ring_mean,
    with_parasite,
)
from tests.view.events import move


@pytest.fixture(params=[1, 2], ids=["1×", "2×"])
def program(
    home: pytest.MonkeyPatch, root: tk.Tk, request: pytest.FixtureRequest
) -> Iterator[Driver]:
    root.tk.call("tk", "scaling", 96 * request.param / 72)
    driver = Driver(root, home)
    yield driver
    assert not driver.faults, "\n".join(driver.faults)


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """A ring and a parasitic one across it, in a folder of its own."""
    folder = tmp_path / "frames"
    folder.mkdir()
    write_edf(folder / "parasite.edf", counted(with_parasite(), np.random.default_rng(2)), {})
    return folder / "parasite.edf"


def mask(program: Driver) -> np.ndarray:
    image = program.session.image
    assert image is not None
    assert program.scene.picture is not None
    assert program.scene.picture.mask is image.mask
    return image.mask


def take(program: Driver, tool: str) -> None:
    program.press(program.workspace.stage.mask_bar.buttons[tool])


def near(drawn: np.ndarray, wanted: np.ndarray, edge: np.ndarray) -> None:
    """As wanted, but for pixels within a pixel of the edge: the screen has whole pixels."""
    wrong = drawn != wanted
    assert not (wrong & (edge > 1.0)).any(), np.argwhere(wrong & (edge > 1.0))[:5]


def test_each_tool_masks_what_the_mouse_encloses_and_is_undone(
    program: Driver, frame: Path
) -> None:
    program.open(frame)
    assert not program.workspace.stage.mask_bar.winfo_ismapped()
    program.key("k")
    assert program.workspace.stage.mask_bar.winfo_viewable()
    assert not mask(program).any()

    program.drag_image((20, 30), (50, 44))
    inside = np.minimum.reduce([X - 20, 50 - X, Y - 30, 44 - Y])
    near(mask(program), inside > 0, np.abs(inside))
    program.press_button("undo")
    assert not mask(program).any()

    take(program, "mask_circle")
    program.drag_image((70, 60), (88, 60))
    off = np.hypot(X - 70, Y - 60) - 18
    near(mask(program), off < 0, np.abs(off))
    program.press_button("undo")

    take(program, "mask_polygon")
    for corner in ((30, 30), (90, 30), (90, 90), (30, 30.5)):
        program.click_image(*corner)
    below = np.minimum.reduce([X - Y, 90 - X, Y - 30])
    near(mask(program), below > 0, np.abs(below))
    program.press_button("undo")

    take(program, "mask_brush")
    program.drag_image((20, 100), (100, 100))
    off = np.hypot(X - np.clip(X, 20, 100), Y - 100) - 6
    near(mask(program), off < 0, np.abs(off))
    drawn = mask(program)
    assert why_masked(program.session.image, 60, 100) == ("drawn mask",)  # type: ignore[arg-type]
    assert "(masked: drawn mask)" in program.controller.describe(60, 100)

    take(program, "mask_erase")
    program.drag_image((60, 100), (140, 100))
    assert mask(program)[100, 30]
    assert not mask(program)[100, 80]
    program.press_button("undo")
    np.testing.assert_array_equal(mask(program), drawn)
    program.press_button("undo")
    assert not mask(program).any()
    program.press_button("redo")
    np.testing.assert_array_equal(mask(program), drawn)
    assert not program.session.points, "no click of the mask sets a point"


def test_a_wedge_reaches_from_the_centre_to_the_border(program: Driver, frame: Path) -> None:
    program.open(frame)
    program.key("k")
    take(program, "mask_wedge")
    masking = program.scene.masking
    assert masking is not None
    x, y = masking.center
    program.drag_image((x + 30, y + 8), (x + 30, y - 8))
    turn = np.degrees(np.arctan2(Y - y, X - x))
    limit = np.degrees(np.arctan2(8, 30))
    # The screen's pixels turn the sides a little, which shows more farther out.
    near(mask(program), np.abs(turn) < limit, np.abs(np.abs(turn) - limit) / 2.0)


def test_a_mask_is_loaded_grown_inverted_saved_and_measured_with(
    program: Driver, frame: Path, tmp_path: Path
) -> None:
    program.open(frame)
    off = np.abs(OFF_PARASITE_PX)
    np.save(tmp_path / "mask.npy", off < 7)
    program.key("k")
    program.load("load_mask", tmp_path / "mask.npy")
    np.testing.assert_array_equal(mask(program), off < 7)
    take(program, "grow_mask")
    assert mask(program)[off < 7].all()
    assert np.count_nonzero(mask(program)) > np.count_nonzero(off < 7)
    grown = mask(program)
    take(program, "invert_mask")
    np.testing.assert_array_equal(mask(program), ~grown)
    program.press_button("undo")
    for suffix in (".npy", ".edf", ".msk"):
        saved = program.save("save_mask", tmp_path / f"saved{suffix}")
        np.testing.assert_array_equal(read_mask(str(saved), SHAPE), grown)
    program.press(program.workspace.stage.mask_bar.buttons["draw_mask"])
    assert program.scene.masking is None
    program.idle()
    result = program.session.result
    assert result is not None, program.said
    best = result.best
    assert abs(best.center_x_px - RING.center_x_px) < 0.3
    assert abs(best.center_y_px - RING.center_y_px) < 0.3
    states = program.controller.state.timeline.states
    arrays = {id(state.image) for state in states if state.image is not program.session.image}
    assert len(arrays) == 1, "of earlier masks only the steps are kept"
    saved = program.save("save", tmp_path / "calibration.json")
    assert [step.kind for step in Calibration.load(saved).exposure.mask] == ["file", "grow"]


def test_dark_and_flat_are_taken_off_and_undone(
    program: Driver, frame: Path, tmp_path: Path
) -> None:
    gain, level = camera()
    rng = np.random.default_rng(1)
    write_edf(frame, counted(level + gain * ring_mean(80.0, 10.0), rng), {}, force=True)
    write_edf(tmp_path / "dark.edf", counted(level, rng), {})
    write_edf(tmp_path / "flat.edf", gain.astype(np.float32), {})
    program.open(frame)
    raw = program.session.image
    assert raw is not None
    program.load("load_dark", tmp_path / "dark.edf")
    program.idle()
    program.load("load_flat", tmp_path / "flat.edf")
    program.idle()
    image = program.session.image
    assert image is not None
    assert image.variance is not None
    assert np.median(image.data) == pytest.approx(10.0, abs=3.0)
    np.save(tmp_path / "small.npy", np.zeros((3, 4)))
    program.load("load_flat", tmp_path / "small.npy")
    program.idle()
    assert "cannot be the flat" in program.notice
    assert program.session.image is image
    while program.session.image is not raw:
        program.press_button("undo")
    assert not program.session.settings.exposure.dark


def test_escape_leaves_the_mask_and_the_brush_changes_its_width(
    program: Driver, frame: Path
) -> None:
    program.open(frame)
    program.key("k")
    take(program, "mask_brush")
    before = program.scene.masking
    assert before is not None
    program.key("<bracketright>")
    after = program.scene.masking
    assert after is not None
    assert after.width_px == pytest.approx(1.5 * before.width_px)
    image = program.workspace.image
    move(image, 40, 40)
    assert image.find_withtag("point"), "the brush is seen where the pointer is"
    program.key("<Escape>")
    assert program.scene.masking is None
