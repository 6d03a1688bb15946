"""The drift of a series: how centre and radius moved, frame by frame."""

from typing import TYPE_CHECKING

import numpy as np

from calibtool.io.report_content import DriftContent, DriftSeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9")
MANY = 400


def draw_drift(
    figure: "Figure", area: tuple[float, float, float, float], drift: DriftContent
) -> None:
    """Plots below one another, one a series, with σ; failed frames as ticks."""
    x, y, width, height = area
    each = height / max(len(drift.series), 1)
    for number, series in enumerate(drift.series):
        axes = figure.add_axes((x, y + height - (number + 1) * each + 0.006, width, each - 0.012))
        _plot(axes, drift, series, COLOURS[number])
        axes.set_ylabel(series.label)
        if number == 0:
            axes.set_title("Drift against the calibration", loc="left")
        if number < len(drift.series) - 1:
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel("frame of the series (grey: no answer)")


def _plot(axes: "Axes", drift: DriftContent, series: DriftSeries, colour: str) -> None:
    values, sigma = series.values, series.sigma
    if series.change:
        axes.axhline(0.0, color="#999999", lw=0.6)
    for place in drift.failed:
        axes.axvline(place, color="#dddddd", lw=0.6, zorder=0)
    known = np.isfinite(values)
    places = drift.place[known]
    if len(places) <= MANY:
        bars = np.where(np.isfinite(sigma[known]), sigma[known], 0.0)
        axes.errorbar(places, values[known], bars, fmt=".", ms=3, lw=0.6, color=colour)
    else:
        axes.plot(places, values[known], ".", ms=2, color=colour)
    last = max([*drift.place.tolist(), *drift.failed, 1])
    axes.set_xlim(0.0, last + 1.0)
