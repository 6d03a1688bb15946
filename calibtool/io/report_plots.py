"""The plots of a report: residuals, radial profile, convergence, drift of a series."""

from typing import TYPE_CHECKING

import numpy as np

from calibtool.io.report_content import DriftContent, DriftSeries, ReportContent
from calibtool.io.report_image import FIT, INLIER, ORDER, OUTLIER
from calibtool.scene import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SECTORS = "#4477aa"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9")
MANY = 400


def draw_residuals(axes: "Axes", report: ReportContent) -> None:
    """Residuals of the ring's sectors and of the points against azimuth."""
    axes.axhline(0.0, color="#999999", lw=0.6)
    if report.sector_azimuth_deg.size:
        order = np.argsort(report.sector_azimuth_deg)
        axes.errorbar(
            report.sector_azimuth_deg[order],
            report.sector_residual_px[order],
            report.sector_sigma_px[order],
            fmt=".",
            ms=4,
            lw=0.7,
            color=SECTORS,
            label="sectors of the ring, ±σ",
        )
    _point_residuals(axes, report)
    _limit(axes, report)
    axes.set_xlim(-180.0, 180.0)
    axes.set_xticks(range(-180, 181, 45))
    axes.set_xlabel("azimuth (°), 0 to the right, 90 downwards")
    axes.set_ylabel("residual (px)")
    _legend_above(axes)
    axes.set_title("Residuals", loc="left")


def _limit(axes: "Axes", report: ReportContent) -> None:
    """Keep the scale to what lies near the circle; what lies outside stands at the edge."""
    near = [abs(p.residual_px) for p in report.points if p.residual_px and p.role != "outlier"]
    sectors = np.abs(report.sector_residual_px)
    if sectors.size:
        near += [float(np.percentile(sectors, 95)), 2.0 * float(np.median(report.sector_sigma_px))]
    limit = 1.4 * max(near, default=1.0) or 1.0
    axes.set_ylim(-limit, limit)
    far = list(zip(report.sector_azimuth_deg, report.sector_residual_px, strict=True))
    far += [(p.azimuth_deg, p.residual_px) for p in report.points if p.residual_px]
    for azimuth, residual in far:
        if abs(residual) > limit and azimuth is not None:
            up = residual > 0
            edge, marker = (limit, "^") if up else (-limit, "v")
            axes.plot([azimuth], [0.94 * edge], marker, color=OUTLIER, ms=4)
            axes.annotate(
                f"{residual:+.2g}",
                (azimuth, 0.94 * edge),
                (0, -9 if up else 4),
                textcoords="offset points",
                ha="center",
                size=6,
                color=OUTLIER,
            )


def _point_residuals(axes: "Axes", report: ReportContent) -> None:
    known = [p for p in report.points if p.azimuth_deg is not None and p.residual_px is not None]
    for outlier, marker, colour, label in (
        (False, "o", INLIER, "points"),
        (True, "x", OUTLIER, "points set aside"),
    ):
        chosen = [p for p in known if (p.role == "outlier") == outlier]
        if chosen:
            axes.plot(
                [p.azimuth_deg or 0.0 for p in chosen],
                [p.residual_px or 0.0 for p in chosen],
                marker,
                color=colour,
                mfc="none",
                ms=5,
                label=label,
            )


def draw_profile(axes: "Axes", report: ReportContent) -> None:
    """Mean intensity against radius, with the calibrant's rings marked."""
    axes.set_title("Radial profile", loc="left")
    axes.set_xlabel("radius (px)")
    axes.set_ylabel("mean intensity")
    radius, intensity = report.profile_radius_px, report.profile_intensity
    known = np.isfinite(intensity)
    if not known.any():
        axes.text(0.5, 0.5, "no valid pixels", ha="center", transform=axes.transAxes)
        return
    axes.plot(radius[known], intensity[known], color="#222222", lw=0.7)
    positive = intensity[known & (intensity > 0)]
    if positive.size and positive.max() > 30.0 * np.median(positive):
        axes.set_yscale("log")
    first, last = float(radius[known].min()), float(radius[known].max())
    axes.set_xlim(0.0 if first < 0.3 * last else first, last)
    for label, ring in report.rings:
        if axes.get_xlim()[0] < ring < last:
            own = abs(ring - report.circle.radius_px) < 1e-6
            axes.axvline(ring, color=FIT if own else ORDER, lw=1.0 if own else 0.7, zorder=0)
            axes.annotate(
                label,
                (ring, 1.0),
                (0, 1),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                size=6,
                color=FIT if own else "#336699",
            )


def draw_convergence(
    figure: "Figure", area: tuple[float, float, float, float], curves: tuple[Curve, ...]
) -> None:
    """Curves of the optimiser, one plot a group, below one another."""
    groups = list(dict.fromkeys(curve.group for curve in curves))
    x, y, width, height = area
    each = height / len(groups)
    for place, group in enumerate(groups):
        bottom = y + height - (place + 1) * each
        axes = figure.add_axes((x, bottom + 0.006, width, each - 0.012))
        own = [curve for curve in curves if curve.group == group]
        for curve in own:
            axes.plot(curve.x, curve.y, lw=0.8, marker="." if curve.markers else "", ms=3)
        if any(c.log for c in own) and all(v > 0 for c in own for v in c.y):
            axes.set_yscale("log")
            axes.minorticks_off()
        axes.text(0.98, 0.95, group, size=6.5, ha="right", va="top", transform=axes.transAxes)
        if place == 0:
            axes.set_title("Convergence of the starts", loc="left")
        if place == len(groups) - 1:
            axes.set_xlabel("iteration")
        else:
            axes.tick_params(labelbottom=False)


def _legend_above(axes: "Axes") -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), ncols=3, borderaxespad=0.0)


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
