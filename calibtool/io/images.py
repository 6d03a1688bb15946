"""Open an image file: one frame, its header and the pixels to ignore."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import IO

import numpy as np

from calibtool.errors import ImageReadError, UnknownFormatError
from calibtool.io.flat_files import read_flat_file
from calibtool.io.folder import looks_like_image
from calibtool.io.headers import read_geometry
from calibtool.io.raw_dump import known_layout, read_dump
from calibtool.io.raw_frame import (
    NoKnownFormatError,
    RawFrame,
    UnreadableError,
    check_frame,
    tidy_pixels,
)
from calibtool.model.dummies import saturated_from
from calibtool.model.image import Image, default_mask
from calibtool.model.pixels.reasons import Reason, with_bits, with_reason

MARKS_BYTES = 4
"""No counter gets to the largest number of so many bytes: it marks pixels without a value."""

HDF5_SIGNATURE, HDF5_PLACES = b"\x89HDF\r\n\x1a\n", (0, 512, 1024, 2048)
"""The signature of HDF5, and where it may be: after a block of the user."""
ZIP_SIGNATURE = b"PK\x03\x04"

_ADVICE = "Choose another file or copy it again from where it was recorded."


def load_image(path: str | os.PathLike[str], frame: int = 0) -> Image:
    """Read one frame of an image file.

    Parameters
    ----------
    path : str or path-like
        A file in any format of fabio, a picture (PNG and the like), a table of numbers as text,
        a dump of pixels whose layout is remembered, or HDF5/NeXus and ``.npz``, where a dataset
        may be named: ``file.h5::/entry/data/data``.
    frame : int
        Number of the frame, from 0. Only this frame is read.

    Returns
    -------
    Image
        ``data`` (H, W), read-only; ``mask`` (H, W), True where a pixel is to be ignored: by
        its value, or because the file says so.

    Raises
    ------
    ImageReadError
        In one sentence, which file and why; DatasetChoiceError where a file holds
        several images and none is marked as the default; UnknownFormatError where no reader
        knows it.
    """
    name, dataset = split_dataset(os.fspath(path))
    if not name:
        raise ImageReadError("Cannot open an image without a name; give the name of a file.")
    file = Path(name)
    check_readable(file)
    try:
        raw = _read(file, dataset, frame)
        data = tidy_pixels(raw.data)
    except NoKnownFormatError as reason:
        said = f"Cannot open {os.fspath(path)}: {reason}. If it is a plain dump of pixels, say how "
        raise UnknownFormatError(
            f"{said}they lie in it (--raw WIDTHxHEIGHT:TYPE[:OFFSET]); else choose another file.",
            os.fspath(path),
            in_window=f"{said}they lie in it; else choose another file.",
        ) from reason
    except UnreadableError as reason:
        advice = "" if reason.says_what_to_do else f" {_ADVICE}"
        raise ImageReadError(f"Cannot open {os.fspath(path)}: {reason}.{advice}") from reason
    except OSError as error:
        text = error.strerror or "the file cannot be read"
        raise ImageReadError(f"Cannot open {name}: {text}. {_ADVICE}") from error
    image = Image(
        data=data,
        mask=default_mask(data),
        header=MappingProxyType(dict(raw.header)),
        path=os.fspath(path),
        frame=frame,
        n_frames=raw.n_frames,
    )
    return _with_words_of_file(image, raw)


def _read(file: Path, dataset: str, frame: int) -> RawFrame:
    with file.open("rb") as stream:
        starts = [_start(stream, place) for place in HDF5_PLACES]
    if HDF5_SIGNATURE in starts:
        from calibtool.io.hdf5 import read_hdf5

        return read_hdf5(file, dataset, frame)
    if starts[0].startswith(ZIP_SIGNATURE):
        from calibtool.io.npz import is_npz, read_npz

        if is_npz(file):
            return read_npz(file, dataset, frame)
    if dataset:
        raise UnreadableError(f"it is not an HDF5 file, so it has no dataset {dataset}")
    layout = None if looks_like_image(file.name) else known_layout(file)
    if layout is not None:
        return read_dump(file, layout, frame)
    try:
        return read_flat_file(file, frame)
    except UnreadableError as reason:
        return _read_unknown(file, frame, reason)


def _start(stream: IO[bytes], place: int) -> bytes:
    stream.seek(place)
    return stream.read(len(HDF5_SIGNATURE))


def _read_unknown(file: Path, frame: int, reason: UnreadableError) -> RawFrame:
    """Read what has no format of its own: a dump of pixels, or a table of numbers."""
    known_name = looks_like_image(file.name)
    if known_name and not isinstance(reason, NoKnownFormatError):
        raise reason
    layout = known_layout(file)
    if layout is not None:
        return read_dump(file, layout, frame)
    from calibtool.io.text_matrix import read_text_matrix

    table = read_text_matrix(file)
    if table is not None:
        check_frame(frame, table.n_frames)
        return table
    raise NoKnownFormatError(str(reason)) from reason


def _with_words_of_file(image: Image, raw: RawFrame) -> Image:
    """Add what the header says: the geometry, and pixels that are bad, dummy or saturated."""
    geometry = read_geometry(image)
    data = image.data
    top = saturated_from(data)
    full = np.zeros(data.shape, dtype=bool) if top is None else data >= top
    if data.dtype.kind in "iu" and data.dtype.itemsize >= MARKS_BYTES:
        full &= data != np.iinfo(data.dtype).max
    if geometry.saturation is not None:
        full |= data >= geometry.saturation
    bad = image.mask & ~full
    if geometry.dummy:
        bad |= np.abs(data.astype(np.float64) - geometry.dummy) <= geometry.dummy_width
    bits = bad * np.uint8(Reason.VALUE) | full * np.uint8(Reason.SATURATED)
    image = with_bits(replace(image, geometry=geometry), bits)
    fits = raw.mask is not None and raw.mask.shape == bad.shape
    return with_reason(image, Reason.FILE, raw.mask if fits else None)


def split_dataset(path: str) -> tuple[str, str]:
    """Split ``file.h5::/entry/data`` into file and dataset; the dataset may be empty."""
    if "::" in path and not os.path.exists(path):
        name, _, dataset = path.partition("::")
        return name, dataset
    return path, ""


def check_readable(file: Path) -> None:
    """Raise ImageReadError, with the reason, where there is no file that can be read."""
    try:
        if not file.exists():
            reason = "there is no such file; check the name and the folder"
        elif file.is_dir():
            reason = "it is a folder; choose an image file in it"
        elif not file.is_file():
            reason = "it is a device or a pipe; choose an image file"
        elif not os.access(file, os.R_OK):
            reason = "you may not read it; ask its owner for the right to"
        elif file.stat().st_size == 0:
            reason = "the file is empty; copy it again from where it was recorded"
        else:
            return
    except (OSError, ValueError) as error:
        reason = f"{getattr(error, 'strerror', None) or error}; check the name"
    raise ImageReadError(f"Cannot open {file}: {reason}.")


def image_sha256(path: str | os.PathLike[str]) -> str:
    """SHA-256 of the file that holds an image, as 64 hexadecimal digits.

    Parameters
    ----------
    path : str or path-like
        As for :func:`load_image`; of ``file.h5::/dataset`` the whole file counts.
    """
    file = Path(split_dataset(os.fspath(path))[0])
    check_readable(file)
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ImageReadError(f"Cannot read {file}: {error.strerror}. {_ADVICE}") from error
