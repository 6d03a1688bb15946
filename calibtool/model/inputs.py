"""What a caller hands in as image, mask or circle, made into arrays or refused."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import InputError
from calibtool.model.circle import BoolArray, Circle, CircleLike
from calibtool.model.image import pixel_rule

FARTHEST_PX = 1e6
"""Positions and radii beyond this belong to no detector; arrays along the ring stay small."""


ROUNDING = 1e-9
"""Values so near to whole ones are whole."""


def as_image(data: ArrayLike) -> NDArray[Any]:
    """Intensities as a plain array.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Numbers: an array of any real type, a masked array, lists.

    Returns
    -------
    ndarray, shape (H, W)

    Raises
    ------
    InputError
        Not two-dimensional, empty, or not real numbers.
    """
    try:
        image = np.asarray(data)
    except (TypeError, ValueError):
        image = np.empty(0)
    if image.ndim != 2 or image.size == 0 or image.dtype.kind not in "biuf":
        raise InputError(
            f"The image has shape {image.shape} and type {image.dtype}: give a table of real "
            "numbers with rows and columns."
        )
    return _whole(image)


def _whole(image: NDArray[Any]) -> NDArray[Any]:
    """Counts that arithmetic has left a rounding error off are counts again."""
    if image.dtype.kind != "f" or image.dtype.itemsize < 4:
        return image
    with np.errstate(invalid="ignore"):
        for step in (max(1, image.size // 1000), 1):
            some = image.ravel()[::step]
            off = np.abs(some - np.rint(some))
            if not np.all((off < ROUNDING) | ~np.isfinite(some)) or not np.any(off > 0.0):
                return image
        return np.asarray(np.rint(image))


def as_mask(mask: ArrayLike | None, data: ArrayLike, image: NDArray[Any]) -> BoolArray | None:
    """Pixels the caller wants ignored.

    Parameters
    ----------
    mask : array_like of bool, shape (H, W), or None
        True = ignore.
    data : array_like
        The image as it was given: the mask of a masked array counts too.
    image : ndarray, shape (H, W)
        The same from `as_image`.

    Returns
    -------
    ndarray of bool, shape (H, W), or None
        None where nothing was given, so that the values decide.

    Raises
    ------
    InputError
        The mask has another shape than the image.
    """
    own = np.ma.getmaskarray(data) if isinstance(data, np.ma.MaskedArray) else None
    if mask is None:
        return None if own is None else own | pixel_rule(image)(image)
    try:
        ignore = np.asarray(mask, dtype=bool)
    except (TypeError, ValueError):
        ignore = np.empty(0, dtype=bool)
    if ignore.shape != image.shape:
        raise InputError(
            f"The mask has the shape {ignore.shape}, the image {image.shape}: choose the mask "
            "of this image."
        )
    return ignore if own is None else ignore | own


def as_variance(
    variance: ArrayLike | None, image: NDArray[Any]
) -> NDArray[np.floating[Any]] | None:
    """Variances of the pixels' values.

    Parameters
    ----------
    variance : array_like, shape (H, W), or None
        Above 0; what is not (or is not finite) says that nothing is known of the pixel.
    image : ndarray, shape (H, W)
        The image from `as_image`.

    Returns
    -------
    ndarray of float, shape (H, W), or None
        None where nothing was given; infinite where nothing is known.

    Raises
    ------
    InputError
        The variances have another shape than the image, or are no real numbers.
    """
    if variance is None:
        return None
    try:
        known = np.asarray(variance)
        known = known if known.dtype.kind == "f" else known.astype(np.float64)
    except (TypeError, ValueError):
        known = np.empty(0)
    if known.shape != image.shape:
        raise InputError(
            f"The variance has the shape {known.shape}, the image {image.shape}: give one for "
            "each pixel."
        )
    sound = known > 0.0
    return known if sound.all() else np.where(sound, known, np.inf)


def as_circle(circle: CircleLike | Sequence[object], name: str) -> Circle:
    """A circle given as an object or as (x, y, radius), in index pixels.

    Parameters
    ----------
    circle : CircleLike or (float, float, float)
        Centre and radius.
    name : str
        What it is, for the message.

    Raises
    ------
    InputError
        Not three finite numbers with a radius above 0, or larger than any detector.
    """
    names = ("center_x_px", "center_y_px", "radius_px")
    try:
        given = circle if not hasattr(circle, names[0]) else [getattr(circle, n) for n in names]
        x, y, radius = (float(value) for value in given)  # type: ignore[arg-type,union-attr]
    except (AttributeError, TypeError, ValueError):
        x = y = radius = math.nan
    if not all(abs(value) <= FARTHEST_PX for value in (x, y, radius)) or radius <= 0.0:
        raise InputError(
            f"{name} cannot be used: give the finite centre x, y and a radius above 0 (and "
            f"none beyond {FARTHEST_PX:.0e} px), in pixels."
        )
    return Circle(x, y, radius)


def as_whole(value: object, name: str, least: int, most: int | None = None) -> int:
    """A whole number from ``least`` to ``most``; InputError names what is not one."""
    try:
        whole = value.is_integer() if isinstance(value, float) else True
        number = int(value) if whole else least - 1  # type: ignore[call-overload]
    except (TypeError, ValueError):
        number = least - 1
    if number < least:
        raise InputError(f"{name} {value} cannot be used: give a whole number of {least} or more.")
    if most is not None and number > most:
        raise InputError(f"{name} {value} cannot be used: give {most} or less.")
    return number


def is_above_zero(value: object, *, finite: bool = False) -> bool:
    """Whether a value is a number above 0, not NaN."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return number > 0.0 and not (finite and math.isinf(number))
