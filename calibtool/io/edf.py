"""Write a frame in a format of fabio, whole or not at all; an image with its instrument as EDF."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from numpy.typing import NDArray

from calibtool.errors import InputError
from calibtool.io.atomic import write_file


def write_edf(
    path: Path, data: NDArray[Any], header: Mapping[str, str], *, force: bool = False
) -> None:
    """Write one frame; errors as in `calibtool.io.atomic.write_file`."""

    def draft(name: str) -> None:
        # Whole, not a part of it: the worker may be importing it, and a part alone would get it
        # half.
        import fabio

        fabio.edfimage.EdfImage(data=data, header=dict(header)).write(name)

    write_draft(path, draft, force=force)


def write_draft(path: Path, draft: Callable[[str], None], *, force: bool = False) -> None:
    """Write what a library writes to a temporary file; errors as in `write_file`."""
    try:
        with TemporaryDirectory(prefix="calibtool-") as folder:
            name = Path(folder, "draft")
            draft(str(name))
            content = name.read_bytes()
    except OSError as error:
        raise InputError(
            f"Cannot write {path}: no room for a temporary file ({error.strerror}); free some "
            "space, or set TMPDIR to another folder."
        ) from error
    write_file(path, content, force=force)
