"""The chain of a TIFF file's image directories, which readers follow without looking back.

TIFF 6.0, section 2: the header names the first directory, and each directory the next one; the
last says 0.
"""

import struct
from typing import IO

from calibtool.io.raw_frame import UnreadableError

TIFF_MAGIC = (b"II*\0", b"MM\0*")
_ENTRY_BYTES = 12


def check_tiff_directories(stream: IO[bytes]) -> None:
    """Raise UnreadableError where the directories go round in a circle, or beyond the file.

    Parameters
    ----------
    stream : binary file
        A TIFF file, at any position.
    """
    stream.seek(0)
    order = ">" if stream.read(4) == TIFF_MAGIC[1] else "<"
    seen: set[int] = set()
    place = _number(stream, order + "I")
    while place:
        if place in seen:
            raise UnreadableError("its list of pictures goes round in a circle (damaged)")
        seen.add(place)
        stream.seek(place)
        entries = _number(stream, order + "H")
        stream.seek(place + 2 + _ENTRY_BYTES * entries)
        place = _number(stream, order + "I")


def _number(stream: IO[bytes], kind: str) -> int:
    text = stream.read(struct.calcsize(kind))
    if len(text) < struct.calcsize(kind):
        raise UnreadableError("the file ends before all its pixels are read (truncated or damaged)")
    number: int = struct.unpack(kind, text)[0]
    return number
