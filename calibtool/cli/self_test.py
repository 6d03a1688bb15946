"""``calibtool --self-test``: check this installation with numbers, and say what was checked."""

import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from calibtool import __version__

FILTERS = ("Bitshuffle", "LZ4", "Zstd", "Blosc", "Blosc2", "BZip2")
LARGEST_ERROR_PX = 0.1
OUTPUTS = {
    "--output": "calibration.json",
    "--poni": "calibration.poni",
    "--history": "history.csv",
    "--musclex": "calibration.info",
}


class LeftOut(Exception):  # noqa: N818 -- not an error: the installation has no such part
    """A part this installation does not have; the text says what it is needed for."""


class Failed(Exception):  # noqa: N818 -- the word that is printed
    """A number or a file that is not as it must be."""


def run(_arguments: Sequence[str]) -> int:
    """Run every check, print a line for each, and return 1 if any failed."""
    print(f"calibtool {__version__}")
    failures = 0
    with tempfile.TemporaryDirectory(prefix="calibtool-self-test-") as name:
        for title, check in CHECKS.items():
            try:
                outcome = f"ok        {title}: {check(Path(name))}"
            except LeftOut as absence:
                outcome = f"left out  {title}: {absence}"
            except Exception as error:
                # Whatever goes wrong, the other checks are still worth their lines.
                outcome = f"FAILED    {title}: {type(error).__name__}: {error}"
                failures += 1
            print(outcome, flush=True)
    print(f"{failures} of {len(CHECKS)} checks failed" if failures else "all is well")
    return 1 if failures else 0


def check_points(_folder: Path) -> str:
    """Fit a circle to points of a known one."""
    import numpy as np

    from calibtool.model.points.circle_fit import fit_circle

    angles = np.linspace(0.3, 5.1, 14)
    points = np.column_stack([300 + 120 * np.cos(angles), 200 + 120 * np.sin(angles)])
    points[5] += 9.0
    fit = fit_circle(points)
    off = max(abs(fit.center_x_px - 300), abs(fit.center_y_px - 200), abs(fit.radius_px - 120))
    _demand(off < 1e-6, f"the circle is {off:g} px off")
    _demand(not fit.inliers[5] and fit.inliers.sum() == 13, "the outlier was not found")
    return f"14 points, the outlier set aside, off by {off:.1g} px"


def check_formats(folder: Path) -> str:
    """Write the demo image as TIFF, EDF and CBF and read it back."""
    import numpy as np
    from fabio.cbfimage import CbfImage
    from fabio.edfimage import EdfImage
    from fabio.tifimage import TifImage

    from calibtool.io.images import load_image
    from calibtool.model.demo import demo_image

    data = demo_image()
    for kind in (TifImage, EdfImage, CbfImage):
        path = folder / f"demo.{kind.__name__[:3].lower()}"
        kind(data=data).write(str(path))
        _demand(np.array_equal(load_image(path).data, data), f"{path.name} reads back differently")
    return f"TIFF, EDF and CBF of {data.shape[1]} × {data.shape[0]} pixels"


def check_hdf5(folder: Path) -> str:
    """Write the demo image through each compression filter and read it back."""
    import h5py
    import hdf5plugin
    import numpy as np

    from calibtool.io.images import load_image
    from calibtool.model.demo import demo_image

    data = demo_image()
    for name in FILTERS:
        path = folder / f"{name}.h5"
        with h5py.File(path, "w") as file:
            file.create_dataset("entry/data/data", data=data, **getattr(hdf5plugin, name)())
        _demand(np.array_equal(load_image(path).data, data), f"{name} reads back differently")
    return "filters " + ", ".join(FILTERS)


def check_ring(folder: Path) -> str:
    """Find the ring of the demo image."""
    from calibtool.model.demo import CIRCLE

    found = json.loads(_command(["fit", str(_image(folder)), "--json"]))
    off = max(
        abs(found["center_x_px"] - CIRCLE.center_x_px),
        abs(found["center_y_px"] - CIRCLE.center_y_px),
        abs(found["radius_px"] - CIRCLE.radius_px),
    )
    _demand(off < LARGEST_ERROR_PX, f"the ring is {off:.3f} px off")
    return f"found without a click, centre and radius off by at most {off:.4f} px"


def check_files(folder: Path) -> str:
    """Write everything that can be written without matplotlib."""
    words = ["fit", str(_image(folder)), "--points", str(_points(folder))]
    for option, name in OUTPUTS.items():
        words += [option, str(folder / name)]
    _command(words)
    empty = [name for name in OUTPUTS.values() if (folder / name).stat().st_size < 20]
    _demand(not empty, f"nothing in {', '.join(empty)}")
    return ", ".join(OUTPUTS.values())


def check_report(folder: Path) -> str:
    """Write the report in its two formats."""
    if find_spec("matplotlib") is None:
        raise LeftOut("matplotlib is not installed, so there are no reports and figures")
    for name, start in (("report.pdf", b"%PDF"), ("report.png", b"\x89PNG")):
        path = folder / name
        _command(["fit", str(_image(folder)), "--figure", str(path)])
        _demand(path.read_bytes().startswith(start), f"{name} is not what its name says")
    return "PDF and PNG"


def check_instruments(_folder: Path) -> str:
    """List detectors and calibrants."""
    from calibtool.instruments.calibrants import calibrants
    from calibtool.instruments.detectors import find_detectors

    if find_spec("pyFAI") is None:
        count = len(calibrants())
        raise LeftOut(f"pyFAI is not installed; {count} built-in calibrants, no detectors")
    detectors, known = len(find_detectors()), len(calibrants())
    _demand(detectors > 50 and known > 20, f"{detectors} detectors, {known} calibrants only")
    return f"{detectors} detectors, {known} calibrants"


def check_window(_folder: Path) -> str:
    """Open a window with a picture in it."""
    if find_spec("_tkinter") is None:
        raise LeftOut("this Python has no Tk, so there is no window")
    import tkinter

    from calibtool import icons

    try:
        root = tkinter.Tk(className="calibtool")
    except tkinter.TclError as error:
        raise LeftOut(f"{error}; the command line works without") from error
    try:
        picture = tkinter.PhotoImage(master=root, data=icons.data("find-ring"))
        _demand(picture.width() == icons.TOOL_SIZE_PX, "an icon has the wrong size")
        return f"Tk {root.tk.call('info', 'patchlevel')}, icons"
    finally:
        root.destroy()


CHECKS: dict[str, Callable[[Path], str]] = {
    "fit of points": check_points,
    "image formats": check_formats,
    "compressed HDF5": check_hdf5,
    "ring": check_ring,
    "files": check_files,
    "report": check_report,
    "instruments": check_instruments,
    "window": check_window,
}


def _image(folder: Path) -> Path:
    from calibtool.tasks.gallery import write_image

    path = folder / "ring.edf"
    return path if path.exists() else write_image(path)


def _points(folder: Path) -> Path:
    """Write points on the ring, as a user would have clicked them."""
    from math import cos, sin

    from calibtool.model.demo import CIRCLE

    path, r = folder / "points.csv", CIRCLE.radius_px
    rows = [
        f"{CIRCLE.center_x_px + r * cos(angle)},{CIRCLE.center_y_px + r * sin(angle)}"
        for angle in range(0, 12, 2)
    ]
    path.write_text("\n".join(["x_px,y_px", *rows]) + "\n", encoding="utf-8")
    return path


def _command(words: list[str]) -> str:
    """Run a subcommand as the user would and return what it prints."""
    from calibtool.cli.main import run as run_command

    said, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
        code = run_command(words)
    _demand(code == 0, complaint.getvalue().strip() or f"exit code {code}")
    return said.getvalue()


def _demand(condition: bool, complaint: str) -> None:
    if not condition:
        raise Failed(complaint)
