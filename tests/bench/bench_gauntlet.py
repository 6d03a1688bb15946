"""find_ring on random scenes with the difficulties of real frames, and on frames with no ring."""

from collections import Counter

from calibtool.errors import RingNotFoundError
from calibtool.model.finding import find_ring
from calibtool.model.results import RingFit
from tests.bench.figures import Figure
from tests.scenes import Scene, make_scene

FIRST_SEED = 1
WITH_RING = 200
WITHOUT_RING = 50
LARGE = 6


def _answer(scene: Scene) -> tuple[str, RingFit | None, str]:
    """The verdict on find_ring's answer, the answer, and the reason where it refused."""
    try:
        found = find_ring(scene.data, mask=scene.mask)
    except RingNotFoundError as error:
        return scene.judge(None), None, str(error).split(";")[0]
    return scene.judge(found), found, ""


def run() -> list[Figure]:
    """Share of right answers, and everything that was not right with its scene."""
    scenes = [(seed, True, False) for seed in range(FIRST_SEED, FIRST_SEED + WITH_RING)]
    scenes += [(seed, False, False) for seed in range(FIRST_SEED, FIRST_SEED + WITHOUT_RING)]
    scenes += [(seed, True, True) for seed in range(FIRST_SEED, FIRST_SEED + LARGE)]
    verdicts: Counter[str] = Counter()
    unwarned = 0
    for seed, ring, large in scenes:
        scene = make_scene(seed, large=large, ring=ring)
        verdict, found, reason = _answer(scene)
        verdicts[verdict] += 1
        if verdict in ("missed", "wrong", "false"):
            warned = ", ".join(warning.code for warning in found.warnings) if found else reason
            unwarned += found is not None and not found.warnings
            snr = max(scene.snr, default=0.0)
            print(f"  {verdict} (seed {seed}, snr {snr:.0f}): {', '.join(scene.traits)} [{warned}]")
    must = len(scenes) - verdicts["refused"]
    must += sum(not ring for _, ring, _ in scenes) - verdicts["false"]
    bad = verdicts["missed"] + verdicts["wrong"] + verdicts["false"]
    return [
        Figure("gauntlet: scenes", len(scenes), limit=200, at_least=True),
        Figure("gauntlet: right", 1.0 - bad / must, limit=0.98, at_least=True),
        Figure("gauntlet: wrong or false without a warning", unwarned, limit=0),
        Figure("gauntlet: wrong with a warning", verdicts["wrong"] + verdicts["false"] - unwarned),
        Figure("gauntlet: missed", verdicts["missed"]),
        Figure("gauntlet: too weak or vague and refused", verdicts["refused"] - WITHOUT_RING),
    ]
