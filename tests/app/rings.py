"""Images with a known ring, simulated and real, and points on them with errors of a user."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibtool.model.circle import Circle
from calibtool.model.simulate import RingShape, expected_counts

# Azimuths of the points, and how far beside the ring (px) each is clicked; 3 is a gross error.
AZIMUTHS_DEG = (20.0, 65.0, 112.0, 158.0, 200.0, 245.0, 290.0, 338.0)
ERRORS_PX = (1.0, -2.0, 2.5, 0.5, -1.5, 2.0, -2.5, 1.5)
WRONG, WRONG_BY_PX = 3, 40.0


@dataclass(frozen=True)
class Known:
    """An image, the ring on it, and how near to it a result must be, in px."""

    path: Path
    x: float
    y: float
    radius: float
    tolerance: float

    def at(self, azimuth_deg: float, error_px: float = 0.0) -> tuple[float, float]:
        """Position on the ring, ``error_px`` outside."""
        angle, radius = math.radians(azimuth_deg), self.radius + error_px
        return self.x + radius * math.cos(angle), self.y + radius * math.sin(angle)

    def clicks(self) -> list[tuple[float, float]]:
        """Eight hasty clicks, one of them far off the ring."""
        errors = [WRONG_BY_PX if n == WRONG else e for n, e in enumerate(ERRORS_PX, 1)]
        return [self.at(a, e) for a, e in zip(AZIMUTHS_DEG, errors, strict=True)]


def real(folder: Path, name: str) -> Known:
    """A real image with the ring and the tolerance its list of references gives."""
    x, y, radius, tolerance = REAL[name]
    assert json.loads((folder / "references.json").read_text()), "no references"
    return Known(folder / name, x, y, radius, tolerance)


REAL = {
    "pilatus1m_agbh.edf.gz": (570.62, 491.13, 242.54, 0.3),
    "gabriel_agbh.tif": (124.70, 123.26, 54.99, 0.5),
    "pilatus3_1m_biocat.tif": (302.64, 531.20, 150.02, 0.3),
}


SMALL = Circle(101.3, 96.8, 61.7)
"""The ring of the small images."""


def small_counts(seed: int, circle: Circle = SMALL) -> np.ndarray:
    """A small simulated image of one ring, shape (200, 200)."""
    counts = expected_counts((200, 200), [RingShape(circle, 2.0, 40.0)], background=4.0)
    return np.random.default_rng(seed).poisson(counts).astype(np.int32)
