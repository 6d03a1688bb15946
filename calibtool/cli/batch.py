"""``calibtool batch``: measure every frame of folders or files against one calibration."""

import argparse
import math
import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from calibtool.cli.counting import Counter
from calibtool.cli.exposure_options import (
    add_correction_options,
    exposure_inputs,
    exposure_of,
)
from calibtool.cli.options import (
    add_instrument_options,
    add_raw_option,
    bound,
    calibrant_file,
    check_outputs,
    remember_raw,
    say_notes,
    split_pair,
    with_options,
)
from calibtool.cli.parser import make_folder, parser
from calibtool.cli.stopping import Stopped, stoppable
from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.numbers import parse_number
from calibtool.model.settings import Settings
from calibtool.tasks.drift import drift_content
from calibtool.tasks.executors import FRAME_LIMIT_S, cores, dask_cluster, processes
from calibtool.tasks.exposing import check_exposure, exposure_over
from calibtool.tasks.loading import settings_from
from calibtool.tasks.measure import SeriesOptions
from calibtool.tasks.opening import Opened
from calibtool.tasks.profile_files import profile_path
from calibtool.tasks.reference import Reference, reference_of_calibration
from calibtool.tasks.resuming import known_rows
from calibtool.tasks.series import process
from calibtool.tasks.series_row import SeriesRow
from calibtool.tasks.series_start import (
    Run,
    first_reference,
    here,
    series_files,
    started_reference,
    with_template,
)
from calibtool.tasks.series_table import (
    TableFile,
    TableStream,
    done_keys,
    in_order,
    read_rows,
)
from calibtool.tasks.session_file import found_again

EPILOG = """\
One row a frame: where its ring is, against the calibration (of calibtool, .poni, MuscleX,
numbers of Fit2D). Without --calibration the first image in which a ring is found is it. Rows
are in the order of the files when the run has ended; a run that was stopped is completed by
--resume with the same files and options. Exit code 1 when any frame has no answer; its row says
why.
"""

IN_CALIBRATION = {
    "calibrant": "d_spacing_nm",
    "ring": "ring",
    "d_spacing": "d_spacing_nm",
    "wavelength": "wavelength_nm",
    "energy": "wavelength_nm",
    "distance": "distance_mm",
    "detector": "detector",
    "pixel_size": "pixel_size_mm",
}
"""What a calibration that knows one thing makes needless to say."""

CLUSTER_JOBS = 256
"""Frames a cluster is given at once, twice this number, where --jobs does not say."""


def run(arguments: Sequence[str]) -> int:
    """Run ``calibtool batch``."""
    options = options_parser().parse_args(bound(arguments))
    _check(options)
    remember_raw(options, options.paths)
    files = series_files(options.paths, options.pattern, without=(options.figure or "",))
    written = [options.output, options.figure]
    inputs = [*options.paths, *files, options.calibration, calibrant_file(options)]
    inputs += exposure_inputs(options)
    _check_profiles(options, files)
    check_outputs(written, inputs=inputs, force=True)
    table: TableFile | TableStream = TableStream(files)
    if options.output:
        table = TableFile(options.output, files)
    with table.claimed(), stoppable(), _work(options) as (executor, n_jobs, look):
        reference = with_template(_reference(options, files, look), files, look)
        extra = _series_options(options)
        known: list[SeriesRow] = []
        if options.resume and os.path.exists(options.output):
            known = known_rows(options.output, files, reference, extra, look)
        table.begin(known, force=options.force or options.resume)
        done = done_keys(known, files)
        coming = process(files, reference, extra, executor, n_jobs=n_jobs, done=done)
        rows = [*known, *_written(coming, options, table, files, known)]
    if options.figure:
        from calibtool.io.report import write_drift
        from calibtool.io.report_content import printable

        names = ", ".join(os.path.basename(os.path.abspath(path)) for path in options.paths)
        title = printable(f"Series: {names}")
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        content = drift_content(in_order(rows, files), title, now)
        write_drift(options.figure, content, force=options.force or options.resume)
    return 0 if all(row.ok for row in rows) else 1


def options_parser() -> argparse.ArgumentParser:
    """Return the parser of this subcommand's arguments."""
    p = parser("batch", epilog=EPILOG)
    p.add_argument("paths", metavar="FOLDER_OR_FILES", nargs="+", help="folders and images")
    p.add_argument("--calibration", metavar="FILE", help="calibration of any program, .poni")
    p.add_argument(
        "--fixed-center", action="store_true", help="use the calibration's centre for all frames"
    )
    p.add_argument("-o", "--output", metavar="TABLE.csv", help="table (default: standard output)")
    p.add_argument("--jobs", type=int, metavar="N", help="processes (default: one a core)")
    p.add_argument(
        "--frame-timeout",
        metavar="S",
        help=f"seconds a frame may take (default {FRAME_LIMIT_S:g})",
    )
    p.add_argument("--scheduler", metavar="ADDRESS", help="Dask cluster, as tcp://host:8786")
    p.add_argument("--figure", metavar="FILE", help="page with the drift, .png or .pdf")
    p.add_argument("--pattern", metavar="GLOB", default="*", help="only names like 'run7_*.tif'")
    p.add_argument("--drift-limit", type=float, metavar="PX", help="warn of a drift beyond this")
    p.add_argument("--profiles", metavar="FOLDER", help="write a radial profile of each frame")
    p.add_argument(
        "--all-rings", action="store_true", help="distance and tilt from all rings; takes longer"
    )
    p.add_argument("--resume", action="store_true", help="leave out frames that have a row")
    p.add_argument("--force", action="store_true", help="overwrite files that exist")
    add_raw_option(p)
    add_correction_options(p)
    add_instrument_options(p)
    return p


def _check_numbers(options: argparse.Namespace) -> None:
    if options.frame_timeout is not None:
        parse_number(options.frame_timeout, "--frame-timeout", positive=True)
    jobs, limit = options.jobs, options.drift_limit
    if jobs is not None and jobs < 1:
        raise InputError(f"--jobs: {jobs} is not possible; give 1 or more.")
    if limit is not None and not 0.0 <= limit < math.inf:
        raise InputError(f"--drift-limit: {limit} is not possible; give 0 px or more.")


def _check(options: argparse.Namespace) -> None:
    _check_numbers(options)
    if options.scheduler and options.frame_timeout is not None:
        raise InputError(
            "--frame-timeout is for the processes of this computer: leave it out, a Dask cluster "
            "has its own limits."
        )
    if options.resume and not options.output:
        raise InputError("--resume needs the table to go on with: name it with -o.")
    if options.resume and options.force:
        raise InputError("--resume keeps the table and --force begins it anew: give one of them.")
    exists = bool(options.output) and os.path.exists(options.output)
    if exists and not options.force and not options.resume:
        raise InputError(
            f"{options.output} exists already: complete it with --resume, overwrite it with "
            "--force, or choose another name."
        )
    if exists and options.resume:
        read_rows(options.output)  # says what is wrong with it before anything is measured
    if options.figure:
        from calibtool.io.report import check_figure_path

        check_figure_path(options.figure, force=options.force or options.resume)
    if options.profiles:
        make_folder(Path(options.profiles))


def _check_profiles(options: argparse.Namespace, files: Sequence[str]) -> None:
    """Refuse to replace the profiles of an earlier run; those of one frame, and of several."""
    if not options.profiles or options.force or options.resume:
        return
    for path in (profile_path(options.profiles, file, 0, n) for file in files for n in (1, 2)):
        if os.path.exists(path):
            raise InputError(
                f"{path} exists already and was not overwritten; choose another folder for "
                "--profiles or allow overwriting (--force)."
            )


def _reference(options: argparse.Namespace, files: Sequence[str], look: Run) -> Reference:
    if options.calibration:
        reference = _of_file(options, files, look)
    else:
        exposure = exposure_of(options)
        check_exposure(exposure)
        settings_of = partial(_settings, options, None)
        reference = first_reference(files, settings_of, look, exposure)
    circle = reference.circle
    if options.center is not None:
        x, y = (parse_number(text, "--center") for text in split_pair(options.center))
        return replace(reference, fixed=(x, y))
    if options.fixed_center and reference.fixed is None:
        return replace(reference, fixed=(circle.center_x_px, circle.center_y_px))
    return reference


def _settings(
    options: argparse.Namespace, calibration: Calibration | None, opened: Opened
) -> Settings:
    settings = opened.settings
    if calibration is not None:
        settings = settings_from(calibration, settings)
    return with_options(settings, options, opened.image.data.shape)


def _of_file(options: argparse.Namespace, files: Sequence[str], look: Run) -> Reference:
    path = options.calibration
    calibration = found_again(Calibration.load(path), path)
    say_notes(calibration.notes)
    ring = calibration.radius_px is not None
    for key, known in IN_CALIBRATION.items():
        there = ring or getattr(calibration, known) is not None
        if there and getattr(options, key) is not None:
            name = f"--{key.replace('_', '-')}"
            raise InputError(f"{name} is in the calibration already: give one of the two.")

    exposure = exposure_over(calibration.exposure, exposure_of(options))
    check_exposure(exposure, calibration.shape)
    calibration = replace(calibration, exposure=exposure)
    try:
        if calibration.radius_px is None:
            plain = replace(calibration, sources=dict(calibration.sources), options={}, masked={})
            return started_reference(files, partial(_settings, options, plain), plain, look)
        return reference_of_calibration(calibration)
    except InputError as error:
        raise InputError(f"{path} cannot be used for a series. {error}") from error


def _series_options(options: argparse.Namespace) -> SeriesOptions:
    folder = os.path.abspath(options.profiles) if options.profiles else ""
    return SeriesOptions(options.drift_limit, folder, options.all_rings)


def _written(
    coming: Generator[SeriesRow, None, None],
    options: argparse.Namespace,
    table: TableFile | TableStream,
    files: Sequence[str],
    known: Sequence[SeriesRow],
) -> list[SeriesRow]:
    """Write the rows as they come, and return them."""
    done = done_keys(known, files)
    counter = Counter(sum((file, 0) not in done for file in files))
    rows: list[SeriesRow] = []
    try:
        with closing(coming):
            for row in coming:
                table.add(row)
                rows.append(row)
                counter.count(row)
    except Stopped as stop:
        kept = f"{len(known) + len(rows)} frames are in {options.output}, --resume goes on"
        raise Stopped(stop.number, kept if options.output else "") from None
    finally:
        note = table.finish()
        counter.finish()
        say_notes([note] if note else [])
    return rows


@contextmanager
def _work(options: argparse.Namespace) -> Iterator[tuple[Executor, int, Run]]:
    """What does the work, how many frames at once, and what looks for the ring to follow."""
    if options.scheduler:
        with dask_cluster(options.scheduler) as cluster:
            yield cluster, options.jobs or CLUSTER_JOBS, here
        return
    n_jobs = options.jobs or cores()
    limit_s = FRAME_LIMIT_S
    if options.frame_timeout is not None:
        limit_s = parse_number(options.frame_timeout, "--frame-timeout")
    with processes(n_jobs, limit_s) as pool:
        yield pool, n_jobs, pool.run
