"""Waves in the residuals are spoken of only where they matter."""

import numpy as np

from calibtool.model.points.harmonics import harmonics


def test_points_exactly_on_a_circle_say_nothing() -> None:
    azimuth = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    assert harmonics(1e-7 * np.cos(2.0 * azimuth), azimuth).sentences == ()


def test_a_wave_that_matters_is_said() -> None:
    azimuth = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    (sentence,) = harmonics(0.5 * np.cos(2.0 * azimuth), azimuth).sentences
    assert "tilted" in sentence


def test_a_point_far_off_is_said_in_whole_pixels() -> None:
    azimuth = np.linspace(0.0, 2.0 * np.pi, 8, endpoint=False)
    residuals = np.array([0.1, -0.1, 0.2, 181.7, 0.0, -0.2, 0.1, 0.0])
    said = " ".join(harmonics(residuals, azimuth).sentences)
    assert "Point 4 lies 182 px outside the circle" in said
