"""The drift of a series: how centre and radius moved, frame by frame."""

from typing import TYPE_CHECKING

import numpy as np

from calibtool.io.report_content import DriftContent
from calibtool.model.circle import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072b2", "#d55e00", "#009e73")
MANY = 400


def draw_drift(
    figure: "Figure", area: tuple[float, float, float, float], drift: DriftContent
) -> None:
    """Three plots below one another: dx, dy, dR in px, with σ; failed frames as ticks."""
    x, y, width, height = area
    quantities = (
        ("dx (px)", drift.dx_px, drift.sigma_x_px),
        ("dy (px)", drift.dy_px, drift.sigma_y_px),
        ("dR (px)", drift.dradius_px, drift.sigma_radius_px),
    )
    each = height / len(quantities)
    for number, (label, values, sigma) in enumerate(quantities):
        axes = figure.add_axes((x, y + height - (number + 1) * each + 0.006, width, each - 0.012))
        _plot(axes, drift, values, sigma, COLOURS[number])
        axes.set_ylabel(label)
        if number == 0:
            axes.set_title("Drift against the calibration", loc="left")
        if number < len(quantities) - 1:
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel("frame of the series (grey: no answer)")


def _plot(
    axes: "Axes", drift: DriftContent, values: FloatArray, sigma: FloatArray, colour: str
) -> None:
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
