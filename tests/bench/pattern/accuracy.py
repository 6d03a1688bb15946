"""Beam, distance and tilt beside their Cramér-Rao bounds, and whether σ is what they scatter."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from calibtool import RingNotFoundError, calibrate
from tests.bench.figures import Figure
from tests.bench.pattern.extent import QUICK, spread
from tests.bench.pattern.settings import Setting, clean, spoilt
from tests.patterns.bound import bound
from tests.patterns.geometry import FloatArray

DRAWS = 24
QUANTITIES = {"beam": slice(0, 2), "distance": slice(2, 3), "tilt": slice(3, 5)}


@dataclass(frozen=True)
class Outcome:
    """Of one setting: errors / bound, errors / σ and σ / bound, each (draws, 5); refusals."""

    name: str
    ratios: FloatArray
    pulls: FloatArray
    claims: FloatArray
    refused: int
    warned: int

    def rms(self, what: str, quantity: str) -> float:
        values = getattr(self, what)[:, QUANTITIES[quantity]]
        return float(np.sqrt(np.nanmean(values**2))) if values.size else np.nan


def measure(task: tuple[str, int, int]) -> Outcome:
    """All draws of one setting: ("clean" or "spoilt", its number, draws)."""
    kind, number, draws = task
    setting = _settings(kind)[number]
    pattern, detector = setting.pattern, setting.detector
    rows: list[list[FloatArray]] = []
    refused = warned = 0
    expected = least = None
    for draw in range(draws):
        rng = np.random.default_rng([2026, number, draw])
        if setting.fresh or expected is None:
            drawn = setting.fresh(pattern, rng) if setting.fresh else pattern
            expected = drawn.expected()
            mean = detector.mean(expected)
            least = bound(drawn, mean, blind=detector.blind, shade=detector.shade).sigma()[:5]
        image = detector.read(expected, rng)
        try:
            fit = calibrate(image, **setting.given)
        except RingNotFoundError:
            refused += 1
            continue
        warned += bool(fit.warnings)
        error, sigma = errors_and_sigma(fit, setting)
        rows.append([error / least, error / sigma, sigma / least])
    table = np.array(rows) if rows else np.empty((0, 3, 5))
    return Outcome(setting.name, table[:, 0], table[:, 1], table[:, 2], refused, warned)


def _settings(kind: str) -> list[Setting]:
    return clean() if kind == "clean" else spoilt()


def errors_and_sigma(fit: Any, setting: Setting) -> tuple[FloatArray, FloatArray]:
    """Errors and stated σ (5,) of beam x, y (px), distance (mm), s_x, s_y; NaN if not told."""
    truth = setting.pattern.geometry
    known = fit.distance_mm is not None and fit.sigma_distance_mm is not None
    leaning = np.radians(np.nan if fit.sigma_tilt_deg is None else fit.sigma_tilt_deg)
    direction = np.asarray(fit.beam_direction)[:2] - truth.direction[:2]
    error = np.array(
        [
            fit.beam_x_px - truth.beam_x_px,
            fit.beam_y_px - truth.beam_y_px,
            fit.distance_mm - truth.distance_mm if known else np.nan,
            *direction,
        ]
    )
    distance = fit.sigma_distance_mm if known else np.nan
    directions = _direction_sigma(fit, leaning)
    return error, np.array([fit.sigma_beam_x_px, fit.sigma_beam_y_px, distance, *directions])


def _direction_sigma(fit: Any, otherwise: float) -> tuple[float, float]:
    """σ of s_x and s_y out of the covariance, which names its rows."""
    sigma = np.sqrt(np.diag(fit.covariance))
    rows = [k for k, name in enumerate(fit.parameters) if name in ("tilt_x", "tilt_y")]
    if len(rows) != 2:
        return otherwise, otherwise
    return float(sigma[rows[0]]), float(sigma[rows[1]])


def run(kind: str) -> list[Figure]:
    """Table of the settings, and the figures pooled over them."""
    draws = 6 if QUICK else DRAWS
    numbers = range(0, len(_settings(kind)), 2 if QUICK else 1)
    outcomes = spread(measure, [(kind, number, draws) for number in numbers])
    print(f"  {kind}: {len(outcomes)} settings × {draws} draws, error/bound (pull, σ/bound)")
    for one in outcomes:
        words = "  ".join(
            f"{name} {one.rms('ratios', name):5.2f} ({one.rms('pulls', name):4.2f},"
            f" {one.rms('claims', name):4.2f})"
            for name in QUANTITIES
        )
        print(f"    {one.name:<44} {words}  refused {one.refused}, warned {one.warned}")
    return _figures(kind, outcomes, draws)


def _figures(kind: str, outcomes: list[Outcome], draws: int) -> list[Figure]:
    least, most = (0.9, 1.1) if kind == "clean" else (0.8, 1.2)
    pooled, worst = (1.1, 1.4) if kind == "clean" else (1.5, None)
    figures = [
        Figure(f"{kind}: fits", draws * len(outcomes)),
        Figure(f"{kind}: refused", sum(one.refused for one in outcomes), limit=0),
    ]
    for name in QUANTITIES:
        each = {
            what: [one.rms(what, name) for one in outcomes]
            for what in ("ratios", "pulls", "claims")
        }
        rms = {what: float(np.sqrt(np.nanmean(np.square(v)))) for what, v in each.items()}
        median = float(np.nanmedian(each["claims"]))
        ceiling = 1.05 if kind == "clean" else None
        figures += [
            Figure(f"{kind}: {name}, error / bound, pooled", rms["ratios"], limit=pooled),
            Figure(
                f"{kind}: {name}, error / bound, worst setting", max(each["ratios"]), limit=worst
            ),
            Figure(f"{kind}: {name}, pull, at most", rms["pulls"], limit=most),
            Figure(f"{kind}: {name}, pull, at least", rms["pulls"], limit=least, at_least=True),
            Figure(f"{kind}: {name}, σ / bound, median", median, limit=ceiling),
        ]
    return figures
