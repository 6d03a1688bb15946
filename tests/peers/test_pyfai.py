"""pyFAI integrates with our .poni to peaks at the calibrant's lines, and we read what it writes."""

from pathlib import Path

import numpy as np
import pytest

from calibtool.io.calibration import Calibration
from calibtool.io.images import load_image
from calibtool.io.points_file import read_points, write_npt
from calibtool.tasks.pattern import geometry_of_tilted
from tests.peers.conftest import Written

pyfai = pytest.importorskip("pyFAI", reason="pyFAI is not installed")
WITHIN_PX = 0.02
N_BINS = 2400


@pytest.mark.filterwarnings("default")
def test_peaks_lie_at_the_lines_of_the_calibrant(written: Written) -> None:
    integrator = pyfai.load(str(written.poni))
    data = np.asarray(load_image(written.image).data)
    curve = integrator.integrate1d(
        data, N_BINS, unit="2th_rad", method=("full", "histogram", "cython")
    )
    off = written.off_px(np.asarray(curve[0]), np.asarray(curve[1]))
    print(f"pyFAI {pyfai.version}: peaks off by {np.round(off, 4)} px")
    assert np.max(np.abs(off)) < WITHIN_PX


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("orientation", [1, 2, 3, 4])
def test_a_poni_of_each_orientation_is_read_as_pyfai_means_it(
    written: Written, tmp_path: Path, orientation: int
) -> None:
    shape = load_image(written.image).data.shape
    integrator = pyfai.load(str(written.poni))
    config = dict(integrator.get_config())
    config["detector_config"] = {
        **config["detector_config"], "orientation": orientation, "max_shape": list(shape)
    }  # fmt: skip
    path = tmp_path / "turned.poni"
    turned = type(integrator)()
    turned.set_config(config)
    turned.save(str(path))
    angle = np.asarray(turned.array_from_unit(shape, unit="2th_rad"))
    ours = geometry_of_tilted(Calibration.load(path).on_image(shape).position)
    y, x = np.indices(shape, dtype=float)
    apart = np.abs(ours.two_theta_rad(x, y) - angle) * ours.distance_px
    print(f"orientation {orientation}: 2θ of all pixels within {np.max(apart):.2g} px")
    assert np.max(apart) < WITHIN_PX


@pytest.mark.filterwarnings("default")
def test_control_points_open_in_pyfai_and_here(tmp_path: Path) -> None:
    control_points = pytest.importorskip("pyFAI.control_points")
    points = np.array([(700.25, 512.5), (512.0, 700.75), (324.5, 512.25)])
    write_npt(
        tmp_path / "points.npt", points, calibrant="AgBh", ring=2, d_nm=(5.838, 2.919),
        wavelength_nm=0.1,
    )  # fmt: skip
    theirs = control_points.ControlPoints(str(tmp_path / "points.npt"))
    # pyFAI lists (row, column).
    read = np.array(theirs.getList())[:, :2][:, ::-1]
    np.testing.assert_allclose(read, points, atol=1e-6)
    theirs.save(str(tmp_path / "theirs.npt"))
    np.testing.assert_allclose(read_points(tmp_path / "theirs.npt"), points, atol=1e-6)
