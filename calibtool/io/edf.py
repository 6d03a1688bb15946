"""Write an image with its instrument in the header, as EDF."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from numpy.typing import NDArray

from calibtool.errors import InputError
from calibtool.io.atomic import write_file


def write_edf(
    path: Path, data: NDArray[Any], header: Mapping[str, str], *, force: bool = False
) -> None:
    """Write one frame, whole or not at all; errors as in `calibtool.io.atomic.write_file`."""
    # Whole, not a part of it: the worker may be importing it, and a part alone would get it half.
    import fabio

    try:
        with TemporaryDirectory(prefix="calibtool-") as folder:
            draft = Path(folder) / "image.edf"
            fabio.edfimage.EdfImage(data=data, header=dict(header)).write(str(draft))
            content = draft.read_bytes()
    except OSError as error:
        raise InputError(
            f"Cannot write {path}: no room for a temporary file ({error.strerror}); free some "
            "space, or set TMPDIR to another folder."
        ) from error
    write_file(path, content, force=force)
