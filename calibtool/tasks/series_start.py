"""Before a series: which files, and the ring of one image to follow through all of them."""

import fnmatch
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from calibtool.errors import ImageReadError, InputError, JobCancelledError, RingNotFoundError
from calibtool.io.folder import list_images
from calibtool.io.images import split_dataset
from calibtool.model.circle import Circle
from calibtool.model.exposure import PLAIN, Exposure
from calibtool.model.image import Image
from calibtool.model.rings.annulus import measured
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.rings.tracking import ring_template
from calibtool.model.settings import Settings
from calibtool.tasks.calibrate import find
from calibtool.tasks.exposing import load_exposed
from calibtool.tasks.opening import Opened, open_image
from calibtool.tasks.order import ordered
from calibtool.tasks.reference import Reference, reference_of_result, whole_mask

TRIED = 10
"""Images looked at for a ring to follow; without one each frame is searched by itself."""


def series_files(
    paths: Sequence[str], pattern: str = "*", without: Sequence[str] = ()
) -> tuple[str, ...]:
    """Images of folders, in natural order, and of files, in the order given; each once.

    Parameters
    ----------
    paths : sequence of str
        Folders and files; a file may name a dataset.
    pattern : str
        Names to take, as ``run7_*.tif``.
    without : sequence of str
        Files that are no images of the series, as a figure that is written among them.

    Raises
    ------
    InputError
        A path is missing, or there is no image at all.
    """
    files: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            files += list_images(path)
        elif os.path.exists(split_dataset(path)[0]):
            files.append(path)
        else:
            raise InputError(f"There is no file or folder {path}: check the name.")
    own = {os.path.abspath(path) for path in without if path}
    files = [file for file in files if os.path.abspath(file) not in own]
    chosen = [f for f in files if fnmatch.fnmatch(os.path.basename(split_dataset(f)[0]), pattern)]
    if not chosen:
        where = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
        named = "" if pattern == "*" else f" whose name fits {pattern}"
        raise InputError(f"There is no image{named} in {where}: give another folder or pattern.")
    once: dict[str, str] = {}
    for file in chosen:
        once.setdefault(os.path.abspath(file), file)
    return tuple(once.values())


def first_reference(
    files: Sequence[str],
    settings_of: Callable[[Opened], Settings],
    exposure: Exposure = PLAIN,
    cancelled: Callable[[], bool] = lambda: False,
) -> Reference:
    """Reference from the first image in which a ring is found.

    Parameters
    ----------
    files : sequence of str
        The images.
    settings_of : callable
        Settings to use for an opened image, as ``lambda opened: opened.settings``.
    exposure : Exposure
        What is done to each image.
    cancelled : callable
        Asked before each image; True stops.

    Raises
    ------
    RingNotFoundError
        None of the images has a ring.
    JobCancelledError
        ``cancelled`` said so.
    """
    for file in files:
        if cancelled():
            raise JobCancelledError("Stopped before a ring was found.")
        try:
            opened = open_image(file, 0, Settings(exposure=exposure))
            settings = settings_of(opened)
            result = find(opened.image, settings)
        except (ImageReadError, RingNotFoundError):
            continue
        reference = reference_of_result(opened.image, result, ordered(settings, result.order))
        return replace(reference, circle=_as_in_series(opened.image, reference))
    raise RingNotFoundError(
        f"None of the {len(files)} images has a ring that can be found: give a calibration with "
        "--calibration."
    )


def with_template(reference: Reference, files: Sequence[str]) -> Reference:
    """Reference with the ring to follow, and the shape, taken from the first image that has it.

    The same files give the same reference, so that a run that is resumed repeats the numbers.
    """
    for image in _readable(files[:TRIED], reference.exposure):
        rows, columns = image.data.shape
        if reference.shape not in (None, (rows, columns)):
            continue
        mask = whole_mask(image, reference.detector)
        try:
            ring = refine_ring(
                image.data, reference.circle, mask=mask, variance=image.variance
            )
        except RingNotFoundError:
            continue
        template = ring_template(measured(image, mask), ring)
        return replace(reference, template=template, shape=(rows, columns))
    return reference


def _as_in_series(image: Image, reference: Reference) -> Circle:
    """The circle of the reference fitted as those of the frames are: by its own ring alone."""
    mask = whole_mask(image, reference.detector)
    try:
        ring = refine_ring(
            image.data, reference.circle, mask=mask, variance=image.variance
        )
    except RingNotFoundError:
        return reference.circle
    return Circle(ring.center_x_px, ring.center_y_px, ring.radius_px)


def _readable(files: Sequence[str], exposure: Exposure) -> Iterator[Image]:
    for file in files:
        try:
            yield load_exposed(file, 0, exposure)[0]
        except ImageReadError:
            continue
