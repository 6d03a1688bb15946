"""Images of a folder, in the order a person would put them."""

import os
import re
from pathlib import Path

from calibtool.errors import InputError
from calibtool.image_endings import IMAGE_ENDINGS, PACKED_ENDINGS
from calibtool.io.raw_dump import RawLayout, known_layout

_PACKED = re.compile(rf"\.({'|'.join(PACKED_ENDINGS)})$", re.IGNORECASE)
_EIGER_DATA = re.compile(r"^(.*)_data_\d+\.h5$")
_DUMP = re.compile(r"\.(raw|bin|dat|dmp|dump)$", re.IGNORECASE)
_GE = re.compile(r"^ge\d*$")
_DIGITS = re.compile(r"(\d+)")


def list_images(folder: str | os.PathLike[str]) -> tuple[str, ...]:
    """Paths of the files in a folder that look like images, by their names.

    Dumps of pixels are among them where the layout for their size is known. Files are not opened.
    The data files of an Eiger are left out where their master is there.

    Parameters
    ----------
    folder : str or path-like
        The folder; its own folders are not looked into.

    Returns
    -------
    tuple of str
        In natural order: ``a_9.tif`` before ``a_10.tif``.

    Raises
    ------
    InputError
        Where the folder is missing, is a file or may not be read.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _may_be_image(entry)]
            names = [name for name in names if Path(folder, name).is_file()]
    except OSError as error:
        raise InputError(
            f"Cannot list the folder {os.fspath(folder)}: {error.strerror}; choose another folder."
        ) from error
    masters = set(names)
    images = [name for name in names if not _has_master(name, masters)]
    return tuple(str(Path(folder, name)) for name in sorted(images, key=natural_key))


def dumps_of(folder: str, layout: RawLayout) -> tuple[str, ...]:
    """Files of a folder that may be dumps of pixels with a layout, by their names and sizes."""
    try:
        with os.scandir(folder) as entries:
            named = [entry for entry in entries if _DUMP.search(entry.name) and entry.is_file()]
            return tuple(e.path for e in named if layout.n_frames(e.stat().st_size))
    except OSError as error:
        raise InputError(
            f"Cannot list the folder {folder}: {error.strerror}; choose another folder."
        ) from error


def _may_be_image(entry: "os.DirEntry[str]") -> bool:
    if _DUMP.search(entry.name) and not entry.name.startswith("."):
        return known_layout(entry.path) is not None
    return looks_like_image(entry.name)


def looks_like_image(name: str) -> bool:
    """Whether a file's name ends as those of images do, packed ones too."""
    if name.startswith("."):
        return False
    extension = _PACKED.sub("", name).rpartition(".")[2].lower()
    return extension in IMAGE_ENDINGS or _GE.match(extension) is not None


def _has_master(name: str, names: set[str]) -> bool:
    match = _EIGER_DATA.match(name)
    return match is not None and f"{match.group(1)}_master.h5" in names


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Key for sorting names with the numbers in them as numbers, case ignored."""
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part.casefold())
        for part in _DIGITS.split(name)
        if part
    )
