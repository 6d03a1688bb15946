"""Neither ``calibtool fit`` nor files and instruments load a heavy library before its use."""

import subprocess
import sys

HEAVY = ("scipy", "fabio", "h5py", "pyFAI", "matplotlib", "PIL", "tkinter")
MODULES = (
    "calibtool.cli.fit",
    "calibtool.io.calibration",
    "calibtool.io.copy_as",
    "calibtool.io.folder",
    "calibtool.io.history_csv",
    "calibtool.io.images",
    "calibtool.io.musclex",
    "calibtool.io.points_file",
    "calibtool.io.poni",
    "calibtool.io.preferences",
    "calibtool.instruments.calibrants",
    "calibtool.instruments.detector_masks",
    "calibtool.instruments.detectors",
)


def test_no_module_loads_a_heavy_library() -> None:
    code = f"import sys, {', '.join(MODULES)}\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == ""
