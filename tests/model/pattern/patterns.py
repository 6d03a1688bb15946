"""Rings as a first look would see them, of a calibrant under random conditions, truth known."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.pattern.recognition import Lines, Match, SeenRing

DETECTED = 5.0


@dataclass(frozen=True)
class Pattern:
    """What was seen, what could be seen, and the truth."""

    seen: tuple[SeenRing, ...]
    visible: Callable[[float], float]
    name: str | None
    numbers: tuple[frozenset[int], ...]
    wavelength_nm: float
    distance_px: float

    @property
    def n_true(self) -> int:
        return sum(bool(n) for n in self.numbers)


@dataclass(frozen=True)
class Window:
    """Radii that fall on usable pixels; beyond ``border_px`` only the corners see them."""

    beamstop_px: float
    border_px: float
    corner_px: float

    def __call__(self, radius: float) -> float:
        if radius < self.beamstop_px or radius > self.corner_px:
            return 0.0
        if radius <= self.border_px:
            return 0.9
        return 0.9 * (self.corner_px - radius) / (self.corner_px - self.border_px)


def window(rng: np.random.Generator) -> Window:
    border = float(rng.uniform(200, 1200))
    return Window(float(rng.uniform(8, 60)), border, border * float(rng.uniform(1.05, 1.45)))


def powder(rng: np.random.Generator, lines: Lines) -> Pattern:
    """A pattern of ``lines`` at a random place of the detector, wavelength and exposure."""
    view = window(rng)
    wavelength = float(rng.choice([0.0025, 0.02, 0.04, 0.07, 0.1, 0.154]))
    d = np.asarray(lines.d_nm)
    # Somewhere between the first line near the border and a dozen lines inside.
    wanted = min(int(rng.integers(2, 16)), len(d) - 1)
    angle = 2.0 * math.asin(min(wavelength / (2.0 * float(d[wanted])), 0.62))
    distance = view.border_px / math.tan(angle) * float(rng.uniform(0.9, 1.1))
    sines = wavelength / (2.0 * d)
    ahead = sines < 0.69
    radii = distance * np.tan(2.0 * np.arcsin(sines[ahead]))
    strength = np.asarray(lines.strength or np.exp(rng.normal(-1.0, 0.8, len(d))))[ahead]
    strength = np.maximum(strength / strength.max(), 1e-6)
    strength = strength * np.exp(rng.normal(0, rng.uniform(0.05, 0.5), len(radii)))
    return seen_pattern(rng, view, radii, strength, lines.name, wavelength, distance)


def seen_pattern(
    rng: np.random.Generator,
    view: Window,
    radii: np.ndarray,
    strength: np.ndarray,
    name: str | None,
    wavelength: float = 0.1,
    distance: float = 1e4,
) -> Pattern:
    """Lines at ``radii`` blended where they are near, those above the noise seen."""
    width = float(rng.uniform(0.8, 3.0))
    exposure = float(np.exp(rng.uniform(math.log(15), math.log(2000))))
    fade = float(rng.uniform(0.0, 1.0))
    rings, numbers = [], []
    for group in _groups(radii, 2.2 * width):
        s = strength[group]
        radius = float((radii[group] * s).sum() / s.sum()) * (1 + 1e-4 * rng.normal())
        share = view(radius)
        if share <= 0.03:
            continue
        spread = math.sqrt(float((s * (radii[group] - radius) ** 2).sum() / s.sum()))
        snr = exposure * float(s.sum()) * math.sqrt(share) * (radius / 300.0) ** (0.5 - fade)
        if snr * math.exp(0.3 * rng.normal()) < DETECTED or rng.random() < 0.03:
            continue
        sigma = max(width / snr, float(rng.uniform(0.01, 0.05)))
        off = 0.7 * sigma * rng.standard_t(3) + 0.01 * width * rng.standard_t(3)
        rings.append(SeenRing(radius + off, sigma, math.hypot(width, spread), snr, float(s.sum())))
        strongest = s > 0.05 * s.max()
        numbers.append(frozenset((group[strongest] + 1).tolist()))
    order = rng.permutation(len(rings)).tolist()
    return Pattern(
        tuple(rings[i] for i in order),
        view,
        name,
        tuple(numbers[i] for i in order),
        wavelength,
        distance,
    )


def is_right(pattern: Pattern, match: Match) -> bool:
    """Whether calibrant and ring numbers are the truth, and at least two rings are explained."""
    pairs = zip(match.index, pattern.numbers, strict=True)
    return (
        pattern.name in (match.name, *match.equal)
        and all(number is None or number in truth for number, truth in pairs)
        and match.explained >= min(2, pattern.n_true)
    )


def with_random_rings(rng: np.random.Generator, pattern: Pattern, n: int) -> Pattern:
    """The same pattern with ``n`` rings of a sample among the calibrant's."""
    view, width = pattern.visible, pattern.seen[0].width_px
    assert isinstance(view, Window)
    more = tuple(random_ring(rng, view, width) for _ in range(n))
    return replace(
        pattern, seen=(*pattern.seen, *more), numbers=(*pattern.numbers, *[frozenset()] * n)
    )


def random_ring(rng: np.random.Generator, view: Window, width: float) -> SeenRing:
    radius = float(rng.uniform(view.beamstop_px, view.border_px))
    snr = float(np.exp(rng.uniform(math.log(8), math.log(200))))
    return SeenRing(radius, width / snr, width, snr, float(np.exp(rng.normal(-1.0, 0.8))))


def random_rings(rng: np.random.Generator, n: int) -> Pattern:
    """Rings anywhere."""
    view, width = window(rng), float(rng.uniform(0.8, 3.0))
    rings: list[SeenRing] = []
    while len(rings) < n:
        ring = random_ring(rng, view, width)
        if all(abs(ring.radius_px - other.radius_px) > 3 * width for other in rings):
            rings.append(ring)
    return Pattern(tuple(rings), view, None, (frozenset(),) * n, 0.1, 1e4)


def _groups(radii: np.ndarray, reach: float) -> list[np.ndarray]:
    order = np.argsort(radii, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(radii[order]) > reach) + 1)


def powder_of_no_calibrant(rng: np.random.Generator) -> Lines:
    """Lines of a random tetragonal, hexagonal or orthorhombic cell."""
    a, b, c = rng.uniform(0.3, 1.2, 3)
    axis = np.arange(-5, 6)
    h, k, l = (x.ravel() for x in np.meshgrid(axis, axis, axis))  # noqa: E741
    in_plane = (
        (h * h + k * k) / a**2,
        4.0 / 3.0 * (h * h + h * k + k * k) / a**2,
        h * h / a**2 + k * k / b**2,
    )[int(rng.integers(3))]
    square, count = np.unique(np.round(in_plane + l * l / c**2, 7), return_counts=True)
    square, count = square[1:], count[1:]
    strength = count / square * np.exp(rng.normal(0.0, 1.0, len(square)) - 0.02 * square)
    strength /= strength.max()
    kept = np.flatnonzero(strength > 0.002)[:60]
    d = 1.0 / np.sqrt(square[kept])
    return Lines("none", tuple(d.tolist()), tuple(strength[kept].tolist()))
