"""Options that several subcommands share, and what they do to the settings."""

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from calibtool.errors import InputError
from calibtool.io.folder import dumps_of
from calibtool.io.images import split_dataset
from calibtool.io.numbers import parse_integer, parse_number
from calibtool.io.raw_dump import parse_layout, remember_layout
from calibtool.io.same_file import identity
from calibtool.model.settings import Settings
from calibtool.tasks.entering import enter

SAME_SIZE = 1e-3
"""Relative difference up to which two pixel sizes are the same."""

KEYS = (
    "calibrant",
    "ring",
    "d_spacing",
    "wavelength",
    "energy",
    "distance",
    "detector",
    "pixel_size",
)


def add_instrument_options(p: argparse.ArgumentParser) -> None:
    """Add the options of calibrant, instrument and fixed centre."""
    p.add_argument("--calibrant", metavar="NAME", help="calibrant, or auto (default): by its rings")
    p.add_argument("--ring", metavar="N", help="which ring of the calibrant, from 1")
    p.add_argument("--d-spacing", metavar="NM", help="d-spacing of the ring in nm")
    beam = p.add_mutually_exclusive_group()
    beam.add_argument("--wavelength", metavar="NM", help="wavelength in nm")
    beam.add_argument("--energy", metavar="KEV", help="photon energy in keV")
    p.add_argument("--distance", metavar="MM", help="sample-to-detector distance in mm")
    p.add_argument("--pixel-size", metavar="MM", help="pixel size in mm")
    p.add_argument("--detector", metavar="NAME", help="detector (see 'calibtool detectors')")
    p.add_argument("--center", metavar="X,Y", help="fixed beam in index pixels")
    p.add_argument("--seed", type=int, metavar="N", help="seed of random numbers")


def add_raw_option(p: argparse.ArgumentParser) -> None:
    """Add the option that says how the pixels lie in a file without a format."""
    p.add_argument(
        "--raw",
        metavar="WxH:TYPE[:OFFSET]",
        help="layout of a dump of pixels, as 1024x768:uint16:512; kept for files of its size",
    )


def remember_raw(options: argparse.Namespace, paths: Iterable[str]) -> None:
    """Remember the layout that is given for files, and for what looks so in folders."""
    if options.raw is None:
        return
    layout = parse_layout(options.raw)
    for path in paths:
        for file in dumps_of(path, layout) if os.path.isdir(path) else (path,):
            remember_layout(file, layout)


FIT_KEYS = ("population", "generations", "starts", "threshold")


def add_fit_options(p: argparse.ArgumentParser) -> None:
    """Add the options of the fit of points, in the words of the window."""
    p.add_argument("--population", metavar="N", help="members of each generation of the search")
    p.add_argument("--generations", metavar="N", help="most generations of one start")
    p.add_argument("--starts", metavar="N", help="independent starts; the best is kept")
    p.add_argument(
        "--threshold", metavar="X", help="points farther off than X MAD are outliers (default 3)"
    )


def with_options(
    settings: Settings, options: argparse.Namespace, shape: tuple[int, ...] | None
) -> Settings:
    """Return settings with what was given on the command line.

    Raises
    ------
    InputError
        An option cannot be used; the text names it.
    """
    for key in (*KEYS, *FIT_KEYS):
        text = getattr(options, key, None)
        if key == "pixel_size" and _is_of_detector(settings, options):
            continue
        if text is not None and not text.strip():
            raise InputError(f"--{key.replace('_', '-')}: nothing is given; write a value.")
        if text is not None:
            settings = enter(settings, key, text, shape=shape)
    _check_agreement(settings, options)
    if options.center is not None:
        x, y = split_pair(options.center)
        settings = enter(enter(settings, "center_x", x), "center_y", y)
        settings = enter(settings, "fixed_center", "1")
    return replace(settings, options=replace(settings.options, seed=options.seed or 0))


def _is_of_detector(settings: Settings, options: argparse.Namespace) -> bool:
    """Whether the pixel size that is given is no news, being that of the detector given."""
    known, text = settings.pixel_size.value, options.pixel_size
    if not (text and options.detector and settings.detector) or known is None:
        return False
    size = parse_number(text, "Pixel size", positive=True)
    if abs(size / known - 1.0) > SAME_SIZE:
        raise InputError(
            f"--pixel-size: {text} mm is not that of the detector {settings.detector} ({known:g} "
            "mm); leave out one of the two."
        )
    return True


def _check_agreement(settings: Settings, options: argparse.Namespace) -> None:
    """Refuse options of which one has silently undone the other."""
    d = options.d_spacing
    if d is not None and options.calibrant and not settings.calibrant:
        raise InputError(
            f"--d-spacing: {d} nm is no ring of {options.calibrant}; leave out one of the two."
        )
    if d is not None and options.ring and settings.ring != parse_integer(options.ring, "Ring"):
        raise InputError(
            f"--d-spacing: {d} nm is not ring {options.ring} of the calibrant; leave out one of "
            "the two."
        )


def calibrant_file(options: argparse.Namespace) -> str | None:
    """The ``.D`` file that --calibrant names, None where it names none."""
    name: str | None = options.calibrant
    return name if name and os.path.isfile(name) else None


def bound(arguments: Sequence[str]) -> list[str]:
    """Arguments with the value of --center tied to it, as -12.5,300 would pass for an option."""
    words: list[str] = []
    for word in arguments:
        if words[-1:] == ["--center"] and re.match(r"-[\d.,]", word):
            words[-1] = f"--center={word}"
        else:
            words.append(word)
    return words


def split_pair(text: str) -> tuple[str, str]:
    """Two numbers ``X,Y``, or ``X;Y`` with decimal commas, as texts."""
    parts = text.split(";") if ";" in text else text.split(",")
    if len(parts) != 2 or not all(part.strip() for part in parts):
        raise InputError(f"--center: '{text}' is not two numbers; write it as 512.3,498.7.")
    return parts[0], parts[1]


def say_notes(notes: Iterable[str]) -> None:
    """Remarks about a file that can be used all the same, on standard error."""
    for note in notes:
        print(f"calibtool: {note}", file=sys.stderr)


def check_outputs(
    outputs: Sequence[str | None], *, inputs: Sequence[str | None], force: bool
) -> None:
    """Refuse, before any work, to write where something is that must not be lost.

    Raises
    ------
    InputError
        Two outputs or an input and an output are the same file, or a file exists and
        ``force`` is not given.
    """
    taken = {identity(split_dataset(path)[0]): "is read by this run" for path in inputs if path}
    if "" in outputs:
        raise InputError("An output has no name; write the name of a file after the option.")
    for path in filter(None, outputs):
        place, known = os.path.realpath(path), identity(path)
        if not os.path.isdir(os.path.dirname(place)):
            raise InputError(f"Cannot write {path}: there is no such folder; choose another.")
        if known in taken:
            raise InputError(
                f"{path} {taken[known]} and was not written; choose another name for the output."
            )
        taken[known] = "is named for two outputs"
        if not force and os.path.isfile(place):
            raise InputError(
                f"{path} exists already and was not overwritten; choose another name or allow "
                "overwriting (--force)."
            )
