"""Digits follow from the uncertainty."""

import math

import pytest

from calibtool.presenter.texts import plain, with_sigma


@pytest.mark.parametrize(
    ("value", "sigma", "texts"),
    [
        (570.6171, 0.0352, ("570.617", "0.035")),
        (570.6171, 0.352, ("570.62", "0.35")),
        (570.6171, 35.2, ("571", "35")),
        (-0.5, 0.0999, ("-0.500", "0.100")),
        (570.6171, math.nan, ("570.617", "")),
        (570.6171, None, ("570.617", "")),
    ],
)
def test_value_with_sigma(value: float, sigma: float | None, texts: tuple[str, str]) -> None:
    assert with_sigma(value, sigma) == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (math.nan, ""), (0.172, "0.172"), (1350.5, "1350.5"), (1e7, "10000000"),
     (0.00001234, "0.00001234"), (5.838, "5.838")],
)  # fmt: skip
def test_plain(value: float | None, text: str) -> None:
    assert plain(value) == text
