"""Watch a folder into which an instrument writes: each image once, none of them half."""

import contextlib
import fnmatch
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from calibtool.errors import CalibtoolError, ImageReadError
from calibtool.io.folder import list_images
from calibtool.io.images import load_image
from calibtool.tasks.found import Found

SETTLE_S = 1.0
"""A file counts when size and time have not changed for this long, and it can be opened."""

PATIENCE_S = 30.0
"""After this long without a change, a file that cannot be opened is given up."""

MOST = 4
"""Frames opened in one look."""

NEWEST = 4

Stamp = tuple[int, int, int, int]
"""Device, inode, size and time of change: a file that is renamed keeps it."""


@dataclass(frozen=True)
class Watched:
    """A file as it was last seen: its stamp, and since when (s, monotonic) it has it."""

    stamp: Stamp
    since: float


@dataclass(frozen=True)
class FolderWatch:
    """What was seen of a folder; a look makes a new one.

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

    def look(self, now: float) -> tuple["FolderWatch", tuple[Found, ...]]:
        """Look once; never waits, and opens a few frames at the most.

        Returns
        -------
        FolderWatch
            What is there now.
        tuple of Found
            The frames that have become whole, in natural order of their files.

        Raises
        ------
        InputError
            The folder cannot be listed.
        """
        arrived: list[Found] = []
        listed, state = _listed(self), self
        waiting = {path: seen for path, seen in state.waiting.items() if path in listed}
        state = replace(state, waiting=MappingProxyType(waiting))
        for path, stamp in listed.items():
            if stamp in state.done:
                continue
            watched = state.waiting.get(path)
            if watched is None or watched.stamp != stamp:
                watched = Watched(stamp, now)
                state = replace(state, waiting=MappingProxyType({**state.waiting, path: watched}))
            age = now - watched.since
            if age >= state.settle_s and len(arrived) < MOST:
                state, found = state._advance(path, stamp, age)
                arrived += found
        return state, tuple(arrived)

    def _advance(
        self, path: str, stamp: Stamp, age: float
    ) -> tuple["FolderWatch", list[Found]]:
        """Open the next frames of a file that has settled, and note how far it is done."""
        try:
            first, n_frames = _span(self, path, stamp)
            numbers = range(first, min(first + MOST, n_frames))
            found = [Found(path, number, load_image(path, number)) for number in numbers]
        except ImageReadError as error:
            if age < self.patience_s:
                return self, []
            return _finished(self, path, stamp), [Found(path, 0, None, str(error))]
        if _stamp(path) != stamp:
            return self, []  # it changed while it was read
        last = numbers[-1] + 1 if numbers else n_frames
        frames = MappingProxyType({**self.frames, path: (*stamp[:2], last)})
        state = replace(self, frames=frames)
        return (_finished(state, path, stamp) if last >= n_frames else state), found


def watch_folder(
    folder: str,
    pattern: str = "*",
    *,
    settle_s: float = SETTLE_S,
    patience_s: float = PATIENCE_S,
) -> FolderWatch:
    """Begin with what is in the folder now: those images are not new.

    Raises
    ------
    InputError
        The folder cannot be listed.
    """
    state = FolderWatch(folder, pattern, settle_s, patience_s)
    listed = _listed(state)
    frames = {}
    # The newest files are those that may be growing stacks; opening all would take long.
    for path in sorted(listed, key=lambda path: listed[path][3])[-NEWEST:]:
        with contextlib.suppress(CalibtoolError):
            frames[path] = (*listed[path][:2], load_image(path).n_frames)
    return replace(state, done=frozenset(listed.values()), frames=MappingProxyType(frames))


def _span(state: FolderWatch, path: str, stamp: Stamp) -> tuple[int, int]:
    """First frame to do, and how many the file has."""
    device, inode, known = state.frames.get(path, (0, 0, 0))
    first = known if (device, inode) == stamp[:2] else 0
    n_frames = load_image(path).n_frames
    # As many as before: the file was written anew in its place.
    return (first, n_frames) if n_frames > first else (0, n_frames)


def _finished(state: FolderWatch, path: str, stamp: Stamp) -> FolderWatch:
    waiting = {name: watched for name, watched in state.waiting.items() if name != path}
    return replace(state, waiting=MappingProxyType(waiting), done=state.done | {stamp})


def _listed(state: FolderWatch) -> dict[str, Stamp]:
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
