"""Frames without any ring: shapes with an outline, bright or dark, round or not."""

import math

import numpy as np

from tests.patterns.geometry import FloatArray

Rng = np.random.Generator


def _step(distance: FloatArray, width: float) -> FloatArray:
    """From 0 (far outside) to 1 (far inside), over some pixels."""
    return np.asarray(1 / (1 + np.exp(np.clip(distance / width, -50, 50))))


def _around(rng: Rng, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Radius and azimuth about a place near the middle."""
    dx, dy = x - rng.uniform(250, 370), y - rng.uniform(240, 360)
    return np.hypot(dx, dy), np.arctan2(dy, dx)


def phosphor_rim(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """A phosphor disc, brighter towards its rim and most of all at it."""
    r, _ = _around(rng, x, y)
    size, width = rng.uniform(180, 270), rng.uniform(1, 4)
    disc = rng.uniform(10, 60) * _step(r - size, width)
    return np.asarray(2 + disc * (1 + rng.uniform(0.3, 1.5) * np.exp((r - size) / 25).clip(0, 2)))


def square_aperture(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    turn, half = rng.uniform(0, math.pi / 2), rng.uniform(120, 220)
    u = (x - 310) * math.cos(turn) + (y - 300) * math.sin(turn)
    v = (y - 300) * math.cos(turn) - (x - 310) * math.sin(turn)
    return np.asarray(1 + 40 * _step(np.maximum(np.abs(u), np.abs(v)) - half, 1.0))


def round_square(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """The outline of a square with round corners, as of a tube or a frame."""
    power = rng.uniform(3, 6)
    u, v = np.abs(x - rng.uniform(280, 340)), np.abs(y - rng.uniform(280, 320))
    r = (u**power + v**power) ** (1 / power)
    return np.asarray(4 + 40 * np.exp(-0.5 * ((r - rng.uniform(130, 220)) / 4) ** 2))


def spiral(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    r, azimuth = _around(rng, x, y)
    pitch = rng.uniform(25, 70)
    phase = (r / pitch - azimuth / (2 * np.pi)) % 1.0 - 0.5
    return np.asarray(4 + 40 * np.exp(-0.5 * (phase * pitch / rng.uniform(2, 4)) ** 2))


def nested_polygons(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Hexagons and their like, one within the other."""
    r, azimuth = _around(rng, x, y)
    corners, turn = int(rng.integers(3, 8)), rng.uniform(0, np.pi)
    side = 2 * np.pi / corners
    r = r * np.cos((azimuth - turn) % side - side / 2)
    lines = sum(np.exp(-0.5 * ((r - s) / 3) ** 2) for s in rng.uniform(60, 240, 3))
    return np.asarray(4 + 40 * lines)


def rosette(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """An outline with petals."""
    r, azimuth = _around(rng, x, y)
    petals, deep = int(rng.integers(3, 10)), rng.uniform(0.1, 0.3)
    outline = rng.uniform(120, 200) * (1 + deep * np.cos(petals * azimuth))
    return np.asarray(4 + 40 * np.exp(-0.5 * ((r - outline) / 3.5) ** 2))


def polygon_shadow(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    r, azimuth = _around(rng, x, y)
    corners = int(rng.integers(3, 9))
    side = 2 * np.pi / corners
    r = r * np.cos((azimuth - rng.uniform(0, np.pi)) % side - side / 2)
    return np.asarray(30 - 28 * _step(r - rng.uniform(60, 200), 1.0))


def two_discs(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    image = np.full(x.shape, 3.0)
    for _ in range(2):
        r = np.hypot(x - rng.uniform(180, 440), y - rng.uniform(180, 420))
        image += rng.uniform(10, 40) * _step(r - rng.uniform(80, 200), 1.0)
    return image


def bubbles(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Many small discs, each darker than what is around it."""
    image = np.full(x.shape, 40.0)
    for _ in range(40):
        r = np.hypot(x - rng.uniform(0, 620), y - rng.uniform(0, 600))
        image *= 1 - rng.uniform(0.2, 0.7) * _step(r - rng.uniform(4, 25), 1.0)
    return image


def washer(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """A broad annulus, evenly lit: two edges and no peak."""
    r, _ = _around(rng, x, y)
    inner = rng.uniform(60, 120)
    outer = inner + rng.uniform(90, 130)
    return np.asarray(3 + 30 * (_step(r - outer, 1.0) - _step(r - inner, 1.0)))


def distant_disc(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """The edge of a disc whose centre is off the image."""
    r = np.hypot(x + rng.uniform(50, 300), y - rng.uniform(100, 500))
    return np.asarray(3 + 30 * _step(r - rng.uniform(450, 650), 1.5))


def knife_edge(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """A straight edge with its fringes."""
    turn = rng.uniform(0, 2 * math.pi)
    u = (x - 300) * math.cos(turn) + (y - 300) * math.sin(turn) - rng.uniform(-100, 100)
    fringes = 1 + 0.4 * np.sin(0.002 * u**2 + 1) * np.exp(-np.abs(u) / 80)
    return np.asarray(2 + 40 * _step(-u, 3.0) * fringes)


def frame_and_cross(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Cross-hairs within a rectangle."""
    px, py = rng.uniform(200, 400, 2)
    near = np.minimum(np.abs(x - px), np.abs(y - py))
    outline = np.abs(np.maximum(np.abs(x - px) / 1.3, np.abs(y - py)) - rng.uniform(100, 180))
    return np.asarray(5 + 30 * np.exp(-0.5 * (np.minimum(near, outline) / 1.5) ** 2))


def capillary(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """The shadow of a tube across the image, its walls darker."""
    u = np.abs(x - rng.uniform(200, 400) + rng.uniform(-0.2, 0.2) * y)
    wall, half = rng.uniform(5, 15), rng.uniform(40, 120)
    chord, bore = (np.sqrt(np.maximum(r**2 - u**2, 0)) for r in (half, half - wall))
    glass = chord - bore
    return np.asarray(2 + 60 * np.exp(-0.02 * glass))


def letters(rng: Rng, x: FloatArray, y: FloatArray) -> FloatArray:
    """Writing, of boxes and round strokes."""
    from PIL import Image, ImageDraw

    page = Image.new("L", (x.shape[1], x.shape[0]), 0)
    pen = ImageDraw.Draw(page)
    for line in range(6):
        text = "".join(rng.choice(list("ABCDEFGOQ0 oecp8")) for _ in range(12))
        pen.text((20, 20 + 95 * line), text, fill=255, font_size=int(rng.integers(40, 90)))
    return np.asarray(5 + np.asarray(page, float) * rng.uniform(0.1, 0.4))


SHAPES = {
    "phosphor with a bright rim": phosphor_rim,
    "square aperture": square_aperture,
    "round square": round_square,
    "spiral": spiral,
    "nested polygons": nested_polygons,
    "rosette": rosette,
    "shadow of a polygon": polygon_shadow,
    "two discs": two_discs,
    "bubbles": bubbles,
    "washer": washer,
    "edge of a distant disc": distant_disc,
    "knife edge": knife_edge,
    "frame and cross-hairs": frame_and_cross,
    "capillary": capillary,
    "letters": letters,
}
