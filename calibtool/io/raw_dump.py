"""Files that are nothing but the bytes of their pixels: how they lie there the user says.

What was said is remembered for all files of the same size.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibtool.errors import InputError
from calibtool.io.preferences import load_preferences, save_preferences
from calibtool.io.raw_frame import RawFrame, UnreadableError, check_frame

TYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64")
"""What a pixel may be; with ``be`` behind it, the high byte first."""

_LARGEST_SIDE = 100_000
_MOST_KEPT = 50
_KEY = "raw_layouts"
_PATTERN = re.compile(r"(\d+) *[x×] *(\d+) *: *([a-z]+\d+)(be|le)? *(?:: *(\d+))?", re.IGNORECASE)


@dataclass(frozen=True)
class RawLayout:
    """Width and height in pixels, type of a pixel, and bytes before the first one."""

    width: int
    height: int
    type: str
    offset: int = 0
    big_endian: bool = False

    def __str__(self) -> str:
        order = "be" if self.big_endian else ""
        return f"{self.width}x{self.height}:{self.type}{order}:{self.offset}"

    @property
    def dtype(self) -> "np.dtype[Any]":
        """Type of a pixel as it stands in the file."""
        return np.dtype(self.type).newbyteorder(">" if self.big_endian else "<")

    @property
    def frame_bytes(self) -> int:
        """Length of one frame."""
        return self.width * self.height * self.dtype.itemsize

    def n_frames(self, size: int) -> int:
        """How many frames a file of ``size`` bytes has; 0 where it is not a whole number."""
        frames, rest = divmod(size - self.offset, self.frame_bytes)
        return frames if rest == 0 and frames > 0 else 0


def parse_layout(text: str) -> RawLayout:
    """Return the layout that ``WIDTHxHEIGHT:TYPE[:OFFSET]`` means, as ``1024x768:uint16:512``.

    Raises
    ------
    InputError
        It means none; says why.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None or match[3].lower() not in TYPES:
        raise InputError(
            f"The layout of the pixels '{text.strip()}' is not understood: write width, height, "
            f"type and offset as 1024x768:uint16:512, the type one of {', '.join(TYPES)} (with be "
            "behind it where the high byte comes first)."
        )
    width, height, offset = int(match[1]), int(match[2]), int(match[5] or 0)
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise InputError(f"An image of {width} × {height} pixels is none; check width and height.")
    return RawLayout(width, height, match[3].lower(), offset, (match[4] or "").lower() == "be")


def check_layout(path: str, layout: RawLayout) -> None:
    """Raise InputError where a file is not one or more whole frames of a layout."""
    try:
        size = os.path.getsize(path)
    except OSError as error:
        raise InputError(f"Cannot open {path}: {error.strerror}; check the name.") from error
    if not layout.n_frames(size):
        raise InputError(
            f"{path} has {size} bytes, and {layout.width} × {layout.height} pixels of type "
            f"{layout.type} after {layout.offset} bytes need {layout.offset + layout.frame_bytes}: "
            "check width, height, type and offset."
        )


def remember_layout(path: str, layout: RawLayout) -> None:
    """Read this file, and all of its size, so from now on.

    Raises
    ------
    InputError
        The file does not have this layout, or nothing can be kept.
    """
    check_layout(path, layout)
    preferences = load_preferences()
    kept = _kept(preferences.values.get(_KEY))
    size = str(os.path.getsize(path))
    if kept.get(size) == str(layout):
        return
    kept.pop(size, None)
    newest = {**kept, size: str(layout)}
    keys = list(newest)[-_MOST_KEPT:]
    save_preferences(preferences.with_value(_KEY, {key: newest[key] for key in keys}))


def known_layout(path: str | os.PathLike[str]) -> RawLayout | None:
    """Layout remembered for files of this size, None where there is none."""
    try:
        size = os.path.getsize(path)
        layout = parse_layout(_kept(load_preferences().values.get(_KEY)).get(str(size), ""))
    except (OSError, InputError):
        return None
    return layout if layout.n_frames(size) else None


def read_dump(path: Path, layout: RawLayout, frame: int) -> RawFrame:
    """Read one frame.

    Raises
    ------
    UnreadableError
        There is no such frame.
    """
    n_frames = layout.n_frames(path.stat().st_size)
    check_frame(frame, n_frames)
    with path.open("rb") as file:
        file.seek(layout.offset + frame * layout.frame_bytes)
        content = file.read(layout.frame_bytes)
    if len(content) < layout.frame_bytes:
        raise UnreadableError("the file ends before all its pixels are read")
    pixels = np.frombuffer(content, layout.dtype).reshape(layout.height, layout.width)
    return RawFrame(data=pixels, header={"raw_layout": str(layout)}, n_frames=n_frames)


def _kept(plain: Any) -> dict[str, str]:
    if not isinstance(plain, dict):
        return {}
    return {str(key): value for key, value in plain.items() if isinstance(value, str)}
