"""Follow a folder into which an instrument writes: each image once, none of them half."""

import contextlib
import fnmatch
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from calibtool.errors import CalibtoolError, ImageReadError
from calibtool.io.folder import list_images
from calibtool.io.images import load_image
from calibtool.model.image import Image
from calibtool.tasks.measure import SeriesOptions, measure
from calibtool.tasks.reference import Reference
from calibtool.tasks.series_row import SeriesRow, failed

SETTLE_S = 1.0
"""A file counts when size and time have not changed for this long, and it can be opened."""

PATIENCE_S = 30.0
"""After this long without a change, a file that cannot be opened is given up."""

POLL_S = 0.5

MOST = 4
"""Frames measured in one step."""

NEWEST = 4

Stamp = tuple[int, int, int, int]
"""Device, inode, size and time of change: a file that is renamed keeps it."""


@dataclass(frozen=True)
class Watched:
    """A file as it was last seen: its stamp, and since when (s, monotonic) it has it."""

    stamp: Stamp
    since: float


@dataclass(frozen=True)
class Following:
    """State of following a folder; a step makes a new one.

    ``waiting`` are files by path that are not done yet, ``done`` the stamps of those that
    are, and ``frames`` how many frames of a file have been given out, with its device and
    inode: a stack that grows goes on from there.
    """

    folder: str
    pattern: str = "*"
    settle_s: float = SETTLE_S
    patience_s: float = PATIENCE_S
    waiting: Mapping[str, Watched] = field(default_factory=lambda: MappingProxyType({}))
    done: frozenset[Stamp] = frozenset()
    frames: Mapping[str, tuple[int, int, int]] = field(
        default_factory=lambda: MappingProxyType({})
    )


@dataclass(frozen=True, eq=False)
class Arrival:
    """A new frame: its row, and the image unless it could not be opened."""

    row: SeriesRow
    image: Image | None


def begin_following(
    folder: str,
    pattern: str = "*",
    *,
    settle_s: float = SETTLE_S,
    patience_s: float = PATIENCE_S,
) -> Following:
    """Start with what is in the folder now: those images are not new.

    Raises
    ------
    InputError
        The folder cannot be listed.
    """
    state = Following(folder, pattern, settle_s, patience_s)
    listed = _listed(state)
    frames = {}
    # The newest files are those that may be growing stacks; opening all would take long.
    for path in sorted(listed, key=lambda path: listed[path][3])[-NEWEST:]:
        with contextlib.suppress(CalibtoolError):
            frames[path] = (*listed[path][:2], load_image(path).n_frames)
    return replace(state, done=frozenset(listed.values()), frames=MappingProxyType(frames))


def follow_step(
    state: Following, reference: Reference, options: SeriesOptions, now: float
) -> tuple[Following, tuple[Arrival, ...]]:
    """Look once; never waits, and measures a few frames at the most.

    Parameters
    ----------
    state : Following
        What was there at the last look.
    reference, options
        How to measure, see `calibtool.tasks.measure`.
    now : float
        Time in s, of any clock that does not jump.

    Returns
    -------
    Following
        What is there now.
    tuple of Arrival
        The frames that have become whole, in natural order of their files.

    Raises
    ------
    InputError
        The folder cannot be listed.
    """
    arrivals: list[Arrival] = []
    listed = _listed(state)
    state = replace(
        state, waiting=MappingProxyType({p: w for p, w in state.waiting.items() if p in listed})
    )
    for path, stamp in listed.items():
        if stamp in state.done:
            continue
        watched = state.waiting.get(path)
        if watched is None or watched.stamp != stamp:
            watched = Watched(stamp, now)
            state = replace(state, waiting=MappingProxyType({**state.waiting, path: watched}))
        age = now - watched.since
        if age >= state.settle_s and len(arrivals) < MOST:
            state, found = _advance(state, path, stamp, age, reference, options)
            arrivals += found
    return state, tuple(arrivals)


def _advance(
    state: Following,
    path: str,
    stamp: Stamp,
    age: float,
    reference: Reference,
    options: SeriesOptions,
) -> tuple[Following, list[Arrival]]:
    """Measure the next frames of a file that has settled, and note how far it is done."""
    try:
        first, n_frames = _span(state, path, stamp)
        numbers = range(first, min(first + MOST, n_frames))
        arrivals = [_arrival(path, number, reference, options) for number in numbers]
    except ImageReadError as error:
        if age < state.patience_s:
            return state, []
        return _finished(state, path, stamp), [Arrival(failed(path, 0, error), None)]
    if _stamp(path) != stamp:
        return state, []  # it changed while it was read
    last = numbers[-1] + 1 if numbers else n_frames
    frames = MappingProxyType({**state.frames, path: (*stamp[:2], last)})
    state = replace(state, frames=frames)
    return (_finished(state, path, stamp) if last >= n_frames else state), arrivals


def _span(state: Following, path: str, stamp: Stamp) -> tuple[int, int]:
    """First frame to do, and how many the file has."""
    device, inode, known = state.frames.get(path, (0, 0, 0))
    first = known if (device, inode) == stamp[:2] else 0
    n_frames = load_image(path).n_frames
    # As many as before: the file was written anew in its place.
    return (first, n_frames) if n_frames > first else (0, n_frames)


def _finished(state: Following, path: str, stamp: Stamp) -> Following:
    waiting = {name: watched for name, watched in state.waiting.items() if name != path}
    return replace(state, waiting=MappingProxyType(waiting), done=state.done | {stamp})


def _arrival(path: str, number: int, reference: Reference, options: SeriesOptions) -> Arrival:
    image = load_image(path, number)
    try:
        return Arrival(measure(image, reference, options), image)
    except CalibtoolError as error:
        return Arrival(failed(path, number, error), image)


def follow(
    state: Following,
    reference: Reference,
    options: SeriesOptions,
    *,
    cancelled: Callable[[], bool],
    poll_s: float = POLL_S,
) -> Iterator[Arrival]:
    """Look again and again until cancelled; yields each frame when it is whole."""
    while not cancelled():
        state, arrivals = follow_step(state, reference, options, time.monotonic())
        yield from arrivals
        if not arrivals:
            time.sleep(poll_s)


def _listed(state: Following) -> dict[str, Stamp]:
    """Images of the folder with their stamps; what vanishes meanwhile is left out."""
    found: dict[str, Stamp] = {}
    for path in list_images(state.folder):
        if fnmatch.fnmatch(os.path.basename(path), state.pattern):
            stamp = _stamp(path)
            if stamp is not None:
                found[path] = stamp
    return found


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
