"""Frames without any ring: faults of the detector, noise with a texture, samples of no powder."""

import math
from typing import Any

import numpy as np

from tests.patterns.geometry import FloatArray

Rng = np.random.Generator


def speckle(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Coherent scattering: grains of one size under a halo."""
    field = _smooth_noise(rng, x.shape, rng.uniform(1.5, 5)) + 1j * _smooth_noise(
        rng, x.shape, rng.uniform(1.5, 5)
    )
    r = np.hypot(x - rng.uniform(250, 350), y - rng.uniform(250, 350))
    return np.asarray(1 + 40 * np.abs(field) ** 2 / (1 + (r / rng.uniform(60, 200)) ** 2))


def wide_hump(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """What a liquid or a glass scatters: too wide to be a ring of a powder."""
    r = np.hypot(x - rng.uniform(270, 350), y - rng.uniform(260, 340))
    hump = np.exp(-0.5 * ((r - rng.uniform(120, 220)) / rng.uniform(55, 90)) ** 2)
    return np.asarray(4 + rng.uniform(10, 60) * hump)


def readout_stripes(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Each row, and each column, at a level of its own."""
    rows, columns = rng.gamma(8, 1, x.shape[0]), rng.gamma(8, 1, x.shape[1])
    return np.asarray(rows[:, None] + columns[None, :])


def dead_lines(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    image = np.full(x.shape, rng.uniform(5, 30))
    image[:, rng.integers(0, x.shape[1], 12)] = 0.0
    image[rng.integers(0, x.shape[0], 12)] *= 4.0
    return image


def hot_modules(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Some modules that count too much, the others a halo."""
    r = np.hypot(x - rng.uniform(200, 400), y - rng.uniform(200, 400))
    image = np.asarray(3 + 40 / (1 + (r / 60) ** 2))
    for _ in range(3):
        top, left = int(rng.integers(0, 500)), int(rng.integers(0, 500))
        image[top : top + 60, left : left + 110] *= rng.uniform(3, 20)
    return image


def quadrants(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Four amplifiers with an offset each, and a slope."""
    level = rng.uniform(5, 30, (2, 2))[(y > 300).astype(int), (x > 310).astype(int)]
    return np.asarray(level * (1 + 0.3 * x / 620))


def arm_shadow(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """The arm of a beamstop across the halo."""
    turn, half = rng.uniform(0, math.pi), rng.uniform(5, 25)
    u, v = x - rng.uniform(250, 350), y - rng.uniform(250, 350)
    across = np.abs(u * math.sin(turn) - v * math.cos(turn))
    halo = 3 + 200 / (1 + (np.hypot(u, v) / rng.uniform(40, 100)) ** 2)
    return np.asarray(halo * np.clip(0.5 + across - half, 0.03, 1))


def fibre_layers(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Layer lines of a fibre: straight rows of short streaks."""
    turn, step = rng.uniform(0, math.pi), rng.uniform(30, 60)
    u = (x - 310) * math.cos(turn) + (y - 300) * math.sin(turn)
    v = (y - 300) * math.cos(turn) - (x - 310) * math.sin(turn)
    image = 3 + 30 * np.exp(-np.hypot(u, v) / 80)
    for layer in range(-4, 5):
        height = rng.uniform(5, 60)
        for spot in rng.uniform(-260, 260, 4):
            image = image + height * np.exp(
                -0.5 * (((v - layer * step) / 2.5) ** 2 + ((u - spot) / 14) ** 2)
            )
    return np.asarray(image)


def laue(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Spots of a white beam, on curves through its place."""
    image = np.full(x.shape, 2.0)
    for _ in range(7):
        turn, bend = rng.uniform(0, 2 * math.pi), rng.uniform(0.001, 0.006)
        for along in rng.uniform(-280, 280, 14):
            u, v = along, bend * along**2
            px = 310 + u * math.cos(turn) - v * math.sin(turn)
            py = 300 + u * math.sin(turn) + v * math.cos(turn)
            image += rng.exponential(150) * np.exp(-((x - px) ** 2 + (y - py) ** 2) / 5)
    return image


def bands(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Kikuchi bands: pairs of straight edges in all directions."""
    image = np.full(x.shape, 15.0)
    for _ in range(9):
        turn = rng.uniform(0, math.pi)
        u = (x - rng.uniform(200, 420)) * math.cos(turn) + (y - rng.uniform(200, 400)) * math.sin(
            turn
        )
        image += rng.uniform(2, 12) * (np.abs(u) < rng.uniform(8, 30))
    return image


def truncation_rods(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Parallel streaks of a surface."""
    turn = rng.uniform(0, math.pi)
    u = (x - 310) * math.cos(turn) + (y - 300) * math.sin(turn)
    v = (y - 300) * math.cos(turn) - (x - 310) * math.sin(turn)
    image = np.full(x.shape, 3.0)
    for rod in rng.uniform(-200, 200, 7):
        image += rng.uniform(20, 90) * np.exp(
            -0.5 * ((u - rod) / 2) ** 2 - np.abs(v) / rng.uniform(40, 150)
        )
    return image


def tracks(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Cosmic rays: short bright lines anywhere."""
    image = np.full(x.shape, 4.0)
    for _ in range(60):
        turn, long = rng.uniform(0, math.pi), rng.uniform(5, 60)
        u, v = x - rng.uniform(0, 620), y - rng.uniform(0, 600)
        along = u * math.cos(turn) + v * math.sin(turn)
        across = u * math.sin(turn) - v * math.cos(turn)
        image += rng.exponential(80) * np.exp(-0.5 * (across / 1.2) ** 2) * (np.abs(along) < long)
    return image


def fibre_bundle(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """The honeycomb of a fibre-optic taper over a vignette."""
    step = rng.uniform(8, 20)
    waves = sum(
        np.cos(2 * np.pi * (x * math.cos(a) + y * math.sin(a)) / step)
        for a in (0.1, 0.1 + math.pi / 3, 0.1 + 2 * math.pi / 3)
    )
    fall = 1 - 0.5 * ((x - 310) ** 2 + (y - 300) ** 2) / 190000
    return np.asarray(20 * fall * (1 + 0.15 * waves))


def pink_noise(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Structure on all scales, as a photograph has it."""
    frequency = np.hypot(*np.meshgrid(*(np.fft.fftfreq(n) for n in x.shape), indexing="ij"))
    spectrum = np.fft.fft2(rng.normal(size=x.shape)) / (frequency + 0.002) ** rng.uniform(1, 1.8)
    picture = np.fft.ifft2(spectrum).real
    return np.asarray(25 * np.exp(0.5 * (picture - picture.mean()) / picture.std()))


def hyperbolas(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Fringes of two sources, or of a saddle."""
    u, v = x - rng.uniform(200, 400), y - rng.uniform(200, 400)
    return np.asarray(20 * (1.2 + np.cos((u**2 - v**2) / rng.uniform(600, 3000))))


def chequers(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    side = rng.uniform(15, 60)
    return np.asarray(5 + 30 * ((np.floor(x / side) + np.floor(y / side)) % 2))


TEXTURES: dict[str, Any] = {
    "speckle": speckle,
    "wide hump": wide_hump,
    "stripes of the readout": readout_stripes,
    "dead lines": dead_lines,
    "hot modules": hot_modules,
    "quadrants": quadrants,
    "shadow of an arm": arm_shadow,
    "layer lines of a fibre": fibre_layers,
    "Laue spots": laue,
    "bands": bands,
    "rods": truncation_rods,
    "tracks": tracks,
    "fibre bundle": fibre_bundle,
    "pink noise": pink_noise,
    "hyperbolas": hyperbolas,
    "chequers": chequers,
}


def _smooth_noise(rng: Rng, shape: tuple[int, ...], size: float) -> FloatArray:
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(rng.normal(size=shape), size, mode="wrap")
    return np.asarray(noise / noise.std())
