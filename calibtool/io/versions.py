"""Versions: of the program, Python, the system, and what the program uses."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from calibtool import __version__

DEPENDENCIES = (
    "numpy", "scipy", "fabio", "pyFAI", "Pillow", "matplotlib", "platformdirs", "h5py",
    "hdf5plugin", "distributed",
)  # fmt: skip
MODULES = {"Pillow": "PIL"}


def versions() -> str:
    """Name and version of the program and of what it runs on, a line each, its own first."""
    lines = [
        ("calibtool", __version__),
        ("Python", platform.python_version()),
        ("system", platform.platform()),
        ("Tk", _tk()),
        *((name, _version(name)) for name in DEPENDENCIES),
    ]
    return "".join(f"{name} {number}\n" for name, number in lines)


def _version(name: str) -> str:
    """Version of a package; the executable has packages without what says their version."""
    try:
        return version(name)
    except PackageNotFoundError:
        module = MODULES.get(name, name)
        if module in sys.modules or find_spec(module) is not None:
            return "of this executable"
        return "not installed"


def _tk() -> str:
    try:
        import _tkinter
    except ImportError:
        return "not installed"
    # An interpreter alone, without a window.
    return str(_tkinter.create(None, "", "Tk", False, False, False).call("info", "patchlevel"))
