"""A frame shows the right pixels in the right place, at every scale and at any values."""

from collections import deque

import numpy as np
import pytest

from calibtool.picture import Display, Picture
from calibtool.view.colormaps import color, mask_tint
from calibtool.view.palette import DARK, LIGHT
from calibtool.view.renderer import Renderer
from calibtool.view.viewport import Viewport

GRAY = Display(colormap="gray", stretch="linear", low_percent=0, high_percent=100)


def renderer(data: np.ndarray, mask: np.ndarray | None = None) -> Renderer:
    made = Renderer(Picture(data, np.zeros(data.shape, bool) if mask is None else mask))
    deque(made.build(), maxlen=0)
    return made


def shown(made: Renderer, view: Viewport, display: Display = GRAY) -> np.ndarray:
    return np.asarray(made.frame(view, display)).astype(int)


@pytest.mark.parametrize("scale", [0.11, 0.17, 0.25, 0.34, 0.5, 0.7, 0.9, 1.0, 1.7, 4.0])
def test_a_line_is_drawn_where_the_viewport_says(scale: float) -> None:
    data = np.zeros((1100, 1500), np.uint32)
    data[:, 803:811] = 1000
    data[306:314] = 1000
    view = Viewport.around(301, 200, 806.5, 309.5, scale)
    frame = shown(renderer(data), view)[..., 0]
    for bright, middle in ((frame[120], 150), (frame[:, 170], 99.5)):
        bright = np.where(bright > 50, bright, 0)
        found = (bright * np.arange(bright.size)).sum() / bright.sum()
        assert found == pytest.approx(middle, abs=0.75)


@pytest.mark.parametrize("size", [(301, 200), (300, 201)])
@pytest.mark.parametrize("scale", [0.13, 0.6, 1.0, 3.0, 64.0])
@pytest.mark.parametrize("corner", [(-0.5, -0.5), (1499.5, 1099.5), (-200.0, 500.0), (1e5, 0.0)])
def test_what_is_not_image_has_the_background_colour(
    size: tuple[int, int], scale: float, corner: tuple[float, float]
) -> None:
    made = renderer(np.full((1100, 1500), 7, np.uint16))
    view = Viewport.around(*size, *corner, scale)
    frame = np.asarray(made.frame(view, Display()))
    x = view.x0 + np.arange(view.width) / scale
    y = view.y0 + np.arange(view.height) / scale
    inside = ((y >= -0.5) & (y < 1099.5))[:, None] & ((x >= -0.5) & (x < 1499.5))
    background = np.all(frame == color(LIGHT.image_background), axis=2)
    np.testing.assert_array_equal(background, ~inside)


@pytest.mark.parametrize("scale", [0.2, 1.0, 8.0])
def test_masked_pixels_are_tinted_or_not_as_asked(scale: float) -> None:
    data = np.full((1100, 1500), 7, np.int32)
    mask = np.zeros(data.shape, bool)
    data[:, 700:800], mask[:, 700:800] = -1, True
    made = renderer(data, mask)
    view = Viewport.around(401, 30, 750, 500, scale)
    x = view.x0 + np.arange(view.width) / scale
    for show in (True, False):
        frame = shown(made, view, Display(show_mask=show, dark=True))
        tinted = np.all(frame[15] == mask_tint("viridis"), axis=1)
        if show:
            # A reduced pixel is tinted where it has no valid pixel at all.
            assert np.all(tinted[(x > 704) & (x < 795)])
            assert not np.any(tinted[(x < 699) | (x > 800)])
        else:
            assert not tinted.any()
    outside = shown(made, Viewport.around(11, 11, -900, 0, 1), Display(dark=True))
    assert tuple(outside[0, 0]) == color(DARK.image_background)


@pytest.mark.parametrize("kind", [">u4", "<u2", "i8", "u8", ">f4", "f8", "bool"])
def test_every_type_of_number_is_drawn(kind: str) -> None:
    rng = np.random.default_rng(2)
    data = rng.integers(0, 2, (600, 700)).astype(kind)
    frame = shown(renderer(data), Viewport.around(700, 600, 349.5, 299.5, 1.0))
    np.testing.assert_array_equal(frame[..., 0] > 100, data.astype(bool))


def test_nan_infinity_and_enormous_values_raise_nothing() -> None:
    data = np.random.default_rng(0).uniform(0, 9, (1200, 1200))
    data[::7, ::3] = np.nan
    data[::11] = 1e300
    data[5] = -np.inf
    for mask in (np.zeros(data.shape, bool), ~(np.abs(data) < 10)):
        made = renderer(data, mask)
        for scale in (0.2, 1.0, 5.0):
            view = Viewport.around(300, 200, 600, 600, scale)
            assert shown(made, view, Display()).shape == (200, 300, 3)
            assert made.local_frame(view, Display()).size == (300, 200)


@pytest.mark.parametrize("shape", [(1, 1), (4, 900), (900, 4), (20, 3000)])
def test_images_of_any_shape_are_drawn_whole(shape: tuple[int, int]) -> None:
    data = np.arange(shape[0] * shape[1], dtype=np.uint16).reshape(shape)
    view = Viewport.fitted(333, 200, shape)
    frame = shown(renderer(data), view, Display())
    assert np.any(np.any(frame != color(LIGHT.image_background), axis=2))


def test_there_is_a_frame_before_the_reduced_images_are_made() -> None:
    data = np.zeros((3000, 3000), np.uint16)
    data[:, 1500:] = 100
    made = Renderer(Picture(data, np.zeros(data.shape, bool)))
    early = shown(made, Viewport.fitted(300, 300, data.shape))
    deque(made.build(), maxlen=0)
    late = shown(made, Viewport.fitted(300, 300, data.shape))
    assert len(made.pyramid.levels) > 2
    assert np.mean(early != late) < 0.01
