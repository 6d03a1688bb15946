"""Limits come from valid pixels, stretches rise, and every palette tells high from low."""

import numpy as np
import pytest

from calibtool.view.colormaps import COLORMAPS, mask_tint, ramp
from calibtool.view.colouring import (
    MASKED,
    N_COLORS,
    indices,
    limits,
    palette,
    sorted_sample,
    stretch_table,
)


@pytest.mark.parametrize("kind", [np.uint16, np.int32, np.uint32, np.float32, np.float64])
@pytest.mark.parametrize("side", [90, 1500])
def test_limits_are_percentiles_of_the_valid_pixels(kind: type, side: int) -> None:
    rng = np.random.default_rng(1)
    data = rng.uniform(100, 1100, (side, side)).astype(kind)
    mask = np.zeros(data.shape, bool)
    mask[:, side // 2 :] = True
    data[mask] = 60000
    low, high = limits(sorted_sample(data, mask), 1, 99)
    assert low == pytest.approx(110, abs=6)
    assert high == pytest.approx(1090, abs=6)


@pytest.mark.parametrize("value", [0, 5, 4_000_000_000])
def test_a_flat_or_wholly_masked_image_has_limits_too(value: int) -> None:
    data = np.full((20, 20), value, np.uint32)
    for mask in (np.zeros(data.shape, bool), np.ones(data.shape, bool)):
        low, high = limits(sorted_sample(data, mask), 1, 99)
        assert high > low


def test_a_few_counts_in_an_empty_image_set_the_upper_limit() -> None:
    data = np.zeros((100, 100), np.int32)
    data[50, 50] = 7
    assert limits(sorted_sample(data, np.zeros(data.shape, bool)), 1, 99) == (0.0, 7.0)


@pytest.mark.parametrize("stretch", ["asinh", "log", "sqrt", "linear"])
def test_a_stretch_rises_from_the_first_to_the_last_colour(stretch: str) -> None:
    table = stretch_table(stretch).astype(int)
    assert (table[0], table[-1]) == (0, N_COLORS - 1)
    assert np.diff(table).min() >= 0
    middle = table[len(table) // 2] / N_COLORS
    assert middle == pytest.approx(0.5, abs=0.01) if stretch == "linear" else middle > 0.6


def test_values_beyond_the_limits_get_the_end_colours() -> None:
    table = stretch_table("linear")
    values = np.array([-np.inf, -5, 10, 15, 20, 1e30, np.inf, np.nan])
    found = indices(values, 10, 20, table)
    assert found[3] == pytest.approx(N_COLORS / 2, abs=1)
    assert list(found[[0, 1, 2, 4, 5, 6]]) == [0, 0, 0, 253, 253, 253]


def test_narrow_limits_at_large_counts_keep_neighbouring_counts_apart() -> None:
    values = np.arange(100_000_000, 100_000_064, dtype=np.uint32)
    found = indices(values, 100_000_000.0, 100_000_063.0, stretch_table("linear"))
    assert len(np.unique(found)) == 64


@pytest.mark.parametrize("name", list(COLORMAPS))
def test_a_colour_map_changes_its_lightness_in_one_direction(name: str) -> None:
    lightness = np.array(ramp(name, N_COLORS)) @ (0.2126, 0.7152, 0.0722)
    steps = np.diff(lightness) * (-1 if name == "gray_r" else 1)
    assert steps.min() >= -1.0
    assert steps.sum() > 150


@pytest.mark.parametrize("name", list(COLORMAPS))
def test_masked_pixels_have_a_colour_of_their_own(name: str) -> None:
    assert min(np.abs(np.subtract(ramp(name, N_COLORS), mask_tint(name))).sum(1)) > 40
    table = palette(name, (1, 2, 3))
    assert tuple(table[3 * MASKED : 3 * MASKED + 3]) == mask_tint(name)
    assert tuple(table[-3:]) == (1, 2, 3)
