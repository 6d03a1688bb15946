"""Clean and spoilt patterns on which the accuracy is measured."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tests.patterns import textures
from tests.patterns.detector import Detector, beamstop, module_gaps
from tests.patterns.geometry import Geometry
from tests.patterns.pattern import Background, Pattern
from tests.patterns.scenes import calibrant_pattern

SHAPE = (700, 720)
TILTS_DEG = (0.0, 0.3, 1.0, 2.0, 5.0, 10.0)
WIDTHS_PX = (1.3, 2.0, 3.0)
LEVELS = ((3.0, 0.5), (30.0, 4.0), (300.0, 20.0))
"""Height of the strongest ring and background, counts a pixel."""

PLACES = {
    "AgBh": (0.1, 2627.0),
    "LaB6": (0.05, 744.0),
    "CeO2": (0.04, 776.0),
    "Si": (0.04, 780.0),
}
"""Wavelength in nm and distance in px of each calibrant: six rings and more on the image."""

PIXEL_MM = 0.172


@dataclass(frozen=True)
class Setting:
    """One pattern of the benchmark; ``fresh`` makes it anew for each draw (its grains)."""

    name: str
    calibrant: str
    pattern: Pattern
    detector: Detector
    fresh: Callable[[Pattern, np.random.Generator], Pattern] | None = None

    @property
    def given(self) -> dict[str, Any]:
        wavelength = self.pattern.wavelength_nm
        return {
            "calibrant": self.calibrant,
            "wavelength_nm": wavelength,
            "pixel_size_mm": PIXEL_MM,
        }


def _pattern(name: str, tilt: float, number: int, level: int, **style: Any) -> Pattern:
    wavelength, distance = PLACES[name]
    rng = np.random.default_rng([number, 77])
    x, y = np.array([360.0, 350.0]) + rng.uniform(-60, 60, 2)
    azimuth = float(rng.uniform(0, 360))
    place = Geometry(float(x), float(y), distance * PIXEL_MM, PIXEL_MM, tilt, azimuth)
    height, background = LEVELS[level]
    style.setdefault("background", Background(background))
    return calibrant_pattern(name, SHAPE, place, wavelength, height, **style)


def clean() -> list[Setting]:
    """Calibrants × tilts; width and strength of the rings take turns."""
    settings = []
    for i, name in enumerate(PLACES):
        for j, tilt in enumerate(TILTS_DEG):
            width, level = WIDTHS_PX[(i + j) % 3], (j + i // 3 + j // 3) % 3
            pattern = _pattern(name, tilt, 10 * i + j, level, width_px=width)
            strength = ("faint", "medium", "strong")[level]
            title = f"{name}, tilt {tilt:g}°, σ {width:g} px, {strength}"
            settings.append(Setting(title, name, pattern, Detector()))
    return settings


def _grainy(pattern: Pattern, rng: np.random.Generator) -> Pattern:
    return replace(pattern, texture=textures.grains(rng, len(pattern.d_nm), 1500))


def _spotty(pattern: Pattern, rng: np.random.Generator) -> Pattern:
    count = len(pattern.d_nm)
    return replace(
        pattern,
        texture=textures.grains(rng, count, 400, 0.9),
        shifts=textures.scatter(rng, count, 0.15),
    )


def _textured(pattern: Pattern, rng: np.random.Generator) -> Pattern:
    return replace(pattern, texture=textures.orientation(rng, len(pattern.d_nm)))


@dataclass(frozen=True)
class Fault:
    """What is unlike a clean pattern: its style, its detector, what each draw has anew."""

    style: dict[str, Any] = field(default_factory=dict)
    detector: Callable[[Geometry], Detector] = lambda place: Detector()
    fresh: Callable[[Pattern, np.random.Generator], Pattern] | None = None


def _shaded(place: Geometry) -> Detector:
    return Detector(blind=module_gaps(SHAPE, 2, 4), shade=beamstop(SHAPE, place, 18, 70))


FAULTS = {
    "texture": Fault(fresh=_textured),
    "grains": Fault(fresh=_grainy),
    "spotty, grains off the ring": Fault(fresh=_spotty),
    "skewed": Fault({"skew": 0.8}),
    "halo and slope": Fault({"background": Background(4.0, (0.0015, -0.001), 2000.0, 25.0)}),
    "gaps, beamstop": Fault(detector=_shaded),
    "hot pixels": Fault(detector=lambda place: Detector(hot=300)),
    "widening": Fault({"growth": 1.5}),
}


def spoilt() -> list[Setting]:
    """Faults × two calibrants, 1.5° of tilt."""
    settings = []
    for i, name in enumerate(("CeO2", "AgBh")):
        for j, (title, fault) in enumerate(FAULTS.items()):
            pattern = _pattern(name, 1.5, 100 + 10 * i + j, 1, **fault.style)
            detector = fault.detector(pattern.geometry)
            settings.append(Setting(f"{title}, {name}", name, pattern, detector, fault.fresh))
    return settings
