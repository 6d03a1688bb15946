"""The number of a ring: from ratios of radii or from the instrument, never a silent guess."""

import math

import pytest

from calibtool.model.rings.order import identify
from calibtool.model.scale import ring_radius_px

AGBH = [5.838 / n for n in range(1, 16)]
CEO2 = [0.54116 / math.sqrt(s) for s in (3, 4, 8, 11, 12, 16, 19, 20, 24, 27, 32)]
INSTRUMENT = {"wavelength_nm": 0.1, "distance_mm": 1500.0, "pixel_size_mm": 0.172}


@pytest.mark.parametrize(
    ("radius", "seen", "ring"),
    [
        (242.5, [242.5, 486.4], 1),
        (54.99, [27.4, 54.99, 82.5], 2),
        (54.99, [54.99, 82.5], 2),
        (215.2, [215.2, 322.9], 2),
        (322.9, [107.4, 215.2, 322.9], 3),
        (336.7, [336.7, 674.6, 1014.4], 1),
    ],
)
def test_silver_behenate_from_ratios(radius: float, seen: list[float], ring: int) -> None:
    order = identify(radius, seen, AGBH)
    assert (order.ring, order.certain) == (ring, True)


@pytest.mark.parametrize("ring", [1, 2, 3, 4])
@pytest.mark.parametrize("wavelength", [0.0154, 0.0407, 0.1])
def test_wide_angle_ratios_are_not_those_of_small_angles(ring: int, wavelength: float) -> None:
    radii = [
        ring_radius_px(d, wavelength_nm=wavelength, distance_mm=200.0, pixel_size_mm=0.172)
        for d in CEO2[:7]
    ]
    seen = [r for r in radii if r is not None]
    order = identify(seen[ring - 1], seen, CEO2)
    assert (order.ring, order.certain) == (ring, True)


@pytest.mark.parametrize("ring", [1, 2, 3])
def test_one_ring_and_the_instrument(ring: int) -> None:
    radius = ring_radius_px(AGBH[ring - 1], **INSTRUMENT)
    assert radius is not None
    order = identify(radius * 1.004, [], AGBH, **INSTRUMENT)
    assert (order.ring, order.certain) == (ring, True)


def test_one_ring_alone_is_not_guessed() -> None:
    order = identify(242.5, [242.5], AGBH)
    assert order.ring is None
    assert not order.certain
    assert "one ring alone does not tell" in order.evidence


def test_rings_of_something_else_are_said_to_be() -> None:
    order = identify(150.0, [150.0, 173.0], AGBH)
    assert order.ring is None
    assert "not those of this calibrant" in order.evidence


def test_an_instrument_that_does_not_fit_leaves_it_to_the_ratios() -> None:
    wrong = INSTRUMENT | {"distance_mm": 2790.0}
    order = identify(200.0, [200.0, 400.0, 600.0], AGBH, **wrong)
    assert (order.ring, order.certain) == (1, True)


def test_one_ratio_does_not_stand_against_the_instrument() -> None:
    wrong = INSTRUMENT | {"distance_mm": 2790.0}
    order = identify(200.0, [200.0, 400.0], AGBH, **wrong)
    assert (order.ring, order.certain) == (1, False)
    assert "put no ring here" in order.evidence
