"""Dioptas integrates with our .poni to peaks at the calibrant's lines."""

import os

import numpy as np
import pytest

from tests.peers.conftest import Written

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
dioptas = pytest.importorskip(
    "dioptas", reason="Dioptas is not installed; 'make test-peers' has it"
)
WITHIN_PX = 0.02


@pytest.mark.filterwarnings("default")
def test_peaks_lie_at_the_lines_of_the_calibrant(written: Written) -> None:
    from dioptas.model.CalibrationModel import CalibrationModel, poni_flipud
    from dioptas.model.ImgModel import ImgModel
    from pyFAI.io.ponifile import PoniFile

    image = ImgModel()
    image.load(str(written.image))
    model = CalibrationModel(image)
    model.load(str(written.poni))
    # Dioptas turns images upside down and the orientation with them; of a generic detector its
    # version 0.11 forgets the orientation on loading, with files of pyFAI as with ours.
    model.pattern_geometry.set_config(poni_flipud(PoniFile(str(written.poni)).as_dict()))
    model.pattern_geometry.reset()
    angle, intensity = model.integrate_1d(num_points=2400, unit="2th_deg")
    off = written.off_px(np.radians(angle), np.asarray(intensity))
    print(f"Dioptas {dioptas.__version__}: peaks off by {np.round(off, 4)} px")
    assert np.max(np.abs(off)) < WITHIN_PX
