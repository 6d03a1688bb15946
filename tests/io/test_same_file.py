"""One file under two spellings is one file."""

import os
import sys
from pathlib import Path

import pytest

from calibtool.cli.options import check_outputs
from calibtool.errors import InputError
from calibtool.io.same_file import identity


def test_a_file_is_known_by_its_place_and_not_by_its_name(tmp_path: Path) -> None:
    image, other = tmp_path / "ring.edf", tmp_path / "RING.EDF"
    image.write_text("pixels")
    os.link(image, other)  # what the second spelling is on a Mac
    assert identity(image) == identity(other)
    with pytest.raises(InputError, match="is read by this run"):
        check_outputs([str(other)], inputs=[str(image)], force=True)


@pytest.mark.parametrize(("system", "same"), [("darwin", True), ("win32", True), ("linux", False)])
def test_new_names_differ_in_case_only_where_the_disk_tells_them_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, same: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    one, two = str(tmp_path / "a.csv"), str(tmp_path / "A.csv")
    assert (identity(one) == identity(two)) is same
    if same:
        with pytest.raises(InputError, match="named for two outputs"):
            check_outputs([one, two], inputs=[], force=False)
    else:
        check_outputs([one, two], inputs=[], force=False)


def test_relative_and_absolute_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert identity("new.csv") == identity(tmp_path / "new.csv")
