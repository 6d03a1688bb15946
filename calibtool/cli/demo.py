"""``calibtool demo``: a simulated AgBh image with a known answer, in the window or as files."""

import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from calibtool.cli.parser import parser
from calibtool.errors import InputError

IMAGE_NAME = "agbh_demo.edf"
OUTPUTS = {"output": "agbh_demo.json", "figure": "agbh_demo.png"}


def run(arguments: Sequence[str]) -> int:
    """Run ``calibtool demo``."""
    p = parser("demo")
    p.add_argument("--out", metavar="FOLDER", help="write image, numbers and figure; no window")
    p.add_argument("--force", action="store_true", help="overwrite files that exist")
    options = p.parse_args(arguments)
    if options.out == "":
        raise InputError("--out has no name; write the name of a folder after it.")
    if options.out:
        return _write_all(Path(options.out), force=options.force)
    from calibtool.app import run as open_window

    with tempfile.TemporaryDirectory(prefix="calibtool-demo-") as folder:
        # The window paints before the image is made; making it is the opening's business.
        return open_window(before_opening=lambda: str(write_image(Path(folder) / IMAGE_NAME)))


def write_image(path: Path, *, force: bool = False) -> Path:
    """Write the demo image with its instrument in the header, and return its path."""
    from calibtool.io.edf import write_edf
    from calibtool.model.demo import demo_header, demo_image

    write_edf(path, demo_image(), demo_header(), force=force)
    return path


def _write_all(folder: Path, *, force: bool) -> int:
    from calibtool.model.demo import CIRCLE
    from calibtool.model.settings import Settings
    from calibtool.model.state.session import Session
    from calibtool.tasks.calibrate import find
    from calibtool.tasks.export import write_as
    from calibtool.tasks.opening import open_image
    from calibtool.tasks.recognised import with_pattern

    _prepare(folder, force=force)
    image = write_image(folder / IMAGE_NAME, force=force)
    opened = open_image(str(image), 0, Settings())
    result = find(opened.image, opened.settings)
    session = with_pattern(Session(image=opened.image, settings=opened.settings, result=result))
    fit = result.best
    print(f"{'':<12}{'found':>12}{'σ':>9}{'true':>12}{'off by':>10}")
    for name, found, sigma, true in (
        ("centre x", fit.center_x_px, fit.sigma_center_x_px, CIRCLE.center_x_px),
        ("centre y", fit.center_y_px, fit.sigma_center_y_px, CIRCLE.center_y_px),
        ("radius", fit.radius_px, fit.sigma_radius_px, CIRCLE.radius_px),
    ):
        print(f"{name:<12}{found:>12.4f}{sigma:>9.4f}{true:>12.4f}{found - true:>+10.4f}  px")
    for kind, name in OUTPUTS.items():
        path = folder / name
        if kind == "figure" and find_spec("matplotlib") is None:
            print("calibtool: no figure, as matplotlib is not installed", file=sys.stderr)
            continue
        write_as(kind, session, str(path), force=force)
        print(f"written: {path}")
    print(f"written: {image}")
    return 0


def _prepare(folder: Path, *, force: bool) -> None:
    """Make the folder, and refuse before any work what would overwrite a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"Cannot make the folder {folder}: {error.strerror}; choose another."
        ) from error
    there = [name for name in (IMAGE_NAME, *OUTPUTS.values()) if (folder / name).exists()]
    if there and not force:
        raise InputError(
            f"{folder / there[0]} exists already and was not overwritten; choose another folder "
            "or allow overwriting (--force)."
        )
