"""Intensities of powder lines: those pyFAI states, and the calculated beside them."""

from pathlib import Path

import pytest

from calibtool.instruments.calibrants import find_calibrant, read_d_file
from calibtool.instruments.powder import completed, cubic_intensities


@pytest.mark.parametrize(
    ("name", "strongest", "weak"), [("LaB6", 1, 10), ("CeO2", 0, 5), ("NaCl", 1, 3), ("Si", 0, 10)]
)
def test_strong_and_weak_lines_are_those_of_the_tables(
    name: str, strongest: int, weak: int
) -> None:
    strength = find_calibrant(name).strength
    assert strength[strongest] == 1.0
    assert strength[weak] < 0.1
    assert all(0.0 <= value <= 1.0 for value in strength)
    assert len(strength) == len(find_calibrant(name).d_nm)


@pytest.mark.parametrize("name", ["LaB6", "CeO2", "Si", "NaCl", "Al", "Au"])
def test_calculated_intensities_agree_with_the_stated_within_a_factor(name: str) -> None:
    stated = find_calibrant(name).strength[:5]
    calculated = cubic_intensities(name, find_calibrant(name).d_nm)[:5]
    for theirs, ours in zip(stated, calculated, strict=True):
        assert 1 / 2.2 < ours / theirs < 2.2, name


def test_lines_that_are_absent_by_structure_have_no_intensity() -> None:
    edge = 0.54311
    lines = [edge / n**0.5 for n in (3, 4, 8, 11, 12)]
    silicon = cubic_intensities("Si", lines)
    assert silicon[1] == pytest.approx(0.0, abs=1e-9)
    assert silicon[4] == pytest.approx(0.0, abs=1e-9)
    assert silicon[0] == 1.0


def test_lines_nobody_states_are_calculated_or_weak() -> None:
    d = find_calibrant("CeO2").d_nm[:6]
    some = completed("CeO2", d, [100.0, 27.7, 48.6, None, None, None])
    assert some[:3] == pytest.approx((1.0, 0.277, 0.486))
    assert some[3] == pytest.approx(0.357, rel=0.5)
    assert completed("mine", [1.0, 0.5, 0.3], [50.0, 100.0, None]) == (0.5, 1.0, 0.75)


def test_an_own_file_states_its_intensities_or_none(tmp_path: Path) -> None:
    path = tmp_path / "mine.D"
    path.write_text("10.0 # (0 0 1) 2 100.0\n5.0 # (0 0 2) 2 25.0\n")
    assert read_d_file(path).strength == (1.0, 0.25)
    path.write_text("10.0\n5.0 # second order\n")
    assert read_d_file(path).strength == ()


def test_an_edition_without_intensities_has_those_of_another() -> None:
    assert find_calibrant("alpha_Al2O3_SRM676").strength[:2] == pytest.approx(
        (0.619, 0.966), abs=1e-3
    )


def test_orders_of_silver_behenate_fade() -> None:
    strength = find_calibrant("AgBh").strength
    assert strength[0] == 1.0
    assert list(strength) == sorted(strength, reverse=True)


@pytest.mark.parametrize(
    "text",
    ["10.0 # (1) 2 0.0\n5.0 # (2) 2 0\n", "10.0 # (1) 2 nan\n5.0 # (2) 2 inf\n", "10.0\n5.0\n"],
)
def test_intensities_that_are_none_leave_an_own_file_without(text: str, tmp_path: Path) -> None:
    """Also where the file has the name of a standard and the lines of something else."""
    path = tmp_path / "CeO2.D"
    path.write_text(text)
    assert read_d_file(path).strength == ()
