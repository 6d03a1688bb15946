"""Images in the archives of numpy (``.npz``): one array, or several of which one is chosen."""

import math
import zipfile
from pathlib import Path

import numpy as np

from calibtool.errors import DatasetChoiceError
from calibtool.io.raw_frame import RawFrame, UnreadableError, check_frame, listed_choice

_SMALLEST = 16
_LARGEST_BYTES = 8_000_000_000


def is_npz(path: Path) -> bool:
    """Whether a file is an archive that holds arrays."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        return bool(npz_shapes(path))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        return False


def read_npz(path: Path, name: str, frame: int) -> RawFrame:
    """Read one frame of one array.

    Parameters
    ----------
    path : Path
        The archive.
    name : str
        Name of the array; empty where there is but one image.
    frame : int
        From 0; the first axis of an array of three.

    Raises
    ------
    DatasetChoiceError
        There are several images.
    UnreadableError
        With the reason.
    """
    shapes = npz_shapes(path)
    name = name.lstrip("/")
    if name and name not in shapes:
        raise UnreadableError(f"it has no array {name}, only {', '.join(shapes)}")
    images = {key: shape for key, shape in shapes.items() if _is_image(shape)}
    if not name and len(images) > 1:
        raise DatasetChoiceError(*listed_choice(str(path), images))
    chosen = name or next(iter(images), "")
    if not chosen:
        raise UnreadableError("none of its arrays is an image")
    try:
        with np.load(path, allow_pickle=False) as archive:
            array = archive[chosen]
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableError("the archive is damaged, or its array holds no numbers") from error
    n_frames = array.shape[0] if array.ndim == 3 else 1
    check_frame(frame, n_frames)
    return RawFrame(array[frame] if array.ndim == 3 else array, {"array": chosen}, n_frames)


def _is_image(shape: tuple[int, ...]) -> bool:
    return len(shape) in (2, 3) and min(shape[-2:]) >= _SMALLEST


def npz_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Shapes of the arrays by name, from their headers alone."""
    found: dict[str, tuple[int, ...]] = {}
    with zipfile.ZipFile(path) as archive:
        for item in archive.namelist():
            if not item.endswith(".npy"):
                continue
            with archive.open(item) as stream:
                version = np.lib.format.read_magic(stream)
                read = np.lib.format.read_array_header_1_0
                if version >= (2, 0):
                    read = np.lib.format.read_array_header_2_0
                shape, _, dtype = read(stream)
            if math.prod(shape) * dtype.itemsize <= _LARGEST_BYTES:
                found[item.removesuffix(".npy")] = tuple(shape)
    return found
