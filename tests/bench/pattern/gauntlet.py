"""calibrate on random scenes: right, wrong with a warning, wrong without, missed.

``python -m tests.bench.pattern.gauntlet SEED...`` shows single scenes (``-SEED``: without rings).
"""

import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from calibtool import RingNotFoundError, calibrate
from tests.bench.figures import Figure
from tests.bench.pattern.extent import FIRST_SEED, QUICK, SCENES, spread
from tests.patterns.judge import Judgement, judge, must_be_told
from tests.patterns.ringless import RINGLESS, ringless_scene
from tests.patterns.scenes import Scene, random_scene


@dataclass(frozen=True)
class Answer:
    """What was said of a scene, and how long it took."""

    seed: int
    traits: tuple[str, ...]
    judgement: Judgement
    needed: bool
    codes: tuple[str, ...]
    seconds: float
    level: str = ""

    def line(self) -> str:
        reasons = "; ".join(self.judgement.reasons)
        codes = f" [{', '.join(self.codes)}]" if self.codes else ""
        return f"    {self.seed}: {reasons}{codes} | {', '.join(self.traits)}"


def scene_of(seed: int) -> Scene:
    """Scene of a seed; negative: without any ring."""
    return random_scene(seed) if seed >= 0 else ringless_scene(-seed)


def fit_of(scene: Scene) -> Any | None:
    try:
        return calibrate(scene.image, **scene.given)
    except RingNotFoundError:
        return None


def answer(seed: int) -> Answer:
    scene = scene_of(seed)
    start = time.perf_counter()
    try:
        fit, crash = fit_of(scene), None
    except Exception as error:  # a crash is an outcome to be listed
        fit, crash = None, f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - start
    judgement = judge(scene, fit)
    if crash:
        judgement = Judgement("crash", (crash,))
    codes = tuple(warning.code for warning in fit.warnings) if fit else ()
    needed = scene.pattern is not None and bool(must_be_told(scene))
    level = fit.level if fit else ""
    return Answer(seed, scene.traits, judgement, needed, codes, seconds, level)


def run() -> list[Figure]:
    """All scenes; what was not right is listed with its seed."""
    seeds = list(range(FIRST_SEED, FIRST_SEED + SCENES))
    with_rings = spread(answer, seeds)
    per_kind = 2 if QUICK else 10
    last = FIRST_SEED + per_kind * len(RINGLESS)
    without = spread(answer, [-seed for seed in range(FIRST_SEED, last)])
    believed = Counter(one.level for one in without)
    show(with_rings + without)
    kinds = Counter(one.judgement.kind for one in with_rings)
    false = Counter(one.judgement.kind for one in without)
    told = [one for one in with_rings if one.judgement.kind != "refused"]
    right = sum(one.judgement.kind == "right" for one in told) / max(1, len(told))
    asked = [one.judgement.recognised for one in with_rings if one.judgement.recognised is not None]
    certain = sum("certain" in reason for one in with_rings for reason in one.judgement.reasons)
    return [
        Figure("gauntlet: scenes with rings", len(with_rings), limit=600, at_least=True),
        Figure("gauntlet: right, of what can be known", right, limit=0.98, at_least=True),
        Figure("gauntlet: wrong without a warning", kinds["UNWARNED"], limit=0),
        Figure("gauntlet: of these, wrongly certain", certain, limit=0),
        Figure("gauntlet: wrong with a warning", kinds["warned"]),
        Figure("gauntlet: missed, or not all told", kinds["missed"]),
        Figure("gauntlet: crashed", kinds["crash"] + false["crash"], limit=0),
        Figure("gauntlet: refused, too weak", kinds["refused"]),
        Figure(
            "gauntlet: recognised, of those asked",
            sum(asked) / max(1, len(asked)),
            limit=0.97,
            at_least=True,
        ),
        Figure("gauntlet: asked to recognise", len(asked)),
        Figure(f"ringless: scenes of {len(RINGLESS)} kinds", len(without)),
        Figure("ringless: called good", believed["good"], limit=0),
        Figure("ringless: called usable", believed["fair"], limit=0),
        Figure("ringless: an answer without a warning", false["UNWARNED"], limit=0),
        Figure("ringless: an answer with a warning", false["warned"]),
    ]


def show(answers: list[Answer]) -> None:
    """Failures by kind, then what was not recognised, then the traits that fail most."""
    groups: defaultdict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        if one.judgement.kind not in ("right", "refused"):
            groups[one.judgement.kind].append(one)
        if one.judgement.recognised is False:
            groups["not recognised"].append(one)
    for kind, members in groups.items():
        print(f"  {kind}: {len(members)}")
        for member in members:
            print(member.line())
    seen, failed = Counter(), Counter()
    for one in answers:
        seen.update(set(one.traits))
        if one.judgement.kind not in ("right", "refused"):
            failed.update(set(one.traits))
    worst = sorted(failed, key=lambda trait: -failed[trait] / seen[trait])
    print("  failures by trait: ", end="")
    print(", ".join(f"{t} {failed[t]}/{seen[t]}" for t in worst if seen[t] > 4))


def describe(seed: int) -> None:
    """Everything about one scene and its answer."""
    scene = scene_of(seed)
    print(f"seed {seed}: {', '.join(scene.traits)}\n  {scene.image.shape} {scene.image.dtype}")
    print(f"  given {scene.given}, lies {sorted(scene.lies)}")
    if scene.pattern is not None and scene.bound is not None:
        sigma = scene.bound.sigma(wavelength_known=True)
        print(f"  truth {scene.geometry}, λ {scene.pattern.wavelength_nm} nm")
        print(f"  L/p {scene.geometry.distance_px:.2f} px, σ width {scene.pattern.width_px:.2f} px")
        print(f"  bound {sigma[:5]}, must be told {must_be_told(scene)}")
        seen = ((k, scene.pattern.radius_px(k), snr) for k, snr in scene.bound.snr.items())
        print("  rings " + ", ".join(f"{k + 1}: R {r:.1f} snr {snr:.0f}" for k, r, snr in seen))
    start = time.perf_counter()
    fit = fit_of(scene)
    print(f"  {time.perf_counter() - start:.2f} s, {judge(scene, fit)}")
    if fit is None:
        return
    print(
        f"  beam {fit.beam_x_px:.4f} ± {fit.sigma_beam_x_px:.4f}, {fit.beam_y_px:.4f} ± "
        f"{fit.sigma_beam_y_px:.4f}; distance {fit.distance_px} ± {fit.sigma_distance_px} px; "
        f"tilt {fit.tilt_deg} ± {fit.sigma_tilt_deg}; scale {fit.scale_nm_px}"
    )
    print(f"  {fit.calibrant}, certain {fit.certain}, candidates {fit.calibrant_candidates}")
    print("  " + ", ".join(f"{r.index}: R {r.radius_px:.1f}" for r in fit.rings))
    print(f"  unexplained {fit.unexplained_px}; verdict {fit.verdict}")
    for warning in fit.warnings:
        print(f"  {warning.code}: {warning.message}")


if __name__ == "__main__":
    for number in sys.argv[1:]:
        describe(int(number))
