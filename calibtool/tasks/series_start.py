"""Before a series: which files, and the ring of one image to follow through all of them."""

import fnmatch
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from calibtool.errors import ImageReadError, InputError, RingNotFoundError
from calibtool.io.calibration import Calibration
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
from calibtool.tasks.entering import choose_ring
from calibtool.tasks.exposing import load_exposed
from calibtool.tasks.opening import Opened, open_image
from calibtool.tasks.recognised import recognised
from calibtool.tasks.reference import (
    Reference,
    reference_from,
    reference_of_result,
    whole_mask,
)
from calibtool.tasks.starting import clearest_ring, predicted_rings
from calibtool.tasks.worker_processes import ProcessDiedError, TookTooLongError

Run = Callable[..., Any]

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


def here(fn: Callable[..., Any], /, *values: Any) -> Any:
    """Call a function in this process."""
    return fn(*values)


def first_reference(
    files: Sequence[str],
    settings_of: Callable[[Opened], Settings],
    run: Run = here,
    exposure: Exposure = PLAIN,
) -> Reference:
    """Reference from the first image in which a ring is found.

    Parameters
    ----------
    files : sequence of str
        The images.
    settings_of : callable
        Settings to use for an opened image, a function of a module.
    run : callable
        Calls a function with values, perhaps in another process; an image that takes too long
        there is passed over.
    exposure : Exposure
        What is done to each image.

    Raises
    ------
    RingNotFoundError
        None of the images has a ring.
    """
    found = _first(files, partial(_found_in, settings_of, exposure), run)
    if found is None:
        raise RingNotFoundError(
            f"None of the {len(files)} images has a ring that can be found: give a calibration "
            "with --calibration."
        )
    return found


def started_reference(
    files: Sequence[str],
    settings_of: Callable[[Opened], Settings],
    calibration: Calibration,
    run: Run = here,
) -> Reference:
    """Reference from where a calibration without a ring of its own, as a ``.poni``, puts one.

    Of the calibrant's rings the one is followed that the first images show best there.

    Parameters
    ----------
    files, settings_of, run
        As for `first_reference`.
    calibration : Calibration
        Position of the detector.

    Raises
    ------
    RingNotFoundError
        The first images show no ring there.
    InputError
        The calibration does not say where rings are, or is for images of another size.
    """
    plain = replace(calibration, sources={}, options={}, masked={})
    found = _first(files[:TRIED], partial(_placed_in, settings_of, plain), run)
    if found is None:
        raise RingNotFoundError(
            f"The first {len(files[:TRIED])} images show no ring where the calibration puts it: "
            "check calibrant and calibration, or leave out --calibration."
        )
    return found


def with_template(reference: Reference, files: Sequence[str], run: Run = here) -> Reference:
    """Reference with the ring to follow, and the shape, taken from the first image that has it.

    The same files give the same reference, so that a run that is resumed repeats the numbers.
    """
    if reference.template is not None:
        return reference
    return _first(files[:TRIED], partial(_followed_in, reference), run) or reference


def _first(
    files: Sequence[str], look: Callable[[str], Reference | None], run: Run
) -> Reference | None:
    for file in files:
        with suppress(ImageReadError, TookTooLongError, ProcessDiedError):
            found: Reference | None = run(look, file)
            if found is not None:
                return found
    return None


def _found_in(
    settings_of: Callable[[Opened], Settings], exposure: Exposure, file: str
) -> Reference | None:
    opened = open_image(file, 0, Settings(exposure=exposure))
    settings = settings_of(opened)
    try:
        result = find(opened.image, settings)
    except RingNotFoundError:
        return None
    if result.pattern is not None:
        settings = recognised(settings, result.pattern)
    reference = reference_of_result(opened.image, result, settings)
    return replace(reference, circle=_as_in_series(opened.image, reference))


def _placed_in(
    settings_of: Callable[[Opened], Settings], calibration: Calibration, file: str
) -> Reference | None:
    opened = open_image(file, 0, Settings(exposure=calibration.exposure))
    image, settings = opened.image, settings_of(opened)
    rows, columns = image.data.shape
    place = calibration.on_image((rows, columns))
    clearest = clearest_ring(image, predicted_rings(place, settings, (rows, columns)))
    if clearest is None:
        return None
    known, ring = clearest
    if known.ring is not None:
        settings = choose_ring(settings, known.ring, "the calibration")
    reference = reference_from(known.circle, settings, (rows, columns))
    mask = whole_mask(image, reference.detector)
    template = ring_template(measured(image, mask), ring)
    return replace(reference, template=template, geometry=place.position)


def _followed_in(reference: Reference, file: str) -> Reference | None:
    image, _notes = load_exposed(file, 0, reference.exposure)
    rows, columns = image.data.shape
    if reference.shape not in (None, (rows, columns)):
        return None
    mask = whole_mask(image, reference.detector)
    try:
        ring = refine_ring(image.data, reference.circle, mask=mask, variance=image.variance)
    except RingNotFoundError:
        return None
    template = ring_template(measured(image, mask), ring)
    return replace(reference, template=template, shape=(rows, columns))


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
