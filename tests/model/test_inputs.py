"""Whatever is handed to the functions of the model is used rightly or refused in a sentence."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calibtool import find_ring, fit_circle, refine_points, refine_ring
from calibtool.errors import CalibtoolError, InputError, NoAnswerError
from calibtool.model.circle import FloatArray

X, Y, RADIUS = 60.3, 57.8, 35.0
CLICKS = [(X + RADIUS * np.cos(a) + 0.8, Y + RADIUS * np.sin(a)) for a in np.arange(0, 6, 0.6)]


@pytest.fixture(scope="module")
def image() -> FloatArray:
    """A ring on a flat background, with the noise of counting."""
    y, x = np.mgrid[:118, :124]
    ring = 80.0 * np.exp(-0.5 * ((np.hypot(x - X, y - Y) - RADIUS) / 2.0) ** 2)
    return np.random.default_rng(1).poisson(20.0 + ring).astype(float)


@pytest.mark.parametrize(
    "kind", [list, "u1", "u8", ">u2", ">f4", "f2", "longdouble", np.asfortranarray, "strided"]
)
def test_every_kind_of_numbers_gives_the_same_ring(image: FloatArray, kind: Any) -> None:
    data: Any
    if kind is list:
        data = image.astype(int).tolist()
    elif kind == "strided":
        data = np.repeat(np.repeat(image, 2, axis=0), 3, axis=1)[::2, ::3]
    else:
        data = kind(image) if callable(kind) else image.astype(kind)
    found, refined = find_ring(data), refine_ring(data, (X + 1.0, Y, RADIUS))
    for ring in (found, refined):
        assert ring.center_x_px == pytest.approx(X, abs=0.15)
        assert ring.center_y_px == pytest.approx(Y, abs=0.15)
        assert ring.radius_px == pytest.approx(RADIUS, abs=0.15)
    assert refine_points(data, CLICKS).refined.all()


@pytest.mark.parametrize(
    "data",
    [
        None,
        "an image",
        5.0,
        [],
        [[1, 2], [3]],
        np.ones(7),
        np.ones((3, 50, 50)),
        np.ones((50, 50), dtype=complex),
        np.full((50, 50), "x"),
        np.zeros((50, 50), dtype="M8[s]"),
        np.zeros((50, 50), dtype=[("a", "f4")]),
        np.empty((50, 50), dtype=object),
    ],
)
def test_what_is_no_image_is_refused(data: Any) -> None:
    for attempt in (
        lambda: find_ring(data),
        lambda: refine_ring(data, (25.0, 25.0, 10.0)),
        lambda: refine_points(data, CLICKS),
    ):
        with pytest.raises(InputError, match="table of real numbers"):
            attempt()


@pytest.mark.parametrize(
    "data",
    [
        np.ones((1, 300)),
        np.ones((3, 1)),
        np.full((40, 40), 7.0),
        np.full((40, 40), np.nan),
        np.full((40, 40), 1e300),
        np.full((40, 40), -1),
        np.full((40, 40), 1e-300),
        np.ma.masked_all((40, 40)),
    ],
)
def test_an_image_without_anything_has_no_ring(data: Any) -> None:
    with pytest.raises(NoAnswerError):
        find_ring(data)
    with pytest.raises(NoAnswerError):
        refine_ring(data, (20.0, 20.0, 10.0))
    assert not refine_points(data, [(10.0, 20.0), (20.0, 10.0), (30.0, 20.0)]).refined.any()


def test_the_mask_of_a_masked_array_counts(image: FloatArray) -> None:
    spoilt = image.copy()
    spoilt[:, :50] = 3000.0 + 10.0 * np.arange(118)[:, None]
    data = np.ma.masked_array(spoilt, mask=np.broadcast_to(np.arange(124) < 50, image.shape))
    for ring in (find_ring(data), refine_ring(data, (X + 1.0, Y, RADIUS))):
        assert ring.center_x_px == pytest.approx(X, abs=0.3)
        assert ring.radius_px == pytest.approx(RADIUS, abs=0.3)


@pytest.mark.parametrize("as_given", [np.ndarray.tolist, lambda mask: mask.astype(int)])
def test_a_mask_may_be_numbers_or_lists(image: FloatArray, as_given: Any) -> None:
    mask = np.zeros(image.shape, dtype=bool)
    mask[:, :50] = True
    spoilt = np.where(mask, 4000.0, image)
    given = as_given(mask)
    for ring in (find_ring(spoilt, mask=given), refine_ring(spoilt, (X, Y, RADIUS), mask=given)):
        assert ring.center_x_px == pytest.approx(X, abs=0.3)
    visible = np.array(CLICKS)[:, 0] > 50.0
    assert visible.any()
    assert not visible.all()
    np.testing.assert_array_equal(refine_points(spoilt, CLICKS, mask=given).refined, visible)


@pytest.mark.parametrize("mask", [np.zeros((3, 3)), "mask", False, np.zeros((124, 118))])
def test_a_mask_of_another_shape_is_refused(image: FloatArray, mask: Any) -> None:
    for attempt in (
        lambda: find_ring(image, mask=mask),
        lambda: refine_ring(image, (X, Y, RADIUS), mask=mask),
        lambda: refine_points(image, CLICKS, mask=mask),
    ):
        with pytest.raises(InputError, match="mask has the shape"):
            attempt()


@pytest.mark.parametrize(
    "circle",
    [
        (X, Y),
        (X, Y, 0.0),
        (X, Y, -5.0),
        (np.nan, Y, 5.0),
        (X, Y, np.inf),
        (1e9, 1e9, 1e9),
        ("a", 1, 2),
        "abc",
        5,
        SimpleNamespace(center_x_px=1.0, center_y_px=1.0),
    ],
)
def test_a_circle_that_is_none_is_refused(image: FloatArray, circle: Any) -> None:
    with pytest.raises(InputError, match="near cannot be used"):
        find_ring(image, near=circle)
    with pytest.raises(InputError, match="start circle cannot be used"):
        refine_ring(image, circle)


@pytest.mark.parametrize("circle", [(X, Y, 1e-9), (X, Y, 0.3), (0.0, 0.0, 5.0), (9e5, Y, 9e5)])
def test_near_a_circle_without_a_ring_there_is_no_answer(image: FloatArray, circle: Any) -> None:
    with pytest.raises(NoAnswerError):
        find_ring(image, near=circle)


@pytest.mark.parametrize("seed", [-1, 1.5, "a", None, np.nan, np.inf])
def test_a_seed_that_is_no_whole_number_is_refused(image: FloatArray, seed: Any) -> None:
    with pytest.raises(InputError, match="seed"):
        find_ring(image, seed=seed)
    with pytest.raises(InputError, match="seed"):
        fit_circle(CLICKS, seed=seed)


@pytest.mark.parametrize("name", ["population", "generations", "starts", "threshold", "tolerance"])
@pytest.mark.parametrize("value", [-1, np.nan, "a", None])
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: Any) -> None:
    with pytest.raises(InputError, match=name):
        fit_circle(CLICKS, **{name: value})


@pytest.mark.parametrize("name", ["population", "generations", "starts"])
def test_a_setting_that_would_fill_the_memory_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"{name} 1000000000 .* or less"):
        fit_circle(CLICKS, **{name: 10**9})  # type: ignore[arg-type]


@pytest.mark.parametrize("points", [None, "x", [(1, 2), (3,)], [1j, 2j], np.ones((9, 3)), 5])
def test_what_are_no_points_is_refused(image: FloatArray, points: Any) -> None:
    with pytest.raises(InputError):
        fit_circle(points)
    with pytest.raises(InputError):
        refine_points(image, points)


def test_a_centre_that_is_none_is_refused(image: FloatArray) -> None:
    for center in [(np.nan, 1.0), (1e300, 1e300), (1.0,), "ab", 7]:
        with pytest.raises(InputError, match="centre"):
            refine_points(image, CLICKS, center=center)  # type: ignore[arg-type]


def test_a_line_and_one_point_give_no_numpy_warning() -> None:
    line = [(float(i), 2.0 * i) for i in range(9)]
    try:
        fit = fit_circle([*line, (5.0, 0.0)])
    except CalibtoolError:
        return
    assert fit.warnings
