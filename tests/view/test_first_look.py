"""The image is in the window before the panels are, and makes room for the real one."""

import tkinter as tk

import numpy as np
import pytest
from numpy.typing import NDArray

from calibtool.picture import Picture
from calibtool.scene import Scene
from calibtool.view import window as window_module
from calibtool.view.window import Window
from tests.view.events import wait_until
from tests.view.recorder import Recorder
from tests.view.screen import pixels


@pytest.fixture
def picture() -> Picture:
    y, x = np.ogrid[:300, :400]
    data = 100.0 * np.exp(-0.5 * ((np.hypot(x - 200, y - 150) - 90) / 4) ** 2) + (x + y) / 50.0
    return Picture(data, np.zeros(data.shape, bool), name="ring")


def covers(root: tk.Tk) -> list[tk.Canvas]:
    return [child for child in root.winfo_children() if type(child) is tk.Canvas]


def colours(root: tk.Tk) -> int:
    """Number of colours in the middle of where the image will be."""
    root.update()
    shot = pixels(root)[130:330, 300:600]
    return len(np.unique(shot.reshape(-1, 3), axis=0))


def test_the_image_is_seen_before_the_panels_are_built(root: tk.Tk, picture: Picture) -> None:
    window = Window(root)
    root.update()
    assert colours(root) < 5
    window.preview(picture)
    assert window.body is None
    assert colours(root) > 50


def test_it_goes_when_the_real_image_is_drawn(
    root: tk.Tk, picture: Picture, actions: Recorder
) -> None:
    window = Window(root)
    window.preview(picture)
    window.set_actions(actions)
    assert covers(root)
    window.show(Scene(picture=picture))
    wait_until(root, lambda: not covers(root))
    assert colours(root) > 50


def test_it_goes_at_last_where_no_image_follows(
    root: tk.Tk, picture: Picture, actions: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_module, "UNCOVER_AT_LAST_MS", 20)
    window = Window(root)
    window.preview(picture)
    window.set_actions(actions)
    wait_until(root, lambda: not covers(root))


def test_it_stands_where_the_image_will_be(
    root: tk.Tk, picture: Picture, actions: Recorder
) -> None:
    window = Window(root)
    root.update()
    ground = window._shell.ground
    before = [ground.winfo_x(), ground.winfo_y(), ground.winfo_width(), ground.winfo_height()]
    window.set_actions(actions)
    window.show(Scene(picture=picture))
    root.update()
    assert window.body is not None
    image = window.body.workspace.image
    after = [image.winfo_rootx() - root.winfo_rootx(), image.winfo_rooty() - root.winfo_rooty(),
             image.winfo_width(), image.winfo_height()]
    assert before == pytest.approx(after, abs=8)


def box(shot: NDArray[np.uint8]) -> list[int]:
    """First and last row and column of what is not the ground, whose colour is in the corner."""
    other = np.any(shot != shot[0, 0], axis=-1)
    return [int(end) for axis in (1, 0) for end in np.flatnonzero(other.any(axis=axis))[[0, -1]]]


@pytest.mark.parametrize(("rows", "columns"), [(300, 200), (500, 90), (60, 700)])
def test_only_the_image_is_painted_and_where_it_will_be(
    root: tk.Tk, actions: Recorder, rows: int, columns: int
) -> None:
    data = np.add.outer(np.arange(rows) % 17, np.arange(columns) % 23).astype(float)
    picture = Picture(data, np.zeros(data.shape, bool), name="pattern")
    window = Window(root)
    window.preview(picture)
    window.set_actions(actions)
    root.update()
    assert window.body is not None
    image = window.body.workspace.image
    x, y = image.winfo_rootx() - root.winfo_rootx(), image.winfo_rooty() - root.winfo_rooty()
    inner = slice(y + 8, y + image.winfo_height() - 8), slice(x + 8, x + image.winfo_width() - 8)
    before = box(pixels(root)[inner])
    window.show(Scene(picture=picture))
    wait_until(root, lambda: not covers(root))
    assert before == pytest.approx(box(pixels(root)[inner]), abs=8)
