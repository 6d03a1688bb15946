"""The course of the optimisation as CSV: every iteration with its parameter values."""

import csv
import io
import math
import os
from collections.abc import Iterable
from numbers import Integral
from typing import Any

from calibtool.io.atomic import write_file
from calibtool.model.results import HistoryRow


def history_text(history: Iterable[HistoryRow]) -> str:
    """CSV with a header and one row for each iteration of each start and stage."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HistoryRow._fields)
    for row in history:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: Any) -> str:
    """Digits enough to come back to the last bit; empty where a value is not known."""
    if isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return str(int(value))
    return repr(float(value)) if math.isfinite(value) else ""


def write_history(
    path: str | os.PathLike[str], history: Iterable[HistoryRow], *, force: bool = False
) -> None:
    """Write the history of a fit; errors as for writing."""
    write_file(path, history_text(history), force=force)
