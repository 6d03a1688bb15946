"""One frame against the calibration: followed, searched, fixed, profiled."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibtool.errors import InputError, RingNotFoundError
from calibtool.io.calibration import Calibration
from calibtool.io.images import load_image
from calibtool.model.circle import Circle
from calibtool.model.finding import find_ring
from calibtool.model.image import Image, default_mask
from calibtool.model.rings.annulus import measured
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.rings.tracking import ring_template, track_ring
from calibtool.tasks.measure import SEARCHED_ALL, SeriesOptions, measure, measure_file
from calibtool.tasks.profile_files import profile_path
from calibtool.tasks.reference import Reference, d_of_radius, reference_of_calibration
from calibtool.tasks.series_start import first_reference, series_files, with_template
from tests.exposures import write_edf
from tests.tasks.frames import SHAPE, START, drifted, frame

PLAIN = SeriesOptions()
REFERENCE = Reference(START, d_nm=5.838, shape=SHAPE)


def image_of(circle: Circle | None, seed: int = 1) -> Image:
    data = frame(circle, seed)
    return Image(data=data, mask=default_mask(data), path="frame.edf")


def followed() -> Reference:
    first = image_of(START, 99)
    ring = refine_ring(first.data, START, mask=first.mask)
    return replace(REFERENCE, template=ring_template(measured(first), ring))


def test_following_the_ring_gives_the_numbers_of_the_whole_fit() -> None:
    template = followed().template
    assert template is not None
    for number in range(0, 200, 40):
        image = image_of(drifted(number), number)
        whole = refine_ring(image.data, START, mask=image.mask)
        quick = track_ring(measured(image), template)
        for name in ("center_x", "center_y", "radius"):
            sigma = getattr(whole, f"sigma_{name}_px")
            off = getattr(quick, f"{name}_px") - getattr(whole, f"{name}_px")
            assert abs(off) < 0.25 * sigma
            assert getattr(quick, f"sigma_{name}_px") == pytest.approx(sigma, rel=0.05)


def test_following_gives_up_where_the_ring_is_gone_or_far() -> None:
    template = followed().template
    assert template is not None
    far = Circle(START.center_x_px + 9.0, START.center_y_px - 6.0, START.radius_px + 5.0)
    for image in (image_of(None), image_of(far)):
        with pytest.raises(RingNotFoundError):
            track_ring(measured(image), template)


@pytest.mark.parametrize("reference", [REFERENCE, followed()], ids=["searched", "followed"])
def test_a_ring_that_moved_far_is_found_and_said_to_be_far(reference: Reference) -> None:
    far = Circle(START.center_x_px + 21.0, START.center_y_px - 17.0, 48.0)
    row = measure(image_of(far), reference, PLAIN)
    assert row.center_x_px == pytest.approx(far.center_x_px, abs=0.1)
    assert row.dradius_px == pytest.approx(48.0 - START.radius_px, abs=0.1)
    assert row.message == SEARCHED_ALL
    assert "far_from_calibration" in row.warnings


def test_a_drift_beyond_the_limit_is_a_warning() -> None:
    moved = Circle(START.center_x_px + 0.6, START.center_y_px, START.radius_px)
    options = SeriesOptions(drift_limit_px=0.4)
    assert "drift" in measure(image_of(moved), REFERENCE, options).warnings
    assert "drift" not in measure(image_of(START), REFERENCE, options).warnings


def test_with_a_fixed_centre_the_radius_alone_is_measured() -> None:
    center = (START.center_x_px, START.center_y_px)
    fixed = replace(REFERENCE, fixed=center)
    row = measure(image_of(START), fixed, PLAIN)
    free = measure(image_of(START), REFERENCE, PLAIN)
    assert (row.center_x_px, row.center_y_px, row.center_source) == (*center, "fixed")
    assert row.sigma_center_x_px == 0.0
    assert row.sigma_radius_px is not None
    assert free.sigma_radius_px is not None
    assert row.sigma_radius_px <= free.sigma_radius_px
    assert abs((row.radius_px or 0.0) - START.radius_px) < 4.0 * row.sigma_radius_px
    assert row.warnings == ()


def test_a_fixed_centre_that_the_ring_contradicts_is_a_warning() -> None:
    fixed = replace(REFERENCE, fixed=(START.center_x_px + 2.0, START.center_y_px))
    assert "off_fixed_center" in measure(image_of(START), fixed, PLAIN).warnings


def test_d_is_exact_where_the_geometry_is_known() -> None:
    # AgBh ring 1 at 0.1 nm and 300 mm with pixels of 0.172 mm, by Bragg's law.
    two_theta = 2.0 * math.asin(0.1 / (2.0 * 5.838))
    radius = 300.0 * math.tan(two_theta) / 0.172
    calibration = Calibration(
        center_x_px=0.0, center_y_px=0.0, radius_px=radius, d_spacing_nm=5.838,
        wavelength_nm=0.1, pixel_size_mm=0.172,
    )  # fmt: skip
    reference = reference_of_calibration(calibration)
    assert reference.distance_mm == pytest.approx(300.0, rel=1e-9)
    for order in (1, 5, 20):
        angle = 2.0 * math.asin(0.1 * order / (2.0 * 5.838))
        found = d_of_radius(300.0 * math.tan(angle) / 0.172, reference)
        assert found == pytest.approx(5.838 / order, rel=1e-9)


def test_a_calibration_without_a_ring_is_refused() -> None:
    with pytest.raises(InputError, match="no ring"):
        reference_of_calibration(Calibration(center_x_px=1.0, center_y_px=2.0))


def test_the_first_image_with_a_ring_is_the_reference_where_there_is_no_calibration(
    tmp_path: Path,
) -> None:
    write_edf(tmp_path / "a_1.edf", frame(None, 1))
    (tmp_path / "a_2.edf").write_bytes(b"not an image")
    write_edf(tmp_path / "a_10.edf", frame(START, 2))
    files = series_files([str(tmp_path)])
    assert [Path(file).name for file in files] == ["a_1.edf", "a_2.edf", "a_10.edf"]
    reference = first_reference(files, lambda opened: opened.settings)
    assert reference.circle.radius_px == pytest.approx(START.radius_px, abs=0.1)
    assert reference.shape == SHAPE
    assert with_template(reference, files).template is not None
    with pytest.raises(RingNotFoundError, match="None of the 2 images"):
        first_reference(files[:2], lambda opened: opened.settings)


def test_files_are_chosen_by_pattern_and_come_once(tmp_path: Path) -> None:
    for name in ("run_2.edf", "run_10.edf", "dark_1.edf"):
        write_edf(tmp_path / name, frame(None, 1))
    twice = [str(tmp_path), str(tmp_path / "run_2.edf")]
    assert [Path(f).name for f in series_files(twice, "run_*")] == ["run_2.edf", "run_10.edf"]
    with pytest.raises(InputError, match=r"no_\*"):
        series_files(twice, "no_*")
    with pytest.raises(InputError, match="missing"):
        series_files([str(tmp_path / "missing")])


@pytest.mark.parametrize("known", [True, False], ids=["q", "px"])
def test_the_profile_peaks_at_the_ring(tmp_path: Path, known: bool) -> None:
    write_edf(tmp_path / "a.edf", frame(START, 1))
    reference = REFERENCE
    if known:
        distance = START.radius_px * 0.172 / math.tan(2.0 * math.asin(0.1 / (2.0 * 5.838)))
        reference = replace(
            REFERENCE, wavelength_nm=0.1, pixel_size_mm=0.172, distance_mm=distance
        )
    folder = tmp_path / "profiles"
    folder.mkdir()
    file = str(tmp_path / "a.edf")
    answer = measure_file(file, 0, reference, SeriesOptions(profiles=str(folder)))
    assert answer.row.ok, answer.row.message
    with open(profile_path(str(folder), file, 0, 1), newline="", encoding="utf-8") as stream:
        lines = list(csv.reader(stream))
    assert lines[0] == ["q_nm-1" if known else "radius_px", "intensity", "sigma"]
    values = np.array([[float(v) for v in line] for line in lines[1:] if "" not in line])
    top = values[:, 1] > 0.5 * values[:, 1].max()
    place = np.average(values[top, 0], weights=values[top, 1])
    true = 2.0 * math.pi / 5.838 if known else START.radius_px
    assert place == pytest.approx(true, rel=0.003)


def test_without_pyfai_the_profile_is_against_the_radius(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calibtool.tasks.profile_files.has_pyfai", lambda: False)
    write_edf(tmp_path / "a.edf", frame(START, 1))
    known = replace(REFERENCE, wavelength_nm=0.1, pixel_size_mm=0.172, distance_mm=750.0)
    file = str(tmp_path / "a.edf")
    answer = measure_file(file, 0, known, SeriesOptions(profiles=str(tmp_path)))
    assert answer.row.ok, answer.row.message
    written = Path(profile_path(str(tmp_path), file, 0, 1)).read_text()
    assert written.startswith("radius_px,intensity,sigma\n")


@pytest.mark.parametrize("name", ["pilatus1m_agbh.edf.gz", "pilatus1m_ceo2.tif"])
def test_a_real_image_that_is_moved_has_drifted_by_that(real_data: Path, name: str) -> None:
    image = load_image(real_data / name)
    ring = find_ring(image.data, mask=image.mask)
    circle = Circle(ring.center_x_px, ring.center_y_px, ring.radius_px)
    alone = refine_ring(image.data, circle, mask=image.mask)
    circle = Circle(alone.center_x_px, alone.center_y_px, alone.radius_px)
    template = ring_template(measured(image), alone)
    for x, y in ((0, 0), (1, -1), (4, 3), (-12, 9)):
        moved = replace(
            image,
            data=np.roll(image.data, (y, x), axis=(0, 1)),
            mask=np.roll(image.mask, (y, x), axis=(0, 1)),
        )
        row = measure(moved, Reference(circle, template=template), PLAIN)
        assert (row.dx_px, row.dy_px) == pytest.approx((x, y), abs=0.05)
        assert row.dradius_px == pytest.approx(0.0, abs=0.05)
