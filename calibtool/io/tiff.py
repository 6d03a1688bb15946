"""What readers of TIFF pass over: a chain of directories that never ends, MarCCD's own header.

TIFF 6.0, section 2: the header names the first directory, and each directory the next one; the
last says 0. The header of MarCCD and Rayonix takes the bytes 1024 to 4095 ("frame header" of the
MarCCD manual): 32-bit integers at fixed places, lengths in nm, µm and fm, the beam centre in
thousandths of a pixel.
"""

import struct
from pathlib import Path
from typing import IO

from calibtool.io.raw_frame import UnreadableError

TIFF_MAGIC = (b"II*\0", b"MM\0*")
_ENTRY_BYTES = 12
_START, _LENGTH, _NAME_AT, _NAME = 1024, 3072, 4, b"MMX"
_PLACES = {
    "saturated_value": 104,
    "xtal_to_detector": 640,
    "beam_x": 644,
    "beam_y": 648,
    "start_xtal_to_detector": 696,
    "pixelsize_x": 772,
    "pixelsize_y": 776,
    "source_wavelength": 908,
}


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


def marccd_header(path: Path) -> dict[str, str]:
    """Entries of the header by the manual's names; empty where the file is no MarCCD TIFF."""
    with path.open("rb") as file:
        magic = file.read(4)
        if magic not in TIFF_MAGIC:
            return {}
        file.seek(_START)
        header = file.read(_LENGTH)
    if len(header) < _LENGTH or not header.startswith(_NAME, _NAME_AT):
        return {}
    order = "<" if magic.startswith(b"II") else ">"
    return {
        name: str(struct.unpack_from(f"{order}i", header, place)[0])
        for name, place in _PLACES.items()
    }
