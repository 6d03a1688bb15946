"""calibtool: beam centre and pixel scale from the ring of a calibrant.

The names below are loaded on first use, so that ``import calibtool`` costs nothing.
"""

import os
from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_FOLDER = os.path.dirname(__file__)
if not os.path.isdir(os.path.join(_FOLDER, "icons")):
    # In a checkout the pictures, ``calibtool.icons`` once installed, lie beside the package.
    __path__.append(os.path.dirname(_FOLDER))

_HOMES = {
    "Calibration": "calibtool.io.calibration",
    "CalibtoolError": "calibtool.errors",
    "CircleFit": "calibtool.model.results",
    "DetectorMatch": "calibtool.instruments.detectors",
    "Image": "calibtool.model.image",
    "PatternFit": "calibtool.model.pattern.pattern_fit",
    "RefinedPoints": "calibtool.model.results",
    "RingFit": "calibtool.model.results",
    "RingNotFoundError": "calibtool.errors",
    "calibrate": "calibtool.tasks.pattern",
    "detect_detector": "calibtool.instruments.detectors",
    "find_ring": "calibtool.model.finding",
    "fit_circle": "calibtool.model.points.circle_fit",
    "load_image": "calibtool.io.images",
    "refine_points": "calibtool.model.rings.point_refinement",
    "refine_ring": "calibtool.model.rings.ring_refinement",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'calibtool' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
