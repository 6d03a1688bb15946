"""No ring is no ring: of what only looks as if, nothing is called good or usable."""

import pytest

from calibtool import RingNotFoundError, calibrate
from tests.patterns.ringless import RINGLESS, ringless_scene

HARD = (16, 198, 235, 238, 281, 412, 413, 425)
"""Spirals, a washer, outlines with corners or petals, a hump: they have looked like rings."""


@pytest.mark.parametrize("seed", [*range(len(RINGLESS)), *HARD])
def test_what_has_no_ring_is_refused_or_not_to_be_trusted(seed: int) -> None:
    scene = ringless_scene(seed)
    try:
        fit = calibrate(scene.image, **scene.given)
    except RingNotFoundError:
        return
    assert fit.level == "poor", (scene.traits, fit.verdict)
