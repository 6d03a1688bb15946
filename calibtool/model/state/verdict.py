"""A verdict in plain words with numbers, and how much it can be trusted."""

import math
from dataclasses import dataclass
from typing import Literal

from calibtool.model.pattern import pattern_warnings
from calibtool.model.results import FitWarning
from calibtool.model.settings import Settings
from calibtool.model.state.consistency import all_warnings
from calibtool.model.state.session import Result

DOUBTFUL = frozenset(
    {
        "weak_ring",
        "not_one_ring",
        "poor_fit",
        "many_outliers",
        "short_arc",
        "elliptical",
        "ring_not_used",
        "distance_disagrees",
    }
)
"""Two of these warnings leave a result not to be trusted; one of the pattern's does."""


@dataclass(frozen=True)
class Verdict:
    """What it is worth in words, the numbers that say so, and its level."""

    words: str
    numbers: str
    level: Literal["good", "fair", "poor"]

    @property
    def text(self) -> str:
        """Both in one sentence."""
        return f"{self.words}: {self.numbers}."


def scale_with_sigma(result: Result, settings: Settings) -> tuple[float, float] | None:
    """Small-angle scale d·R in nm·px and its σ, which includes that of the d-spacing."""
    pattern = result.pattern
    if pattern is not None and pattern.scale_nm_px is not None:
        return pattern.scale_nm_px, pattern.sigma_scale_nm_px or math.nan
    d = settings.d_spacing.value
    if d is None or (pattern is not None and pattern.calibrant is None):
        return None
    fit = result.best
    scale = d * fit.radius_px
    d_sigma = settings.d_spacing.sigma or 0.0
    return scale, scale * math.hypot(d_sigma / d, fit.sigma_radius_px / fit.radius_px)


def judge(result: Result, settings: Settings) -> Verdict:
    """Say how good a result is."""
    level = _level(all_warnings(result, settings), max(result.sigma_beam))
    opening = {"good": "Good", "fair": "Usable, with care", "poor": "Do not trust this yet"}[level]
    return Verdict(opening, ", ".join(_parts(result, settings)), level)


def _parts(result: Result, settings: Settings) -> list[str]:
    """The numbers of the verdict, each a short clause."""
    fixed = result.center_source == "fixed"
    parts = ["beam fixed" if fixed else f"beam ±{_short(max(result.sigma_beam))} px"]
    pattern = result.pattern
    if pattern is not None and pattern.distance_mm and pattern.sigma_distance_mm:
        percent = 100 * pattern.sigma_distance_mm / pattern.distance_mm
        parts.append(f"distance ±{_short(percent)} %")
    else:
        scale = scale_with_sigma(result, settings)
        if scale is not None:
            parts.append(f"scale ±{_short(100 * scale[1] / scale[0])} %")
    if pattern is not None and len(pattern.rings) > 1:
        # How many is said where the calibrant is.
        return parts
    if result.ring is not None:
        parts.append(f"ring covers {100 * result.ring.coverage:.0f} % of the circle")
    elif result.circle is not None:
        parts.append(f"from {int(result.circle.inliers.sum())} points only")
    return parts


def _level(
    warnings: tuple[FitWarning, ...], sigma_px: float
) -> Literal["good", "fair", "poor"]:
    codes = {warning.code for warning in warnings}
    if not math.isfinite(sigma_px) or sigma_px > 2.0 or len(codes & DOUBTFUL) > 1:
        return "poor"
    if codes & pattern_warnings.DOUBTFUL:
        return "poor"
    if codes or sigma_px > 0.3:
        return "fair"
    return "good"


def _short(value: float) -> str:
    """Two significant digits, never in exponent form for everyday sizes."""
    if not math.isfinite(value):
        return "unknown"
    if value == 0.0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(digits, 6)}f}"
