"""Points as CSV and ``.npt``: to and fro, and a bad line by its number."""

from pathlib import Path

import numpy as np
import pytest

from calibtool.errors import InputError
from calibtool.io.points_file import read_points, write_npt, write_points

POINTS = np.array([[1.25, 2.5], [-3.0, 1e3], [0.1 + 0.2, 7.0]])


def test_points_come_back_to_the_last_bit(tmp_path: Path) -> None:
    write_points(tmp_path / "a.csv", POINTS)
    np.testing.assert_array_equal(read_points(tmp_path / "a.csv"), POINTS)
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == "x_px,y_px"
    with pytest.raises(InputError, match="exists already"):
        write_points(tmp_path / "a.csv", POINTS)


@pytest.mark.parametrize(
    "text",
    [
        "x_px,y_px\n1.5,2.5\n3,4\n",
        "\ufeffx_px,y_px\r\n1.5,2.5\r\n3,4\r\n",
        "y_px,n,x_px\n2.5,1,1.5\n4,2,3\n",
        "# taken by hand\n1.5,2.5\n\n3,4",
        "x;y\n1,5;2,5\n3;4\n",
        "X_px\tY_px\n1.5\t2.5\n3\t4\n",
        "1.5 2.5\n3 4\n",
        '"x_px","y_px"\n1.5,2.5\n3,4\n',
        "1.500000000000000000e+00,2.500000000000000000e+00\n3e+00,4e+00\n",
    ],
)
def test_tables_of_many_hands_are_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    np.testing.assert_array_equal(read_points(tmp_path / "a.csv"), [[1.5, 2.5], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x_px,y_px\n1,2\n3,abc\n", "Line 3 .*'abc'"),
        ("x_px,y_px\n1,nan\n", "Line 2 .*'nan'"),
        ("x_px,y_px\n1\n", "Line 2 .*no two numbers"),
        ("a,b\n1,2\n", "no columns x_px and y_px"),
        ("x_px,y_px\n", "no points"),
        ("", "empty"),
        ("# only this\n", "no points"),
        ("x_px,y_px\n1,5,2,5\n3,4\n", "Line 2 .*4 values.*semicolons"),
        ('x_px,y_px\n"1,5","2,5"\n', "Line 2 .*4 values.*semicolons"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(InputError, match=message) as raised:
        read_points(tmp_path / "bad.csv")
    assert "bad.csv" in str(raised.value)


def test_npt_is_read_by_pyfai_with_the_same_pixels(tmp_path: Path) -> None:
    from pyFAI.control_points import ControlPoints

    path = tmp_path / "a.npt"
    write_npt(path, POINTS, calibrant="LaB6", ring=2, d_nm=(0.4157, 0.2939), wavelength_nm=0.1)
    theirs = ControlPoints(str(path), calibrant="LaB6", wavelength=1e-10)
    rows = np.array(theirs.getList())
    np.testing.assert_allclose(rows[:, 1], POINTS[:, 0])
    np.testing.assert_allclose(rows[:, 0], POINTS[:, 1])
    assert set(rows[:, 2]) == {1}
    np.testing.assert_array_equal(read_points(path), POINTS)


def test_npt_of_pyfai_is_read_ring_by_ring(tmp_path: Path) -> None:
    from pyFAI.control_points import ControlPoints

    theirs = ControlPoints(calibrant="LaB6", wavelength=1e-10)
    theirs.append([[2.5, 1.5], [4.0, 3.0]], ring=0)
    theirs.append([[20.0, 10.0]], ring=2)
    path = tmp_path / "a.npt"
    theirs.save(str(path))
    np.testing.assert_array_equal(read_points(path, ring=1), [[1.5, 2.5], [3.0, 4.0]])
    np.testing.assert_array_equal(read_points(path, ring=3), [[10.0, 20.0]])
    with pytest.raises(InputError, match="rings 1, 3; choose one"):
        read_points(path)
    with pytest.raises(InputError, match="rings 1, 3; choose one"):
        read_points(path, ring=2)


def test_an_npt_without_points_says_so(tmp_path: Path) -> None:
    (tmp_path / "bad.npt").write_text("group: a\n")
    with pytest.raises(InputError, match=r"bad\.npt holds no points"):
        read_points(tmp_path / "bad.npt")
