"""The shadow of an aperture: a circle outside which it is dark, whose edge hides rings."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calibtool.model.circle import BoolArray, Circle
from calibtool.model.finder.reduction import Level
from calibtool.model.finder.verdict import Trial

EDGE = -2.0
"""How much worse a peak than an edge explains the profile of a shadow."""

SURE = 15.0
LEAST_SPAN_DEG = 90.0
DARK = 0.5
"""Outside an aperture there is less than this share of what is inside."""

MARGIN_WIDTHS = 3.0


def aperture(level: Level, trials: Sequence[Trial]) -> Circle | None:
    """The circle to look inside of, None where no trial is the edge of an aperture.

    Parameters
    ----------
    level : Level
        The reduced image.
    trials : sequence of Trial
        Circles that have been tried.
    """
    edges = [
        trial
        for trial in trials
        if trial.peak < EDGE and trial.evidence > SURE and trial.span_deg > LEAST_SPAN_DEG
    ]
    for edge in sorted(edges, key=lambda trial: trial.width_px):
        margin = MARGIN_WIDTHS * edge.width_px + level.block_px
        if _is_dark_outside(level, edge.circle, margin):
            return replace(edge.circle, radius_px=edge.circle.radius_px - margin)
    return None


def _is_dark_outside(level: Level, circle: Circle, margin: float) -> bool:
    rows, columns = np.ogrid[: level.mean.shape[0], : level.mean.shape[1]]
    off = _distance(level, circle, rows, columns) - circle.radius_px
    counts = level.weight >= 0.3
    inside = level.mean[counts & (off < -margin) & (off > -3.0 * margin)]
    outside = level.mean[counts & (off > margin) & (off < 3.0 * margin)]
    if min(inside.size, outside.size) < 20:
        return False
    dark = float(np.percentile(level.mean[counts], 1.0))
    drop = float(np.median(inside)) - dark
    return bool(drop > 0.0 and float(np.median(outside)) - dark < DARK * drop)


def _distance(
    level: Level, circle: Circle, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    x = level.to_px(columns.astype(np.float32)) - circle.center_x_px
    y = level.to_px(rows.astype(np.float32)) - circle.center_y_px
    return np.asarray(np.hypot(x, y))


def inside_of(circle: Circle, level: Level) -> Level:
    """A level with nothing outside a circle."""
    rows, columns = np.ogrid[: level.mean.shape[0], : level.mean.shape[1]]
    seen = _distance(level, circle, rows, columns) < circle.radius_px
    return replace(level, weight=level.weight * seen.astype(np.float32))


def outside_mask(circle: Circle, shape: tuple[int, int]) -> BoolArray:
    """Pixels (H, W) outside a circle."""
    y = np.arange(shape[0])[:, None] - circle.center_y_px
    half = np.sqrt(np.maximum(circle.radius_px**2 - y**2, 0.0))
    x = np.arange(shape[1])[None, :] - circle.center_x_px
    return np.asarray((x < -half) | (x > half))
