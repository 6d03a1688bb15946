"""Simulated exposures to practise on, each with its right answer: what ``demo --kind`` offers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibtool.instruments.calibrants import find_calibrant
from calibtool.io.edf import write_edf
from calibtool.model import demo
from calibtool.model.circle import FloatArray
from calibtool.model.pattern.geometry import Geometry

SHAPE = (800, 800)
PIXEL_SIZE_MM = 0.172
PIXEL_VARIANCE = 1.0 / 12.0


@dataclass(frozen=True)
class Exercise:
    """One simulated exposure: where the detector stands, and what is on it.

    ``geometry`` is the right answer, in index pixels; ``lesson`` says what there is to learn.
    ``height`` and ``background`` are counts per pixel, ``width_px`` the σ of the rings.
    ``grains`` is by how much parts of a ring differ, 0 for a smooth ring. Without ``calibrant``
    there is no ring.
    """

    lesson: str
    geometry: Geometry
    calibrant: str = ""
    wavelength_nm: float = 0.1
    height: float = 40.0
    background: float = 5.0
    width_px: float = 2.5
    grains: float = 0.0

    @property
    def distance_mm(self) -> float:
        """Sample-to-detector distance along the beam in mm."""
        return self.geometry.distance_px * PIXEL_SIZE_MM

    @property
    def truth(self) -> dict[str, float]:
        """The right answer by the name of each number; nothing where there is no ring."""
        if not self.calibrant:
            return {}
        g = self.geometry
        return {"beam x": g.beam_x_px, "beam y": g.beam_y_px, "distance": self.distance_mm,
                "tilt": g.tilt_deg}  # fmt: skip

    def image(self, seed: int = 1) -> NDArray[np.int32]:
        """Counts, shape ``SHAPE``, with Poisson noise; the same for the same seed."""
        rng = np.random.default_rng(seed)
        y, x = np.indices(SHAPE, dtype=float)
        arc = self.geometry.arc(self.geometry.ring_radius(x, y))
        azimuth = np.arctan2(y - self.geometry.beam_y_px, x - self.geometry.beam_x_px)
        expected = np.full(SHAPE, self.background)
        for radius in self._arcs(float(np.max(arc))):
            off = (arc - radius) ** 2 / (self.width_px**2 + PIXEL_VARIANCE)
            expected += self.height * self._heights(azimuth, rng) * np.exp(-0.5 * off)
        return np.asarray(rng.poisson(expected), dtype=np.int32)

    def header(self) -> dict[str, str]:
        """The instrument in the words of an EDF header (SI units); the distance is to be found."""
        return {
            "PSize_1": f"{PIXEL_SIZE_MM * 1e-3:.6e}",
            "PSize_2": f"{PIXEL_SIZE_MM * 1e-3:.6e}",
            "WaveLength": f"{self.wavelength_nm * 1e-9:.6e}",
            "title": "simulated exposure to practise on",
        }

    def _arcs(self, farthest: float) -> list[float]:
        """Where the calibrant's lines lie, L·2θ in px, as far as the image goes."""
        if not self.calibrant:
            return []
        sines = [0.5 * self.wavelength_nm / d for d in find_calibrant(self.calibrant).d_nm]
        arcs = [2.0 * math.asin(s) * self.geometry.distance_px for s in sines if s < 1.0]
        return [arc for arc in arcs if arc < farthest + 5.0 * self.width_px]

    def _heights(self, azimuth: FloatArray, rng: np.random.Generator) -> FloatArray | float:
        """Height of a ring by azimuth about 1: a part of 2° has its own."""
        if not self.grains:
            return 1.0
        parts = rng.gamma(1.0 / self.grains**2, self.grains**2, 180)
        return np.asarray(parts[np.floor((azimuth + np.pi) / (2.0 * np.pi) * 179.999).astype(int)])


class _Demo(Exercise):
    """The image of the demo itself: a beamstop, gaps, four rings of silver behenate."""

    def image(self, seed: int = 1) -> NDArray[np.int32]:
        return demo.demo_image(seed)

    def header(self) -> dict[str, str]:
        return demo.demo_header()


def _leaning(x: float, y: float, distance_px: float, tilt_deg: float, towards_deg: float
             ) -> Geometry:
    across, azimuth = math.sin(math.radians(tilt_deg)), math.radians(towards_deg)
    return Geometry(x, y, distance_px, across * math.cos(azimuth), across * math.sin(azimuth))


AGBH = Geometry(
    demo.CIRCLE.center_x_px, demo.CIRCLE.center_y_px, demo.true_distance_mm() / PIXEL_SIZE_MM
)
EXERCISES: Mapping[str, Exercise] = {
    "agbh": _Demo("silver behenate, as it should be", AGBH, "AgBh"),
    "tilted": Exercise(
        "CeO2 on a tilted detector: the beam is not the centre of a ring",
        _leaning(391.3, 424.8, 1150.0, 4.0, 30.0), "CeO2", wavelength_nm=0.0413,
    ),
    "beside": Exercise(
        "the beam beside the detector: arcs tell less, and σ says so",
        Geometry(-95.2, 310.7, 6500.0), "AgBh",
    ),
    "grains": Exercise(
        "LaB6 of coarse grains: the residuals scatter, and σ is widened for it",
        Geometry(402.4, 395.1, 1100.0), "LaB6", wavelength_nm=0.0413, grains=0.8,
    ),
    "weak": Exercise(
        "a short exposure: few counts, a larger σ",
        Geometry(388.6, 402.9, 6500.0), "AgBh", height=1.0, background=2.0,
    ),
    "empty": Exercise("no ring at all: the right answer is that there is none",
                      Geometry(400.0, 400.0, 6500.0)),
}  # fmt: skip
"""All exercises by the name that ``--kind`` takes."""


def write_image(path: Path, kind: str = "agbh", *, force: bool = False) -> Path:
    """Write an image with its instrument in the header, and return its path."""
    exercise = EXERCISES[kind]
    write_edf(path, exercise.image(), exercise.header(), force=force)
    return path
