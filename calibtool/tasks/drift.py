"""The drift over a series: what to plot and what to say about it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from calibtool import __version__
from calibtool.io.report_content import DriftContent, DriftSeries, Origin
from calibtool.model.circle import FloatArray
from calibtool.scene import Curve
from calibtool.tasks.series_row import SeriesRow

QUANTITIES = (("dx", "dx_px"), ("dy", "dy_px"), ("dR", "dradius_px"))
CHANGES = (
    ("dx (px)", "dx_px", "sigma_center_x_px"),
    ("dy (px)", "dy_px", "sigma_center_y_px"),
    ("dR (px)", "dradius_px", "sigma_radius_px"),
)
KNOWN_AT_TIMES = (
    ("distance (mm)", "distance_mm", "sigma_distance_mm"),
    ("tilt (°)", "tilt_deg", "sigma_tilt_deg"),
)
"""Label, value and σ of what is plotted: always, and where a frame has it."""
TOGETHER = "change (px)"

NAMED = 12
"""Frames without an answer that are named in the report; the table has them all."""


def drift_curves(rows: Sequence[SeriesRow]) -> tuple[Curve, ...]:
    """Curves of dx, dy, dR (px), and of distance and tilt where they are known, each with its σ.

    Against the frame's place in the series, from 1. What is in px is in one group.
    """
    curves = (
        *(_curve(rows, *names, group=TOGETHER) for names in CHANGES),
        *(_curve(rows, *names, group=names[0]) for names in KNOWN_AT_TIMES),
    )
    return tuple(curve for curve in curves if curve.x)


def _curve(
    rows: Sequence[SeriesRow], label: str, field: str, sigma: str, group: str
) -> Curve:
    known = [
        (float(n), float(getattr(row, field)), float(getattr(row, sigma) or 0.0))
        for n, row in enumerate(rows, 1)
        if row.ok and getattr(row, field) is not None
    ]
    x, y, sigmas = zip(*known, strict=True) if known else ((), (), ())
    return Curve(label.split(" (")[0], x, y, group=group, markers=True, sigma=sigmas)


def drift_content(rows: Sequence[SeriesRow], title: str, date: str) -> DriftContent:
    """What the report shows of a series.

    Parameters
    ----------
    rows : sequence of SeriesRow
        The table, in the order of the files.
    title, date : str
        Heading, and when this was made.
    """
    answered = [(n, row) for n, row in enumerate(rows, 1) if row.ok]

    def column(field: str) -> FloatArray:
        values = [getattr(row, field) for _, row in answered]
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    def series(label: str, field: str, sigma: str, *, change: bool) -> DriftSeries:
        return DriftSeries(label, column(field), column(sigma), change)

    always = [series(*names, change=True) for names in CHANGES]
    at_times = [series(*names, change=False) for names in KNOWN_AT_TIMES]
    return DriftContent(
        origin=Origin(title, (f"calibtool {__version__}, {date}",)),
        place=np.array([n for n, _ in answered], dtype=np.float64),
        series=(*always, *(each for each in at_times if np.isfinite(each.values).any())),
        failed=tuple(n for n, row in enumerate(rows, 1) if not row.ok),
        lines=_sentences(rows),
    )


def _sentences(rows: Sequence[SeriesRow]) -> tuple[str, ...]:
    good = [row for row in rows if row.ok]
    bad = [row for row in rows if not row.ok]
    lines = [f"{len(rows)} frames, {len(good)} with an answer."]
    for name, field in QUANTITIES:
        values = [getattr(row, field) for row in good]
        if values:
            lines.append(
                f"{name}: from {min(values):+.3f} to {max(values):+.3f} px, "
                f"mean {np.mean(values):+.3f} px, scatter {np.std(values):.3f} px."
            )
    if bad:
        names = ", ".join(f"{Path(row.file).name} [{row.frame}]" for row in bad[:NAMED])
        more = f" and {len(bad) - NAMED} more" if len(bad) > NAMED else ""
        lines.append(f"No answer: {names}{more}.")
    return tuple(lines)
