"""The header that MarCCD and Rayonix hide in their TIFF files, which TIFF readers skip.

It takes the bytes 1024 to 4095 ("frame header" of the MarCCD manual): 32-bit integers at fixed
places, lengths in nm, µm and fm, the beam centre in thousandths of a pixel.
"""

import struct
from pathlib import Path

_TIFF_MAGIC = (b"II*\x00", b"MM\x00*")
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


def marccd_header(path: Path) -> dict[str, str]:
    """Entries of the header by the manual's names; empty where the file is no MarCCD TIFF."""
    with path.open("rb") as file:
        magic = file.read(4)
        if magic not in _TIFF_MAGIC:
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
