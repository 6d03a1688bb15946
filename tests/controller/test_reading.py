"""What a place on the image tells: its profile, as far as its peak, with the gaps left out."""

import math
from dataclasses import replace

import numpy as np
import pytest

from calibtool.controller.reading import BEYOND_PX, PROFILE_PX, describe, profile
from calibtool.model.circle import Circle
from calibtool.model.image import Image
from calibtool.model.settings import USER, Quantity, Settings
from calibtool.model.simulate import RingShape, expected_counts
from calibtool.model.state.editing import set_points, start_picking
from calibtool.model.state.session import Point, Session
from calibtool.tasks.calibrate import find
from calibtool.tasks.entering import choose_calibrant
from calibtool.tasks.recognised import with_pattern
from tests.app.rings import small_counts

RING = Circle(99.0, 99.0, 60.0)


def session(mask: np.ndarray | None = None) -> Session:
    """A ring whose centre is known from its live circle."""
    data = small_counts(4, RING)
    none = np.zeros(data.shape, dtype=bool)
    return Session(Image(data, none if mask is None else mask), live=RING)


def test_the_profile_has_its_peak_at_the_ring() -> None:
    found = profile(session(), 99.0 + 60.0 - 4.0, 99.0)
    assert found is not None
    assert found.peak_px == pytest.approx(4.0, abs=0.5)
    highest = found.offset_px[int(np.nanargmax(found.intensity))]
    assert highest == pytest.approx(4.0, abs=1.5)
    assert found.offset_px[0] == pytest.approx(-PROFILE_PX, abs=1.0)


@pytest.mark.parametrize("away", [5.0, 25.0, 34.0])
def test_a_peak_is_never_outside_the_profile(away: float) -> None:
    """The wider a ring, the farther a click may be moved to it."""
    wide = Circle(149.0, 149.0, 90.0)
    counts = expected_counts((300, 300), [RingShape(wide, 14.0, 400.0)], background=4.0)
    data = np.random.default_rng(1).poisson(counts).astype(np.int32)
    image = Image(data, np.zeros(data.shape, bool))
    found = profile(Session(image, live=wide), 239.0 - away, 149.0)
    assert found is not None
    assert found.peak_px == pytest.approx(away, abs=0.5)
    assert found.offset_px[-1] >= away + BEYOND_PX - 1.0


def test_masked_pixels_leave_a_gap() -> None:
    mask = np.zeros((200, 200), dtype=bool)
    mask[:, 160:166] = True
    found = profile(session(mask), 99.0 + 58.0, 99.0)
    assert found is not None
    missing = [o for o, i in zip(found.offset_px, found.intensity, strict=True) if math.isnan(i)]
    assert missing == pytest.approx([3.5, 4.5, 5.5, 6.5, 7.5, 8.5])
    assert not math.isnan(found.intensity[found.offset_px.index(min(found.offset_px, key=abs))])


D, WAVELENGTH, PIXEL = 5.838, 0.1, 0.172


def fitted() -> Session:
    """Rings 1 and 2 of AgBh found, λ and pixel size known."""
    distance = 30.0 / math.tan(2.0 * math.asin(WAVELENGTH / (2.0 * D)))
    shapes = [
        RingShape(Circle(99.0, 99.0, distance * math.tan(2 * math.asin(n * WAVELENGTH / 2 / D))),
                  2.0, 60.0)
        for n in (1, 2)
    ]
    counts = expected_counts((200, 200), shapes, background=4.0)
    data = np.random.default_rng(2).poisson(counts).astype(np.int32)
    image = Image(data, np.zeros(data.shape, dtype=bool))
    known = replace(
        choose_calibrant(Settings(), "AgBh"),
        wavelength=Quantity(WAVELENGTH, None, USER), pixel_size=Quantity(PIXEL, None, USER),
    )
    result = find(image, known)
    return with_pattern(Session(image, settings=known, result=result))


def test_on_a_ring_its_name_and_all_its_measures_are_said() -> None:
    said = describe(fitted(), 99.0 + 60.0, 99.0, reach_px=3.0)
    d = D / 2
    two_theta = math.degrees(2 * math.asin(WAVELENGTH / (2 * d)))
    for part in ("x 159.00  y 99.00", "I ", "r 60.0", f"d {d:.2f}"[:5], f"2θ {two_theta:.2f}",
                 f"q {2 * math.pi / d:.2f}"[:5], "nm⁻¹", "AgBh 002 ring 2, found at 60.0"):
        assert part in said, said


def test_a_ring_only_predicted_says_so_and_between_rings_there_is_none() -> None:
    session = fitted()
    said = describe(session, 99.0 + 90.2, 99.0, reach_px=1.0)
    assert "AgBh 003 ring 3, only predicted at 90." in said
    for away in (45.0, 33.0):
        assert "ring" not in describe(session, 99.0 + away, 99.0, reach_px=1.0)


def test_a_ring_keeps_its_name_when_the_d_spacings_have_changed() -> None:
    session = fitted()
    few = replace(session, settings=replace(session.settings, d_spacings_nm=(D,)))
    assert "AgBh 002 ring 2, found" in describe(few, 99.0 + 60.0, 99.0, reach_px=3.0)


def test_d_stays_the_same_while_points_are_being_set() -> None:
    before = fitted()
    at = 99.0 + 60.0, 99.0
    points = tuple(
        Point(*p, *p) for p in ((159.0, 99.0), (99.0, 159.0), (39.0, 99.0))
    )
    during = set_points(start_picking(before), points)
    assert during.live is not None
    assert describe(during, *at) == describe(before, *at)


def test_outside_the_image_no_position_is_made_up() -> None:
    said = describe(fitted(), -876.75, 30.0)
    assert said.startswith("outside the image")
    assert "876" not in said
    assert "d " in said
    assert describe(replace(fitted(), result=None), -3.0, 2.0) == "outside the image"


def test_there_is_no_profile_outside_the_image() -> None:
    assert profile(session(), -40.0, 20.0) is None
    assert profile(replace(session(), image=None), 20.0, 20.0) is None
