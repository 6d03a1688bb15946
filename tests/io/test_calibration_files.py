"""A calibration of any program is read, and means what it means there."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool import Calibration
from calibtool.errors import InputError
from calibtool.io.copy_as import copy_as
from calibtool.io.musclex import write_musclex
from calibtool.io.poni import poni_text
from calibtool.model.tilted_geometry import TiltedGeometry

SHAPE = (512, 640)
CORNERS = np.array([(0.0, 0.0), (639.0, 0.0), (0.0, 511.0), (639.0, 511.0), (318.3, 255.7)])
TILTED = TiltedGeometry(104.0, 318.4, 255.2, 0.2, 0.2, 0.021, -0.034)

PONI = """# Nota: C-Order, 1 refers to the Y axis, 2 to the X axis
# Calibration done on Thu Nov 26 09:12:44 2026
# Calibrant: CeO2 Calibrant with 148 reflections
poni_version: 2.1
Detector: Detector
Detector_config: {"pixel1": 0.0002, "pixel2": 0.0002, "max_shape": [512, 640], "orientation": 3}
Distance: 0.104
Poni1: 0.05114
Poni2: 0.06378
Rot1: 0.021
Rot2: -0.034
Rot3: 0.5
Wavelength: 4e-11
"""

FIT2D = """INFO: Refined Beam centre =      900.000     900.000 (pixels)
INFO: Refined Beam centre =      956.389     913.277 (pixels)
INFO: Refined Beam centre =       45.165      42.770 (mm)
INFO: Refined sample to detector distance =       80.637 mm
INFO: Refined wavelength =      0.70848 Angstroms
      Energy (keV) =     17.50014
INFO: Refined tilt plane rotation angle =       86.421 degrees
INFO: Refined tilt angle =       -0.750 degrees
INFO: ROT X =       -0.047   ROT Y =       -0.749 degrees
"""


def loaded(tmp_path: Path, text: str, name: str = "old.poni") -> Calibration:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return Calibration.load(path)


def angles_in_pyfai(path: Path) -> Any:
    from pyFAI.geometry import Geometry

    geometry = Geometry()
    geometry.load(str(path))
    return geometry.tth(CORNERS[:, 1], CORNERS[:, 0], path="numpy")


def angles(calibration: Calibration) -> Any:
    return calibration.position.two_theta_rad(CORNERS[:, 0], CORNERS[:, 1])


@pytest.mark.parametrize("known", [True, False], ids=["shape in the file", "shape of the image"])
@pytest.mark.parametrize("orientation", [1, 2, 3, 4])
def test_each_orientation_has_the_angles_that_pyfai_gives(
    orientation: int, known: bool, tmp_path: Path
) -> None:
    text = PONI.replace('"orientation": 3', f'"orientation": {orientation}')
    theirs = angles_in_pyfai(write(tmp_path / "whole.poni", text))
    ours = loaded(tmp_path, text if known else text.replace("[512, 640]", "null"))
    if not known and orientation != 3:
        assert ours.center_x_px is None
        with pytest.raises(InputError, match="open the image first"):
            angles(ours)
    assert np.abs(angles(ours.on_image(SHAPE)) - theirs).max() < 1e-7
    assert ours.on_image(SHAPE).wavelength_nm == pytest.approx(0.04)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_calibration_without_a_place_keeps_it_for_the_image(tmp_path: Path) -> None:
    text = PONI.replace('"orientation": 3', '"orientation": 1').replace("[512, 640]", "null")
    ours = loaded(tmp_path, text)
    ours.save(tmp_path / "kept.json")
    again = Calibration.load(tmp_path / "kept.json")
    assert again.on_image(SHAPE).center_x_px == ours.on_image(SHAPE).center_x_px


def test_an_image_of_another_size_is_refused(tmp_path: Path) -> None:
    for text in (PONI, PONI.replace('"orientation": 3', '"orientation": 4')):
        with pytest.raises(InputError, match="images of 640 × 512 pixels and this one has 512 × "):
            loaded(tmp_path, text).on_image((640, 512))


@pytest.mark.parametrize(
    "changed",
    [
        PONI.replace("0.104", "0,104").replace("0.05114", "0,05114").replace("4e-11", "4,0e-11"),
        PONI.replace('"pixel1": 0.0002', '"pixel1": 0,0002'),
        PONI.replace("\n", "\r\n"),
        "\ufeff" + PONI,
        "Distance: 0.3\nPoni1: 0.01\nPoni2: 0.01\n" + PONI,
    ],
    ids=["decimal commas", "comma in the detector", "lines of Windows", "mark", "a later one"],
)
def test_a_poni_of_other_hands_is_the_same(changed: str, tmp_path: Path) -> None:
    ours, plain = loaded(tmp_path, changed), loaded(tmp_path, PONI)
    assert ours == plain
    assert (plain.calibrant, plain.shape) == ("CeO2", SHAPE)


def test_a_poni_is_known_by_its_content_and_letters_of_old_computers_do_no_harm(
    tmp_path: Path,
) -> None:
    path = tmp_path / "geometrie.txt"
    path.write_bytes("# Image: C:\\Daten\\März\\a.tif\n".encode("cp1252") + PONI.encode())
    assert Calibration.load(path) == loaded(tmp_path, PONI)


def test_what_musclex_saves_is_read(tmp_path: Path) -> None:
    ours = Calibration(
        center_x_px=12.5, center_y_px=7.25, radius_px=99.0, d_spacing_nm=5.838, distance_mm=300.0
    )
    write_musclex(tmp_path / "calibration.info", ours)
    write_musclex(tmp_path / "renamed", ours)
    for name in ("calibration.info", "renamed"):
        read = Calibration.load(tmp_path / name)
        assert (read.center_x_px, read.radius_px, read.d_spacing_nm) == (12.5, 99.0, 5.838)


def test_numbers_of_fit2d_are_where_pyfai_puts_them(tmp_path: Path) -> None:
    from pyFAI.geometry import Geometry

    ours = loaded(tmp_path, FIT2D, "fit2d.log")
    theirs = Geometry()
    theirs.setFit2D(
        80.637, 956.389, 913.277, -0.75, 86.421, 45165 / 956.389, 42770 / 913.277
    )
    expected = theirs.tth(CORNERS[:, 1], CORNERS[:, 0], path="numpy")
    assert np.abs(angles(ours) - expected).max() < 1e-7
    assert (ours.center_x_px, ours.center_y_px) == pytest.approx((955.889, 912.777))
    assert ours.wavelength_nm == pytest.approx(0.070848)


def test_what_pyfai_and_this_program_print_for_fit2d_comes_back(tmp_path: Path) -> None:
    from pyFAI.geometry import Geometry

    ours = Calibration(geometry=TILTED, center_x_px=1.0, center_y_px=1.0, pixel_size_mm=0.2)
    back = loaded(tmp_path, copy_as(ours, "fit2d"), "copied.txt")
    assert np.abs(angles(back) - angles(ours)).max() < 1e-5
    theirs = Geometry()
    theirs.load(str(write(tmp_path / "a.poni", poni_text(ours))))
    back = loaded(tmp_path, f"{theirs}\n", "printed.txt")
    assert np.abs(angles(back) - angles(ours)).max() < 1e-4


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("(mm)", "(furlongs)", "no pixel size; add a line"),
        ("80.637", "-80.637", "distance -80.637 mm"),
        ("-0.750", "95.0", "tilt 95°"),
        ("45.165", "0.000", "no pixel size that a detector"),
    ],
)
def test_damaged_numbers_of_fit2d_are_named(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        loaded(tmp_path, FIT2D.replace(old, new), "fit2d.log")


def test_damaged_files_end_in_one_sentence_or_in_finite_numbers(tmp_path: Path) -> None:
    rng = random.Random(8)
    wholes = [PONI.encode(), FIT2D.encode()]
    for number in range(200):
        damaged = bytearray(wholes[number % 2])
        for _ in range(rng.randrange(1, 12)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path = tmp_path / "damaged.poni"
        path.write_bytes(damaged[: rng.randrange(len(damaged))] if number % 3 else damaged)
        said, read = "", None
        try:
            read = Calibration.load(path)
        except InputError as error:
            said = str(error)
        if read is None:
            assert "damaged.poni" in said
            assert "\n" not in said
        else:
            assert np.isfinite(angles(read.on_image(read.shape or SHAPE))).all()
