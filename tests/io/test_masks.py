"""Masks come in from any file in which people keep them, and a wrong one is refused in a line."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from calibtool import load_image
from calibtool.errors import InputError
from calibtool.io.masks import read_mask, write_mask

fabio = pytest.importorskip("fabio")
h5py = pytest.importorskip("h5py")

SHAPE = (40, 53)


@pytest.fixture(scope="module")
def mask() -> np.ndarray:
    rng = np.random.default_rng(4)
    return rng.random(SHAPE) < 0.2


def written(kind: str, folder: Path, mask: np.ndarray) -> str:
    """A mask as the libraries that users use write it."""
    path, values = folder / f"mask.{kind}", mask.astype(np.uint8)
    if kind == "h5":
        with h5py.File(path, "w") as file:
            file["/entry/mask"] = values
        return f"{path}::/entry/mask"
    writers = {
        "npy": lambda: np.save(path, mask),
        "npz": lambda: np.savez(path, other=values[:3], mask=values),
        "edf": lambda: fabio.edfimage.EdfImage(data=values).write(str(path)),
        "tif": lambda: fabio.tifimage.TifImage(data=values * 255).write(str(path)),
        "png": lambda: Picture.fromarray(values * 255).save(path),
        "bmp": lambda: Picture.fromarray(mask).save(path),
        "msk": lambda: fabio.fit2dmaskimage.Fit2dMaskImage(data=values).write(str(path)),
    }
    writers[kind]()
    return str(path)


KINDS = ["npy", "npz", "edf", "tif", "png", "bmp", "msk", "h5"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_mask_of_any_kind_says_what_to_ignore(
    kind: str, tmp_path: Path, mask: np.ndarray
) -> None:
    path = written(kind, tmp_path, mask)
    np.testing.assert_array_equal(read_mask(path, SHAPE), mask)
    np.testing.assert_array_equal(read_mask(path, SHAPE, keeps=True), ~mask)


@pytest.mark.parametrize("suffix", [".npy", ".edf", ".msk"])
def test_a_written_mask_comes_back_here_and_in_fabio(
    suffix: str, tmp_path: Path, mask: np.ndarray
) -> None:
    path = tmp_path / f"mask{suffix}"
    write_mask(path, mask)
    np.testing.assert_array_equal(read_mask(str(path), SHAPE), mask)
    np.testing.assert_array_equal(fabio.open(str(path)).data != 0, mask)
    with pytest.raises(InputError, match="exists already"):
        write_mask(path, mask)


def test_a_mask_is_not_written_under_a_name_nobody_can_read(
    tmp_path: Path, mask: np.ndarray
) -> None:
    with pytest.raises(InputError, match=r"\.npy, \.edf or \.msk"):
        write_mask(tmp_path / "mask.txt", mask)
    assert not list(tmp_path.iterdir())


def test_the_bits_of_a_detectors_mask_are_a_mask(tmp_path: Path) -> None:
    bits = np.random.default_rng(1).choice(np.array([0, 1, 2, 8, 2**30], np.uint32), SHAPE)
    np.save(tmp_path / "pixel_mask.npy", bits)
    np.testing.assert_array_equal(read_mask(str(tmp_path / "pixel_mask.npy"), SHAPE), bits != 0)


WRONG = {
    "another shape": (np.zeros((40, 54), np.uint8), r"54 × 40 pixels and the image 53 × 40"),
    "turned": (np.zeros(SHAPE[::-1], np.uint8), "seems to be turned"),
    "all masked": (np.ones(SHAPE, np.uint8), "--mask-keeps"),
    "an image": (np.arange(40 * 53).reshape(SHAPE), "different values"),
    "not a number": (np.full(SHAPE, np.nan), "is not a mask"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_mask_of_the_image_is_refused(name: str, tmp_path: Path) -> None:
    values, reason = WRONG[name]
    np.save(tmp_path / "wrong.npy", values)
    with pytest.raises(InputError, match=reason) as caught:
        read_mask(str(tmp_path / "wrong.npy"), SHAPE)
    assert "wrong.npy" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_files_own_mask_and_values_are_told_apart(tmp_path: Path) -> None:
    from calibtool.model.pixels.reasons import masked_counts, why_masked

    data = np.random.default_rng(2).poisson(40, SHAPE).astype(np.int32)
    data[3, 4], data[7, 8] = -1, np.iinfo(np.int32).max  # a mark of gaps
    bad = np.zeros(SHAPE, np.uint32)
    bad[5, 6] = 2
    with h5py.File(tmp_path / "frames.h5", "w") as file:
        file["/entry/data/data"] = data
        file["/entry/instrument/detector/detectorSpecific/pixel_mask"] = bad
    image = load_image(tmp_path / "frames.h5")
    assert why_masked(image, 4, 3) == ("no value",)
    assert why_masked(image, 8, 7) == ("no value",)
    assert why_masked(image, 6, 5) == ("the image file says so",)
    assert sum(masked_counts(image).values()) == 3


def test_a_saturated_pixel_stays_out_and_is_told_though_it_is_corrected(tmp_path: Path) -> None:
    """Less the dark it is no longer the largest number of its type."""
    from calibtool.model.exposure import Exposure
    from calibtool.model.pixels.reasons import why_masked
    from calibtool.tasks.exposing import load_exposed

    rng = np.random.default_rng(2)
    frames = rng.poisson(400, (3, *SHAPE)).astype(np.uint16)
    frames[1, 5:9, 6:10] = 65535
    with h5py.File(tmp_path / "frames.h5", "w") as file:
        file["/entry/data/data"] = frames
    dark = tmp_path / "dark.edf"
    fabio.edfimage.EdfImage(data=rng.poisson(90, SHAPE).astype(np.uint16)).write(str(dark))
    for frame, exposure in (
        (1, Exposure(dark=str(dark))),
        (0, Exposure(dark=str(dark), frames=(0, 3))),
        (0, Exposure(dark=str(dark), frames=(0, None), combine="median")),
    ):
        image, notes = load_exposed(str(tmp_path / "frames.h5"), frame, exposure)
        assert why_masked(image, 6, 5) == ("saturated",)
        assert image.mask.sum() == 16
        assert "16 pixels are saturated in the image as it was taken" in " ".join(notes)
    assert not load_exposed(str(tmp_path / "frames.h5"), 0, Exposure(dark=str(dark)))[1]
