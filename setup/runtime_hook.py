"""Run by the executable before calibtool: keep what the libraries write and say in its place."""

import logging
import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Folder for what can be made again, by the custom of the system."""
    home = Path(os.environ.get("HOME") or os.environ.get("USERPROFILE") or os.sep)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local", "calibtool")
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "calibtool"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache", "calibtool")


# The list of fonts belongs to this copy of matplotlib and is kept from start to start. Where
# nothing can be written matplotlib makes a folder for the time being by itself.
if "MPLCONFIGDIR" not in os.environ:
    try:
        folder = cache_folder() / "matplotlib"
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["MPLCONFIGDIR"] = str(folder)
    except OSError:
        pass

# They report at import what was left out of this folder on purpose, and matplotlib that it uses
# a folder for the time being.
for name in ("hdf5plugin", "pyFAI", "matplotlib"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
