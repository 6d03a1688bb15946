"""Patterns of real images, against the geometry that others found."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool import RingNotFoundError, calibrate, load_image
from calibtool.io.poni import read_poni
from tests.patterns.variants import differences, variants

CEO2 = {"calibrant": "CeO2", "wavelength_nm": 0.04066, "pixel_size_mm": 0.172}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def fit_of(path: Path, **given: Any) -> Any:
    image = load_image(path)
    return calibrate(image.data, mask=image.mask, **given)


def test_ceo2_agrees_with_its_poni(real_data: Path) -> None:
    fit = fit_of(real_data / "pilatus1m_ceo2.tif", **CEO2)
    truth = read_poni(real_data / "pilatus1m_ceo2_flipped.poni").geometry
    assert fit.distance_mm == pytest.approx(truth.beam_distance_mm, rel=2e-4)
    assert fit.beam_x_px == pytest.approx(truth.center_x_px, abs=0.15)
    # The .poni is of the image flipped up-down.
    assert fit.beam_y_px == pytest.approx(1042 - truth.center_y_px, abs=0.15)
    assert fit.tilt_deg == pytest.approx(truth.tilt_deg, abs=0.03)
    assert fit.certain


def test_ceo2_states_what_its_grains_leave_open(real_data: Path) -> None:
    fit = fit_of(real_data / "pilatus1m_ceo2.tif", **CEO2)
    # A plain likelihood states 0.0006 px; the .poni itself is good to about 0.1 px.
    assert 0.003 < fit.sigma_beam_x_px < 0.1
    assert len(fit.rings) >= 8


def test_halves_of_the_ceo2_image_agree_within_what_they_state(real_data: Path) -> None:
    image = load_image(real_data / "pilatus1m_ceo2.tif")
    rows = np.indices(image.data.shape)[0] // 12 % 2 == 0
    one, two = (calibrate(image.data, mask=image.mask | m, **CEO2) for m in (rows, ~rows))
    pulls = [
        (one.beam_x_px - two.beam_x_px) / math.hypot(one.sigma_beam_x_px, two.sigma_beam_x_px),
        (one.beam_y_px - two.beam_y_px) / math.hypot(one.sigma_beam_y_px, two.sigma_beam_y_px),
        (one.distance_mm - two.distance_mm)
        / math.hypot(one.sigma_distance_mm, two.sigma_distance_mm),
    ]
    assert max(map(abs, pulls)) < 3.5


def test_ceo2_is_recognised_from_the_image_and_the_wavelength(real_data: Path) -> None:
    fit = fit_of(real_data / "pilatus1m_ceo2.tif", wavelength_nm=0.04066, pixel_size_mm=0.172)
    assert "CeO2" in fit.calibrant_candidates or fit.calibrant == "CeO2"
    assert fit.beam_x_px == pytest.approx(486.88, abs=0.2)


BEAMS = {
    "pilatus1m_agbh.edf.gz": (570.62, 491.13, 0.5),
    "pilatus3_1m_agbh.tif": (588.35, 318.58, 0.6),
    "gabriel_agbh.tif": (124.80, 123.30, 0.5),
    "adsc_agbh.img": (623.3, 1097.0, 2.0),
    "pilatus3_1m_biocat.tif": (302.7, 531.2, 0.5),
}


@pytest.mark.parametrize("name", BEAMS)
def test_the_beam_is_where_the_rings_of_small_angles_have_their_centre(
    name: str, real_data: Path
) -> None:
    x, y, within = BEAMS[name]
    fit = fit_of(real_data / name)
    assert abs(fit.beam_x_px - x) < within + 3 * min(fit.sigma_beam_x_px, 1.0)
    assert abs(fit.beam_y_px - y) < within + 3 * min(fit.sigma_beam_y_px, 1.0)


@pytest.mark.parametrize("name", ["pilatus1m_agbh.edf.gz", "gabriel_agbh.tif", "adsc_agbh.img"])
def test_silver_behenate_is_among_the_candidates(name: str, real_data: Path) -> None:
    fit = fit_of(real_data / name)
    assert "AgBh" in (*fit.calibrant_candidates, fit.calibrant)
    known = json.loads((real_data / "references.json").read_text())[name]
    first = next(ring for ring in known if ring["ring"] == "1")
    declared = fit_of(real_data / name, calibrant="AgBh")
    scale = 5.8380 * first["radius_px"]
    assert declared.scale_nm_px == pytest.approx(scale, rel=5e-3)


def test_ring_numbers_survive_a_first_ring_in_the_gaps(real_data: Path) -> None:
    fit = fit_of(real_data / "pilatus3_1m_agbh.tif", calibrant="AgBh")
    by_number = {ring.index: ring.radius_px for ring in fit.rings}
    assert by_number[2] == pytest.approx(215.2, abs=1.0)


def test_tissue_is_not_called_a_calibrant_for_certain(real_data: Path) -> None:
    assert not fit_of(real_data / "pilatus3_1m_biocat.tif").certain


def test_an_image_without_a_ring(real_data: Path) -> None:
    with pytest.raises(RingNotFoundError):
        fit_of(real_data / "eiger2_9m_no_ring.h5")


@pytest.mark.parametrize("name", ["pilatus1m_ceo2.tif", "pilatus1m_agbh.edf.gz"])
def test_variants_of_a_real_image_have_the_same_answer(name: str, real_data: Path) -> None:
    image = load_image(real_data / name)
    given = CEO2 if "ceo2" in name else {"calibrant": "AgBh"}
    first = calibrate(image.data, mask=image.mask, **given)
    wrong = {}
    for variant in variants(image.data):
        data, mask = variant.change(image.data), variant.change(image.mask)
        again = calibrate(data, mask=mask, **given)
        if found := differences(variant, first, again):
            wrong[variant.name] = found
    assert wrong == {}
