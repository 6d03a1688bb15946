"""An image as the program sees it, and the pixels that do not count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import BoolArray
from calibtool.model.dummies import negative_dummies, saturated_from, zero_is_dummy
from calibtool.model.exposure import MaskStep
from calibtool.model.header_geometry import HeaderGeometry


@dataclass(frozen=True, eq=False)
class Image:
    """One frame of a file.

    ``data`` has shape (H, W), row 0 first, and is read-only; ``mask`` has the same shape and
    is True where a pixel must be ignored. ``header`` holds what the file says, as strings,
    and ``geometry`` the numbers of the instrument among it. ``reasons`` says bit by bit why
    each pixel is masked (`calibtool.model.pixels.reasons`; None: nobody has told), ``steps`` are
    those of the mask from files and by hand that is in it, ``drawn`` the bits of these, and
    ``base`` the same image without that mask (None: it has none). ``variance`` (H, W) is that of
    each value where it is known, as after a correction (None: counts as they are, or what their
    scatter says).
    """

    data: NDArray[Any]
    mask: BoolArray
    header: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    path: str = ""
    frame: int = 0
    n_frames: int = 1
    geometry: HeaderGeometry = field(default_factory=HeaderGeometry)
    reasons: NDArray[np.uint8] | None = None
    drawn: NDArray[np.uint8] | None = None
    steps: tuple[MaskStep, ...] = ()
    base: "Image | None" = None
    variance: NDArray[np.floating[Any]] | None = None


LARGEST_VALUE = 1e15
"""Floats beyond this are marks of "no measurement"; their squares would overflow."""

PixelRule = Callable[[NDArray[Any]], BoolArray]
"""Given values of any shape, True where they are to be ignored."""


def default_mask(data: NDArray[Any]) -> BoolArray:
    """Pixels that cannot be trusted, judged by their values alone.

    NaN and infinite values, dummies (negative values, unless they are the noise of an image
    with a background subtracted; zeros that fill gaps), and saturation: the largest value of
    an integer type, and plateaus of one largest value.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.

    Returns
    -------
    ndarray of bool, shape (H, W)
        True = ignore.
    """
    return pixel_rule(data)(data)


def has_no_value(values: NDArray[Any]) -> BoolArray:
    """True where a value is NaN, infinite or too large to be an intensity; any shape."""
    if values.dtype.kind != "f":
        return np.zeros(values.shape, dtype=bool)
    if values.dtype.itemsize < 4:
        return np.asarray(~np.isfinite(values))
    return np.asarray(~(np.abs(values) <= LARGEST_VALUE))


def pixel_rule(data: NDArray[Any]) -> PixelRule:
    """The rule by which `default_mask` judges, for use on some of the pixels of ``data``.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities of the whole image.

    Returns
    -------
    PixelRule
    """
    kind = data.dtype.kind
    judged = data.size > 0 and kind in "iuf"
    # fmin passes NaN over, and needs no temporary array.
    below = judged and kind != "u" and bool(np.fmin.reduce(data, axis=None) < 0)
    dummies = negative_dummies(data) if below else ()
    top = saturated_from(data) if judged else None
    marks = None if dummies is None else np.array(dummies, dtype=data.dtype)
    no_zero = judged and zero_is_dummy(data)

    def ignored(values: NDArray[Any]) -> BoolArray:
        mask = has_no_value(values)
        if marks is None:
            mask |= values < 0
        elif len(marks):
            mask |= np.isin(values, marks)
        if no_zero:
            mask |= values == 0
        if top is not None:
            mask |= values >= top
        return mask

    return ignored
