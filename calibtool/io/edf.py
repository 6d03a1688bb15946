"""Write an image with its instrument in the header, as EDF."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray


def write_edf(path: Path, data: NDArray[Any], header: Mapping[str, str]) -> None:
    """Write one frame; an existing file is replaced (the caller has asked)."""
    from fabio.edfimage import EdfImage

    EdfImage(data=data, header=dict(header)).write(str(path))
