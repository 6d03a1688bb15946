"""The images of a folder come in the order a person would put them, and nothing else."""

from pathlib import Path

import pytest

from calibtool.errors import InputError
from calibtool.io.folder import list_images


def test_numbers_count_as_numbers(tmp_path: Path) -> None:
    for name in ("a_10.tif", "a_9.tif", "a_1.tif", "B_2.tif", "a_9b.tif"):
        (tmp_path / name).touch()
    names = [Path(path).name for path in list_images(tmp_path)]
    assert names == ["a_1.tif", "a_9.tif", "a_9b.tif", "a_10.tif", "B_2.tif"]


def test_only_what_looks_like_an_image(tmp_path: Path) -> None:
    images = ["a.edf", "b.EDF.gz", "c.cbf.bz2", "d.h5", "e.nxs", "f.mccd", "g.mar3450", "h.ge3"]
    others = [
        "notes.txt",
        "a.poni",
        "a.json",
        ".hidden.tif",
        "x.tif.part",
        "table.csv",
        "gz",
        "i.gz",
    ]
    for name in images + others:
        (tmp_path / name).touch()
    (tmp_path / "folder.tif").mkdir()
    assert [Path(path).name for path in list_images(tmp_path)] == images


def test_data_files_of_an_eiger_hide_behind_their_master(tmp_path: Path) -> None:
    for name in ("s1_master.h5", "s1_data_000001.h5", "s2_data_000001.h5"):
        (tmp_path / name).touch()
    names = [Path(path).name for path in list_images(tmp_path)]
    assert names == ["s1_master.h5", "s2_data_000001.h5"]


def test_a_folder_that_cannot_be_listed_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none"):
        list_images(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file"):
        list_images(tmp_path / "file")
