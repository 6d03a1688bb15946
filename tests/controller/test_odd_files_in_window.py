"""Files that need a word of the user: a dump of pixels, an archive with several images."""

from pathlib import Path

import numpy as np
import pytest

from tests.controller.conftest import Desk
from tests.tasks.frames import SHAPE, START, frame


@pytest.fixture(autouse=True)
def _own_preferences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_a_dump_asks_how_its_pixels_lie_and_the_next_one_opens_by_itself(
    desk: Desk, tmp_path: Path
) -> None:
    rows, columns = SHAPE
    for number in range(2):
        (tmp_path / f"{number}.raw").write_bytes(frame(START, number).tobytes())
    desk.open(tmp_path / "0.raw")
    notice = desk.scene.notice
    assert notice is not None
    assert (f"raw:{tmp_path / '0.raw'}", "Say how…") in notice.choices
    assert "--raw" not in notice.text
    desk.controller.command_path("open_raw", f"{tmp_path / '0.raw'}::{columns}x{rows}:int32:4")
    desk.rest()
    assert desk.scene.notice is not None
    assert "check width, height" in desk.scene.notice.text
    desk.controller.command_path("open_raw", f"{tmp_path / '0.raw'}::{columns}x{rows}:int32:0")
    desk.rest()
    assert desk.controller.session.result is not None
    desk.controller.command("next")
    desk.rest()
    image = desk.controller.session.image
    assert image is not None
    assert image.path == str(tmp_path / "1.raw")
    assert np.array_equal(image.data, frame(START, 1))


def test_several_images_are_offered_by_name_and_shape(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "both.npz"
    np.savez(path, sample=frame(START, 1), dark=np.zeros((20, 30), dtype=np.int32))
    desk.open(path)
    notice = desk.scene.notice
    assert notice is not None
    labels = [label for _choice, label in notice.choices]
    assert labels[:2] == ["sample (240 × 256)", "dark (30 × 20)"]
    desk.until(lambda: bool(desk.scene.notice and desk.scene.notice.pictures))
    assert desk.scene.notice is not None
    sample, dark = desk.scene.notice.pictures
    assert sample is not None
    assert (sample.width, sample.height) == (80, 86)
    picture = np.frombuffer(sample.pixels, np.uint8).reshape(86, 80)
    y, x = np.indices(picture.shape) * 3 + 1
    ring = abs(np.hypot(x - START.center_x_px, y - START.center_y_px) - START.radius_px) < 3
    assert np.median(picture[ring]) > 2 * np.median(picture[~ring])
    assert dark is not None
    assert not any(dark.pixels)
    desk.controller.answer(notice.choices[0][0])
    desk.rest()
    image = desk.controller.session.image
    assert image is not None
    assert image.data.shape == SHAPE
