"""Rows that a table has already: kept only where the same run would measure them the same."""

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from calibtool.errors import InputError
from calibtool.tasks.measure import SeriesOptions, measure_file
from calibtool.tasks.reference import Reference
from calibtool.tasks.series_row import COLUMNS, NUMBERS, SeriesRow, from_texts, to_texts
from calibtool.tasks.series_start import Run, here
from calibtool.tasks.series_table import names_in, read_rows
from calibtool.tasks.worker_processes import ProcessDiedError, TookTooLongError

SAME_PX = 1e-3
SAME_DIGITS = 2.0
"""Units of the last digit in the table by which computers may differ."""

NAMES = ("file", "frame")
TRIED = 3
"""Rows measured again until one of them can be."""


def known_rows(
    path: str,
    files: Sequence[str],
    reference: Reference,
    options: SeriesOptions,
    run: Run = here,
) -> list[SeriesRow]:
    """Rows of a table that is to be completed.

    One of them is measured again: a mask, dark, flat or option that has changed since shows in
    its numbers, and the table would be a mixture.

    Parameters
    ----------
    path : str
        The table.
    files : sequence of str
        The images of the series.
    reference, options : Reference, SeriesOptions
        As for `process`.
    run : callable
        Calls a function with values, perhaps in another process.

    Raises
    ------
    InputError
        The table cannot be read, or its rows were measured in another way.
    """
    rows = read_rows(path)
    _check_calibration(path, rows, reference)
    plain = replace(options, profiles="")
    for row, file in _to_be_tried(rows, files):
        with suppress(ProcessDiedError, TookTooLongError):
            again = run(measure_file, file, row.frame, reference, plain).row
            column = _differs(row, again)
            if column:
                raise _otherwise(path, row, again, column)
            break
    return rows


def has_all_rings(path: str) -> bool:
    """Whether the rows of a table tell the tilt, which takes all rings.

    Raises
    ------
    InputError
        The table cannot be read.
    """
    return any(row.tilt_deg is not None for row in read_rows(path))


def _to_be_tried(
    rows: Sequence[SeriesRow], files: Sequence[str]
) -> Iterator[tuple[SeriesRow, str]]:
    """Rows with their file as it is spelled now, answered ones first."""
    names, wanted = names_in(rows, files), frozenset(files)
    there = [(row, names.get(row.file, row.file)) for row in rows]
    there = [(row, file) for row, file in there if file in wanted]
    there.sort(key=lambda pair: not pair[0].ok)
    yield from there[:TRIED]


def _differs(old: SeriesRow, new: SeriesRow) -> str:
    """Name of a column that is not the same, the numbers first; empty where all are."""
    written = from_texts(to_texts(new))
    if old.status != written.status:
        return "status"
    if not old.ok:
        return ""
    for name, digits in NUMBERS.items():
        if not _same(getattr(old, name), getattr(written, name), SAME_DIGITS * 10.0**-digits):
            return name
    others = (name for name in COLUMNS if name not in (*NUMBERS, *NAMES))
    return next((n for n in others if getattr(old, n) != getattr(written, n)), "")


def _same(one: float | None, other: float | None, most: float) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=0.0, abs_tol=most)


def _otherwise(path: str, old: SeriesRow, new: SeriesRow, column: str) -> InputError:
    start = (
        f"{path} was measured otherwise than now: {column} of {os.path.basename(old.file)} is "
        f"{_said(old, column)} in it and would be {_said(new, column)}"
    )
    return InputError(
        f"{start}; resume with the same images, calibration, masks, corrections and options, or "
        "begin anew with --force.",
        in_window=f"{start}; begin anew, or set the masks, corrections and options it was made "
        "with.",
    )


def _said(row: SeriesRow, column: str) -> str:
    value: Any = dict(zip(COLUMNS, to_texts(row), strict=True))[column]
    return str(value) or "empty"


def _check_calibration(path: str, rows: Sequence[SeriesRow], reference: Reference) -> None:
    """Raise InputError where the rows were measured against another calibration."""
    circle = reference.circle
    for row in rows:
        if row.center_x_px is None or row.dx_px is None or row.radius_px is None:
            continue
        off_x = row.center_x_px - row.dx_px - circle.center_x_px
        off_r = row.radius_px - (row.dradius_px or 0.0) - circle.radius_px
        fixed = (row.center_source == "fixed") == (reference.fixed is not None)
        if max(abs(off_x), abs(off_r)) > SAME_PX or not fixed:
            start = f"{path} was made with another calibration or centre setting"
            raise InputError(
                f"{start}: resume with the same ones, or begin anew with --force.",
                in_window=f"{start}: begin anew, or set what it was made with.",
            )
        return
