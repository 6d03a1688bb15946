"""Calibrants: the values of the literature, pyFAI's list, the user's own files."""

from pathlib import Path

import pytest

from calibtool.errors import InputError
from calibtool.instruments import calibrants as module
from calibtool.instruments.calibrants import (
    calibrants,
    find_calibrant,
    read_d_file,
)


def test_silver_behenate_stands_first() -> None:
    first = calibrants()[0]
    assert first.name == "AgBh"
    assert first.d_nm[:3] == pytest.approx((5.8380, 2.9190, 1.9460), rel=1e-12)
    assert first.d_relative_sigma == 3e-4
    assert "Huang" in first.source


def test_collagen_has_its_orders_wet_and_dry() -> None:
    wet, dry = find_calibrant("collagen"), find_calibrant("dry collagen")
    assert (wet.name, dry.name) == ("collagen_wet", "collagen_dry")
    assert wet.d_nm[:2] == pytest.approx((67.0, 33.5))
    assert dry.d_nm[0] == 65.3


def test_all_calibrants_of_pyfai_are_there_with_its_numbers() -> None:
    from pyFAI.calibrant import ALL_CALIBRANTS, get_calibrant

    known = {calibrant.name: calibrant for calibrant in calibrants()}
    names = set(ALL_CALIBRANTS.keys()) - {"mock"}
    assert names <= set(known)
    for name in names:
        truth = sorted({round(float(d), 8) for d in get_calibrant(name).dspacing}, reverse=True)
        assert [10 * d for d in known[name].d_nm] == pytest.approx(truth, rel=1e-7), name


@pytest.mark.parametrize("name", ["AgBh", "agbh", "AgBeh", "silver behenate"])
def test_spelling_does_not_matter(name: str) -> None:
    assert find_calibrant(name).name == "AgBh"


def test_lattices_agree_with_the_certified_first_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    calibrants.cache_clear()
    try:
        # Powder lines of SRM 660c (100, 110, 111) and 674b (111, 200, 220), in nm.
        lab6, ceo2 = find_calibrant("LaB6"), find_calibrant("CeO2")
        assert lab6.d_nm[:3] == pytest.approx((0.415683, 0.293932, 0.239994), abs=1e-6)
        assert ceo2.d_nm[:3] == pytest.approx((0.312442, 0.270583, 0.191331), abs=1e-6)
        with pytest.raises(InputError, match="pyFAI is not installed"):
            find_calibrant("quartz")
    finally:
        monkeypatch.undo()
        calibrants.cache_clear()


def test_an_own_file_is_read_in_angstrom(tmp_path: Path) -> None:
    path = tmp_path / "mine.D"
    path.write_text("# my powder\n10.0 # (0 0 1)\n\n 25,5\n5\n")
    mine = find_calibrant(str(path))
    assert (mine.name, mine.d_nm) == (str(path), (2.55, 1.0, 0.5))
    assert str(path) in mine.source
    assert find_calibrant(mine.name) == mine


@pytest.mark.parametrize("line", ["abc", "-3", "0", "nan", "inf", "1e300", "1e-300"])
def test_a_bad_line_of_an_own_file_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.D"
    path.write_text(f"10.0\n{line}\n")
    with pytest.raises(InputError, match=r"Line 2 .*bad\.D"):
        read_d_file(path)


def test_an_empty_or_missing_own_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.D").write_text("# nothing\n")
    with pytest.raises(InputError, match="no d-spacing"):
        read_d_file(tmp_path / "empty.D")
    with pytest.raises(InputError, match=r"none\.D"):
        find_calibrant(str(tmp_path / "none.D"))


def test_an_unknown_calibrant_gets_similar_names() -> None:
    with pytest.raises(InputError, match=r"similar: .*LaB6"):
        find_calibrant("LaB7")
