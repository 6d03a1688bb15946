"""``calibtool fit``: find and fit the ring of one image, print and write the numbers."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace

from calibtool.cli.exposure_options import NAMES as EXPOSURE_KEYS
from calibtool.cli.exposure_options import (
    add_correction_options,
    add_frames_options,
    exposure_inputs,
    exposure_of,
    images_of,
)
from calibtool.cli.options import (
    FIT_KEYS,
    KEYS,
    add_fit_options,
    add_instrument_options,
    add_raw_option,
    bound,
    calibrant_file,
    check_outputs,
    remember_raw,
    say_notes,
    with_options,
)
from calibtool.cli.parser import parser
from calibtool.cli.stopping import stoppable
from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.numbers import parse_integer
from calibtool.model.circle import FloatArray
from calibtool.model.settings import Settings
from calibtool.model.state.session import Point, Session
from calibtool.tasks.calibrate import find, fit_points
from calibtool.tasks.exposing import exposure_over
from calibtool.tasks.opening import Opened, open_image
from calibtool.tasks.recognised import with_pattern
from calibtool.tasks.record import record

OUTPUTS = ("poni", "musclex", "history", "figure", "output")
"""In the order of writing: those first that may need what is not known, before any is there."""

EPILOG = """\
Positions are index pixels: an integer is the centre of a pixel, (x, y) = (column, row).
Several images, or the frames A:B of one, are combined into one exposure before anything is
measured; dark, flat and masks are those of the detector, and are kept in the saved calibration.
With --points the circle goes through the points (CSV with x_px,y_px, or .npt; of several rings
in it --ring chooses), and then along the whole ring of the image; without, the ring is found.
A calibration saved with -o, or a session, is enough to do its fit again with --session. Beam,
distance and tilt come from all rings that are seen; --poni has all of them. --calibrant auto, the
default, recognises the calibrant by its rings.
"""


def run(arguments: Sequence[str]) -> int:
    """Run ``calibtool fit``."""
    options = options_parser().parse_args(bound(arguments))
    images = images_of(options.image)
    inputs = [options.points, options.session, options.calibration, calibrant_file(options)]
    inputs += exposure_inputs(options)
    check_outputs(
        [getattr(options, kind) for kind in OUTPUTS],
        inputs=[*images, *inputs],
        force=options.force,
    )
    if options.figure:
        from calibtool.io.report import check_figure_path

        check_figure_path(options.figure, force=options.force)
    if not options.points and not options.session:
        _refuse_options_of_points(options)
    opened, session = _from_session(options) if options.session else _from_image(options, images)
    with stoppable():
        _write(session, options)
    _print(session, opened, options)
    return 0


def options_parser() -> argparse.ArgumentParser:
    """Return the parser of this subcommand's arguments."""
    p = parser("fit", EPILOG)
    p.add_argument(
        "image",
        metavar="IMAGE",
        nargs="*",
        help="image file, or file.h5::/dataset; several, or a folder, are one exposure",
    )
    p.add_argument("--frame", type=int, metavar="N", help="frame, from 0")
    add_raw_option(p)
    p.add_argument("--points", metavar="FILE", help="points on the ring, CSV or .npt")
    p.add_argument("--session", metavar="FILE", help="do the fit of a saved session again")
    add_frames_options(p)
    add_correction_options(p)
    add_instrument_options(p)
    add_fit_options(p)
    p.add_argument(
        "--calibration", metavar="FILE", help="look where an earlier calibration has the ring"
    )
    p.add_argument(
        "--keep", metavar="tilt,distance,beam", help="what the calibration says that is not fitted"
    )
    p.add_argument("--no-tilt", action="store_true", help="hold the detector's tilt at zero")
    p.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    p.add_argument("-o", "--output", metavar="FILE.json", help="save the calibration")
    p.add_argument("--history", metavar="FILE.csv", help="save the optimisation history")
    p.add_argument("--figure", metavar="FILE", help="save a report, .png or .pdf")
    p.add_argument("--poni", metavar="FILE", help="save for pyFAI and Dioptas")
    p.add_argument("--musclex", metavar="FILE", help="save calibration.info for MuscleX")
    p.add_argument("--force", action="store_true", help="overwrite files that exist")
    return p


def _refuse_options_of_points(options: argparse.Namespace) -> None:
    """Nothing that is asked for may be passed over in silence."""
    if options.history:
        raise InputError("--history is the history of a fit of points: give them with --points.")
    for key in FIT_KEYS:
        if getattr(options, key) is not None:
            raise InputError(f"--{key} is a setting of the fit of points: give them with --points.")


def _from_image(
    options: argparse.Namespace, images: Sequence[str]
) -> tuple[Opened, Session]:
    if not images:
        raise InputError("Which image? Give one, or a saved session with --session.")
    start = _calibration(options)
    remember_raw(options, images)
    exposure = exposure_of(options, images)
    if exposure.several and options.frame is not None:
        raise InputError("--frame is one frame, and several are to be combined: leave out one.")
    if start is not None:
        exposure = exposure_over(start.exposure, exposure)
    opened = open_image(images[0], options.frame or 0, Settings(exposure=exposure))
    settings = opened.settings
    if start is not None:
        from calibtool.tasks.loading import settings_from

        settings = settings_from(start, settings)
    settings = with_options(settings, options, opened.image.data.shape)
    settings = replace(settings, tilt=not options.no_tilt, held=_held(options))
    session = Session(image=opened.image, settings=settings)
    return opened, with_pattern(_answered(session, options, start))


def _held(options: argparse.Namespace) -> frozenset[str]:
    """Parts of the calibration that are trusted."""
    names = frozenset(name.strip() for name in (options.keep or "").split(",") if name.strip())
    unknown = sorted(names - {"tilt", "distance", "beam"})
    if unknown:
        raise InputError(f"--keep {unknown[0]}: there are tilt, distance and beam; choose of them.")
    if names and not options.calibration:
        raise InputError("--keep holds what a calibration says: give it with --calibration.")
    return names


def _calibration(options: argparse.Namespace) -> Calibration | None:
    if not options.calibration:
        return None
    if options.points:
        raise InputError("--points say where the ring is, and --calibration too: give one of them.")
    from calibtool.tasks.session_file import found_again

    calibration = found_again(Calibration.load(options.calibration), options.calibration)
    say_notes(calibration.notes)
    return calibration


def _from_session(options: argparse.Namespace) -> tuple[Opened, Session]:
    from calibtool.tasks.session_file import (
        changed,
        found_again,
        replayed,
        restore,
        restored_session,
    )

    names = (
        "image", "frame", "points", "calibration", "center", "seed",
        *KEYS, *FIT_KEYS, *EXPOSURE_KEYS,
    )  # fmt: skip
    given = [key for key in names if getattr(options, key) not in (None, [])]
    if given:
        name = given[0].replace("_", "-")
        raise InputError(f"The session already says what '{name}' is: leave out one of the two.")
    calibration = found_again(Calibration.load(options.session), options.session)
    say_notes(calibration.notes)
    opened = restore(calibration)
    say_notes(changed(calibration))
    return opened, replayed(restored_session(calibration, opened))


def _answered(
    session: Session, options: argparse.Namespace, start: Calibration | None
) -> Session:
    if session.image is None:
        raise ValueError("a session to be fitted has an image")
    if start is not None:
        from calibtool.tasks.starting import find_from

        try:
            result, notes = find_from(session.image, session.settings, start)
        except InputError as error:
            raise InputError(f"{options.calibration} cannot be used here. {error}") from error
        say_notes(notes)
        return replace(session, result=result)
    if not options.points:
        return replace(session, result=find(session.image, session.settings))
    points = tuple(Point(x, y, x, y) for x, y in _points(options).tolist())
    result = fit_points(session.image, points, session.settings)
    return replace(session, points=points, result=result)


def _points(options: argparse.Namespace) -> FloatArray:
    from calibtool.io.points_file import read_points

    ring = None if options.ring is None else parse_integer(options.ring, "Ring", minimum=1)
    return read_points(options.points, ring)


def _write(session: Session, options: argparse.Namespace) -> None:
    from calibtool.tasks.export import write_as

    for kind in OUTPUTS:
        path = getattr(options, kind)
        if path:
            write_as(kind, session, path, force=options.force)


def _print(session: Session, opened: Opened, options: argparse.Namespace) -> None:
    calibration = record(session)
    if options.json:
        json.dump(calibration.to_json_dict(), sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    from calibtool.presenter.exposures import masked_rows
    from calibtool.presenter.results import rows

    counts = [] if session.image is None else masked_rows(session.image)
    for row in (*rows(session), *counts):
        source = f"   ({row.source})" if row.source else ""
        print(f"{row.name:<20} {row.text}{source}")
    print(calibration.verdict)
    for warning in calibration.warnings:
        print(f"! {warning.message}")
    for remark in _remarks(session, opened, options):
        print(f"! {remark}")


def _remarks(session: Session, opened: Opened, options: argparse.Namespace) -> list[str]:
    """What was remarked on opening and no option has settled, and a detector that was refused."""
    settings, asked = session.settings, opened.detector.message
    settled = settings.pixel_size.value is not None
    remarks = [remark for remark in opened.remarks if remark != asked or not settled]
    if options.detector and not settings.detector and not settled:
        refused = settings.detector_source.removeprefix("default detector: ")
        remarks = [remark for remark in remarks if remark != asked] + [refused]
    return remarks
