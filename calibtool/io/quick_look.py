"""The pixels of plain files, for a first look while the readers of all formats are imported.

Only what needs no reader is read: EDF that is not compressed, and TIFF as Pillow knows it.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibtool.io.tiff import TIFF_MAGIC

MOST_HEADER = 65536
_EDF_TYPES = {
    "signedbyte": "i1", "unsignedbyte": "u1", "signedshort": "i2", "unsignedshort": "u2",
    "signedinteger": "i4", "unsignedinteger": "u4", "signedlong": "i4", "unsignedlong": "u4",
    "signed64": "i8", "unsigned64": "u8", "floatvalue": "f4", "float": "f4", "doublevalue": "f8",
    "double": "f8",
}  # fmt: skip
_GREY_MODES = ("L", "I", "F", "I;16", "I;16B")


def quick_pixels(path: str) -> NDArray[np.generic] | None:
    """Pixels of the first frame, shape (H, W), or None where a full reader is needed.

    Raises
    ------
    OSError, ValueError
        The file cannot be read, or its header is damaged.
    """
    with Path(path).open("rb") as file:
        start = file.read(4)
        if start.startswith(b"{"):
            return _edf(start + file.read(MOST_HEADER), Path(path))
    return _tiff(path) if start in TIFF_MAGIC else None


def _edf(start: bytes, path: Path) -> NDArray[np.generic] | None:
    header, closing, _rest = start.partition(b"}\n")
    offset = len(header) + len(closing)
    parts = (line.partition("=") for line in header.decode("latin-1").strip("{ \r\n").split(";"))
    values = {name.strip().lower(): value.strip() for name, _equals, value in parts}
    kind = _EDF_TYPES.get(values.get("datatype", "").lower())
    if not closing or offset % 512 or kind is None or "compression" in values:
        return None
    order = ">" if values.get("byteorder", "").lower() == "highbytefirst" else "<"
    shape = int(values["dim_2"]), int(values["dim_1"])
    count = shape[0] * shape[1]
    return np.fromfile(path, dtype=order + kind, count=count, offset=offset).reshape(shape)


def _tiff(path: str) -> NDArray[np.generic] | None:
    from PIL import Image

    with Image.open(path) as picture:
        return np.array(picture) if picture.mode in _GREY_MODES else None
