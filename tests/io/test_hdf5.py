"""Images in HDF5 files of any layout, and what is said where there is none or too many."""

from pathlib import Path
from typing import Any

import h5py  # noqa: TID253  (the files under test are made with it)
import numpy as np
import pytest

from calibtool import load_image
from calibtool.errors import DatasetChoiceError, ImageReadError

SHAPE = (40, 50)


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    return np.random.default_rng(5).poisson(30.0, (6, *SHAPE)).astype(np.uint32)


def save(path: Path, datasets: dict[str, Any], **attributes: Any) -> Path:
    with h5py.File(path, "w") as file:
        for name, data in datasets.items():
            file[name] = data
        file.attrs.update(attributes)
    return path


def test_a_plain_dataset_at_the_top_is_the_image(tmp_path: Path, counts: np.ndarray) -> None:
    image = load_image(save(tmp_path / "a.h5", {"picture": counts[0]}))
    np.testing.assert_array_equal(image.data, counts[0])
    assert image.header["dataset"] == "/picture"


@pytest.mark.parametrize("frame", [0, 3, 5])
def test_a_frame_of_a_stack(frame: int, tmp_path: Path, counts: np.ndarray) -> None:
    image = load_image(save(tmp_path / "a.nxs", {"deep/down/data": counts}), frame)
    assert (image.n_frames, image.frame) == (6, frame)
    np.testing.assert_array_equal(image.data, counts[frame])


def test_a_frame_of_a_map_is_counted_row_by_row(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.h5", {"map": counts.reshape(2, 3, *SHAPE)})
    image = load_image(path, 4)
    assert image.n_frames == 6
    np.testing.assert_array_equal(image.data, counts[4])


def test_the_dataset_may_be_named(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.h5", {"x/one": counts[0], "x/two": counts[1]})
    np.testing.assert_array_equal(load_image(f"{path}::/x/two").data, counts[1])
    np.testing.assert_array_equal(load_image(f"{path}::x/one").data, counts[0])


def test_several_images_are_offered_by_names_that_can_be_opened(
    tmp_path: Path, counts: np.ndarray
) -> None:
    path = save(tmp_path / "a.h5", {"x/one": counts[0], "x/two": counts[1]})
    with pytest.raises(DatasetChoiceError, match="2 images") as raised:
        load_image(path)
    assert raised.value.candidates == (f"{path}::/x/one", f"{path}::/x/two")
    for candidate, truth in zip(raised.value.candidates, counts, strict=False):
        np.testing.assert_array_equal(load_image(candidate).data, truth)


def test_the_default_of_a_nexus_file_wins(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.nxs", {"entry/plot/best": counts[1], "entry/raw": counts[0]})
    with h5py.File(path, "a") as file:
        file.attrs["default"] = "entry"
        file["entry"].attrs["default"] = "plot"
        file["entry/plot"].attrs["signal"] = "best"
    np.testing.assert_array_equal(load_image(path).data, counts[1])


def test_the_default_may_be_a_link_to_what_has_another_name(
    tmp_path: Path, counts: np.ndarray
) -> None:
    path = save(tmp_path / "a.nxs", {"a/raw": counts[0], "b/other": counts[1]})
    with h5py.File(path, "a") as file:
        file["z/best"] = h5py.SoftLink("/b/other")
        file["z"].attrs["signal"] = "best"
        file.attrs["default"] = "z"
    np.testing.assert_array_equal(load_image(path).data, counts[1])
    with h5py.File(path, "a") as file:
        file["z"].attrs["signal"] = "gone"
    with pytest.raises(DatasetChoiceError):
        load_image(path)


def test_numbered_images_are_images_and_not_frames(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.h5", {"image_1": counts[0], "image_2": counts[1]})
    with pytest.raises(DatasetChoiceError, match=r"image_1 \(50 × 40\), /image_2"):
        load_image(path)


def test_the_signal_of_a_named_group_is_taken(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.nxs", {"g/a": counts[0], "g/b": counts[1]})
    with h5py.File(path, "a") as file:
        file["g"].attrs["signal"] = "b"
    np.testing.assert_array_equal(load_image(f"{path}::/g").data, counts[1])


def test_masks_and_flat_fields_are_not_taken_for_the_image(
    tmp_path: Path, counts: np.ndarray
) -> None:
    path = save(
        tmp_path / "a.h5",
        {
            "entry/data/data": counts,
            "entry/instrument/detector/pixel_mask": np.zeros(SHAPE, np.uint32),
            "entry/instrument/detector/flatfield": np.ones(SHAPE, np.float32),
            "entry/table": np.zeros((400, 3)),
        },
    )
    assert load_image(path).header["dataset"] == "/entry/data/data"


def test_the_pixel_mask_of_the_file_joins_the_mask(tmp_path: Path, counts: np.ndarray) -> None:
    bad = np.zeros(SHAPE, np.uint32)
    bad[3, 4] = 1
    path = save(
        tmp_path / "a.h5",
        {"entry/data/data": counts, "entry/instrument/detector/detectorSpecific/pixel_mask": bad},
    )
    mask = load_image(path).mask
    assert mask[3, 4]
    assert mask.sum() == 1


def master(folder: Path, counts: np.ndarray) -> Path:
    save(folder / "run_data_000001.h5", {"entry/data/data": counts[:4]})
    save(folder / "run_data_000002.h5", {"entry/data/data": counts[4:]})
    path = folder / "run_master.h5"
    with h5py.File(path, "w") as file:
        group = file.create_group("entry/data")
        for number in (1, 2):
            target = f"run_data_{number:06d}.h5"
            group[f"data_{number:06d}"] = h5py.ExternalLink(target, "/entry/data/data")
    return path


@pytest.mark.parametrize("frame", [0, 3, 4, 5])
def test_an_eiger_master_counts_through_its_files(
    frame: int, tmp_path: Path, counts: np.ndarray
) -> None:
    image = load_image(master(tmp_path, counts), frame)
    assert image.n_frames == 6
    np.testing.assert_array_equal(image.data, counts[frame])


def test_an_eiger_master_without_its_second_file(tmp_path: Path, counts: np.ndarray) -> None:
    path = master(tmp_path, counts)
    (tmp_path / "run_data_000002.h5").unlink()
    assert load_image(path, 3).n_frames == 4
    with pytest.raises(ImageReadError, match=r"frame 4 is in run_data_000002\.h5.*missing"):
        load_image(path, 4)


def test_a_missing_first_file_shifts_no_frame_numbers(tmp_path: Path, counts: np.ndarray) -> None:
    path = master(tmp_path, counts)
    (tmp_path / "run_data_000001.h5").unlink()
    with pytest.raises(ImageReadError, match=r"run_data_000001\.h5, which is missing"):
        load_image(path)


def test_a_virtual_dataset_names_its_missing_file(tmp_path: Path, counts: np.ndarray) -> None:
    layout = h5py.VirtualLayout(shape=(6, *SHAPE), dtype=np.uint32)
    for number in range(2):
        data = save(tmp_path / f"part_{number}.h5", {"d": counts[3 * number : 3 * number + 3]})
        source = h5py.VirtualSource(data.name, "d", shape=(3, *SHAPE))
        layout[3 * number : 3 * number + 3] = source
    path = tmp_path / "all.h5"
    with h5py.File(path, "w") as file:
        file.create_virtual_dataset("d", layout)
    np.testing.assert_array_equal(load_image(path, 4).data, counts[4])
    (tmp_path / "part_1.h5").unlink()
    np.testing.assert_array_equal(load_image(path, 2).data, counts[2])
    with pytest.raises(ImageReadError, match=r"frame 3 is in part_1\.h5, which is missing"):
        load_image(path, 3)


@pytest.mark.parametrize("name", ["Bitshuffle", "Blosc", "LZ4", "Zstd"])
def test_compression_filters(name: str, tmp_path: Path, counts: np.ndarray) -> None:
    hdf5plugin = pytest.importorskip("hdf5plugin")
    path = tmp_path / "packed.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("data", data=counts, chunks=(1, *SHAPE), **getattr(hdf5plugin, name)())
    np.testing.assert_array_equal(load_image(path, 2).data, counts[2])


def test_a_colour_image_becomes_grey(tmp_path: Path) -> None:
    rgb = np.full((*SHAPE, 3), (10, 20, 30), np.uint8)
    image = load_image(save(tmp_path / "a.h5", {"view": rgb}))
    assert image.data.shape == SHAPE
    np.testing.assert_allclose(image.data, 0.299 * 10 + 0.587 * 20 + 0.114 * 30, rtol=1e-6)


def test_big_endian_and_bool_become_plain_numbers(tmp_path: Path, counts: np.ndarray) -> None:
    image = load_image(save(tmp_path / "a.h5", {"d": counts[0].astype(">i2")}))
    assert image.data.dtype == np.int16
    np.testing.assert_array_equal(image.data, counts[0])


def test_a_file_without_an_image_says_so(tmp_path: Path) -> None:
    path = save(tmp_path / "a.h5", {"scan/energy": np.linspace(0, 1, 100), "title": "no image"})
    with pytest.raises(ImageReadError, match="no image in this HDF5 file"):
        load_image(path)


def test_a_wrong_dataset_says_which_there_are(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.h5", {"d": counts, "title": "words", "empty": np.zeros((0, 5, 5))})
    with pytest.raises(ImageReadError, match=r"no dataset /wrong .*images in it: /d"):
        load_image(f"{path}::/wrong")
    with pytest.raises(ImageReadError, match="not an image"):
        load_image(f"{path}::/title")
    with pytest.raises(ImageReadError, match=r"no frame in it|not an image"):
        load_image(f"{path}::/empty")
    with pytest.raises(ImageReadError, match="no frame 6, only the frames 0 to 5"):
        load_image(path, 6)


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1])
def test_a_truncated_file_says_so(
    share: float, tmp_path: Path, counts: np.ndarray, capfd: pytest.CaptureFixture[str]
) -> None:
    content = save(tmp_path / "a.h5", {"d": counts}).read_bytes()
    (tmp_path / "cut.h5").write_bytes(content[: int(share * len(content))])
    with pytest.raises(ImageReadError, match="truncated"):
        load_image(tmp_path / "cut.h5")
    assert capfd.readouterr().err == ""


def test_a_link_to_itself_does_no_harm(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.h5", {"entry/data": counts[0]})
    with h5py.File(path, "a") as file:
        file["loop"] = h5py.SoftLink("/loop")
    np.testing.assert_array_equal(load_image(path).data, counts[0])
    np.testing.assert_array_equal(load_image(f"{path}::/entry/data").data, counts[0])


def test_links_in_a_circle_do_no_harm(tmp_path: Path, counts: np.ndarray) -> None:
    path = save(tmp_path / "a.h5", {"entry/d": counts})
    with h5py.File(path, "a") as file:
        file["entry/again"] = h5py.SoftLink("/entry")
        file["entry/alias"] = file["entry/d"]
        file["broken"] = h5py.SoftLink("/nowhere")
    assert load_image(path).n_frames == 6


def test_files_written_by_fabio(tmp_path: Path, counts: np.ndarray) -> None:
    from fabio.eigerimage import EigerImage
    from fabio.limaimage import LimaImage

    for kind in (EigerImage, LimaImage):
        path = tmp_path / f"{kind.__name__}.h5"
        kind(data=counts[0].astype(np.int32), header={}).write(str(path))
        np.testing.assert_array_equal(load_image(path).data, counts[0])


def test_a_file_with_broken_tables_is_refused(tmp_path: Path, counts: np.ndarray) -> None:
    content = bytearray(save(tmp_path / "a.h5", {"entry/d": counts}).read_bytes())
    refused = 0
    for place in range(96, 2048, 64):
        broken = content.copy()
        broken[place : place + 8] = b"\xff" * 8
        (tmp_path / "b.h5").write_bytes(broken)
        try:
            load_image(tmp_path / "b.h5")
        except ImageReadError:
            refused += 1
    assert refused > 0
