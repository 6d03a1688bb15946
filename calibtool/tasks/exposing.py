"""One image out of frames, dark, flat and masks: what is measured."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from calibtool.errors import InputError
from calibtool.io.folder import list_images
from calibtool.io.images import check_readable, load_image, split_dataset
from calibtool.io.masks import read_mask
from calibtool.model.circle import BoolArray
from calibtool.model.exposure import Exposure, MaskStep
from calibtool.model.image import Image
from calibtool.model.pixels.combining import Combined, combine, one_frame
from calibtool.model.pixels.reasons import Reason, Reasons, reasons_of, with_mask

if TYPE_CHECKING:
    from calibtool.model.pixels.corrections import Dark, Flat

Stamp = tuple[float, int]
Shape = tuple[int, int]


def load_exposed(path: str, frame: int, exposure: Exposure) -> tuple[Image, tuple[str, ...]]:
    """Load one frame, or several as one, and apply dark, flat and masks.

    Parameters
    ----------
    path : str
        As for `load_image`.
    frame : int
        The frame, from 0, where ``exposure`` does not name several.
    exposure : Exposure
        What to do.

    Returns
    -------
    image : Image
        The image; that of the file where nothing is to be done.
    notes : tuple of str
        What the user should know.

    Raises
    ------
    InputError
        The image, or a file of ``exposure``, cannot be read or used; names the file.
    """
    return _exposed(_combined(path, frame, exposure), exposure)


def exposed(image: Image, exposure: Exposure) -> Image:
    """One frame that is there already, with dark, flat and masks; errors as for `load_exposed`."""
    return _exposed(one_frame(image), exposure)[0]


def _exposed(combined: Combined, exposure: Exposure) -> tuple[Image, tuple[str, ...]]:
    notes = [combined.note] if combined.note else []
    image = combined.image
    if exposure.dark or exposure.flat or combined.parts > 1:
        from calibtool.model.pixels.corrections import corrected

        dark, flat = _dark(exposure.dark, image, notes), _flat(exposure.flat)
        if dark is not None or flat is not None:
            notes += _of_saturated(image)
        image = corrected(combined, dark, flat)
    return masked(image, exposure.mask), tuple(notes)


def _of_saturated(image: Image) -> list[str]:
    """What to say where pixels are full in the raw image, which no correction shows any more."""
    count = int(np.count_nonzero(reasons_of(image) & Reason.SATURATED))
    if not count:
        return []
    return [
        f"{count} pixel{'s are' if count > 1 else ' is'} saturated in the image as it was taken: "
        "no correction mends that, so they are left out; expose for less time where they are on "
        "the rings."
    ]


def only_corrections(exposure: Exposure) -> Exposure:
    """What of an exposure is true of other frames of the detector: all but which frames."""
    return replace(exposure, frames=None, combine="mean", files=())


def exposure_over(saved: Exposure, given: Exposure) -> Exposure:
    """What is given now, and the corrections of a calibration where nothing is given."""
    return replace(
        given,
        mask=given.mask or saved.mask,
        dark=given.dark or saved.dark,
        flat=given.flat or saved.flat,
    )


def check_exposure(exposure: Exposure, shape: Shape | None = None) -> None:
    """Find out before a series whether the files of its exposure are there and fit.

    Raises
    ------
    InputError
        One of them cannot be used; names it.
    """
    for what, path in (("dark", exposure.dark), ("flat", exposure.flat)):
        if path:
            _mean_of(what, path, _stamp(path))
    for step in exposure.mask:
        if step.kind == "file" and shape is None:
            check_readable(Path(split_dataset(step.path)[0]))
        elif step.kind == "file" and shape is not None:
            loaded_mask(step, shape)


def masked(image: Image, steps: tuple[MaskStep, ...]) -> Image:
    """The image with the mask of these steps in place of the files' and the drawn one.

    Raises
    ------
    InputError
        A file of the mask cannot be used, or no pixel is left.
    """
    if image.steps is steps or image.steps == steps:
        return image
    base = image.base or image
    if not steps:
        return base
    rows, columns = base.data.shape
    out = with_mask(base, _bits(steps, (rows, columns)))
    if bool(out.mask.all()) and not base.mask.all():
        raise InputError(
            "The mask leaves no pixel of the image; take a part of it away, or choose another."
        )
    return replace(out, steps=steps)


@lru_cache(maxsize=3)
def _bits(steps: tuple[MaskStep, ...], shape: Shape) -> Reasons:
    """Mask of these steps; that of all but the last is at hand while one draws."""
    from calibtool.model.pixels.mask_steps import after_step, mask_bits

    if len(steps) < 2:
        return mask_bits(steps, shape, lambda step: loaded_mask(step, shape))
    return after_step(_bits(steps[:-1], shape), steps[-1], lambda step: loaded_mask(step, shape))


def loaded_mask(step: MaskStep, shape: Shape) -> BoolArray:
    """Mask of a step that is a file, kept as long as the file does not change."""
    return _read_mask(step.path, _stamp(step.path), shape, step.keeps)


@lru_cache(maxsize=4)
def _read_mask(path: str, _stamp: Stamp, shape: Shape, keeps: bool) -> BoolArray:
    return read_mask(path, shape, keeps=keeps)


def _stamp(path: str) -> Stamp:
    """What changes when a file or the files of a folder do."""
    try:
        status = os.stat(split_dataset(path)[0])
    except (OSError, ValueError):
        return 0.0, 0
    return status.st_mtime, status.st_size


def _combined(path: str, frame: int, exposure: Exposure) -> Combined:
    if not exposure.several:
        return one_frame(load_image(path, frame))
    first, end = exposure.frames or (0, None)
    files = (path, *exposure.files)
    return combine(lambda: frames_of(files, first, end), exposure.combine)


def _dark(path: str, image: Image, notes: list[str]) -> "Dark | None":
    if not path:
        return None
    mean = _mean_of("dark", path, _stamp(path))
    from calibtool.model.pixels.corrections import Dark

    scale, note = _scale(path, mean.image, image)
    if note:
        notes.append(note)
    return Dark(path, mean.image.data, mean.image.mask, mean.counts, mean.parts, scale)


def _flat(path: str) -> "Flat | None":
    if not path:
        return None
    from calibtool.model.pixels.corrections import Flat

    mean = _mean_of("flat", path, _stamp(path))
    return Flat(path, mean.image.data, mean.image.mask, mean.counts, mean.parts)


def _scale(path: str, dark: Image, image: Image) -> tuple[float, str]:
    """Exposure time of the image over that of the dark, and what to say of it."""
    own, darks = image.geometry.exposure_s, dark.geometry.exposure_s
    if own is None or darks is None:
        return 1.0, ""
    scale = own / darks
    if abs(scale - 1.0) < 1e-3:
        return 1.0, ""
    return scale, (
        f"The dark {path} was exposed for {darks:g} s and the image for {own:g} s: it is taken "
        f"off {scale:.4g} times."
    )


@lru_cache(maxsize=4)
def _mean_of(what: str, path: str, _stamp: Stamp) -> Combined:
    """Mean of all frames of a file or a folder."""
    files = list_images(path) if os.path.isdir(path) else (path,)
    if not files:
        raise InputError(f"{path} cannot be the {what}: there is no image in this folder.")
    return combine(lambda: frames_of(files), "mean")


def frames_of(
    files: Sequence[str], first: int = 0, end: int | None = None
) -> Iterator[Image]:
    """Frames ``first`` to ``end`` (not among them), counted through all files.

    Parameters
    ----------
    files : sequence of str
        Files, or datasets ``file.h5::/entry/data``; all frames of each count.
    first, end : int, int or None
        From 0; None: as far as they go.

    Yields
    ------
    Image
        One is in memory at a time.

    Raises
    ------
    ImageReadError
        A file cannot be read.
    InputError
        There are fewer frames.
    """
    passed = 0
    for file in files:
        start = load_image(file)
        for number in range(start.n_frames):
            if passed >= first and (end is None or passed < end):
                yield start if number == 0 else load_image(file, number)
            passed += 1
            if end is not None and passed >= end:
                return
    wanted = first + 1 if end is None else end
    if passed < wanted:
        name = files[0] if len(files) == 1 else f"{files[0]} and the files after it"
        raise InputError(
            f"--frames: {name} {'has' if len(files) == 1 else 'have'} only {passed} frames, from 0 "
            f"to {passed - 1}; ask for no more."
        )
