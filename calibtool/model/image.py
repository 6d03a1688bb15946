"""An image as the program sees it, and the pixels that do not count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray


@dataclass(frozen=True, eq=False)
class Image:
    """One frame of a file.

    ``data`` has shape (H, W), row 0 first, and is read-only; ``mask`` has the same shape and
    is True where a pixel must be ignored. ``header`` holds what the file says, as strings.
    """

    data: NDArray[Any]
    mask: BoolArray
    header: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    path: str = ""
    frame: int = 0
    n_frames: int = 1


def default_mask(data: NDArray[Any]) -> BoolArray:
    """Pixels that cannot be trusted, judged by their values alone.

    NaN and infinite values, negative values (dummies of Dectris and others), and the
    largest value of an integer type where it occurs (saturation).

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.

    Returns
    -------
    ndarray of bool, shape (H, W)
        True = ignore.
    """
    if data.dtype.kind == "f":
        return np.asarray(~(np.isfinite(data) & (data >= 0)))
    mask = np.asarray(data == np.iinfo(data.dtype).max)
    if data.dtype.kind == "i":
        mask |= data < 0
    return mask
