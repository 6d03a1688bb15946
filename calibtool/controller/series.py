"""A series in the window: the folder processed, or followed as it grows."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from calibtool.controller.desk import Desk
from calibtool.controller.jobs import LongWork
from calibtool.errors import InputError, JobCancelledError
from calibtool.io.address import is_address
from calibtool.presenter import State
from calibtool.presenter.texts import plain
from calibtool.scene import Table
from calibtool.tasks.drift import drift_curves
from calibtool.tasks.executors import cores, processes
from calibtool.tasks.follow import Arrival, follow
from calibtool.tasks.found import Watch
from calibtool.tasks.measure import SeriesOptions
from calibtool.tasks.reference import Reference, reference_of_result
from calibtool.tasks.resuming import has_all_rings, known_rows
from calibtool.tasks.series import process
from calibtool.tasks.series_row import SeriesRow
from calibtool.tasks.series_start import series_files, with_template
from calibtool.tasks.series_table import (
    TableFile,
    done_keys,
    in_order,
)
from calibtool.tasks.watch_address import watch_address
from calibtool.tasks.watch_folder import watch_folder
from calibtool.worker import Monitor

LANE = "series"
SHOW_S = 0.3
"""How often the table in the window grows."""

NUMBERS = (
    ("x (px)", "center_x_px"), ("y (px)", "center_y_px"), ("R (px)", "radius_px"),
    ("dx (px)", "dx_px"), ("dy (px)", "dy_px"), ("dR (px)", "dradius_px"),
)  # fmt: skip
AT_TIMES = (
    ("distance (mm)", "distance_mm"), ("± (mm)", "sigma_distance_mm"),
    ("tilt (°)", "tilt_deg"), ("± (°)", "sigma_tilt_deg"),
)  # fmt: skip
"""Columns of numbers: those that are always there, and those shown where a frame has them."""


def propose(c: Desk, path: str) -> None:
    """Say what would be measured, with what and into which table, and let the user begin."""
    image = c.session.image
    if image is None:
        return
    reference = _reference(c)
    folder = os.path.dirname(os.path.abspath(image.path))
    count = len(series_files([folder], c.state.pattern, without=(path,)))
    name = os.path.basename(path)
    text = f"{count} file{'s' if count != 1 else ''} of {folder} will be measured into {name}; "
    if reference.fixed is None:
        text += "the beam is fitted in each."
    else:
        text += f"the beam is fixed at {reference.fixed[0]:.2f}, {reference.fixed[1]:.2f} px."
    choices = [(f"anew:{path}", "Start")]
    if os.path.exists(path) and os.path.getsize(path):
        text += f" {name} exists already."
        choices = [(f"resume:{path}", "Complete it"), (f"anew:{path}", "Begin anew")]
    if reference.geometry is not None:
        choices.append((f"rings:{path}", "Distance and tilt too"))
    other = ("run:process_folder_as", "Another table…")
    c.update(c.state.say(text, "info", *choices, other, ("dismiss", "Cancel")))


def anew(c: Desk, path: str) -> None:
    """Begin the table, replacing what is there."""
    _start(c, path, resume=False)


def rings(c: Desk, path: str) -> None:
    """Begin the table, with distance and tilt of each image from all its rings."""
    _start(c, path, resume=False, all_rings=True)


def resume(c: Desk, path: str) -> None:
    """Complete the table, leaving out what it has."""
    _start(c, path, resume=True)


def toggle_following(c: Desk) -> None:
    """Begin or end to follow the folder of the image."""
    if c.state.following:
        c.stop()
        c.update(replace(c.state, following=False))
        return
    image = c.session.image
    if image is None:
        return
    if is_address(image.path):
        raise InputError("This image is from an address, not of a folder: open one of the folder.")
    folder, pattern = os.path.dirname(os.path.abspath(image.path)), c.state.pattern
    _follow(c, folder, lambda: watch_folder(folder, pattern))


def follow_address(c: Desk, text: str) -> None:
    """Follow the newest image of an address, instead of what is followed now."""
    watch = watch_address(text)
    _follow(c, watch.address, lambda: watch)


def _follow(c: Desk, name: str, begin: Callable[[], Watch]) -> None:
    reference, options = _reference(c), _options(c)
    c.update(replace(c.state, following=True))

    def task(monitor: Monitor) -> None:
        seen: list[SeriesRow] = []
        for arrival in follow(begin(), reference, options, cancelled=monitor.cancelled):
            seen.append(arrival.row)
            monitor.partial((tuple(seen), arrival))
        raise JobCancelledError("Following was stopped.")

    c.start(LANE, LongWork(f"Following {name}", task, _finished, step=_arrived))


def _start(c: Desk, path: str, *, resume: bool, all_rings: bool = False) -> None:
    image = c.session.image
    if image is None:
        return
    reference, options = _reference(c), replace(_options(c), all_rings=all_rings)
    folder, pattern = os.path.dirname(os.path.abspath(image.path)), c.state.pattern

    def task(monitor: Monitor) -> tuple[SeriesRow, ...]:
        files = series_files([folder], pattern, without=(path,))
        followed = with_template(reference, files)
        table = TableFile(path, files)
        with table.claimed():
            if not resume:
                return _measure(monitor, files, followed, options, table, [])
            again = replace(options, all_rings=has_all_rings(path))
            known = known_rows(path, files, followed, again)
            return _measure(monitor, files, followed, again, table, known)

    c.start(LANE, LongWork(f"Processing {folder}", task, _finished, step=_grown))


def _measure(
    monitor: Monitor,
    files: Sequence[str],
    reference: Reference,
    options: SeriesOptions,
    table: TableFile,
    known: Sequence[SeriesRow],
) -> tuple[SeriesRow, ...]:
    table.begin(known, force=True)
    rows, done, shown = list(known), done_keys(known, files), time.monotonic()
    todo = max(len(files) - len(done), 1)
    try:
        with (
            processes(cores()) as executor,
            closing(
                process(
                    files,
                    reference,
                    options,
                    executor,
                    n_jobs=cores(),
                    done=done,
                    cancelled=monitor.cancelled,
                )
            ) as coming,
        ):
            for row in coming:
                table.add(row)
                rows.append(row)
                if time.monotonic() - shown > SHOW_S:
                    shown = time.monotonic()
                    count = len(rows) - len(known)
                    monitor.progress(min(count / todo, 1.0), f"{count} of {todo} images")
                    monitor.partial(tuple(in_order(rows, files)))
    finally:
        note = table.finish()
    if note:
        monitor.progress(1.0, note)
    monitor.partial(tuple(in_order(rows, files)))
    if monitor.cancelled():
        raise JobCancelledError("The series was stopped.")
    return tuple(in_order(rows, files))


def _reference(c: Desk) -> Reference:
    session = c.session
    if session.image is None or session.result is None or not session.fresh:
        raise InputError("There is no calibration to use yet: find or fit the ring of an image.")
    return reference_of_result(session.image, session.result, session.settings)


def _options(c: Desk) -> SeriesOptions:
    return SeriesOptions(drift_limit_px=c.state.drift_limit_px)


def _grown(state: State, rows: tuple[SeriesRow, ...]) -> State:
    return replace(state, series=_table(rows), drift=drift_curves(rows))


def _arrived(state: State, value: tuple[tuple[SeriesRow, ...], Arrival]) -> State:
    """Show the newest image with the calibration in use, and the table with its row."""
    rows, arrival = value
    state = _grown(state, rows)
    row = arrival.row
    if not row.ok:
        return state.say(f"{os.path.basename(row.file)}: {row.message}", "warning")
    moved = arrival.moved
    if "drift" in row.warnings or arrival.to_be_noted:
        text = f"{os.path.basename(row.file)} has drifted by {plain(row.dx_px, 3)}, "
        text += f"{plain(row.dy_px, 3)} px from the calibration"
        text += f" ({moved.n_sigma:.0f} σ)." if moved is not None else "."
        state = state.say(text, "warning")
    if arrival.image is None or state.session.picking:
        return state
    return state.amend(replace(state.session, image=arrival.image))


def _finished(state: State, rows: Any) -> State:
    good = sum(row.ok for row in rows)
    bad = len(rows) - good
    text = f"The series is done: {good} images measured"
    text += f", {bad} without an answer (see the table)." if bad else "."
    return _grown(state, rows).say(text, "warning" if bad else "info")


def _table(rows: Sequence[SeriesRow]) -> Table:
    known = [each for each in AT_TIMES if any(getattr(row, each[1]) is not None for row in rows)]
    numbers = (*NUMBERS, *known)
    names = ("file", "frame", "status", "remark", *(name for name, _ in numbers))
    return Table(names, tuple(_cells(row, [field for _, field in numbers]) for row in rows))


def _cells(row: SeriesRow, fields: Sequence[str]) -> tuple[str, ...]:
    numbers = (getattr(row, field) for field in fields)
    # Adding zero makes a zero of what is rounded to minus zero.
    texts = tuple(
        "" if number is None else f"{round(number, 3) + 0.0:.3f}".replace("-", "−")
        for number in numbers
    )
    remark = row.message or ", ".join(row.warnings)
    return (os.path.basename(row.file), str(row.frame), row.status, remark, *texts)
