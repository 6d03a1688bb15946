"""Masks in files: which pixels to ignore, read from any kind of picture, and written."""

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.errors import InputError
from calibtool.io.atomic import write_file
from calibtool.io.edf import write_draft, write_edf
from calibtool.io.images import load_image
from calibtool.io.npz import is_npz, npz_shapes
from calibtool.model.circle import BoolArray

MOST_VALUES = 64
"""Different values a mask may have: the bits of a detector's mask are some, an image has more."""


def read_mask(path: str, shape: tuple[int, int], *, keeps: bool = False) -> BoolArray:
    """Read a mask.

    Parameters
    ----------
    path : str
        A picture in any format that images may have (EDF, Fit2D ``.msk``, ``.npy``, TIFF, PNG …),
        or a dataset ``file.h5::/mask``; of several arrays in ``.npz`` the one named "mask".
    shape : (int, int)
        Rows and columns of the image.
    keeps : bool
        Whether non-zero pixels are those to keep instead of those to ignore.

    Returns
    -------
    ndarray of bool, shape ``shape``
        True = ignore; read-only.

    Raises
    ------
    InputError
        The file cannot be read, is no mask, has another shape or leaves no pixel.
    """
    values = np.asarray(load_image(_named(path)).data)
    if values.shape != shape:
        raise InputError(_other_shape(path, values.shape, shape))
    different = _different(values)
    if different > MOST_VALUES:
        raise InputError(
            f"{path} is not a mask: it holds {different} different values or more, as an image "
            "does; choose a file with zeros where the pixels count."
        )
    mask = np.asarray((values == 0) if keeps else (values != 0))
    if mask.all():
        other = "without" if keeps else "with"
        raise InputError(
            f"{path} masks all pixels; choose another mask, or read it the other way "
            f"({other} --mask-keeps)."
        )
    mask.setflags(write=False)
    return mask


def _different(values: NDArray[Any]) -> int:
    """How many different values there are, as far as that matters; NaN is no value of a mask."""
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        return values.size
    seen: NDArray[Any] = np.empty(0, values.dtype)
    for rows in np.array_split(values, max(len(values) // 64, 1)):
        seen = np.union1d(seen, rows)
        if len(seen) > MOST_VALUES:
            break
    return len(seen)


def _other_shape(path: str, shape: tuple[int, ...], wanted: tuple[int, int]) -> str:
    text = (
        f"{path} cannot be the mask: it has {shape[1]} × {shape[0]} pixels and the image "
        f"{wanted[1]} × {wanted[0]}; "
    )
    if shape == wanted[::-1]:
        return text + "it seems to be turned, so write it with rows and columns exchanged."
    return text + "choose the mask of this detector and binning."


def _named(path: str) -> str:
    """The array of an archive that says that it is the mask."""
    named = os.path.isfile(path) and is_npz(Path(path)) and "mask" in npz_shapes(Path(path))
    return f"{path}::mask" if named else path


def write_mask(path: str | os.PathLike[str], mask: BoolArray, *, force: bool = False) -> None:
    """Write a mask, 1 = ignore: ``.npy``, ``.edf``, or ``.msk`` for Fit2D and pyFAI.

    Raises
    ------
    InputError
        The name ends otherwise, the file exists and ``force`` is not given, or it cannot be
        written.
    """
    target = Path(path)
    kind = target.suffix.lower()
    values = mask.astype(np.uint8)
    if kind == ".npy":
        stream = io.BytesIO()
        np.save(stream, values, allow_pickle=False)
        write_file(target, stream.getvalue(), force=force)
    elif kind == ".edf":
        write_edf(target, values, {"Mask": "1 = ignore"}, force=force)
    elif kind == ".msk":
        write_draft(target, lambda name: _write_fit2d(name, values), force=force)
    else:
        raise InputError(
            f"Cannot write {path}: a mask is written as .npy, .edf or .msk; choose such a name."
        )


def _write_fit2d(name: str, values: NDArray[np.uint8]) -> None:
    import fabio

    fabio.fit2dmaskimage.Fit2dMaskImage(data=values).write(name)
