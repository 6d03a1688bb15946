"""How a ring's height goes round: preferred orientation, grains, few single spots."""

import numpy as np

from tests.patterns.geometry import FloatArray

STEPS = 7200


def orientation(rng: np.random.Generator, lines: int, strength: float = 0.4) -> FloatArray:
    """Smooth texture (lines, STEPS) with two and four maxima, another one on each ring."""
    turn = 2 * np.pi * np.arange(STEPS) / STEPS
    table = np.ones((lines, STEPS))
    for row in table:
        for order, share in ((2, 1.0), (4, 0.5), (1, 0.3)):
            row += (
                strength
                * share
                * rng.uniform(0.3, 1.0)
                * np.cos(order * turn + rng.uniform(0, 2 * np.pi))
            )
    return np.maximum(table, 0.05)


def grains(
    rng: np.random.Generator, lines: int, number: int = 1500, share: float = 0.7
) -> FloatArray:
    """Many grains of exponential strength on each ring; ``share`` of the ring is in them."""
    table = np.empty((lines, STEPS))
    for row in table:
        spots = np.zeros(STEPS)
        np.add.at(spots, rng.integers(0, STEPS, number), rng.exponential(1.0, number))
        spots = _blurred(spots, 12.0)
        row[:] = 1 - share + share * spots / spots.mean()
    return table


def spots(rng: np.random.Generator, lines: int, number: int = 14, size: float = 4.0) -> FloatArray:
    """Few single spots on each ring and nothing between; the strongest about 1."""
    table = np.empty((lines, STEPS))
    for row in table:
        one = np.zeros(STEPS)
        places = rng.choice(STEPS, number, replace=False)
        one[places] = rng.exponential(0.4, number) + 0.02
        row[:] = _blurred(one, size) * size * np.sqrt(2 * np.pi)
    return table


def scatter(rng: np.random.Generator, lines: int, sigma: float, size: float = 12.0) -> FloatArray:
    """Places of grains off the ring, in widths: correlated over a grain's size in steps."""
    table = np.array([_blurred(rng.normal(0, 1, STEPS), size) for _ in range(lines)])
    return sigma * table / table.std()


def _blurred(row: FloatArray, sigma: float) -> FloatArray:
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(row, sigma, mode="wrap"))
