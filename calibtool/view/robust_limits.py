"""Limits of an axis that a few values far off do not widen."""

import math
from collections.abc import Iterable
from statistics import median

from calibtool.view.ticks import padded

REACH = 6.0
"""Values farther from zero than so many times their scale are left out of the range."""
LEAST_PX = 0.05
"""A range smaller than this would show rounding."""


def robust_limits(values: Iterable[float]) -> tuple[float, float] | None:
    """Limits around zero and all values but gross outliers; None where there are no values.

    The scale is 1.4826 times the median distance from zero, that of a normal distribution's σ.
    """
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return None
    reach = max(REACH * 1.4826 * median(abs(value) for value in known), LEAST_PX)
    near = [value for value in known if abs(value) <= reach]
    return padded(min([*near, -LEAST_PX]), max([*near, LEAST_PX]))
