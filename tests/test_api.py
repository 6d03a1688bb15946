"""The Python interface that other programs build on: names, laziness, one short use."""

import subprocess
import sys

import numpy as np
import pytest

import calibtool
from calibtool.model.demo import CIRCLE, demo_image

CONTRACT = (
    "load_image", "fit_circle", "find_ring", "refine_points", "refine_ring", "detect_detector",
    "Calibration", "CircleFit", "RingFit", "CalibtoolError",
)  # fmt: skip


@pytest.mark.parametrize("name", CONTRACT)
def test_every_name_of_the_contract_is_there(name: str) -> None:
    assert name in dir(calibtool)
    assert getattr(calibtool, name).__name__ == name


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        calibtool.nothing  # noqa: B018


def test_import_alone_loads_neither_numpy_nor_tkinter() -> None:
    code = "import sys, calibtool; print(sorted({'numpy', 'tkinter', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_find_refine_and_click_agree_with_the_truth() -> None:
    data = demo_image(seed=5)
    found = calibtool.find_ring(data)
    again = calibtool.refine_ring(data, found)
    # Off the gaps between the modules, which cross the ring near its top and bottom.
    angle = np.radians([10, 35, 145, 170, 200, 220, 330])
    clicks = np.column_stack(
        [CIRCLE.center_x_px + (CIRCLE.radius_px + 2.0) * np.cos(angle),
         CIRCLE.center_y_px + (CIRCLE.radius_px + 2.0) * np.sin(angle)]
    )  # fmt: skip
    moved = calibtool.refine_points(data, clicks)
    assert moved.refined.all()
    fitted = calibtool.fit_circle(moved.points)
    for circle, tolerance in ((found, 0.1), (again, 0.1), (fitted, 0.3)):
        assert circle.center_x_px == pytest.approx(CIRCLE.center_x_px, abs=tolerance)
        assert circle.center_y_px == pytest.approx(CIRCLE.center_y_px, abs=tolerance)
    assert fitted.radius_px == pytest.approx(CIRCLE.radius_px, abs=0.3)


def test_errors_are_of_one_family() -> None:
    with pytest.raises(calibtool.CalibtoolError):
        calibtool.load_image("nowhere.tif")
    with pytest.raises(calibtool.CalibtoolError):
        calibtool.find_ring(np.full((64, 64), 7))
    with pytest.raises(calibtool.CalibtoolError):
        calibtool.fit_circle([(0, 0), (1, 1)])
