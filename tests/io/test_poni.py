"""``.poni`` files, judged by pyFAI itself."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.poni import poni_text, read_poni, write_poni
from calibtool.model.tilted_geometry import TiltedGeometry

SHAPE = (1043, 981)
FLAT = Calibration(
    image="/data/agbh_1.tif",
    shape=SHAPE,
    center_x_px=570.62,
    center_y_px=491.13,
    calibrant="AgBh",
    wavelength_nm=0.09997,
    pixel_size_mm=0.172,
    distance_mm=2431.7,
)
TILTED = TiltedGeometry(
    distance_mm=208.65,
    poni_x_px=464.4,
    poni_y_px=507.0,
    pixel_size_x_mm=0.172,
    pixel_size_y_mm=0.172,
    rot1_rad=-0.0184,
    rot2_rad=0.0413,
    rot3_rad=0.3,
)


@pytest.fixture(autouse=True)
def _quiet_pyfai() -> None:
    logging.getLogger("pyFAI").setLevel(logging.CRITICAL)


def load_in_pyfai(path: Path) -> Any:
    from pyFAI.geometry import Geometry

    geometry = Geometry()
    geometry.load(str(path))
    return geometry


def two_theta_of_pyfai(geometry: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(geometry.tth(y, x, path="numpy"))


@pytest.mark.parametrize(
    "calibration",
    [
        FLAT,
        Calibration(shape=SHAPE, geometry=TILTED, wavelength_nm=0.0407),
        Calibration(
            shape=SHAPE,
            detector="Pilatus1M",
            center_x_px=-40.3,
            center_y_px=1100.9,
            pixel_size_mm=0.172,
            distance_mm=300.0,
        ),
    ],
    ids=["flat", "tilted", "pilatus"],
)
def test_pyfai_sees_the_same_angles_and_the_same_centre(
    tmp_path: Path, calibration: Calibration
) -> None:
    path = tmp_path / "a.poni"
    write_poni(path, calibration)
    theirs = load_in_pyfai(path)
    rng = np.random.default_rng(11)
    x, y = rng.uniform(0, SHAPE[1] - 1, 1000), rng.uniform(0, SHAPE[0] - 1, 1000)
    ours = calibration.position
    difference = two_theta_of_pyfai(theirs, x, y) - ours.two_theta_rad(x, y)
    assert np.abs(difference).max() < 1e-9
    fit2d = theirs.getFit2D()
    assert fit2d["centerX"] == pytest.approx(ours.center_x_px + 0.5, abs=1e-6)
    assert fit2d["centerY"] == pytest.approx(ours.center_y_px + 0.5, abs=1e-6)
    assert fit2d["directDist"] == pytest.approx(ours.beam_distance_mm, rel=1e-9)
    assert fit2d["tilt"] == pytest.approx(ours.tilt_deg, abs=1e-6)
    wavelength = calibration.wavelength_nm
    assert theirs.wavelength == (None if wavelength is None else pytest.approx(wavelength * 1e-9))


def test_the_angle_without_tilt_is_the_plain_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.poni"
    write_poni(path, FLAT)
    rng = np.random.default_rng(12)
    x, y = rng.uniform(0, 980, 1000), rng.uniform(0, 1042, 1000)
    radius = np.hypot(x - 570.62, y - 491.13)
    plain = np.arctan(radius * 0.172 / 2431.7)
    assert np.abs(two_theta_of_pyfai(load_in_pyfai(path), x, y) - plain).max() < 1e-9


@pytest.mark.parametrize("orientation", [1, 2, 3, 4])
@pytest.mark.parametrize("detector", ["Pilatus1M", "Detector"])
def test_every_orientation_puts_the_beam_on_the_same_pixel_as_pyfai(
    orientation: int, detector: str, tmp_path: Path
) -> None:
    from pyFAI.detectors import detector_factory
    from pyFAI.geometry import Geometry

    config: dict[str, Any] = {"orientation": orientation}
    if detector == "Detector":
        config |= {"pixel1": 1e-4, "pixel2": 1e-4, "max_shape": list(SHAPE)}
    theirs = Geometry(
        dist=0.25,
        poni1=0.05,
        poni2=0.07,
        rot1=0.05,
        rot2=-0.03,
        rot3=0.1,
        wavelength=1e-10,
        detector=detector_factory(detector, config),
    )
    path = tmp_path / "a.poni"
    theirs.save(str(path))
    read = read_poni(path)
    rng = np.random.default_rng(orientation)
    x, y = rng.uniform(0, 980, 1000), rng.uniform(0, 1042, 1000)
    assert read.geometry is not None
    ours = read.geometry.two_theta_rad(x, y)
    assert np.abs(two_theta_of_pyfai(theirs, x, y) - ours).max() < 1e-9
    at_beam = two_theta_of_pyfai(
        theirs, np.array([read.geometry.center_x_px]), np.array([read.geometry.center_y_px])
    )
    assert at_beam[0] == pytest.approx(0.0, abs=1e-9)
    assert read.geometry.wavelength_nm == pytest.approx(0.1)
    assert read.orientation == orientation
    assert read.detector == (None if detector == "Detector" else detector)


def versions() -> dict[str, str]:
    rest = "Distance: 0.2\nPoni1: 0.0172\nPoni2: 0.0344\nRot1: 0\nRot2: 0\nRot3: 0\n"
    light = "Wavelength: 1e-10\n"
    config = '{"pixel1": 0.000172, "pixel2": 0.000172, "orientation": 3}'
    return {
        "1": f"PixelSize1: 0.000172\nPixelSize2: 0.000172\n{rest}SplineFile: None\n{light}",
        "1 named": f"Detector: Pilatus1M\n{rest}{light}",
        "2": f"poni_version: 2\nDetector: Pilatus1M\nDetector_config: {{}}\n{rest}{light}",
        "2.1": f"poni_version: 2.1\nDetector: Detector\nDetector_config: {config}\n{rest}{light}",
        "3": f"poni_version: 3\nDetector: Pilatus1M\nDetector_config: {config}\n{rest}{light}"
        "Parallax: False\n",
    }


@pytest.mark.parametrize("version", ["1", "1 named", "2", "2.1", "3"])
def test_every_version_is_read_as_pyfai_reads_it(version: str, tmp_path: Path) -> None:
    path = tmp_path / "a.poni"
    path.write_text(versions()[version])
    fit2d = load_in_pyfai(path).getFit2D()
    read = read_poni(path).geometry
    assert (read.center_x_px, read.center_y_px) == pytest.approx((199.5, 99.5), abs=1e-9)
    assert fit2d["centerX"] == pytest.approx(read.center_x_px + 0.5)
    assert fit2d["centerY"] == pytest.approx(read.center_y_px + 0.5)
    assert (read.distance_mm, read.wavelength_nm) == pytest.approx((200.0, 0.1))
    assert read.pixel_size_x_mm == read.pixel_size_y_mm == pytest.approx(0.172)


def test_the_last_of_several_calibrations_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.poni"
    path.write_text(versions()["1"] + versions()["1"].replace("0.0172", "0.0344"))
    assert read_poni(path).geometry.center_y_px == pytest.approx(199.5)


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.poni"
    write_poni(path, FLAT)
    read = read_poni(path)
    assert read.geometry.center_x_px == pytest.approx(FLAT.center_x_px, abs=1e-9)
    assert read.geometry.center_y_px == pytest.approx(FLAT.center_y_px, abs=1e-9)
    assert read.shape == SHAPE
    assert (read.calibrant, read.image) == ("AgBh", "/data/agbh_1.tif")


@pytest.mark.parametrize(
    ("name", "shape", "pixel_mm"),
    [
        ("RayonixSx165", (2048, 2048), 0.079),
        ("RayonixMx225hs", (1440, 1440), 0.15625),
        ("Perkin", (4096, 4096), 0.1),
        ("Perkin", (2048, 2048), 0.2),
        ("Eiger2_9M", (3262, 3108), 0.075),
    ],
)
def test_a_named_detector_keeps_pixel_size_and_shape_in_pyfai(
    name: str, shape: tuple[int, int], pixel_mm: float, tmp_path: Path
) -> None:
    calibration = Calibration(
        detector=name,
        shape=shape,
        center_x_px=100.0,
        center_y_px=120.0,
        pixel_size_mm=pixel_mm,
        distance_mm=1000.0,
    )
    write_poni(tmp_path / "a.poni", calibration)
    theirs = load_in_pyfai(tmp_path / "a.poni")
    assert theirs.pixel1 == theirs.pixel2 == pytest.approx(pixel_mm * 1e-3)
    assert tuple(theirs.detector.shape) == shape
    assert theirs.getFit2D()["centerX"] == pytest.approx(100.5)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sample-to-detector distance and the pixel size"):
        poni_text(Calibration(center_x_px=1.0, center_y_px=1.0))
    (tmp_path / "a.poni").write_text("PixelSize1: 1e-4\n")
    with pytest.raises(InputError, match=r"a\.poni is not a \.poni file"):
        read_poni(tmp_path / "a.poni")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Poni1: 0.0172", "Poni1: abc", "'abc' where the number poni1"),
        ('{"pixel1"', '{"pixel1', "Detector_config that is damaged"),
        ("poni_version: 2.1", "poni_version: 9", "newer"),
        ('"orientation": 3', '"orientation": 7', "orientation 7"),
        ("0.000172, ", "0, ", "no pixel size"),
        ("0.000172, ", "1e400, ", "no pixel size"),
        ('"orientation": 3', '"orientation": "x"', "orientation x"),
        ('"orientation": 3', '"orientation": NaN', "orientation nan"),
        ('"orientation": 3', '"orientation": 2, "max_shape": [1]', "max_shape"),
        ('"orientation": 3', '"orientation": 2, "max_shape": ["a", {}]', "max_shape"),
        ("Distance: ", "Distance: -", r"Distance -.* which no detector has"),
        ("Distance: 0.2", "Distance: inf", "where the number distance"),
        ("Wavelength: ", "Wavelength: -", "not that of X-rays"),
        ("Rot2: 0", "Rot2: 1.57", "beam never meets"),
    ],
)
def test_damage_is_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.poni"
    path.write_text(versions()["2.1"].replace(old, new))
    with pytest.raises(InputError, match=message):
        read_poni(path)


def test_the_real_poni_of_the_flipped_image(real_data: Path) -> None:
    read = read_poni(real_data / "pilatus1m_ceo2_flipped.poni")
    fit2d = load_in_pyfai(real_data / "pilatus1m_ceo2_flipped.poni").getFit2D()
    assert read.geometry.center_x_px == pytest.approx(fit2d["centerX"] - 0.5, abs=1e-6)
    assert read.geometry.center_y_px == pytest.approx(fit2d["centerY"] - 0.5, abs=1e-6)
    # The image as stored has its first ring at (487.28, 529.83); the file is of the flipped
    # one, and a tilt of 1.07° puts the centre of that ring 0.4 px beside the beam.
    assert read.geometry.tilt_deg == pytest.approx(1.07, abs=0.02)
    assert read.geometry.center_x_px == pytest.approx(487.28, abs=0.7)
    assert 1042 - read.geometry.center_y_px == pytest.approx(529.83, abs=0.7)
