"""The default mask: dummies, gaps and saturation go, noise below zero stays."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calibtool.model.image import default_mask

RNG = np.random.default_rng(5)


def gaps(shape: tuple[int, int] = (300, 400)) -> NDArray[np.bool_]:
    mask = np.zeros(shape, bool)
    mask[100:117] = True
    mask[:, 200:207] = True
    return mask


@pytest.mark.parametrize("dtype", [np.int32, np.int16, np.float32, np.float64])
@pytest.mark.parametrize("dummy", [-1, -2, -10, -999])
def test_gaps_of_counts_are_masked(dtype: type, dummy: int) -> None:
    data = RNG.poisson(3.0, (300, 400)).astype(dtype)
    data[gaps()] = dummy
    assert (default_mask(data) == gaps()).all()


def test_single_dead_pixels_of_counts_are_masked() -> None:
    data = RNG.poisson(3.0, (300, 400)).astype(np.int32)
    data[[10, 50, 90], [3, 300, 70]] = -2
    assert default_mask(data).sum() == 3


@pytest.mark.parametrize("counts", [0.1, 1.0, 50.0])
@pytest.mark.parametrize("level", [0.37, 1.0, 0.99])
def test_noise_below_zero_is_kept(counts: float, level: float) -> None:
    data = RNG.poisson(counts, (300, 400)) - level * counts
    assert default_mask(data).mean() < 0.002


def test_noise_of_a_camera_below_zero_is_kept_in_whole_numbers() -> None:
    data = np.rint(RNG.normal(0.0, 4.0, (300, 400))).astype(np.int32)
    assert not default_mask(data).any()


@pytest.mark.parametrize("dummy", [-1.0, -5.0, -1e9])
def test_gaps_in_noise_below_zero_are_masked(dummy: float) -> None:
    data = RNG.normal(0.0, 3.0, (300, 400)).astype(np.float32)
    data[gaps()] = dummy
    assert (default_mask(data) == gaps()).all()


@pytest.mark.parametrize("pedestal", [40, 1000])
def test_zeros_that_fill_the_gaps_of_a_camera_are_masked(pedestal: int) -> None:
    data = (pedestal + RNG.poisson(5.0, (300, 400))).astype(np.uint16)
    data[gaps()] = 0
    assert (default_mask(data) == gaps()).all()


def test_zeros_that_fill_gaps_in_noise_are_masked() -> None:
    data = RNG.normal(0.0, 3.0, (300, 400)).astype(np.float32)
    data[gaps()] = 0.0
    assert (default_mask(data) == gaps()).all()


@pytest.mark.parametrize("counts", [0.05, 1.0, 30.0])
def test_zero_counts_behind_a_beamstop_are_kept(counts: float) -> None:
    y, x = np.mgrid[:300, :400]
    shadow = np.clip((np.hypot(x - 200, y - 150) - 30) / 20, 0.0, 1.0)
    data = RNG.poisson(counts * shadow).astype(np.int32)
    assert not default_mask(data).any()


def test_values_that_are_no_numbers_are_masked() -> None:
    data = RNG.normal(10.0, 3.0, (40, 50))
    data[3, 4], data[5, 6], data[7, 8] = np.nan, np.inf, -np.inf
    assert sorted(zip(*np.nonzero(default_mask(data)), strict=True)) == [(3, 4), (5, 6), (7, 8)]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32, np.int32])
def test_the_largest_value_of_an_integer_type_is_saturation(dtype: type) -> None:
    data = RNG.poisson(5.0, (40, 50)).astype(dtype)
    data[3, 4] = np.iinfo(dtype).max
    assert np.argwhere(default_mask(data)).tolist() == [[3, 4]]


def test_a_clipped_plateau_is_saturation() -> None:
    data = RNG.poisson(5.0, (300, 400)).astype(np.float32)
    data[100:120, 50:90] = 16383.0
    expected = np.zeros(data.shape, bool)
    expected[100:120, 50:90] = True
    assert (default_mask(data) == expected).all()


def test_the_few_brightest_pixels_of_sparse_counts_are_kept() -> None:
    assert not default_mask(RNG.poisson(0.05, (300, 400)).astype(np.uint16)).any()


def test_a_constant_image_is_kept() -> None:
    assert not default_mask(np.full((50, 60), 7.0)).any()


def test_masked_pixels_of_an_eiger_are_masked(real_data: Path) -> None:
    import h5py
    import hdf5plugin  # noqa: F401 - registers the compression filter of the file

    with h5py.File(real_data / "eiger2_9m_no_ring.h5") as file:
        data = np.asarray(file["entry/data/data"][0])
    assert (default_mask(data) == (data == 4294967295)).all()


@pytest.mark.parametrize("name", ["pilatus1m_agbh.edf.gz", "pilatus3_1m_biocat.tif"])
def test_negative_pixels_of_a_pilatus_are_masked(real_data: Path, name: str) -> None:
    import fabio

    data = fabio.open(str(real_data / name)).data
    assert (default_mask(data) == (data < 0)).all()
