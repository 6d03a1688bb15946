"""History, clipboard texts and preferences."""

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.copy_as import COPY_AS, copy_as
from calibtool.io.history_csv import write_history
from calibtool.io.poni import parse_poni
from calibtool.io.preferences import Preferences, load_preferences, save_preferences
from calibtool.model.results import HistoryRow
from calibtool.model.tilted_geometry import TiltedGeometry

KNOWN = Calibration(
    center_x_px=570.62,
    center_y_px=491.13,
    radius_px=242.54,
    d_spacing_nm=5.838,
    scale_nm_px=1415.95,
    wavelength_nm=0.1,
    distance_mm=2431.7,
    pixel_size_mm=0.172,
    calibrant="AgBh",
)


def test_the_history_keeps_every_value(tmp_path: Path) -> None:
    odd: Any = np.float64(0.1 + 0.2)
    rows = [
        HistoryRow(0, "evolution", 1, odd, 2.0, 3.0, 4.0, 4.0, 12),
        HistoryRow(1, "least squares", np.int64(2), 1.5, 2.0, 3.0, math.nan, 4.0, 11),
    ]
    write_history(tmp_path / "h.csv", rows)
    with (tmp_path / "h.csv").open(newline="") as file:
        read = list(csv.reader(file))
    assert tuple(read[0]) == HistoryRow._fields
    assert read[1][:4] == ["0", "evolution", "1", repr(0.1 + 0.2)]
    assert read[2][1:3] == ["least squares", "2"]
    assert read[2][6] == ""
    with pytest.raises(InputError, match="exists already"):
        write_history(tmp_path / "h.csv", rows)


def test_the_text_for_pyfai_is_a_poni_file() -> None:
    place = parse_poni(copy_as(KNOWN, "pyfai"), "clipboard").geometry
    assert place.center_x_px == pytest.approx(570.62)
    assert place.distance_mm == pytest.approx(2431.7)


def test_fit2d_counts_from_the_corner() -> None:
    text = copy_as(KNOWN, "fit2d")
    assert "X = 571.1200" in text
    assert "Y = 491.6300" in text
    assert "172.0000 microns" in text
    assert "1.000000 angstroms" in text


def test_fit2d_gets_the_beam_of_a_tilted_detector() -> None:
    place = TiltedGeometry(200.0, 464.4, 507.0, 0.172, 0.172, -0.0184, 0.0041)
    text = copy_as(Calibration(center_x_px=1.0, center_y_px=2.0, geometry=place), "fit2d")
    assert f"X = {place.center_x_px + 0.5:.4f}" in text
    assert f"Tilt angle = {place.tilt_deg:.4f}" in text


def test_musclex_counts_as_we_do() -> None:
    text = copy_as(KNOWN, "musclex")
    assert "Center X: 570.6200 px" in text
    assert "d-spacing: 5.83800 nm" in text


def test_the_plain_text_has_every_number_once() -> None:
    lines = copy_as(KNOWN, "plain").splitlines()
    assert "center_x_px\t570.62" in lines
    assert "calibrant\tAgBh" in lines
    assert len({line.split("\t")[0] for line in lines}) == len(lines)


@pytest.mark.parametrize("name", ["pyfai", "fit2d", "musclex"])
def test_without_a_centre_there_is_nothing_to_copy(name: str) -> None:
    with pytest.raises(InputError, match="centre"):
        copy_as(Calibration(), name)
    assert name in COPY_AS


def test_preferences_come_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "preferences.json"
    kept = Preferences(recent=("/a", "/ü")).with_value("dark", True)
    save_preferences(kept, path)
    assert load_preferences(path) == kept


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"recent": 5, "values": []}', '{"recent": [1]}', "\x00"]
)
def test_damaged_preferences_are_the_defaults(text: str, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(text)
    assert load_preferences(tmp_path / "p.json") == Preferences()
    assert load_preferences(tmp_path / "none.json") == Preferences()


def test_preferences_that_cannot_be_kept_say_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="Cannot keep the preferences"):
        save_preferences(Preferences(), tmp_path / "file" / "p.json")
