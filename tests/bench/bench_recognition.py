"""Recognition of the calibrant: how often right, how often wrong and certain, and how fast.

Patterns of all calibrants of the table with the wavelength unknown, known, known with the
distance, and wrong; rings of a sample among them; rings anywhere; powders of no calibrant.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np

from calibtool.instruments.calibrants import calibrants
from calibtool.model.pattern.recognition import Lines, Recognition, recognise
from tests.bench.figures import Figure
from tests.model.pattern.patterns import (
    Pattern,
    is_right,
    powder,
    powder_of_no_calibrant,
    random_rings,
    with_random_rings,
)

CATALOGUE = tuple(Lines(c.name, c.d_nm, c.strength, c.d_relative_sigma) for c in calibrants())
N_PATTERNS = 700
N_RANDOM = 1500
N_POWDERS = 700
WORLDS = ("nothing known", "λ known", "λ and distance known", "wrong λ", "sample too, λ known")


def run(scale: float = 1.0) -> list[Figure]:
    figures = []
    for seed, world in enumerate(WORLDS):
        figures += _recognition(world, np.random.default_rng(seed), round(scale * N_PATTERNS))
    figures += _nothing_there(np.random.default_rng(50), round(scale * N_RANDOM))
    figures += _other_powders(np.random.default_rng(51), round(scale * N_POWDERS))
    return [*figures, *_speed(np.random.default_rng(52))]


def _recognition(world: str, rng: np.random.Generator, n: int) -> list[Figure]:
    counts: Counter[str] = Counter()
    sizes = []
    for pattern in _patterns(rng, n):
        seen, known = _in_world(world, rng, pattern)
        found = recognise(seen.seen, CATALOGUE, visible=seen.visible, **known)
        counts[_judged(seen, found)] += 1
        counts["certain"] += found.certain
        if found.calibrant is None:
            sizes.append(len(found.candidates))
    right = counts["right"] + counts["in the set"]
    limit = None if world.startswith(("wrong", "sample")) else 97.0
    return [
        Figure(f"{world}: right, alone or in the set", 100 * right / n, "%", limit, True),
        Figure(f"{world}: right alone", 100 * counts["right"] / n, "%"),
        Figure(f"{world}: certain", 100 * counts["certain"] / n, "%"),
        Figure(f"{world}: mean size of a set", statistics.mean(sizes or [0]), ""),
        Figure(f"{world}: named wrongly, not certain", 100 * counts["wrong"] / n, "%", 2.0),
        Figure(f"{world}: wrong and certain, of {n}", counts["wrong and certain"], "", 0.0),
    ]


def _patterns(rng: np.random.Generator, n: int) -> Iterator[Pattern]:
    """Patterns of at least four rings of random calibrants."""
    while n > 0:
        pattern = powder(rng, CATALOGUE[rng.integers(len(CATALOGUE))])
        if pattern.n_true >= 4:
            n -= 1
            yield pattern


def _in_world(
    world: str, rng: np.random.Generator, pattern: Pattern
) -> tuple[Pattern, dict[str, object]]:
    known: dict[str, object] = {}
    if "λ" in world:
        wrong = float(np.exp(rng.uniform(-1.0, 1.0))) if "wrong" in world else 1.0
        known["wavelength_nm"] = wrong * pattern.wavelength_nm
    if "distance" in world:
        distance = pattern.distance_px * (1.0 + 0.01 * float(rng.normal()))
        known["distance_px"] = (distance, 0.01 * distance)
    if "sample" in world:
        pattern = with_random_rings(rng, pattern, int(rng.integers(1, 5)))
    return pattern, known


def _judged(pattern: Pattern, found: Recognition) -> str:
    if found.calibrant is None:
        hit = any(is_right(pattern, match) for match in found.candidates)
        return "in the set" if hit else "not found"
    if is_right(pattern, found.candidates[0]):
        return "right"
    return "wrong and certain" if found.certain else "wrong"


def _nothing_there(rng: np.random.Generator, n: int) -> list[Figure]:
    named = certain = 0
    for turn in range(n):
        pattern = random_rings(rng, int(rng.integers(2, 16)))
        wavelength = 0.1 if turn % 2 else None
        found = recognise(
            pattern.seen, CATALOGUE, visible=pattern.visible, wavelength_nm=wavelength
        )
        named, certain = named + (found.calibrant is not None), certain + found.certain
    return [
        Figure("rings anywhere: named", 100 * named / n, "%", 1.0),
        Figure(f"rings anywhere: certain, of {n}", certain, "", 0.0),
    ]


def _other_powders(rng: np.random.Generator, n: int) -> list[Figure]:
    named = certain = 0
    for _ in range(n):
        pattern = powder(rng, powder_of_no_calibrant(rng))
        found = recognise(pattern.seen, CATALOGUE, visible=pattern.visible)
        named, certain = named + (found.calibrant is not None), certain + found.certain
    return [
        Figure("tetragonal, hexagonal, orthorhombic powders: named", 100 * named / n, "%", 3.0),
        Figure("tetragonal, hexagonal, orthorhombic: certain", 100 * certain / n, "%", 0.5),
    ]


def _speed(rng: np.random.Generator) -> list[Figure]:
    some = [p for p in _patterns(rng, 120) if 10 <= p.n_true <= 14]
    figures = []
    for known in (False, True):
        spent = []
        for pattern in some:
            wavelength = pattern.wavelength_nm if known else None
            start = time.thread_time()
            recognise(pattern.seen, CATALOGUE, visible=pattern.visible, wavelength_nm=wavelength)
            spent.append(1e3 * (time.thread_time() - start))
        name = f"12 rings, whole table, λ {'known' if known else 'unknown'}"
        figures.append(Figure(name, statistics.median(spent), "ms", 30.0))
    return figures
