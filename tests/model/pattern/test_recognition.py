"""Recognition of the calibrant from the radii of the rings, truth known."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from calibtool.instruments.calibrants import calibrants, find_calibrant
from calibtool.model.pattern.recognition import (
    Lines,
    SeenRing,
    contradiction,
    lines_of,
    recognise,
)
from tests.model.pattern.patterns import (
    Pattern,
    is_right,
    powder,
    random_rings,
    with_random_rings,
)

CATALOGUE = tuple(Lines(c.name, c.d_nm, c.strength, c.d_relative_sigma) for c in calibrants())


def everywhere(radius: float) -> float:
    return 1.0 if 20.0 < radius < 800.0 else 0.0


def rings(
    name: str,
    numbers: list[int],
    *,
    wavelength: float = 0.1,
    distance: float = 700.0,
    seed: int = 0,
) -> list[SeenRing]:
    """The rings of some lines of a calibrant, each 1.5 px wide and known to 0.05 px."""
    rng = np.random.default_rng(seed)
    calibrant = find_calibrant(name)
    found = []
    for number in numbers:
        sine = wavelength / (2.0 * calibrant.d_nm[number - 1])
        radius = distance * math.tan(2.0 * math.asin(sine)) + 0.05 * rng.normal()
        strength = calibrant.strength[number - 1] if calibrant.strength else 0.3
        found.append(SeenRing(radius, 0.05, 1.5, 1000.0 * strength, strength))
    return found


def visible_between(low: float, high: float) -> Callable[[float], float]:
    return lambda radius: 1.0 if low < radius < high else 0.0


def test_lab6_is_certain_at_wide_angles_without_any_number_known() -> None:
    found = recognise(rings("LaB6", [*range(1, 11)]), CATALOGUE, visible=everywhere)
    assert found.calibrant == "LaB6"
    assert found.certain
    assert found.candidates[0].index == tuple(range(1, 11))
    assert "LaB6_SRM660c" in found.candidates[0].equal


def test_wide_angles_tell_wavelength_and_distance_apart() -> None:
    seen = rings("LaB6", [*range(1, 14)], distance=900.0)
    best = recognise(seen, CATALOGUE, visible=visible_between(20, 900)).candidates[0]
    assert best.wavelength_nm == pytest.approx(0.1, rel=0.02)
    assert best.distance_px is not None
    assert best.sigma_distance_px is not None
    assert abs(best.distance_px - 900.0) < 4.0 * best.sigma_distance_px
    assert best.sigma_distance_px < 30.0


def test_small_angles_tell_the_scale_only() -> None:
    seen = rings("LaB6", [*range(1, 11)], wavelength=0.0025, distance=60000.0)
    best = recognise(seen, CATALOGUE, visible=everywhere).candidates[0]
    assert (best.distance_px, best.wavelength_nm) == (None, None)
    assert abs(best.scale_nm_px - 150.0) < 4.0 * best.sigma_scale_nm_px
    assert best.sigma_scale_nm_px < 0.2


def test_face_centred_calibrants_at_small_angles_are_a_set() -> None:
    seen = rings("CeO2", [1, 2, 3, 4, 5, 6, 7, 8, 9], wavelength=0.0025, distance=60000.0)
    found = recognise(seen, CATALOGUE, visible=visible_between(20, 350))
    assert found.calibrant is None
    assert not found.certain
    assert {"CeO2", "Al", "Au", "Pt"} <= {match.name for match in found.candidates}


@pytest.mark.parametrize("name", ["CeO2", "Pt"])
def test_wavelength_and_distance_tell_face_centred_ones_apart(name: str) -> None:
    seen = rings(name, [1, 2, 3, 4, 5, 6], wavelength=0.0025, distance=60000.0)
    found = recognise(
        seen,
        CATALOGUE,
        visible=visible_between(20, seen[-1].radius_px + 20),
        wavelength_nm=0.0025,
        distance_px=(60010.0, 100.0),
    )
    assert (found.calibrant, found.certain) == (name, True)


@pytest.mark.parametrize("name", ["CeO2", "Pt"])
def test_wide_angles_and_the_wavelength_tell_face_centred_ones_apart(name: str) -> None:
    seen = rings(name, [1, 2, 3, 4, 5, 6, 7, 8, 9], wavelength=0.1, distance=600.0)
    found = recognise(
        seen, CATALOGUE, visible=visible_between(20, seen[-1].radius_px + 5), wavelength_nm=0.1
    )
    assert found.calibrant == name


@pytest.mark.parametrize("name", ["Al", "Au"])
def test_aluminium_and_gold_are_too_near_for_a_rough_wavelength(name: str) -> None:
    seen = rings(name, [1, 2, 3, 4, 5, 6, 7, 8, 9], wavelength=0.1, distance=600.0)
    found = recognise(
        seen, CATALOGUE, visible=visible_between(20, seen[-1].radius_px + 5), wavelength_nm=0.1
    )
    assert found.candidates[0].name == name
    assert {match.name for match in found.candidates} <= {"Al", "Au"}


def test_lamellar_orders_with_the_first_behind_the_beamstop() -> None:
    seen = rings("AgBh", [2, 3, 4, 5], distance=10000.0)
    found = recognise(
        seen,
        CATALOGUE,
        visible=visible_between(250, 900),
        wavelength_nm=0.1,
        distance_px=(10000.0, 100.0),
    )
    assert (found.calibrant, found.certain) == ("AgBh", True)
    assert found.candidates[0].index == (2, 3, 4, 5)


def test_lamellar_orders_alone_do_not_tell_the_period() -> None:
    orders = rings("AgBh", [1, 2, 3, 4, 5], distance=10000.0)
    assert not recognise(orders, CATALOGUE, visible=everywhere).certain
    # Strengths would make AgBh the likelier, texture takes that away.
    textured = [replace(ring, strength=0.3 if ring is orders[0] else 0.15) for ring in orders]
    found = recognise(textured, CATALOGUE, visible=everywhere)
    assert not found.certain
    assert {"AgBh", "C14H30O"} <= {match.name for match in found.candidates}


@pytest.mark.parametrize("numbers", [[1], [2], [1, 2], [3, 5]])
def test_one_or_two_rings_cannot_tell(numbers: list[int]) -> None:
    seen = rings("LaB6", numbers)
    found = recognise(seen, CATALOGUE, visible=visible_between(20, seen[-1].radius_px + 5))
    assert not found.certain
    assert found.calibrant is None


def test_no_ring_is_no_answer() -> None:
    found = recognise([], CATALOGUE, visible=everywhere)
    assert (found.calibrant, found.candidates, found.certain) == (None, (), False)


def test_a_doublet_seen_as_one_ring_stands_for_both_lines() -> None:
    # CeO2 331 and 420, lines 7 and 8, at 2.5 px of each other.
    seen = rings("CeO2", [1, 2, 3, 4, 5, 6, 9], distance=300.0)
    pair = rings("CeO2", [7, 8], distance=300.0)
    d = pair[1].radius_px - pair[0].radius_px
    middle = pair[0].radius_px + d * pair[1].strength / (pair[0].strength + pair[1].strength)
    blend = SeenRing(middle, 0.1, 1.5 + 0.5 * d, 180.0, pair[0].strength + pair[1].strength)
    found = recognise(
        [*seen, blend], CATALOGUE, visible=visible_between(15, 250), wavelength_nm=0.1
    )
    assert found.calibrant == "CeO2"
    assert found.candidates[0].lines[-1] == (7, 8)


def test_a_strong_ring_nothing_explains_takes_the_certainty() -> None:
    seen = rings("LaB6", [*range(1, 11)])
    stranger = SeenRing(0.5 * (seen[2].radius_px + seen[3].radius_px), 0.05, 1.5, 300.0, 0.5)
    found = recognise([*seen, stranger], CATALOGUE, visible=everywhere)
    assert found.calibrant == "LaB6"
    assert not found.certain
    assert found.candidates[0].index[-1] is None
    assert found.candidates[0].unexplained == pytest.approx([stranger.radius_px])


def test_the_calibrant_is_told_beside_a_sample() -> None:
    rng = np.random.default_rng(4)
    lines = next(c for c in CATALOGUE if c.name == "LaB6")
    named = 0
    for _ in range(12):
        pattern = with_random_rings(rng, _of_rings(rng, lines, 7), 3)
        found = recognise(
            pattern.seen,
            CATALOGUE,
            visible=pattern.visible,
            wavelength_nm=pattern.wavelength_nm,
        )
        named += found.calibrant == "LaB6"
        assert not found.certain or is_right(pattern, found.candidates[0])
    assert named >= 11


def test_missing_odd_lines_speak_against_a_primitive_lattice() -> None:
    # Radii 1 : 2 : 3 : 4 are lamellar orders; lines 1, 4, 8, 14 of LaB6 have them too.
    seen = [SeenRing(150.0 * n, 0.05, 1.5, 300.0, 0.3) for n in (1, 2, 3, 4)]
    found = recognise(seen, CATALOGUE, visible=everywhere)
    assert "LaB6" not in {match.name for match in found.candidates}


def test_a_wrong_wavelength_is_not_followed_to_certainty() -> None:
    seen = rings("CeO2", [*range(1, 10)], distance=600.0)
    edge = visible_between(20, seen[-1].radius_px + 5)
    for wrong in (0.05, 0.08, 0.12, 0.15):
        found = recognise(seen, CATALOGUE, visible=edge, wavelength_nm=wrong)
        assert not (found.certain and found.calibrant != "CeO2")


def test_the_number_somebody_knows_decides_the_others() -> None:
    seen = rings("C14H30O", [2, 4], distance=7000.0)
    catalogue = [c for c in CATALOGUE if c.name == "C14H30O"]
    free = recognise(seen, catalogue, visible=everywhere).candidates[0]
    told = recognise(seen, catalogue, visible=everywhere, ring_hint=(0, 2)).candidates[0]
    assert (free.index, told.index) == ((1, 2), (2, 4))


def test_the_order_of_the_rings_does_not_matter() -> None:
    seen = rings("quartz", [1, 2, 3, 4, 6, 7, 8, 11])
    one = recognise(seen, CATALOGUE, visible=everywhere)
    other = recognise(seen[::-1], CATALOGUE, visible=everywhere)
    assert one.calibrant == other.calibrant == "quartz"
    assert one.candidates[0].index == other.candidates[0].index[::-1]


def test_numbers_that_are_none_are_left_out() -> None:
    seen = rings("LaB6", [*range(1, 11)])
    broken = [replace(seen[0], radius_px=math.nan), replace(seen[0], width_px=0.0)]
    found = recognise([*broken, *seen], CATALOGUE, visible=everywhere)
    assert found.calibrant == "LaB6"
    assert found.candidates[0].index == (None, None, *range(1, 11))


def test_a_chosen_calibrant_is_contradicted_in_numbers() -> None:
    found = recognise(rings("LaB6", [*range(1, 11)]), CATALOGUE, visible=everywhere)
    against = contradiction(found, "AgBh")
    assert against is not None
    assert (against.better, against.better_explains, against.n_rings) == ("LaB6", 10, 10)
    assert against.chosen_explains < 6
    assert contradiction(found, "LaB6") is None
    assert contradiction(found, "LaB6_SRM660a") is None


def test_a_chosen_calibrant_is_contradicted_by_a_set_as_well() -> None:
    seen = rings("CeO2", [1, 2, 3, 4, 5, 6, 7, 8, 9], wavelength=0.0025, distance=60000.0)
    found = recognise(seen, CATALOGUE, visible=visible_between(20, 350))
    against = contradiction(found, "AgBh")
    assert against is not None
    assert {"CeO2", "Al", "Au", "Pt"} <= {against.better, *against.others}
    assert (against.better_explains, against.n_rings) == (9, 9)
    assert contradiction(found, "Al") is None


def test_lines_of_a_calibrant_stand_where_the_rings_are() -> None:
    seen = rings("LaB6", [*range(1, 11)])
    found = recognise(seen, CATALOGUE, visible=everywhere, wavelength_nm=0.1)
    lab6 = next(c for c in CATALOGUE if c.name == "LaB6")
    radii = lines_of(lab6, found.candidates[0])
    assert radii[:10] == pytest.approx([ring.radius_px for ring in seen], abs=0.3)
    assert np.isinf(radii[-1])


def test_random_patterns_of_all_calibrants_are_recognised() -> None:
    """All calibrants of the table in turn, with and without the wavelength."""
    rng = np.random.default_rng(11)
    right = total = 0
    for turn, lines in enumerate(CATALOGUE * 2):
        pattern = powder(rng, lines)
        if pattern.n_true < 4:
            continue
        wavelength = pattern.wavelength_nm if turn % 2 else None
        found = recognise(
            pattern.seen, CATALOGUE, visible=pattern.visible, wavelength_nm=wavelength
        )
        matches = found.candidates[:1] if found.calibrant else found.candidates
        good = any(is_right(pattern, match) for match in matches)
        assert good or not found.certain, lines.name
        right, total = right + good, total + 1
    assert total > 50
    assert right >= 0.97 * total


def test_rings_anywhere_are_never_certain() -> None:
    rng = np.random.default_rng(12)
    for n in range(3, 16):
        for _ in range(6):
            pattern = random_rings(rng, n)
            assert not recognise(pattern.seen, CATALOGUE, visible=pattern.visible).certain


def _of_rings(rng: np.random.Generator, lines: Lines, least: int) -> Pattern:
    while True:
        pattern = powder(rng, lines)
        if pattern.n_true >= least:
            return pattern
