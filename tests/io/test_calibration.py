"""A calibration comes back as it was saved, and a damaged one says what is wrong."""

import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibtool import Calibration
from calibtool.errors import InputError
from calibtool.io.calibration_data import SavedPoint
from calibtool.model.results import FitWarning
from calibtool.model.tilted_geometry import TiltedGeometry
from tests.drawn import examples

FULL = Calibration(
    image="/data/ägbh μ.tif",
    frame=2,
    shape=(1043, 981),
    image_sha256="ba" * 32,
    center_x_px=570.62,
    center_y_px=491.13,
    radius_px=242.54,
    sigma_center_x_px=0.011,
    sigma_center_y_px=0.012,
    sigma_radius_px=0.009,
    rms_residual_px=0.2,
    coverage=0.71,
    points=(
        SavedPoint(1.25, 2.5, 1.0, 2.0, 0.1, False, True),
        SavedPoint(3.0, 4.0, 3.0, 4.0, None, True, False),
    ),
    calibrant="AgBh",
    ring=1,
    d_spacing_nm=5.838,
    scale_nm_px=1415.9,
    sigma_scale_nm_px=0.43,
    wavelength_nm=0.1,
    pixel_size_mm=0.172,
    distance_mm=2431.7,
    detector="Pilatus1M",
    fixed_center=True,
    fixed_center_x_px=570.0,
    fixed_center_y_px=491.0,
    geometry=TiltedGeometry(2431.0, 570.0, 491.0, 0.172, 0.172, 0.01, 0.02, 0.0),
    options={"population": 15, "mode": "peak", "window_px": None},
    sources={"pixel_size_mm": "file header: Pixel_size 172e-6 m x 172e-6 m"},
    warnings=(FitWarning("short_arc", "The points cover only 80° of the ring."),),
    verdict="centre ±0.02 px",
    program_version="0.1.0",
)

CONTRACT = """
image frame shape center_x_px center_y_px radius_px sigma_center_x_px
sigma_center_y_px sigma_radius_px rms_residual_px coverage n_points n_outliers points calibrant
ring d_spacing_nm scale_nm_px sigma_scale_nm_px wavelength_nm pixel_size_mm distance_mm detector
sources warnings verdict version
"""


def test_everything_comes_back(tmp_path: Path) -> None:
    FULL.save(tmp_path / "a.json")
    assert Calibration.load(tmp_path / "a.json") == FULL


def test_nothing_known_comes_back_too(tmp_path: Path) -> None:
    Calibration().save(tmp_path / "a.json")
    loaded = Calibration.load(tmp_path / "a.json")
    assert replace(loaded, program_version=None) == Calibration()


def test_the_file_has_the_names_of_the_contract(tmp_path: Path) -> None:
    FULL.save(tmp_path / "a.json")
    plain = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert plain == FULL.to_json_dict()
    assert plain["format"] == "calibtool-calibration"
    assert plain["version"] == 1
    assert set(CONTRACT.split()) <= set(plain)
    assert (plain["n_points"], plain["n_outliers"]) == (2, 1)
    assert plain["shape"] == [1043, 981]
    assert plain["points"][0] == {
        "x": 1.25,
        "y": 2.5,
        "clicked_x": 1.0,
        "clicked_y": 2.0,
        "residual_px": 0.1,
        "outlier": False,
        "refined": True,
    }
    assert plain["warnings"] == [
        {"code": "short_arc", "message": "The points cover only 80° of the ring."}
    ]


def test_numbers_come_back_to_the_last_bit(tmp_path: Path) -> None:
    for index, value in enumerate((0.1 + 0.2, math.pi * 1e-7, 1e300, -5e-324)):
        path = tmp_path / f"{index}.json"
        Calibration(center_x_px=value).save(path)
        assert Calibration.load(path).center_x_px == value


def test_nan_and_numpy_numbers_never_reach_the_file(tmp_path: Path) -> None:
    odd: Any = Calibration(
        center_x_px=np.float64(1.5),
        sigma_center_x_px=math.nan,
        sigma_radius_px=math.inf,
        ring=np.int64(2),
        points=(SavedPoint(np.float32(2.5), 1.0, 1.0, 1.0, math.nan, np.bool_(True), False),),
        options={"list": np.arange(3), "nan": math.nan},
    )
    odd.save(tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text()
    assert "NaN" not in text
    assert "Infinity" not in text
    loaded = Calibration.load(tmp_path / "a.json")
    assert (loaded.center_x_px, loaded.sigma_center_x_px, loaded.ring) == (1.5, None, 2)
    assert loaded.points[0].outlier is True
    assert loaded.options["list"] == [0, 1, 2]


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("precious")
    with pytest.raises(InputError, match=r"a\.json exists already.*--force"):
        FULL.save(path)
    assert path.read_text() == "precious"
    FULL.save(path, force=True)
    assert Calibration.load(path) == FULL


def test_a_failed_save_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    FULL.save(path)

    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(InputError, match=r"Cannot write .*a\.json: No space left"):
        Calibration().save(path, force=True)
    monkeypatch.undo()
    assert Calibration.load(path) == FULL
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_places_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        FULL.save(tmp_path)
    with pytest.raises(InputError, match="No such file or directory"):
        FULL.save(tmp_path / "none" / "a.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_or_a_circle_of_links_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    for name in ("pipe", "one"):
        with pytest.raises(InputError, match="give the name of a file"):
            FULL.save(tmp_path / name, force=True)
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "one").is_symlink()
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.skipif(os.name == "nt", reason="links need the developer mode there")
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "a.json").symlink_to(tmp_path / "real" / "b.json")
    FULL.save(tmp_path / "a.json")
    assert (tmp_path / "a.json").is_symlink()
    assert Calibration.load(tmp_path / "real" / "b.json") == FULL


def test_a_newer_file_is_read_and_says_what_was_left_out(tmp_path: Path) -> None:
    plain = FULL.to_json_dict() | {"version": 2, "phase_of_the_moon": 0.5}
    (tmp_path / "a.json").write_text(json.dumps(plain))
    loaded = Calibration.load(tmp_path / "a.json")
    assert loaded == FULL
    assert "newer calibtool" in loaded.notes[0]
    assert "phase_of_the_moon" in loaded.notes[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("{", "not JSON"),
        ("[1, 2]", "not a calibration of calibtool"),
        ('{"format": "other"}', "not a calibration of calibtool"),
        ("[" * 100_000, "not JSON"),
        ("\x00\xff", "not"),
    ],
)
def test_another_file_is_refused_in_one_sentence(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=message) as raised:
        Calibration.load(path)
    assert "bad.json" in str(raised.value)
    with pytest.raises(InputError, match=r"none\.json"):
        Calibration.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("center_x_px", "abc"),
        ("center_x_px", True),
        ("radius_px", [1]),
        ("frame", None),
        ("frame", 1.5),
        ("shape", [1]),
        ("shape", "ab"),
        ("points", [{"x": 1}]),
        ("points", 5),
        ("points", [{"x": 1, "y": "b"}]),
        ("warnings", [{"code": 1, "message": "m"}]),
        ("sources", []),
        ("sources", {"a": 1}),
        ("geometry", {"distance_mm": 1}),
        ("geometry", "flat"),
        ("fixed_center", "yes"),
        ("options", 3),
        ("calibrant", 3),
        ("radius_px", 0),
        ("radius_px", -5.0),
        ("wavelength_nm", 0),
        ("pixel_size_mm", 0),
        ("d_spacing_nm", -1.0),
        ("distance_mm", 0.0),
        ("ring", 0),
    ],
)
def test_a_damaged_entry_is_named(key: str, value: Any, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(FULL.to_json_dict() | {key: value}))
    with pytest.raises(InputError, match=rf"bad\.json is a damaged calibration.*'{key}'"):
        Calibration.load(path)


@examples(60)
@given(cut=st.integers(min_value=0, max_value=10_000))
def test_a_cut_file_never_gives_numbers(cut: int) -> None:
    from calibtool.io.calibration_json import dump, parse

    text = dump(FULL)
    with pytest.raises(InputError):
        parse(text[: cut % (len(text) - 2)], "cut.json")
