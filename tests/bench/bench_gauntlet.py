"""find_ring on random scenes with the difficulties of real frames, and on frames with no ring.

Its time beside one Gaussian filter of the same image, and its memory beside the image's own.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import Circle
from calibtool.model.finding import find_ring
from calibtool.model.results import RingFit
from calibtool.model.simulate import RingShape, expected_counts
from tests.bench.bench_ring import SIZES, peak_bytes, seconds
from tests.bench.figures import Figure
from tests.scenes import Scene, make_scene

FIRST_SEED = 830001
WITH_RING = 200
WITHOUT_RING = 50
LARGE = 12
BAD = ("missed", "wrong", "false")

DTYPES = {"1 Mpx": ("uint16", "int32", "float64"), "4 Mpx": ("uint16",), "18 Mpx": ("uint16",)}


@dataclass(frozen=True)
class Answer:
    """What find_ring said of a scene: the verdict, its warnings, and why it refused."""

    seed: int
    traits: tuple[str, ...]
    snr: float
    verdict: str
    warnings: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def cause(self) -> str:
        if self.verdict == "missed":
            return f"missed: {self.refusal}"
        return f"{self.verdict}, warnings: {', '.join(self.warnings) or 'none'}"

    def line(self) -> str:
        return f"    seed {self.seed}, snr {self.snr:.0f}: {', '.join(self.traits)}"


def answer(seed: int, *, ring: bool, large: bool) -> Answer:
    """Let find_ring look at a scene."""
    scene: Scene = make_scene(seed, large=large, ring=ring)
    found: RingFit | None = None
    refusal = ""
    try:
        found = find_ring(scene.data, mask=scene.mask)
    except RingNotFoundError as error:
        refusal = str(error).split(";")[0]
    codes = tuple(warning.code for warning in found.warnings) if found else ()
    snr = max(scene.snr, default=0.0)
    return Answer(seed, tuple(scene.traits), snr, scene.judge(found), codes, refusal)


def print_by_cause(answers: list[Answer]) -> None:
    """What was not right, those of one cause together, the most frequent first."""
    groups: defaultdict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        if one.verdict in BAD:
            groups[one.cause].append(one)
    for cause, members in sorted(groups.items(), key=lambda group: -len(group[1])):
        print(f"  {len(members)} × {cause}")
        for member in members:
            print(member.line())


def scenes() -> list[Figure]:
    """Share of right answers; everything that was not right is printed with its scene."""
    seeds = range(FIRST_SEED, FIRST_SEED + WITH_RING)
    rings = [answer(seed, ring=True, large=False) for seed in seeds]
    rings += [answer(seed, ring=True, large=True) for seed in seeds[:LARGE]]
    empty = [answer(seed, ring=False, large=False) for seed in seeds[:WITHOUT_RING]]
    print_by_cause(rings + empty)
    verdicts = Counter(one.verdict for one in rings)
    false = sum(one.verdict == "false" for one in empty)
    bad = sum(verdicts[verdict] for verdict in BAD)
    unwarned = sum(one.verdict in ("wrong", "false") and not one.warnings for one in rings + empty)
    to_find = len(rings) - verdicts["refused"]
    share_of_rings = 1.0 - bad / to_find
    share = 1.0 - (bad + false) / (to_find + len(empty))
    return [
        Figure("gauntlet: scenes", len(rings) + len(empty), limit=200, at_least=True),
        Figure("gauntlet: right", share, limit=0.98, at_least=True),
        Figure("gauntlet: right, of the scenes whose ring must be found", share_of_rings),
        Figure("gauntlet: wrong or false without a warning", unwarned, limit=0),
        Figure("gauntlet: wrong with a warning", verdicts["wrong"] + false - unwarned),
        Figure("gauntlet: missed", verdicts["missed"]),
        Figure("gauntlet: too weak or vague, and refused", verdicts["refused"]),
        Figure("gauntlet: rings found in frames without one", false, limit=0),
    ]


def expense(name: str, shape: tuple[int, int]) -> list[Figure]:
    """Time and memory on one full ring."""
    from scipy.ndimage import gaussian_filter

    rows, columns = shape
    truth = Circle(0.5 * columns + 0.3, 0.5 * rows - 0.4, 0.3 * min(shape))
    expected = expected_counts(shape, [RingShape(truth, 3.0, 20.0)], 5.0)
    counts: NDArray[Any] = np.random.default_rng(FIRST_SEED).poisson(expected)
    del expected
    figures = []
    for dtype in DTYPES[name]:
        image = counts.astype(dtype)
        find_ring(image)
        own = seconds(lambda image=image: find_ring(image))
        filtered = seconds(lambda image=image: gaussian_filter(image.astype(np.float64), 5.0), 2)
        memory = peak_bytes(lambda image=image: find_ring(image)) / image.nbytes
        what = f"find_ring, {name} {dtype}"
        figures += [
            Figure(f"time, {what}", own / filtered, "× filter", 8.0, peer=filtered, peer_name="s"),
            Figure(f"peak memory beside the image, {what}", memory, "× image", 4.0),
        ]
    return figures


def run() -> list[Figure]:
    """The scenes, then time and memory by size."""
    figures = scenes()
    for name, shape in SIZES.items():
        figures += expense(name, shape)
    return figures
