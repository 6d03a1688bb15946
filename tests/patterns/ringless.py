"""Frames without any ring, of many kinds that look as if."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.patterns.detector import Detector, beamstop, module_gaps
from tests.patterns.geometry import FloatArray, Geometry
from tests.patterns.ringless_shapes import SHAPES
from tests.patterns.ringless_textures import TEXTURES
from tests.patterns.scenes import Scene


def _flat(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    return np.full(np.broadcast(x, y).shape, rng.uniform(0.5, 50))


def _gradient(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    return np.asarray(20 * np.exp(rng.uniform(-3, 3) * x / 700 + rng.uniform(-3, 3) * y / 700))


def _halo(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    r = np.hypot(x - rng.uniform(150, 450), y - rng.uniform(150, 450))
    return np.asarray(3 + rng.uniform(50, 3000) / (1 + (r / rng.uniform(15, 60)) ** 2) ** 1.5)


def _direct_beam(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    dx, dy = x - rng.uniform(200, 400), y - rng.uniform(200, 400)
    streaks = sum(
        np.exp(-0.5 * ((dx * math.sin(a) - dy * math.cos(a)) / 2.5) ** 2)
        for a in rng.uniform(0, math.pi, 3)
    )
    r = np.hypot(dx, dy)
    return np.asarray(2 + 5000 * np.exp(-0.5 * (r / 5) ** 2) + 60 * streaks * np.exp(-r / 120))


def _beamstop_rim(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    geometry = Geometry(rng.uniform(200, 400), rng.uniform(200, 400), 100, 0.1)
    shade = beamstop((x.shape[0], x.shape[1]), geometry, rng.uniform(15, 40), rng.uniform(0, 360))
    r = np.hypot(x - geometry.beam_x_px, y - geometry.beam_y_px)
    return np.asarray(shade * (3 + 400 / (1 + (r / 40) ** 2)))


def _lit_disc(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    size = rng.uniform(180, 280)
    r = np.hypot(x - rng.uniform(270, 330), y - rng.uniform(270, 330))
    rim = 1 + 0.35 * np.minimum(r / size, 1.2) ** 6
    return np.asarray(3 + 40 / (1 + np.exp(np.clip((r - size) / 2, -50, 50))) * rim)


def _aperture(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    r = np.hypot(x - rng.uniform(250, 350), y - rng.uniform(250, 350))
    return np.asarray(0.5 + 30 * np.clip(0.5 + (rng.uniform(180, 260) - r) / 1.5, 0, 1))


def _amorphous(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    r = np.hypot(x - 300, y - 310)
    return np.asarray(5 + 40 * np.exp(-r / rng.uniform(60, 250)) + 10 * np.exp(-r / 400))


def _crystal(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    """Spots of a crystal on a lattice: each at another distance from the beam."""
    turn, step = rng.uniform(0, math.pi / 2), rng.uniform(38, 60)
    a = step * np.array([math.cos(turn), math.sin(turn)])
    b = 0.83 * step * np.array([-math.sin(turn + 0.13), math.cos(turn + 0.13)])
    image = np.full(x.shape, 2.0)
    for i in range(-7, 8):
        for j in range(-7, 8):
            px, py = np.array([300.0, 290.0]) + i * a + j * b
            if rng.random() < 0.6:
                spot = np.exp(-((x - px) ** 2 + (y - py) ** 2) / 4)
                image += rng.exponential(150) * spot
    return image


def _scattered_spots(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    image = np.full(x.shape, 1.0)
    for _ in range(80):
        px, py = rng.uniform(0, 600, 2)
        image += rng.exponential(200) * np.exp(-((x - px) ** 2 + (y - py) ** 2) / 4)
    return image


def _fringes(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    turn = rng.uniform(0, math.pi)
    along = x * math.cos(turn) + y * math.sin(turn)
    return np.asarray(20 * (1.3 + np.sin(along / rng.uniform(3, 12))))


def _tiles(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    levels = rng.uniform(5, 40, (8, 8))
    rows, columns = (np.broadcast_to(i, x.shape).astype(int) // 80 % 8 for i in (y, x))
    return np.asarray(levels[rows, columns])


def _blobs(rng: np.random.Generator, x: FloatArray, y: FloatArray) -> FloatArray:
    image = np.full(x.shape, 4.0)
    for _ in range(12):
        px, py, size = rng.uniform(0, 600), rng.uniform(0, 600), rng.uniform(20, 80)
        image += rng.uniform(5, 60) * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * size**2))
    return image


RINGLESS: dict[str, Callable[[np.random.Generator, FloatArray, FloatArray], FloatArray]] = {
    "flat": _flat,
    "gradient": _gradient,
    "halo": _halo,
    "direct beam with streaks": _direct_beam,
    "beamstop": _beamstop_rim,
    "lit disc": _lit_disc,
    "aperture": _aperture,
    "amorphous": _amorphous,
    "single crystal": _crystal,
    "spots anywhere": _scattered_spots,
    "fringes": _fringes,
    "tiles": _tiles,
    "blobs": _blobs,
    **SHAPES,
    **TEXTURES,
}


def ringless_scene(seed: int) -> Scene:
    """A frame without any ring; the kinds take turns."""
    kind = list(RINGLESS)[seed % len(RINGLESS)]
    rng = np.random.default_rng([seed, 2])
    y, x = np.indices((600, 620), dtype=float)
    expected = RINGLESS[kind](rng, x, y)
    blind = module_gaps(expected.shape, 2, 4) if rng.random() < 0.3 else None
    detector = Detector("counts", int(rng.integers(0, 100)), blind)
    told: dict[str, Any] = {}
    if rng.random() < 0.5:
        told = {"calibrant": "AgBh", "wavelength_nm": 0.1, "pixel_size_mm": 0.172}
    return Scene(seed, detector.read(expected, rng), (kind,), given=told)
