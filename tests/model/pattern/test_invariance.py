"""The same pattern turned, mirrored, cut or written in another type has the same answer."""

from functools import cache
from typing import Any

import pytest

from calibtool import RingNotFoundError, calibrate
from tests.patterns.detector import Detector, beamstop, module_gaps
from tests.patterns.geometry import Geometry
from tests.patterns.pattern import Background
from tests.patterns.scenes import Scene, calibrant_pattern, simulated
from tests.patterns.variants import differences, variants

SHAPE = (390, 420)


@cache
def scene(kind: str) -> Scene:
    place = Geometry(205.3, 184.6, 0.172 * 440, 0.172, 1.3, 50.0)
    if kind == "plain":
        pattern = calibrant_pattern("CeO2", SHAPE, place, 0.04, background=Background(5.0))
        given = {"calibrant": "CeO2", "wavelength_nm": 0.04, "pixel_size_mm": 0.172}
        return simulated(pattern, calibrant="CeO2", given=given)
    if kind == "nothing given":
        pattern = calibrant_pattern("LaB6", SHAPE, place, 0.05, 8.0, background=Background(1.0))
        return simulated(pattern, calibrant="LaB6")
    detector = Detector("counts", 40, module_gaps(SHAPE, 2, 3), beamstop(SHAPE, place, 14, 35))
    halo = Background(5.0, (0.001, 0.0), 900.0, 25.0)
    pattern = calibrant_pattern("Si", SHAPE, place, 0.04, 30.0, width_px=1.5, background=halo)
    given = {"wavelength_nm": 0.04, "pixel_size_mm": 0.172}
    return simulated(pattern, detector=detector, calibrant="Si", given=given)


@cache
def answer(kind: str) -> Any:
    return found(scene(kind).image, scene(kind).given)


def found(image: Any, given: dict[str, Any]) -> Any:
    try:
        return calibrate(image, **given)
    except RingNotFoundError:
        return None


NAMES = [variant.name for variant in variants(scene("plain").image)]


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
@pytest.mark.parametrize("kind", ["plain", "nothing given", "gaps, hot pixels, beamstop, halo"])
def test_variants_have_the_same_answer(kind: str, number: int) -> None:
    original = scene(kind)
    variant = variants(original.image)[number]
    again = found(variant.change(original.image), original.given)
    assert answer(kind) is not None
    assert differences(variant, answer(kind), again) == []
