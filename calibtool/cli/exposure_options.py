"""Options that say what the image is made of: frames, dark, flat, masks."""

import argparse
import os
import re
from collections.abc import Sequence

from calibtool.errors import InputError
from calibtool.io.folder import list_images
from calibtool.io.images import split_dataset
from calibtool.model.exposure import COMBINATIONS, Exposure, MaskStep

NAMES = ("mask", "mask_keeps", "dark", "flat", "frames", "combine")


def add_correction_options(p: argparse.ArgumentParser) -> None:
    """Add the options of masks, dark and flat."""
    p.add_argument(
        "--mask", metavar="FILE", action="append", help="pixels to ignore: non-zero; several add up"
    )
    p.add_argument(
        "--mask-keeps", action="store_true", default=None, help="non-zero pixels are those to keep"
    )
    p.add_argument(
        "--dark", metavar="FILE", help="dark frame, or a file or folder of several, to be averaged"
    )
    p.add_argument(
        "--flat", metavar="FILE", help="flat field, dark taken off; or several to be averaged"
    )


def add_frames_options(p: argparse.ArgumentParser) -> None:
    """Add the options of several frames as one exposure."""
    p.add_argument("--frames", metavar="A:B", help="frames from A to before B as one exposure")
    p.add_argument(
        "--combine", choices=COMBINATIONS, help="how (default mean; median leaves cosmic rays out)"
    )


def exposure_of(options: argparse.Namespace, images: Sequence[str] = ()) -> Exposure:
    """What the options ask for; ``images`` are the files of one exposure.

    Raises
    ------
    InputError
        An option cannot be used; the text names it.
    """
    if options.mask_keeps and not options.mask:
        raise InputError("--mask-keeps says how a mask is read: give one with --mask.")
    steps = [
        MaskStep("file", path=_place("--mask", path), keeps=bool(options.mask_keeps))
        for path in options.mask or ()
    ]
    frames = _frames(getattr(options, "frames", None))
    combine = getattr(options, "combine", None)
    several = frames is not None or len(images) > 1
    if combine and not several:
        raise InputError("--combine needs several frames: give --frames A:B, or several files.")
    return Exposure(
        frames=frames,
        combine=combine or "mean",
        files=tuple(os.path.abspath(path) for path in images[1:]),
        mask=tuple(steps),
        dark=_place("--dark", options.dark),
        flat=_place("--flat", options.flat),
    )


def images_of(paths: Sequence[str]) -> tuple[str, ...]:
    """The files of one exposure: those given, and all images of the folders given."""
    files: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            files.append(path)
            continue
        found = list_images(path)
        if not found:
            raise InputError(f"There is no image in the folder {path}; choose another.")
        files += found
    return tuple(files)


def exposure_inputs(options: argparse.Namespace) -> list[str | None]:
    """Files that are read for it, which no output may replace."""
    return [*(options.mask or ()), options.dark, options.flat]


def _place(name: str, path: str | None) -> str:
    """A file's full name, so that the saved calibration finds it from anywhere."""
    if path is None:
        return ""
    file, dataset = split_dataset(path)
    if not file.strip():
        raise InputError(f"{name}: nothing is given; write the name of a file.")
    if not os.path.exists(file):
        raise InputError(f"{name}: there is no file {file}; check the name and the folder.")
    return f"{os.path.abspath(file)}::{dataset}" if dataset else os.path.abspath(file)


def _frames(text: str | None) -> tuple[int, int | None] | None:
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d{0,9}):(\d{0,9})\s*", text)
    if match is None:
        raise InputError(
            f"--frames: '{text}' is no range of frames; write it as 0:10 (10 is not among them)."
        )
    first, end = int(match[1] or 0), int(match[2]) if match[2] else None
    if end is not None and end <= first:
        raise InputError(f"--frames: '{text}' holds no frame; the second number is the larger.")
    return first, end
