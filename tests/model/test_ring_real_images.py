"""The rings of real images, from starts some px off, against the references."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool.model.circle import Circle
from calibtool.model.rings.ring_refinement import refine_ring

TOLERANCE_PX = {
    "pilatus1m_agbh.edf.gz": 0.3,
    "pilatus1m_ceo2.tif": 0.3,
    "pilatus3_1m_agbh.tif": 0.5,
    "gabriel_agbh.tif": 0.5,
    "adsc_agbh.img": 1.5,
    "pilatus3_1m_biocat.tif": 0.3,
}


def read(path: Path) -> Any:
    import fabio

    return fabio.open(str(path)).data


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TOLERANCE_PX)
def test_every_ring_agrees_with_its_reference(name: str, real_data: Path) -> None:
    data = read(real_data / name)
    rng = np.random.default_rng(17)
    for ring in json.loads((real_data / "references.json").read_text())[name]:
        known = np.array([ring["center_x_px"], ring["center_y_px"], ring["radius_px"]])
        fit = refine_ring(data, Circle(*(known + rng.uniform(-2.0, 2.0, 3))))
        found = np.array([fit.center_x_px, fit.center_y_px, fit.radius_px])
        assert np.abs(found - known).max() < TOLERANCE_PX[name], ring["ring"]


@pytest.mark.filterwarnings("ignore")
def test_tilt_is_not_passed_over_on_an_arc(real_data: Path) -> None:
    data = read(real_data / "pilatus300kw_tilted.tif")
    fit = refine_ring(data, Circle(920.0, 1143.0, 1165.0))
    told = {warning.code: warning.message for warning in fit.warnings}
    assert "A circle is not a fair model" in told["elliptical"]
    assert fit.sigma_center_y_px > 0.5
