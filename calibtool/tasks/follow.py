"""Measure new frames as they arrive, in a folder or at an address."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from calibtool.errors import CalibtoolError
from calibtool.model.image import Image
from calibtool.model.results import Moved
from calibtool.tasks.exposing import exposed
from calibtool.tasks.found import Found, Watch
from calibtool.tasks.measure import SeriesOptions, measure
from calibtool.tasks.reference import Reference
from calibtool.tasks.series_row import SeriesRow, failed

POLL_S = 0.5

NOTED_SIGMA = 4.0
"""From so many σ on, the beam is said to have moved."""


@dataclass(frozen=True, eq=False)
class Arrival:
    """A new frame: its row, the image unless it could not be opened, and how far the beam moved."""

    row: SeriesRow
    image: Image | None
    moved: Moved | None = None

    @property
    def to_be_noted(self) -> bool:
        """Whether the beam has moved by more than chance does."""
        return self.moved is not None and self.moved.n_sigma > NOTED_SIGMA


def follow_step(
    watch: Watch, reference: Reference, options: SeriesOptions, now: float
) -> tuple[Watch, tuple[Arrival, ...]]:
    """Look once, and measure what is new.

    Parameters
    ----------
    watch : Watch
        What was there at the last look.
    reference, options
        How to measure, see `calibtool.tasks.measure`.
    now : float
        Time in s, of any clock that does not jump.

    Returns
    -------
    Watch
        What is there now.
    tuple of Arrival
        The new frames.

    Raises
    ------
    InputError
        There is nothing to be looked at any more.
    """
    watch, found = watch.look(now)
    return watch, tuple(_arrival(each, reference, options) for each in found)


def follow(
    watch: Watch,
    reference: Reference,
    options: SeriesOptions,
    *,
    cancelled: Callable[[], bool],
    poll_s: float = POLL_S,
) -> Iterator[Arrival]:
    """Look again and again until cancelled; yields each frame when it is whole."""
    while not cancelled():
        watch, arrivals = follow_step(watch, reference, options, time.monotonic())
        yield from arrivals
        if not arrivals:
            time.sleep(poll_s)


def _arrival(found: Found, reference: Reference, options: SeriesOptions) -> Arrival:
    if found.image is None:
        return Arrival(failed(found.file, found.frame, found.reason), None)
    image = found.image
    try:
        image = exposed(image, reference.exposure)
        row = measure(image, reference, options)
    except CalibtoolError as error:
        return Arrival(failed(found.file, found.frame, error), image)
    return Arrival(row, image, moved(row, reference))


def moved(row: SeriesRow, reference: Reference) -> Moved | None:
    """How far the beam of a frame is from the calibration, None where its centre is fixed."""
    dx, dy, sigma_x, sigma_y = (
        row.dx_px,
        row.dy_px,
        row.sigma_center_x_px,
        row.sigma_center_y_px,
    )
    if dx is None or dy is None or not sigma_x or not sigma_y:
        return None
    own_x, own_y = reference.sigma_center_px
    return Moved(dx, dy, math.hypot(sigma_x, own_x), math.hypot(sigma_y, own_y))
