"""A verdict in plain words with numbers, and how much it can be trusted."""

import math
from dataclasses import dataclass
from typing import Literal

from calibtool.model.results import FitWarning, RingFit
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
    d = settings.d_spacing.value
    if d is None:
        return None
    fit = result.best
    scale = d * fit.radius_px
    d_sigma = settings.d_spacing.sigma or 0.0
    return scale, scale * math.hypot(d_sigma / d, fit.sigma_radius_px / fit.radius_px)


def judge(result: Result, settings: Settings) -> Verdict:
    """Say how good a result is."""
    fit = result.best
    sigma = max(fit.sigma_center_x_px, fit.sigma_center_y_px)
    parts = [f"centre ±{_short(sigma)} px"]
    if result.center_source == "fixed":
        parts = ["centre fixed"]
    scale = scale_with_sigma(result, settings)
    if scale is not None:
        parts.append(f"scale ±{_short(100 * scale[1] / scale[0])} %")
    if isinstance(fit, RingFit):
        parts.append(f"ring covers {100 * fit.coverage:.0f} % of the circle")
    else:
        parts.append(f"from {int(fit.inliers.sum())} points only")
    level = _level(all_warnings(result, settings), sigma)
    opening = {"good": "Good", "fair": "Usable, with care", "poor": "Do not trust this yet"}[level]
    return Verdict(opening, ", ".join(parts), level)


def _level(
    warnings: tuple[FitWarning, ...], sigma_px: float
) -> Literal["good", "fair", "poor"]:
    codes = {warning.code for warning in warnings}
    if not math.isfinite(sigma_px) or sigma_px > 2.0 or len(codes & DOUBTFUL) > 1:
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
