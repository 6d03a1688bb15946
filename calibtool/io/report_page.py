"""Where the parts of a report stand on the page."""

import textwrap
from typing import TYPE_CHECKING

from calibtool.io.report_content import DriftContent, Level, Origin, ReportContent
from calibtool.io.report_image import draw_image
from calibtool.io.report_plots import draw_convergence, draw_drift, draw_profile, draw_residuals
from calibtool.scene import ResultRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, TOP, BOTTOM = 0.09, 0.95, 0.965, 0.045
LINE = 0.0125
"""Height of a line of small print, as a share of the page."""

COLOURS: dict[Level, str] = {
    "good": "#0b6e4f",
    "fair": "#8a5a00",
    "poor": "#a3260f",
    "none": "#333333",
}
WIDTH_IN_LETTERS = 112
WIDE = 1.7
A4_WIDTH_OVER_HEIGHT = 210.0 / 297.0


def draw_report_page(figure: "Figure", report: ReportContent) -> None:
    """Draw one calibration on a page.

    From the top: heading, verdict, image beside the numbers, residuals, profile and
    convergence, drift where there is one, warnings.
    """
    y = _heading(figure, report.origin)
    y = _verdict(figure, report, y)
    floor = _warnings(figure, report.warnings)
    heights = [2.3, 1.0, 1.0] if report.drift is None else [2.9, 0.7, 0.7, 1.2]
    bands = _bands(y - 0.012, floor, heights)
    _first_band(figure, report, *bands[0])
    top, height = bands[1]
    draw_residuals(figure.add_axes((LEFT, top - height, RIGHT - LEFT, height)), report)
    _third_band(figure, report, *bands[2])
    if report.drift is not None:
        top, height = bands[3]
        draw_drift(figure, (LEFT, top - height, RIGHT - LEFT, height), report.drift)


def draw_drift_page(figure: "Figure", drift: DriftContent) -> None:
    """Draw the drift of a series on a page of its own."""
    y = _heading(figure, drift.origin)
    for line in drift.lines:
        for part in textwrap.wrap(line, WIDTH_IN_LETTERS):
            y -= LINE
            _text(figure, LEFT, y, part)
    draw_drift(figure, (LEFT, BOTTOM + 0.03, RIGHT - LEFT, y - 0.07 - BOTTOM), drift)


def _heading(figure: "Figure", origin: Origin) -> float:
    y = TOP - 0.008
    title = textwrap.shorten(origin.title, 70, placeholder=" …")
    _text(figure, LEFT, y, title, size=13, weight="bold")
    y -= 0.004
    for line in origin.lines:
        for part in textwrap.wrap(line, 125):
            y -= LINE
            _text(figure, LEFT, y, part, size=7, color="#444444")
    return y


def _verdict(figure: "Figure", report: ReportContent, y: float) -> float:
    if not report.verdict:
        return y
    y -= 0.012
    for part in textwrap.wrap(report.verdict, 92):
        y -= 0.016
        _text(figure, LEFT, y, part, size=10, weight="bold", color=COLOURS[report.level])
    return y


def _warnings(figure: "Figure", messages: tuple[str, ...]) -> float:
    """Print the warnings at the foot of the page and return where they begin."""
    lines = [
        part
        for message in messages or ("No warnings.",)
        for part in textwrap.wrap(
            message,
            WIDTH_IN_LETTERS + 10,
            initial_indent="• " if messages else "",
            subsequent_indent="   ",
        )
    ]
    y = BOTTOM - 0.015 + LINE * len(lines)
    top = y + 0.004
    for line in lines:
        y -= LINE
        _text(figure, LEFT, y, line, size=7, color="#333333")
    return top


def _first_band(figure: "Figure", report: ReportContent, top: float, height: float) -> None:
    """Image and numbers, side by side, or below one another where the image is wide."""
    rows, columns = report.data.shape
    width = RIGHT - LEFT
    if columns < WIDE * rows:
        draw_image(figure, (0.07, top - height, 0.48, height), report)
        _numbers(figure, report.rows, 0.575, top, height)
        return
    share = min(width * A4_WIDTH_OVER_HEIGHT * rows / columns, 0.5 * height)
    draw_image(figure, (LEFT, top - share, width, share), report)
    below, rest = top - share - 0.045, height - share - 0.045
    half = -(-len(report.rows) // 2)
    _numbers(figure, report.rows[:half], LEFT, below, rest)
    _numbers(figure, report.rows[half:], 0.52, below, rest)


def _numbers(
    figure: "Figure", rows: tuple[ResultRow, ...], x: float, top: float, height: float
) -> None:
    """Table of numbers: name, value with σ, and in small print where it is from."""
    n_steps = sum(2.2 if row.source else 1.2 for row in rows)
    step = min(0.0135, height / max(n_steps, 1.0))
    size = 8.0 * step / 0.0135
    y = top
    for row in rows:
        y -= step
        _text(figure, x, y, row.name, color="#444444", size=size)
        _text(figure, x + 0.125, y, row.text, size=size, weight="bold")
        if row.source:
            y -= 0.8 * step
            source = textwrap.shorten(row.source, 52, placeholder=" …")
            _text(figure, x + 0.125, y, source, size=0.8 * size, color="#777777")
        y -= 0.2 * step


def _third_band(figure: "Figure", report: ReportContent, top: float, height: float) -> None:
    width = RIGHT - LEFT
    if report.convergence:
        width = 0.52
        area = (LEFT + width + 0.08, top - height, RIGHT - LEFT - width - 0.08, height)
        draw_convergence(figure, area, report.convergence)
    draw_profile(figure.add_axes((LEFT, top - height, width, height)), report)


def _bands(top: float, bottom: float, heights: list[float]) -> list[tuple[float, float]]:
    """Split the space into bands of (top, height), with room for the axes' labels."""
    gap = 0.052
    room = top - bottom - gap * len(heights)
    out = []
    for share in heights:
        height = room * share / sum(heights)
        out.append((top, height))
        top -= height + gap
    return out


def _text(figure: "Figure", x: float, y: float, text: str, **style: object) -> None:
    # A file name may contain $, which is no formula.
    figure.text(x, y, text, parse_math=False, va="bottom", **style)  # type: ignore[arg-type]
