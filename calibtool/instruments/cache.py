"""Tables made from pyFAI once and kept as JSON, so that later starts need not import it."""

import contextlib
import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calibtool.places import user_folder

NO_PYFAI = (
    "pyFAI is not installed, so its lists of detectors and calibrants are missing; "
    "install it (pip install pyFAI) or type the pixel size and the d-spacing."
)

_FORMAT = 2


def has_pyfai() -> bool:
    """Whether pyFAI can be imported; does not import it."""
    return importlib.util.find_spec("pyFAI") is not None


def pyfai_version() -> str:
    """Version of the installed pyFAI, without importing it; "unknown" where it is not said.

    The name of the folder with pip's records says it; importlib.metadata, which reads them,
    takes ten times longer to import than the tables take to load.
    """
    spec = importlib.util.find_spec("pyFAI")
    if spec is None or spec.origin is None:
        return "unknown"
    with contextlib.suppress(OSError):
        for name in os.listdir(Path(spec.origin).parents[1]):
            if name.lower().startswith("pyfai-") and name.endswith((".dist-info", ".egg-info")):
                return name.rpartition(".")[0].partition("-")[2]
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pyFAI")
    except PackageNotFoundError:
        return "unknown"


def cache_folder() -> Path:
    """The user's folder for what can be made again."""
    return user_folder("cache")


def cached(name: str, make: Callable[[], Any]) -> Any:
    """The kept table ``name``, or a new one, kept where the folder can be written.

    Parameters
    ----------
    name : str
        Part of the file's name; the version of pyFAI is added.
    make : callable
        Makes the table out of plain JSON values.
    """
    path = cache_folder() / f"{name}-pyfai-{pyfai_version()}-{_FORMAT}.json"
    with contextlib.suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    table = make()
    with contextlib.suppress(OSError):
        _keep(path, json.dumps(table))
    return table


def _keep(path: Path, text: str) -> None:
    """Write beside and rename, so that a second program never reads half a table."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
