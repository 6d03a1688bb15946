"""What every reader returns: one frame as stored, and its tidy form."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray

# ITU-R BT.601 weights of red, green and blue.
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class RawFrame:
    """One frame out of a file; ``mask`` is what the file itself says about bad pixels."""

    data: NDArray[Any]
    header: Mapping[str, str] = field(default_factory=dict)
    n_frames: int = 1
    mask: BoolArray | None = None


class UnreadableError(Exception):
    """A reader's plain reason why a file cannot be used; becomes an ImageReadError."""

    @property
    def says_what_to_do(self) -> bool:
        """Whether the reason holds the next step, or the choice that is left."""
        return any(sign in str(self) for sign in (";", "frame", "dataset"))


class NoKnownFormatError(UnreadableError):
    """No reader knows the file: it may be a dump of pixels."""


def listed_choice(
    file: str, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What a DatasetChoiceError is made of: text, names to open, and how each looks.

    Parameters
    ----------
    file : str
        The file.
    shapes : mapping
        Shape of each image, or stack of images, by its name.
    """
    names = tuple(f"{file}::{name}" for name in shapes)
    looks = tuple(_look(shape) for shape in shapes.values())
    some = [f"{name} ({look})" for name, look in zip(shapes, looks, strict=True)][:6]
    listed = ", ".join(some) + (" …" if len(shapes) > len(some) else "")
    text = f"{file} holds {len(shapes)} images: {listed}; choose one, for example {names[0]}."
    return text, names, looks


def _look(shape: tuple[int, ...]) -> str:
    rows, columns = shape[-2:]
    frames = math.prod(shape[:-2])
    return f"{columns} × {rows}" + (f", {frames} frames" if frames > 1 else "")


def tidy_pixels(data: Any) -> NDArray[Any]:
    """Two-dimensional, native-endian, read-only pixels.

    Colour pictures, shape (H, W, 3 or 4), become luminance.

    Raises
    ------
    UnreadableError
        Where the values are no picture.
    """
    pixels = np.asarray(data)
    if pixels.ndim == 3 and pixels.shape[2] in (3, 4):
        pixels = pixels[:, :, :3].astype(np.float32) @ _LUMINANCE
    while pixels.ndim > 2 and 1 in (pixels.shape[0], pixels.shape[-1]):
        pixels = pixels[0] if pixels.shape[0] == 1 else pixels[..., 0]
    if pixels.ndim != 2:
        raise UnreadableError(f"it holds {pixels.ndim}-dimensional data, not a picture")
    if 0 in pixels.shape:
        raise UnreadableError("the picture has no pixels")
    pixels = _native(pixels)
    if pixels.flags.writeable:
        pixels.setflags(write=False)
    return pixels


def _native(pixels: NDArray[Any]) -> NDArray[Any]:
    kind = pixels.dtype.kind
    if kind == "b":
        return pixels.astype(np.uint8)
    if kind not in "uif":
        raise UnreadableError(f"its values are of type {pixels.dtype}, not intensities")
    if kind == "f" and pixels.dtype.itemsize not in (4, 8):
        return pixels.astype(np.float32 if pixels.dtype.itemsize < 4 else np.float64)
    return np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("="))


def check_frame(frame: int, n_frames: int) -> None:
    """Raise UnreadableError where ``frame`` (counted from 0) is not in the file."""
    if n_frames < 1:
        raise UnreadableError(
            "the dataset has no frame in it; wait until it is written, or choose another file"
        )
    if not 0 <= frame < n_frames:
        number = "one frame, number 0" if n_frames == 1 else f"the frames 0 to {n_frames - 1}"
        raise UnreadableError(f"it has no frame {frame}, only {number}")
