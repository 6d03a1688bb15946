"""``calibtool demo``: simulated images with a known answer, in the window or as files."""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from calibtool.cli.parser import make_folder, parser
from calibtool.errors import InputError, RingNotFoundError

KINDS = {
    "agbh": "silver behenate, as it should be (default)",
    "tilted": "CeO2 on a tilted detector",
    "beside": "the beam beside the detector",
    "grains": "LaB6 of coarse grains",
    "weak": "a short exposure",
    "empty": "no ring at all",
}
IMAGE_NAME = "agbh_demo.edf"
OUTPUTS = {"output": ".json", "figure": ".png"}
"""What is written beside the image, by its ending."""

EPILOG = """\
The right answer is printed when the window closes, and with --out beside what is found. Kinds:
"""
UNITS = {"distance": "mm", "tilt": "°"}


def options_parser() -> argparse.ArgumentParser:
    """Return the parser of this subcommand's arguments."""
    kinds = "\n".join(f"* {name}: {what}" for name, what in KINDS.items())
    p = parser("demo", f"{EPILOG}\n{kinds}\n")
    p.add_argument("--kind", choices=KINDS, default="agbh", help="what there is to practise")
    p.add_argument("--out", metavar="FOLDER", help="write image, numbers and figure; no window")
    p.add_argument("--force", action="store_true", help="overwrite files that exist")
    return p


def run(arguments: Sequence[str]) -> int:
    """Run ``calibtool demo``."""
    options = options_parser().parse_args(arguments)
    if options.out == "":
        raise InputError("--out has no name; write the name of a folder after it.")
    if options.out:
        return _write_all(Path(options.out), options.kind, force=options.force)
    from calibtool.app import run as open_window

    with tempfile.TemporaryDirectory(prefix="calibtool-demo-") as folder:
        path = Path(folder) / _name(options.kind)
        # The window paints before the image is made; making it is the opening's business.
        code = open_window(before_opening=lambda: _made(path, options.kind))
    if code == 0:
        _print_truth(options.kind)
    return code


def _made(path: Path, kind: str) -> str:
    from calibtool.tasks.gallery import write_image

    return str(write_image(path, kind))


def _name(kind: str) -> str:
    return IMAGE_NAME.replace("agbh", kind)


def _write_all(folder: Path, kind: str, *, force: bool) -> int:
    from calibtool.model.settings import Settings
    from calibtool.model.state.session import Session
    from calibtool.tasks.calibrate import find
    from calibtool.tasks.export import write_as
    from calibtool.tasks.gallery import write_image
    from calibtool.tasks.opening import open_image
    from calibtool.tasks.recognised import with_pattern

    outputs = {what: folder / Path(_name(kind)).with_suffix(end) for what, end in OUTPUTS.items()}
    _prepare(folder, [folder / _name(kind), *outputs.values()], force=force)
    image = write_image(folder / _name(kind), kind, force=force)
    print(f"written: {image}")
    opened = open_image(str(image), 0, Settings())
    try:
        result = find(opened.image, opened.settings)
    except RingNotFoundError as error:
        print(f"found: {error}")
        _print_truth(kind)
        return 0
    session = with_pattern(Session(image=opened.image, settings=opened.settings, result=result))
    for what, path in outputs.items():
        if what == "figure" and find_spec("matplotlib") is None:
            print("calibtool: no figure, as matplotlib is not installed", file=sys.stderr)
            continue
        write_as(what, session, str(path), force=force)
        print(f"written: {path}")
    pattern = result.pattern
    numbers: dict[str, tuple[float | None, float | None]] = {}
    if pattern is not None:
        numbers = {
            "beam x": (pattern.beam_x_px, pattern.sigma_beam_x_px),
            "beam y": (pattern.beam_y_px, pattern.sigma_beam_y_px),
            "distance": (pattern.distance_mm, pattern.sigma_distance_mm),
            "tilt": (pattern.tilt_deg, pattern.sigma_tilt_deg),
        }
    _print_truth(kind, numbers)
    return 0


def _print_truth(
    kind: str, found: Mapping[str, tuple[float | None, float | None]] | None = None
) -> None:
    """The right answer, and what was found beside it; a number not known is a dash."""
    from calibtool.tasks.gallery import EXERCISES

    truth = EXERCISES[kind].truth
    print(f"right answer of '{kind}': {EXERCISES[kind].lesson}")
    if truth:
        print(f"{'':<12}{'true':>12}" + (f"{'found':>12}{'σ':>9}" if found else ""))
    for name, value in truth.items():
        cells = "".join(
            f"{'–':>{room}}" if number is None else f"{number:>{room}.4f}"
            for number, room in zip((found or {}).get(name, ()), (12, 9), strict=False)
        )
        print(f"{name:<12}{value:>12.4f}{cells}  {UNITS.get(name, 'px')}")


def _prepare(folder: Path, files: Sequence[Path], *, force: bool) -> None:
    """Make the folder, and refuse before any work what would overwrite a file."""
    make_folder(folder)
    there = [path for path in files if path.exists()]
    if there and not force:
        raise InputError(
            f"{there[0]} exists already and was not overwritten; choose another folder "
            "or allow overwriting (--force)."
        )
