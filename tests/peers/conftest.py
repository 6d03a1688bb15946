"""A simulated exposure of CeO2 on a tilted detector, and what calibtool writes of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from calibtool.cli.main import run
from calibtool.instruments.calibrants import find_calibrant
from calibtool.model.circle import FloatArray
from calibtool.tasks.gallery import EXERCISES, Exercise, write_image


@dataclass(frozen=True)
class Written:
    """The image, and the files that other programs are to open."""

    image: Path
    poni: Path
    musclex: Path
    json: Path
    exercise: Exercise

    def lines_rad(self, most: int = 6) -> FloatArray:
        """Scattering angles 2θ of the innermost lines of the calibrant, which stand alone."""
        d = np.array(find_calibrant(self.exercise.calibrant).d_nm[:most])
        return np.asarray(2.0 * np.arcsin(0.5 * self.exercise.wavelength_nm / d))

    def off_px(self, two_theta: FloatArray, intensity: FloatArray) -> FloatArray:
        """How far the peaks of a curve lie from the calibrant's lines, in px on the detector."""
        from scipy.optimize import curve_fit

        distance = self.exercise.geometry.distance_px
        off = []
        for line in self.lines_rad():
            near = np.abs(two_theta - line) * distance < 3.0 * self.exercise.width_px
            x, y = (two_theta[near] - line) * distance, intensity[near]
            start = (float(np.ptp(y)), 0.0, self.exercise.width_px, float(y.min()))
            off.append(curve_fit(_peak, x, y, start)[0][1])
        return np.array(off)


def _peak(x: FloatArray, height: float, at: float, width: float, below: float) -> FloatArray:
    return np.asarray(height * np.exp(-0.5 * ((x - at) / width) ** 2) + below)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Large angles and a tilt, as pyFAI and Dioptas have them."""
    return _written(tmp_path_factory.mktemp("peers"), "tilted")


@pytest.fixture(scope="session")
def at_small_angles(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What MuscleX is for."""
    return _written(tmp_path_factory.mktemp("small"), "agbh")


def _written(folder: Path, kind: str) -> Written:
    image = write_image(folder / "image.edf", kind)
    (folder / "settings").mkdir()
    files = Written(
        image, folder / "image.poni", folder / "settings" / "calibration.info",
        folder / "image.json", EXERCISES[kind],
    )  # fmt: skip
    words = ["--poni", files.poni, "--musclex", files.musclex, "-o", files.json]
    assert run(["fit", str(image), *map(str, words)]) == 0
    return files
