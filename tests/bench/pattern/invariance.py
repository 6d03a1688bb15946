"""The same scenes turned, mirrored, cut, in other types, on another CPU kernel."""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

from tests.bench.figures import Figure
from tests.bench.pattern.extent import QUICK, spread
from tests.bench.pattern.gauntlet import fit_of
from tests.patterns.scenes import random_scene
from tests.patterns.variants import differences, variants

FIRST, NUMBER = 700_001, 8 if QUICK else 30
KERNELS = {
    "as it is": {},
    "no AVX-512": {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_ICL"},
    "no AVX2, Haswell BLAS": {
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_ICL AVX2 FMA3",
        "OPENBLAS_CORETYPE": "Haswell",
        "OPENBLAS_NUM_THREADS": "1",
    },
    "old BLAS": {"OPENBLAS_CORETYPE": "Nehalem", "OPENBLAS_NUM_THREADS": "2"},
}


def compare(seed: int) -> list[tuple[str, list[str]]]:
    """What each variant of a scene says otherwise."""
    from calibtool import RingNotFoundError, calibrate

    scene = random_scene(seed)
    first = fit_of(scene)
    told = []
    for variant in variants(scene.image):
        try:
            again = calibrate(variant.change(scene.image), **scene.given)
        except RingNotFoundError:
            again = None
        told.append((variant.name, differences(variant, first, again)))
    return told


def run() -> list[Figure]:
    seeds = range(FIRST, FIRST + NUMBER)
    results = dict(zip(seeds, spread(compare, seeds), strict=True))
    different: Counter[str] = Counter()
    total = sum(len(told) for told in results.values())
    for seed, told in results.items():
        for name, words in told:
            if words:
                different[name] += 1
                print(f"    {seed}, {name}: {'; '.join(words)}")
    print("  different: " + ", ".join(f"{name} {n}" for name, n in different.most_common()))
    share = 1 - different.total() / total
    figures = [
        Figure("invariance: variants of scenes", total, limit=400, at_least=True),
        Figure("invariance: the same answer", share, limit=0.995, at_least=True),
    ]
    return [*figures, *_kernels()]


def _kernels() -> list[Figure]:
    answers = {}
    for name, changed in KERNELS.items():
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", __name__],
            env=os.environ | changed,
            capture_output=True,
            text=True,
            check=True,
        )
        answers[name] = json.loads(done.stdout)
    own = answers.pop("as it is")
    figures = []
    for name, theirs in answers.items():
        unlike = [seed for seed in own if not _alike(own[seed], theirs[seed])]
        if unlike:
            print(f"    kernel, {name}: seeds {', '.join(unlike)}")
        figures.append(Figure(f"invariance: unlike with {name}", len(unlike), limit=0))
    return figures


def _alike(one: list[Any] | None, other: list[Any] | None) -> bool:
    """Same calibrant and rings; beam and scale within 0.2 σ."""
    if one is None or other is None:
        return one is other
    if one[:2] != other[:2]:
        return False
    pairs = zip(one[2], other[2], strict=True)
    return all(abs(a - b) <= 0.2 * sigma for (a, sigma), (b, _) in pairs)


def _summary(seed: int) -> list[Any] | None:
    fit = fit_of(random_scene(seed))
    if fit is None:
        return None
    numbers = [
        (fit.beam_x_px, fit.sigma_beam_x_px),
        (fit.beam_y_px, fit.sigma_beam_y_px),
    ]
    return [fit.calibrant, [ring.index for ring in fit.rings], numbers]


if __name__ == "__main__":
    print(json.dumps({str(s): _summary(s) for s in range(FIRST, FIRST + min(NUMBER, 12))}))
