"""Random scenes: a pattern, what spoils it, what the program is told, and what can be known."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.patterns import textures
from tests.patterns.bound import Bound, bound
from tests.patterns.detector import Detector, beamstop, module_gaps
from tests.patterns.geometry import Geometry
from tests.patterns.lines import family, lines, names
from tests.patterns.pattern import Background, Pattern

SHAPES = ((380, 420), (487, 619), (512, 480), (619, 487), (700, 680))
WAVELENGTHS_NM = (0.0173, 0.025, 0.04, 0.06, 0.0827, 0.1, 0.1541)
PIXELS_MM = (0.055, 0.075, 0.1, 0.172, 0.2)
FAVOURITES = ("AgBh", "LaB6", "CeO2", "Si", "Al", "alpha_Al2O3", "Cr2O3")


@dataclass(frozen=True)
class Scene:
    """An image with its truth.

    ``given`` is what ``calibrate`` is told besides the image; ``lies`` names what of it is
    wrong ("calibrant", "wavelength"). ``pattern`` and ``bound`` are None without any ring; of
    the pattern's lines the first ``own_lines`` are the calibrant's, the others a sample's.
    """

    seed: int
    image: NDArray[np.generic] = field(repr=False)
    traits: tuple[str, ...]
    pattern: Pattern | None = None
    bound: Bound | None = field(default=None, repr=False)
    calibrant: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    lies: frozenset[str] = frozenset()
    own_lines: int = 1000

    @property
    def geometry(self) -> Geometry:
        assert self.pattern is not None
        return self.pattern.geometry

    @property
    def strong(self) -> list[int]:
        """Lines of the calibrant whose ring can be seen well."""
        seen = [] if self.bound is None else self.bound.strong()
        return [line for line in seen if line < self.own_lines]


def simulated(
    pattern: Pattern,
    *,
    detector: Detector | None = None,
    calibrant: str = "",
    seed: int = 0,
    traits: tuple[str, ...] = (),
    lies: frozenset[str] = frozenset(),
    given: dict[str, Any] | None = None,
) -> Scene:
    """Scene of a pattern on a detector; ``given`` goes to ``calibrate``."""
    detector = detector or Detector()
    expected = pattern.expected()
    mean = detector.mean(expected)
    least = bound(pattern, mean, blind=detector.blind, shade=detector.shade)
    image = detector.read(expected, np.random.default_rng([seed, 1]))
    return Scene(seed, image, traits, pattern, least, calibrant, given or {}, lies)


def calibrant_pattern(
    name: str,
    shape: tuple[int, int],
    geometry: Geometry,
    wavelength_nm: float,
    height: float = 60.0,
    *,
    most: int | None = None,
    level: bool = False,
    **style: Any,
) -> Pattern:
    """Pattern of a calibrant: the strongest of its rings is ``height`` counts, the first
    ``most`` lines are there; ``level`` makes them all alike."""
    d, strength = (values[:most] for values in lines(name))
    heights = height * (np.ones_like(strength) if level else strength)
    return Pattern(shape, geometry, wavelength_nm, tuple(d), tuple(heights), **style)


class _Maker:
    """Draws a scene's properties one after another, each with its own share."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = np.random.default_rng([seed, 0])
        self.traits: list[str] = []
        self.shape = SHAPES[self.rng.integers(len(SHAPES))]

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def about(self, low: float, high: float) -> float:
        return float(np.exp(self.rng.uniform(math.log(low), math.log(high))))

    def says(self, trait: str, share: float) -> bool:
        """Whether the scene has a trait of this share."""
        if there := self.chance(share):
            self.traits.append(trait)
        return there

    def beam(self) -> tuple[float, float]:
        h, w = self.shape
        if self.says("beam off the image", 0.15):
            turn = self.between(0, 2 * math.pi)
            side = np.array([math.cos(turn), math.sin(turn)])
            side *= self.between(0.55, 0.85) / np.abs(side).max()
            return float(w * (0.5 + side[0])), float(h * (0.5 + side[1]))
        if self.says("beam at the border", 0.12):
            return self.between(-10, 40), self.between(0.1, 0.9) * h
        return self.between(0.3, 0.7) * w, self.between(0.3, 0.7) * h

    def tilt(self) -> float:
        kind = self.rng.random()
        if kind < 0.15:
            return 0.0
        if kind < 0.5:
            return self.between(0.0, 0.6)
        if kind < 0.8:
            return self.between(0.6, 5.0)
        self.traits.append("large tilt")
        return self.between(5.0, 15.0)

    def geometry(self, name: str, wavelength: float) -> Geometry:
        """A place from which the first ring is seen at some radius."""
        h, w = self.shape
        x, y = self.beam()
        pixel = PIXELS_MM[self.rng.integers(len(PIXELS_MM))]
        farthest = max(math.hypot(x - a, y - b) for a in (0, w) for b in (0, h))
        nearest = math.hypot(max(0.0, -x, x - w), max(0.0, -y, y - h))
        largest = lines(name)[0][0]
        first = math.tan(2 * math.asin(min(0.9, wavelength / (2 * largest))))
        low = max(30.0, 0.35 * nearest)
        share = self.about(low, max(0.45 * farthest, 1.3 * low))
        distance = max(share / first, farthest / math.tan(math.radians(55)))
        azimuth = self.between(0, 360)
        return Geometry(x, y, distance * pixel, pixel, self.tilt(), azimuth)

    def wavelength(self, name: str) -> float:
        d = lines(name)[0][0]
        kept = [w for w in WAVELENGTHS_NM if w < 0.4 * d] if d < 1 else [0.1, 0.1541]
        return float(self.rng.choice(kept))

    def background(self) -> Background:
        level = self.about(0.2, 80.0)
        slope = (0.0, 0.0)
        if self.says("slope", 0.2):
            slope = (self.between(-1, 1) / self.shape[1], self.between(-1, 1) / self.shape[0])
        if self.says("halo", 0.25):
            return Background(level, slope, level * self.about(3, 1000), self.between(8, 60))
        return Background(level, slope)

    def texture(self, count: int) -> dict[str, Any]:
        if self.says("texture", 0.15):
            return {"texture": textures.orientation(self.rng, count)}
        if self.says("grains", 0.12):
            grains = textures.grains(self.rng, count, int(self.about(150, 4000)))
            shifts = textures.scatter(self.rng, count, self.between(0, 0.25))
            return {"texture": grains, "shifts": shifts}
        if self.says("spots", 0.06):
            return {"texture": textures.spots(self.rng, count, int(self.between(10, 40)))}
        return {}

    def detector(self, geometry: Geometry) -> Detector:
        kind = str(
            self.rng.choice(
                ["counts", "ccd", "float", "subtracted", "8 bit"], p=[0.6, 0.12, 0.12, 0.08, 0.08]
            )
        )
        self.traits.append(kind)
        blind = shade = None
        if self.says("gaps", 0.25):
            grid = self.rng.integers(1, 4), self.rng.integers(2, 6)
            blind = module_gaps(self.shape, *map(int, grid))
        if self.says("beamstop", 0.35):
            arm = self.between(0, 360) if self.chance(0.7) else None
            shade = beamstop(self.shape, geometry, self.between(6, 25), arm)
        hot = int(self.about(3, 300)) if self.says("hot pixels", 0.3) else 0
        return Detector(kind, hot, blind, shade)

    def given(self, name: str, wavelength: float, pixel: float) -> tuple[dict, frozenset[str]]:
        """What the program is told, and which of it is a lie."""
        told: dict[str, Any] = {}
        lies = set()
        kind = self.rng.random()
        if kind < 0.5:
            told["calibrant"] = name
        elif kind < 0.62:
            others = [n for n in FAVOURITES if n not in family(name)]
            told["calibrant"] = str(self.rng.choice(others))
            lies.add("calibrant")
        kind = self.rng.random()
        if kind < 0.6:
            told["wavelength_nm"] = wavelength
        elif kind < 0.72:
            factor = self.about(1.03, 1.6)
            told["wavelength_nm"] = wavelength * (factor if self.chance(0.5) else 1 / factor)
            lies.add("wavelength")
        if self.chance(0.8):
            told["pixel_size_mm"] = pixel
        return told, frozenset(lies)


def random_scene(seed: int) -> Scene:
    """The scene of a seed: any calibrant, geometry, fault and information."""
    maker = _Maker(seed)
    name = str(maker.rng.choice(FAVOURITES if maker.chance(0.6) else names()))
    wavelength = maker.wavelength(name)
    geometry = maker.geometry(name, wavelength)
    maker.traits += [name, f"tilt {geometry.tilt_deg:.1f}"]
    background = maker.background()
    height = math.sqrt(background.level + 0.3) * maker.about(1.0, 60.0)
    width = maker.about(1.2, 3.5) if maker.chance(0.85) else maker.about(0.5, 6.0)
    most = 1 if maker.says("one ring", 0.05) else 40
    pattern = calibrant_pattern(
        name,
        maker.shape,
        geometry,
        wavelength,
        height,
        most=most,
        width_px=width,
        growth=maker.between(0.3, 1.5) if maker.says("widening", 0.25) else 0.0,
        skew=maker.between(0.3, 1.0) if maker.says("skewed", 0.1) else 0.0,
        background=background,
    )
    pattern = replace(pattern, **maker.texture(len(pattern.d_nm)))
    detector = maker.detector(geometry)
    own_lines = len(pattern.d_nm)
    if maker.says("sample", 0.08):
        pattern = _with_sample(pattern, maker)
    if detector.kind == "8 bit":
        pattern = _scaled_to(pattern, 200.0)
    told, lies = maker.given(name, wavelength, geometry.pixel_mm)
    traits = (*maker.traits, *(f"wrong {lie}" for lie in sorted(lies)))
    scene = simulated(
        pattern, detector=detector, calibrant=name, seed=seed, traits=traits, lies=lies, given=told
    )
    return replace(scene, own_lines=own_lines)


def _with_sample(pattern: Pattern, maker: _Maker) -> Pattern:
    """A second pattern on top, with spacings of its own; its lines come after the calibrant's."""
    number = int(maker.rng.integers(2, 5))
    largest = pattern.d_nm[0] * maker.between(0.7, 1.4)
    d = sorted((largest * maker.between(0.4, 1.0) for _ in range(number)), reverse=True)
    height = 0.5 * max(pattern.heights)
    heights = [height * maker.between(0.3, 1.0) for _ in d]
    texture, shifts = (
        None if table is None else np.vstack([table, np.full((number, table.shape[1]), even)])
        for table, even in ((pattern.texture, 1.0), (pattern.shifts, 0.0))
    )
    return replace(
        pattern,
        d_nm=(*pattern.d_nm, *d),
        heights=(*pattern.heights, *heights),
        texture=texture,
        shifts=shifts,
    )


def _scaled_to(pattern: Pattern, brightest: float) -> Pattern:
    factor = brightest / float(pattern.expected().max())
    below = pattern.background
    return replace(
        pattern,
        heights=tuple(factor * h for h in pattern.heights),
        background=replace(below, level=factor * below.level, halo=factor * below.halo),
    )
