"""An old calibration as the start: the pattern is found near there, and the way is told."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibtool import Calibration
from calibtool.cli import batch, fit
from calibtool.cli.main import run as main
from calibtool.errors import InputError, RingNotFoundError
from calibtool.instruments.calibrants import find_calibrant
from calibtool.io.calibration_data import with_place
from calibtool.io.poni import write_poni
from calibtool.model.tilted_geometry import TiltedGeometry, from_beam
from calibtool.tasks.series_table import read_rows
from tests.exposures import write_edf

SHAPE = (300, 340)
WAVELENGTH_NM = 0.05


def placed(x: float, y: float, tilt_deg: float = 3.0) -> TiltedGeometry:
    return from_beam(
        x,
        y,
        distance_mm=140.0,
        pixel_size_mm=(0.2, 0.2),
        tilt_deg=tilt_deg,
        tilt_azimuth_deg=40.0,
        wavelength_nm=WAVELENGTH_NM,
    )


def write_image(path: Path, place: TiltedGeometry, seed: int = 5) -> Path:
    """LaB6 on a tilted detector."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    angles = place.two_theta_rad(x, y)
    expected = np.full(SHAPE, 8.0)
    for d in find_calibrant("LaB6").d_nm[:5]:
        ring = 2.0 * np.arcsin(WAVELENGTH_NM / 2.0 / d)
        expected += 50.0 * np.exp(-0.5 * ((angles - ring) * 700.0 / 2.0) ** 2)
    write_edf(path, np.random.default_rng(seed).poisson(expected).astype(np.int32))
    return path


def write_old(path: Path, place: TiltedGeometry) -> Path:
    write_poni(path, with_place(Calibration(shape=SHAPE, calibrant="LaB6"), place))
    return path


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_image(tmp_path_factory.mktemp("image") / "lab6.edf", placed(171.3, 146.8))


def fitted(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    assert fit.run([*map(str, arguments), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_ring_is_found_where_it_was_and_the_way_is_told(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_old(tmp_path / "old.poni", placed(168.9, 148.0))
    got = fitted(capsys, image, "--calibration", old)
    moved = got["moved"]
    assert isinstance(moved, dict)
    assert (moved["dx_px"], moved["dy_px"]) == pytest.approx((2.4, -1.2), abs=0.06)
    assert (got["calibrant"], got["wavelength_nm"]) == ("LaB6", pytest.approx(WAVELENGTH_NM))
    assert got["pixel_size_mm"] == pytest.approx(0.2)


def test_what_has_not_moved_is_within_sigma(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_old(tmp_path / "old.poni", placed(171.3, 146.8))
    moved = fitted(capsys, image, "--calibration", old)["moved"]
    assert isinstance(moved, dict)
    assert abs(moved["dx_px"]) < 4.0 * moved["sigma_x_px"]
    assert abs(moved["dy_px"]) < 4.0 * moved["sigma_y_px"]


def test_a_calibration_of_its_own_kind_is_a_start_too(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.json"
    old = write_old(tmp_path / "old.poni", placed(171.3, 146.8))
    assert fit.run([str(image), "--calibration", str(old), "-o", str(saved)]) == 0
    assert "Beam moved by" in capsys.readouterr().out
    first = Calibration.load(saved)
    assert first.moved is not None
    assert fit.run([str(image), "--calibration", str(saved)]) == 0
    assert "within σ" in capsys.readouterr().out


def test_an_option_is_stronger_than_the_calibration(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_old(tmp_path / "old.poni", placed(171.3, 146.8))
    text = old.read_text(encoding="utf-8").replace("LaB6", "CeO2")
    old.write_text(text, encoding="utf-8")
    got = fitted(capsys, image, "--calibration", old, "--calibrant", "LaB6")
    assert got["calibrant"] == "LaB6"


def test_far_from_there_it_is_looked_for_everywhere_and_that_is_said(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_old(tmp_path / "old.poni", placed(20.0, 30.0))
    assert fit.run([str(image), "--calibration", str(old), "--json"]) == 0
    out, err = capsys.readouterr()
    got = json.loads(out)
    assert got["moved"]["dx_px"] == pytest.approx(171.3 - 20.0, abs=0.2)
    assert "px from where the calibration puts it" in err
    assert (got["center_x_px"], got["center_y_px"]) == pytest.approx((171.3, 146.8), abs=4.0)


def test_what_is_to_be_kept_is_as_it_was(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_old(tmp_path / "old.poni", placed(169.9, 148.0))
    got = fitted(capsys, image, "--calibration", old, "--keep", "tilt,distance")
    assert got["distance_mm"] == pytest.approx(140.0, rel=1e-9)
    assert got["geometry"]["distance_mm"] == pytest.approx(140.0 * np.cos(np.radians(3.0)))  # type: ignore[index]
    moved = got["moved"]
    assert isinstance(moved, dict)
    assert (moved["dx_px"], moved["dy_px"]) == pytest.approx((1.4, -1.2), abs=0.06)


def test_all_rings_tell_distance_and_tilt_of_each_frame(image: Path, tmp_path: Path) -> None:
    old, table = write_old(tmp_path / "old.poni", placed(170.9, 147.0)), tmp_path / "table.csv"
    known = [str(image), "--calibration", str(old), "-o", str(table)]
    assert batch.run([*known, "--all-rings"]) == 0
    (row,) = read_rows(str(table))
    assert row.distance_mm is not None
    assert row.sigma_distance_mm is not None
    assert row.tilt_deg is not None
    assert row.sigma_tilt_deg is not None
    assert abs(row.distance_mm - 140.0) < 4.0 * row.sigma_distance_mm < 0.5
    assert abs(row.tilt_deg - 3.0) < 4.0 * row.sigma_tilt_deg < 0.3


@pytest.mark.parametrize("orientation", [1, 2])
def test_a_series_follows_the_ring_that_a_poni_predicts(
    orientation: int, tmp_path: Path
) -> None:
    """The beam moves; the corner from which the file counts does not matter."""
    beams = [(171.3, 146.8), (171.9, 146.3)]
    files = [write_image(tmp_path / f"{n}.edf", placed(*beam), n) for n, beam in enumerate(beams)]
    old = write_old(tmp_path / "old.poni", placed(*beams[0]).stored(orientation, SHAPE))
    text = old.read_text(encoding="utf-8")
    text = text.replace('"orientation": 3', f'"orientation": {orientation}')
    if orientation == 1:
        text = text.replace(f'"max_shape": {list(SHAPE)}', '"max_shape": null')
    old.write_text(text, encoding="utf-8")
    table = tmp_path / "table.csv"
    names = [str(file) for file in files]
    assert batch.run([*names, "--calibration", str(old), "-o", str(table)]) == 0
    for row, beam in zip(read_rows(str(table)), beams, strict=True):
        assert row.dx_px == pytest.approx(beam[0] - beams[0][0], abs=0.05)
        assert row.dy_px == pytest.approx(beam[1] - beams[0][1], abs=0.05)
        assert row.distance_mm == pytest.approx(140.0, rel=2e-3)
    whole = table.read_bytes()
    table.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    assert batch.run([*names, "--calibration", str(old), "-o", str(table), "--resume"]) == 0
    assert table.read_bytes() == whole


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        ("[300, 340]", "[340, 300]", InputError, "images of 300 × 340 pixels and this one has"),
        ("Wavelength: ", "# ", InputError, "says no wavelength"),
        ("Poni1: 0.0", "Poni1: 0.9", RingNotFoundError, "show no ring where the calibration"),
    ],
)
def test_what_cannot_be_a_start_is_said(
    old: str, new: str, error: type[Exception], message: str, image: Path, tmp_path: Path
) -> None:
    poni = write_old(tmp_path / "old.poni", placed(171.3, 146.8, tilt_deg=0.0))
    text = poni.read_text(encoding="utf-8")
    assert old in text
    poni.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(error, match=message):
        batch.run([str(image), "--calibration", str(poni)])


def test_points_and_a_calibration_are_two_starts(image: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give one of them"):
        fit.run([str(image), "--points", "p.csv", "--calibration", "c.poni"])


def test_the_rings_that_are_predicted_are_those_of_the_angles() -> None:
    """Every point of a predicted ring has its scattering angle, also at a steep tilt."""
    place = replace(placed(171.3, 146.8, tilt_deg=35.0), pixel_size_y_mm=0.15)
    azimuth = np.linspace(-np.pi, np.pi, 200)
    x, y = place.ring(0.3, azimuth)
    assert np.abs(place.two_theta_rad(x, y) - 0.3).max() < 1e-12


NO_START = {
    "distance": ("Distance: ", "Distance: -"),
    "no distance": ("Distance: ", "Distance: nan "),
    "endless": ("Distance: 0.", "Distance: inf"),
    "words": ("Distance: ", "Distance: far "),
    "pixel": ('"pixel1": 0.0002', '"pixel1": 0.0'),
    "pixels": ('"pixel2": 0.0002', '"pixel2": "wide"'),
    "detector": ("Detector_config: {", "Detector_config: {{"),
    "shape": ("[300, 340]", "[340, 300]"),
    "corner": ('"orientation": 3', '"orientation": 7'),
    "wavelength": ("Wavelength: ", "Wavelength: -"),
    "long waves": ("Wavelength: 5", "Wavelength: 5e9"),
    "turned away": ("Rot1: ", "Rot1: 1.9e"),
    "version": ("poni_version: 2.1", "poni_version: 99"),
    "bytes": ("Poni1: ", "Poni1: \x00\x01"),
    "elsewhere": ("Poni2: ", "Poni2: 1e9"),
}


@pytest.mark.parametrize("number", range(2 * len(NO_START)))
def test_a_calibration_that_is_damaged_is_one_line_and_nothing_is_written(
    number: int, image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each damage by itself, and with the end of the file gone too."""
    old, new = list(NO_START.values())[number // 2]
    start, target = write_old(tmp_path / "old.poni", placed(171.3, 146.8)), tmp_path / "out.json"
    text = start.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new)
    start.write_text(text[: len(text) // 5] if number % 2 else text, encoding="utf-8")
    capsys.readouterr()
    code = main(["fit", str(image), "--calibration", str(start), "-o", str(target)])
    out, err = capsys.readouterr()
    assert code in (1, 2), out
    assert err.count("\n") == 1, err
    assert "fault inside" not in err
    assert not out
    assert not target.exists()
