"""Write the report of a calibration or of a series: one A4 page, PDF or PNG."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calibtool.errors import InputError
from calibtool.io.atomic import write_file
from calibtool.io.report_content import DriftContent, ReportContent
from calibtool.io.report_page import draw_drift_page, draw_report_page
from calibtool.quiet import quiet_libraries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

A4_INCH = (8.27, 11.69)
PNG_DPI = 150
FORMATS = (".pdf", ".png")
STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.0,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8.0,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "legend.fontsize": 7.0,
    "legend.frameon": False,
    "pdf.fonttype": 42,
}


def write_report(path: str | os.PathLike[str], report: ReportContent, force: bool = False) -> None:
    """Write the report of a calibration.

    Parameters
    ----------
    path : str or path-like
        File to write; its ending, ``.pdf`` or ``.png``, chooses the format.
    report : ReportContent
        What to show.
    force : bool
        Replace a file that exists.

    Raises
    ------
    InputError
        The file exists or cannot be written, the ending is not known, or matplotlib is not
        installed; says which and what to do.
    """
    _write(Path(path), lambda figure: draw_report_page(figure, report), force)


def write_drift(path: str | os.PathLike[str], drift: DriftContent, force: bool = False) -> None:
    """Write the drift of a series as a page; parameters and errors as for `write_report`."""
    _write(Path(path), lambda figure: draw_drift_page(figure, drift), force)


def check_figure_path(path: str | os.PathLike[str], force: bool = False) -> None:
    """Raise InputError where a report could not be written, before the work is done for it."""
    file = Path(path)
    if file.suffix.lower() not in FORMATS:
        raise InputError(
            f"Cannot write the report {file}: its name must end in .pdf or .png; change the name."
        )
    if file.exists() and not force:
        raise InputError(
            f"Cannot write the report {file}: the file exists; choose another name, or overwrite "
            "it with --force.",
            in_window=f"Cannot write the report {file}: the file exists; choose another name.",
        )
    _matplotlib()


def _write(file: Path, draw: Callable[["Figure"], None], force: bool) -> None:
    check_figure_path(file, force)
    write_file(file, _rendered(file.suffix.lower()[1:], draw), force=force)


def _rendered(kind: str, draw: Callable[["Figure"], None]) -> bytes:
    matplotlib = _matplotlib()
    with quiet_libraries():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    buffer = io.BytesIO()
    # A file name may have letters that the font has not; a box is shown for them.
    with quiet_libraries(), matplotlib.rc_context(STYLE):
        figure = Figure(figsize=A4_INCH)
        FigureCanvasAgg(figure)
        draw(figure)
        figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata={"Creator": "calibtool"})
    return buffer.getvalue()


def _matplotlib() -> Any:
    try:
        # Without a home that can be written it says that it uses a folder for the time being.
        with quiet_libraries():
            import matplotlib
    except ImportError as error:
        raise InputError(
            "A report needs matplotlib, which is not installed; install it with "
            "'pip install matplotlib'."
        ) from error
    return matplotlib
