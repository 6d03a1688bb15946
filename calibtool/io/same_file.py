"""Whether two paths name one file, also where letters of both cases are the same."""

import os
import sys
from collections.abc import Hashable
from contextlib import suppress

CASELESS = ("win32", "darwin")
"""Systems whose disks usually make no difference between ring.tif and RING.TIF."""


def identity(path: str | os.PathLike[str]) -> Hashable:
    """What all paths to one file have in common, links and other spellings included.

    A file that is there is known by its place on the disk, others by their names.
    """
    place = os.path.realpath(path)
    with suppress(OSError):
        status = os.stat(place)
        if status.st_ino:
            return status.st_dev, status.st_ino
    folder, name = os.path.split(place)
    return _folded(folder), _folded(name)


def _folded(name: str) -> str:
    return os.path.normcase(name).casefold() if sys.platform in CASELESS else name
