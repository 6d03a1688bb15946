"""The annotated image of a report."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibtool.io.report_content import ReportContent
from calibtool.model.circle import BoolArray, FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LARGEST_SIDE_PX = 1200
LOW_PERCENT, HIGH_PERCENT = 1.0, 99.8
FIT, ORDER, OUTLIER, INLIER = "#d55e00", "#56b4e9", "#cc0066", "#009e73"


def draw_image(
    figure: "Figure", area: tuple[float, float, float, float], report: ReportContent
) -> None:
    """Draw the image, dark where it is intense, with circle, centre, points and other rings."""
    axes = figure.add_axes(area)
    axes.set_anchor("N")
    height, width = report.data.shape
    axes.imshow(
        stretched(report.data, report.mask),
        cmap="gray_r",
        vmin=0.0,
        vmax=1.0,
        extent=(-0.5, width - 0.5, height - 0.5, -0.5),
        interpolation="antialiased",
    )
    axes.set_facecolor("#e8eef6")  # shows through masked pixels
    _circles(axes, report)
    _points(axes, report)
    axes.set_xlim(-0.5, width - 0.5)
    axes.set_ylim(height - 0.5, -0.5)
    axes.set_xlabel("x (px)")
    axes.set_ylabel("y (px)")


def stretched(data: NDArray[Any], mask: BoolArray) -> FloatArray:
    """Intensities on an asinh scale from 0 to 1, reduced to what a page can show.

    Parameters
    ----------
    data, mask : ndarray, shape (H, W)
        Intensities, and True where a pixel is ignored.

    Returns
    -------
    ndarray
        Means of square blocks of valid pixels; NaN where there is none.
    """
    mean = _reduced(data, mask)
    valid = mean[np.isfinite(mean)]
    if not valid.size:
        return mean
    low, middle, high = np.percentile(valid, (LOW_PERCENT, 50.0, HIGH_PERCENT))
    soft = max(float(middle - low), 0.02 * float(high - low), 1e-12)
    top = np.arcsinh((high - low) / soft) or 1.0
    return np.asarray(np.arcsinh((mean - low) / soft) / top)


def _reduced(data: NDArray[Any], mask: BoolArray) -> FloatArray:
    block = max(1, -(-max(data.shape) // LARGEST_SIDE_PX))
    values = np.where(mask, 0.0, data).astype(np.float64)
    if block == 1:
        values[mask] = np.nan
        return values
    rows = np.arange(0, data.shape[0], block)
    columns = np.arange(0, data.shape[1], block)

    def sums(array: NDArray[Any]) -> FloatArray:
        return np.add.reduceat(np.add.reduceat(array, rows, axis=0), columns, axis=1)

    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums(values) / sums((~mask).astype(np.float64)))


def _circles(axes: "Axes", report: ReportContent) -> None:
    from matplotlib.patches import Circle

    for mark in report.orders:
        center = (mark.x, mark.y)
        axes.add_patch(Circle(center, mark.radius, fill=False, color=ORDER, lw=0.6, ls=(0, (4, 3))))
    circle = report.circle
    x, y = circle.center_x_px, circle.center_y_px
    axes.add_patch(Circle((x, y), circle.radius_px, fill=False, color=FIT, lw=1.0))
    axes.plot([x], [y], "+", color=FIT, ms=9, mew=1.2)


def _points(axes: "Axes", report: ReportContent) -> None:
    for role, marker, colour in (("inlier", "o", INLIER), ("outlier", "x", OUTLIER)):
        chosen = [p for p in report.points if (p.role == "outlier") == (role == "outlier")]
        axes.plot(
            [p.x for p in chosen],
            [p.y for p in chosen],
            marker,
            color=colour,
            mfc="none",
            ms=5,
            mew=1.2,
        )
    height, width = report.data.shape
    for p in report.points:
        if -0.5 <= p.x < width and -0.5 <= p.y < height:
            place = (p.x, p.y)
            axes.annotate(str(p.number), place, (4, 4), textcoords="offset points", size=6)
