"""An image as the program sees it, and the pixels that do not count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray
from calibtool.model.dummies import negative_dummies, saturated_from


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

    NaN and infinite values, dummies (negative values, unless they are the noise of an image
    with a background subtracted), and saturation: the largest value of an integer type, and
    plateaus of one largest value.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.

    Returns
    -------
    ndarray of bool, shape (H, W)
        True = ignore.
    """
    kind = data.dtype.kind
    mask = ~np.isfinite(data) if kind == "f" else np.zeros(data.shape, dtype=bool)
    if data.size == 0 or kind not in "iuf":
        return mask
    if kind != "u":
        mask |= _dummies(data)
    top = saturated_from(data)
    if top is not None:
        mask |= data >= top
    return mask


def _dummies(data: NDArray[Any]) -> BoolArray:
    negative = np.asarray(data < 0)
    if not negative.any():
        return negative
    values = negative_dummies(data)
    if values is None:
        return negative
    return np.asarray(np.isin(data, np.array(values, dtype=data.dtype)))
