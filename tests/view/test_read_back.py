"""A click gives the position that the screen shows there, to 0.02 px, on both canvases.

The image is a chess board, so the pixels on the screen tell where each image pixel is drawn;
the part that is not image has a third colour and tells which one is the first.
"""

import tkinter as tk
from collections.abc import Callable

import numpy as np
import pytest

from calibtool.picture import Display, Picture
from calibtool.scene import Scene
from calibtool.view.image_canvas import ImageCanvas
from calibtool.view.lens import MAGNIFICATIONS, START
from calibtool.view.magnifier import Magnifier
from tests.view.events import click, settle
from tests.view.parts import context
from tests.view.recorder import Recorder
from tests.view.screen import pixels

ROWS, COLUMNS = 91, 80
GRAY = Display(colormap="gray", stretch="linear", low_percent=0, high_percent=100)
# Near each border and over it; fractions differ so that rounding cannot hide an offset.
PLACES = [(0.13, 0.37), (79.4, 90.21), (-0.47, 90.45), (79.02, -0.29)]
Reader = Callable[[int, int], tuple[float, float]]


@pytest.fixture(scope="module")
def board() -> Picture:
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    data = ((rows + columns) % 2 * 1000).astype(np.uint16)
    return Picture(data, np.zeros(data.shape, bool), "board")


def edges(line: np.ndarray) -> np.ndarray:
    """Where the colour changes along a line of screen pixels: c + 0.5 between c and c + 1."""
    return np.flatnonzero(np.any(np.diff(line, axis=0), axis=1)) + 0.5


def offsets(found: np.ndarray, origin: float, step: float, side: int) -> np.ndarray:
    """Distance of drawn edges, read back as image positions, from the true edges."""
    positions = origin + step * found
    true = np.rint(positions - 0.5) + 0.5
    assert np.all((true >= -0.5) & (true <= side - 0.5)), "an edge beside the image"
    return positions - true


def check_lines(canvas: tk.Canvas, read: Reader) -> list[np.ndarray]:
    """Offsets of the edges along a row and a column from what two clicks read back."""
    shown = pixels(canvas)
    height, width = shown.shape[:2]
    outside = shown.reshape(-1, 3).max(1) != shown.reshape(-1, 3).min(1)
    is_image = ~outside.reshape(height, width)
    row, column = (int(np.median(found)) for found in np.nonzero(is_image))
    first, last = read(3, 4), read(width - 4, height - 5)
    step = (last[0] - first[0]) / (width - 7)
    assert (last[1] - first[1]) / (height - 9) == pytest.approx(step, rel=1e-9)
    x_origin, y_origin = first[0] - 3 * step, first[1] - 4 * step
    check_identity(is_image[row], x_origin, step, COLUMNS)
    check_identity(is_image[:, column], y_origin, step, ROWS)
    return [
        offsets(edges(shown[row]), x_origin, step, COLUMNS),
        offsets(edges(shown[:, column]), y_origin, step, ROWS),
    ]


def check_identity(is_image: np.ndarray, origin: float, step: float, side: int) -> None:
    """Where the screen shows image, the position read back is on the image."""
    positions = origin + step * np.arange(len(is_image))
    np.testing.assert_array_equal(is_image, (positions >= -0.5) & (positions < side - 0.5))


@pytest.mark.parametrize("size", [(300, 400), (301, 401)])
@pytest.mark.parametrize("scaling", [1, 2])
@pytest.mark.parametrize("magnification", MAGNIFICATIONS)
def test_the_magnifier_reads_back_what_it_shows(
    root: tk.Tk, actions: Recorder, board: Picture, magnification: int,
    scaling: int, size: tuple[int, int],
) -> None:
    root.tk.call("tk", "scaling", scaling * 96 / 72)
    root.geometry(f"{size[0] * scaling + (size[0] % 2)}x{size[1] * scaling + (size[1] % 2)}")
    magnifier = Magnifier(root, context(root, actions))
    magnifier.pack(fill="both", expand=True)
    lens = magnifier.lens
    lens.magnify(MAGNIFICATIONS.index(magnification) - MAGNIFICATIONS.index(START))
    settle(root)

    def read(x: int, y: int) -> tuple[float, float]:
        actions.calls.clear()
        click(lens, x, y)
        ((position_x, position_y),) = actions.named("click_lens")
        return position_x, position_y

    found = []
    for place in PLACES:
        magnifier.show(Scene(picture=board, display=GRAY, lens=place, picking=True))
        settle(root)
        middle = (lens.winfo_width() - 1) // 2, (lens.winfo_height() - 1) // 2
        half = 0.5 / magnification
        assert read(*middle) == pytest.approx(place, abs=half + 1e-9)
        lens.itemconfigure("hair", state="hidden")
        found += check_lines(lens, read)
    # An edge is drawn between two screen pixels: half a screen pixel is all it can be off.
    for off in found:
        assert np.all(np.abs(off) <= 0.5 / magnification + 1e-9)


def test_the_image_canvas_reads_back_what_it_shows(
    root: tk.Tk, actions: Recorder, board: Picture
) -> None:
    canvas = ImageCanvas(root, actions)
    canvas.pack(fill="both", expand=True)

    def read(x: int, y: int) -> tuple[float, float]:
        actions.calls.clear()
        click(canvas, x, y)
        ((position_x, position_y),) = actions.named("click_image")
        return position_x, position_y

    for size in ("401x300", "400x301"):
        root.geometry(size)
        settle(root)
        canvas.show(Scene(picture=board, display=GRAY))
        for place in PLACES:
            canvas.zoom_one()
            canvas.zoom_in()
            canvas.zoom_in()
            canvas.center_on(*place)
            settle(root)
            for off in check_lines(canvas, read):
                assert np.all(np.abs(off) <= 0.5 / 4 + 1e-9)


@pytest.mark.parametrize("magnification", MAGNIFICATIONS)
def test_no_offset_remains_between_what_is_shown_and_what_is_read(
    root: tk.Tk, actions: Recorder, board: Picture, magnification: int
) -> None:
    """Sub-pixel places one after the other: the mean offset of the edges tends to zero."""
    magnifier = Magnifier(root, context(root, actions))
    magnifier.pack()
    lens = magnifier.lens
    lens.magnify(MAGNIFICATIONS.index(magnification) - MAGNIFICATIONS.index(START))
    settle(root)
    means = []
    count = 16
    for k in range(count):
        # Steps of 1/16 screen pixel, seen between two screen pixels.
        place = 40 + (k + 0.5) / count / magnification, 45 + (k + 0.5) / count / magnification
        magnifier.show(Scene(picture=board, display=GRAY, lens=place))
        settle(root)
        lens.itemconfigure("hair", state="hidden")
        shown = pixels(lens)
        view = lens.viewport
        for axis, line in enumerate((shown[shown.shape[0] // 2], shown[:, shown.shape[1] // 2])):
            found = edges(line)
            positions = (view.x0, view.y0)[axis] + found / view.scale
            means.append(np.mean(positions - np.rint(positions - 0.5) - 0.5))
    assert abs(np.mean(means)) < 0.02
