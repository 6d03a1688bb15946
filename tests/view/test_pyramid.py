"""Reduced images are means of the valid pixels."""

from collections import deque

import numpy as np
import pytest

from calibtool.view.pyramid import Pyramid, halved


def built(data: np.ndarray, mask: np.ndarray) -> Pyramid:
    pyramid = Pyramid(data, mask)
    deque(pyramid.build(), maxlen=0)
    return pyramid


@pytest.mark.parametrize("shape", [(6, 8), (7, 8), (6, 9), (7, 9)])
@pytest.mark.parametrize("masked", [0.0, 0.4])
def test_a_halved_pixel_is_the_mean_of_its_valid_pixels(
    shape: tuple[int, int], masked: float
) -> None:
    rng = np.random.default_rng(3)
    data = rng.integers(0, 1000, shape).astype(np.uint32)
    mask = rng.random(shape) < masked
    data[mask] = 2**32 - 1
    values, covered = halved(data, mask)
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            block = slice(2 * row, 2 * row + 2), slice(2 * column, 2 * column + 2)
            valid = data[block][~mask[block]]
            assert covered[row, column] == (valid.size == 0)
            if valid.size:
                assert values[row, column] == pytest.approx(valid.mean(), rel=1e-6)


def test_levels_keep_the_mean_and_the_place_of_the_pixels() -> None:
    rows, columns = np.mgrid[0:1300, 0:1100]
    pyramid = built((rows * 2 + columns).astype(np.float32), np.zeros(rows.shape, bool))
    assert [level.factor for level in pyramid.levels] == [1, 2, 4, 8, 16, 32]
    for level in pyramid.levels[1:]:
        j, i = 7, 12
        centre = (level.factor - 1) / 2
        expected = 2 * (j * level.factor + centre) + i * level.factor + centre
        assert level.values[j, i] == pytest.approx(expected)


def test_reduced_levels_take_less_than_half_of_a_float_image() -> None:
    data = np.zeros((2048, 2048), np.uint16)
    pyramid = built(data, np.zeros(data.shape, bool))
    reduced = sum(level.values.nbytes + level.mask.nbytes for level in pyramid.levels[1:])
    assert pyramid.levels[0].values is data
    assert reduced < 0.45 * 4 * data.size


def test_the_level_fits_the_screen() -> None:
    data = np.zeros((2048, 2048), np.uint16)
    pyramid = built(data, np.zeros(data.shape, bool))
    assert pyramid.level_for(1.0).factor == 1
    assert pyramid.level_for(0.5).factor == 2
    assert pyramid.level_for(0.25).factor == 4
    assert pyramid.level_for(8).factor == 1


def test_before_the_means_are_made_pixels_are_left_out_without_a_copy() -> None:
    data = np.arange(2050 * 2051, dtype=np.uint32).reshape(2050, 2051)
    level = Pyramid(data, np.zeros(data.shape, bool)).level_for(0.1)
    assert level.factor == 14
    assert np.shares_memory(level.values, data)
    assert level.values.shape == (147, 147)
    assert level.values[10, 20] == data[140, 280]
