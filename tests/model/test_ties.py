"""Equal values come in the order of the image, whatever the processor's sort makes of them."""

from typing import Any

import numpy as np
import pytest

from calibtool.model.circle import Circle, CircleLike, FloatArray
from calibtool.model.demo import CIRCLE, demo_image
from calibtool.model.finding import find_ring
from calibtool.model.look.noise import noise_model
from calibtool.model.points.circle_fit import fit_circle
from calibtool.model.rings.ring_refinement import refine_ring
from tests.model.rings import on_ring

RNG = np.random.default_rng(0)
SORT = np.argsort


def argsort(a: FloatArray, axis: int = -1, kind: str | None = None, **others: Any) -> FloatArray:
    """numpy's promise and no more: equal values in any order, unless a stable one is asked for."""
    if kind == "stable" or np.ndim(a) != 1:
        return SORT(a, axis=axis, kind=kind, **others)
    order = RNG.permutation(len(a))
    return order[SORT(np.asarray(a)[order], kind="stable")]


def numbers(found: CircleLike) -> list[float]:
    return [found.center_x_px, found.center_y_px, found.radius_px]


def test_no_answer_hangs_on_the_order_of_equal_values(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.random.default_rng(1).poisson(3.0, (200, 200)).astype(np.float32)
    data = demo_image()
    points = np.round(on_ring(Circle(498.37, 521.82, 231.45), 60, noise_px=2.0))

    def answers() -> list[list[float]]:
        noise = noise_model(counts, np.ones_like(counts))
        return [
            [float(value) for value in noise.variance(np.arange(8.0))],
            numbers(find_ring(data)),
            numbers(refine_ring(data, CIRCLE)),
            numbers(fit_circle(points)),
        ]

    before = answers()
    monkeypatch.setattr(np, "argsort", argsort)
    assert answers() == before
