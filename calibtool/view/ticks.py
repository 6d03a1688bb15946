"""Round numbers for the axes of a plot, and the texts to write beside them."""

import math
from itertools import pairwise


def linear_ticks(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten from ``low`` to ``high``.

    There are ``most`` at most, but two at least, without which an axis has no scale.
    """
    most = max(most, 2)
    step = _step((high - low) / most)
    ticks: list[float] = []
    while True:
        finer, ticks = ticks, _multiples(step, low, high)
        if len(ticks) < 2 and finer:
            return [finer[0], finer[-1]]
        if len(ticks) < 2:
            step, ticks = _step(step / 3), []
        elif len(ticks) <= most:
            return ticks
        else:
            step = _step(step * 1.5)


def _multiples(step: float, low: float, high: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Powers of ten from ``low`` to ``high`` (both positive), thinned to about ``most``.

    Where there are fewer than two, 2 and 5 times a power of ten are there too; within less than
    that they are linear ticks.
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first < 1:
        between = [factor * 10.0**power for power in (first - 1, first) for factor in (1, 2, 5)]
        inside = [tick for tick in between if low <= tick <= high]
        if len(inside) > 1:
            return inside if len(inside) <= most else [inside[0], inside[-1]]
        return [tick for tick in linear_ticks(low, high, most) if tick > 0]
    stride = max(1, math.ceil((last - first + 1) / max(most, 1)))
    return [10.0**power for power in range(first, last + 1, stride)]


def tick_texts(ticks: list[float]) -> list[str]:
    """Texts that tell neighbouring ticks apart, with the same number of decimals."""
    if not ticks:
        return []
    largest = max(abs(tick) for tick in ticks)
    nonzero = [abs(tick) for tick in ticks if tick]
    smallest = min(nonzero, default=0.0)
    if largest >= 1e6 or (nonzero and smallest / largest < 1e-3) or (0 < largest < 1e-4):
        return [_power_text(tick) for tick in ticks]
    step = min((b - a for a, b in pairwise(ticks)), default=largest or 1.0)
    decimals = max(0, -math.floor(math.log10(abs(step)) + 1e-9)) if step else 0
    # 0.45 and 0.55 are a tenth apart, and need two decimals.
    if any(abs(round(tick, decimals) - tick) > 0.01 * step for tick in ticks):
        decimals += 1
    return [f"{tick:.{decimals}f}".replace("-", "−") for tick in ticks]


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """Limits a little wider than the data; never of zero width."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return -1.0, 1.0
    margin = (high - low) * share
    if margin <= abs(high) * 1e-9:
        margin = abs(high) * 0.05 or 1.0
    return low - margin, high + margin


def _step(rough: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0):
        if factor * power >= rough * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def _power_text(value: float) -> str:
    return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e−").replace("e+", "e").replace(
        "e-", "e−"
    )
