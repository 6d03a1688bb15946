"""Warnings: stable codes, and sentences with the numbers and what to do."""

import pytest

from calibtool.model import warnings as say
from calibtool.model.results import Ellipse, FitWarning

ALL: dict[str, tuple[FitWarning, str]] = {
    "too_few_points": (say.too_few_points(5), "Only 5 points"),
    "short_arc": (say.short_arc(61.6), "Only 62°"),
    "large_gap": (say.large_gap(141.0, -90.0), "141°"),
    "many_outliers": (say.many_outliers(4, 11), "4 of 11"),
    "poor_fit": (say.poor_fit(0.52, 0.1), "0.52 px"),
    "not_one_ring": (say.not_one_ring(6.02, 3.66), "only to ±3.7 px"),
    "weak_ring": (say.weak_ring(7.31), "7.3 σ"),
    "elliptical": (say.elliptical(Ellipse(101.0, 100.0, 30.0), 12.0), "1 % apart"),
    "centre_far_outside": (say.centre_far_outside(1500.4), "1500 px outside"),
    "saturated": (say.saturated(0.031), "3.1 %"),
}


@pytest.mark.parametrize("code", ALL)
def test_each_code_is_stable_and_its_sentence_has_the_numbers(code: str) -> None:
    warning, part = ALL[code]
    assert warning.code == code
    assert part in warning.message
    assert warning.message.endswith(".")


def test_an_ellipse_is_told_in_proportion() -> None:
    slight = say.elliptical(Ellipse(242.61, 242.4, 155.0), 6.0).message
    assert "0.087 % apart" in slight
    assert "slight" in slight
    assert "tilted" in say.elliptical(Ellipse(246.0, 242.0, 155.0), 60.0).message
