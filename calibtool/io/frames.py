"""The frames of one exposure, out of one file or several, one after the other."""

from collections.abc import Iterator, Sequence

from calibtool.errors import InputError
from calibtool.io.images import load_image
from calibtool.model.image import Image


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
