"""Positions can be read from the pixel's corner; no number that is kept changes by it."""

from pathlib import Path

import pytest

from tests.controller.conftest import Desk


def test_the_status_line_counts_from_the_corner_while_the_command_is_on(
    desk: Desk, folder: Path
) -> None:
    c = desk.controller
    desk.open(folder / "run_0.edf")
    before = c.describe(10.25, 20.0)
    assert before.startswith("x 10.25  y 20.00 ")
    c.command("corner_pixels")
    after = c.describe(10.25, 20.0)
    assert after.startswith("x 10.75  y 20.50 from corner ")
    assert after.partition("I ")[2] == before.partition("I ")[2]
    assert "corner_pixels" in desk.scene.checked
    c.command("corner_pixels")
    assert c.describe(10.25, 20.0) == before
    assert c.describe(-3.25, 20.0).startswith("outside the image ")
    assert "corner_pixels" not in desk.scene.checked


def test_the_beam_counts_so_too_and_what_is_kept_stays(desk: Desk, folder: Path) -> None:
    c = desk.controller
    desk.open(folder / "run_0.edf")
    result = c.session.result
    assert result is not None
    before, numbers = (c.copy_text("plain"), desk.scene.rings), _numbers(desk)
    c.command("corner_pixels")
    assert (c.copy_text("plain"), desk.scene.rings) == before
    for key, number in _numbers(desk).items():
        shift = 0.5 if key in ("beam_x", "beam_y") else 0.0
        assert number == pytest.approx(numbers[key] + shift, abs=1e-9), key
    c.command("pick")
    c.command("one_click")
    c.click_image(result.best.center_x_px + result.best.radius_px, result.best.center_y_px)
    point = c.session.points[0]
    assert point.clicked_x == pytest.approx(result.best.center_x_px + result.best.radius_px)


def _numbers(desk: Desk) -> dict[str, float]:
    rows = (row for row in desk.scene.results if row.sigma)
    return {row.key: float(row.value.replace("−", "-")) for row in rows}
