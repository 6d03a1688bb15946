"""Read a calibration of any of the kinds there are: which kind it is, its content says."""

import os
from pathlib import Path

from calibtool.errors import InputError
from calibtool.io.calibration import Calibration

_LARGEST = 50_000_000
_PICKLE = b"\x80"


def read_calibration(path: str | os.PathLike[str]) -> Calibration:
    """Read a calibration of calibtool, a ``.poni``, one of MuscleX, or numbers of Fit2D.

    Raises
    ------
    InputError
        The file cannot be read; names it and says why.
    """
    name, content = os.fspath(path).lower(), _content(path)
    if name.endswith(".info") or content.startswith(_PICKLE):
        from calibtool.io.musclex import read_musclex

        return read_musclex(path)
    text = _text(path, content)
    if name.endswith(".poni") or "\nponi1:" in text.lower():
        from calibtool.io.poni import calibration_of_poni, parse_poni

        return calibration_of_poni(parse_poni(text, str(path)))
    from calibtool.io.fit2d import is_fit2d, parse_fit2d

    if is_fit2d(text):
        return parse_fit2d(text, str(path))
    from calibtool.io.calibration_json import parse

    return parse(text, str(path))


def _content(path: str | os.PathLike[str]) -> bytes:
    try:
        if os.path.isfile(path) and os.path.getsize(path) > _LARGEST:
            raise InputError(f"{path} is not a calibration: it is too long; choose another file.")
        return Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"Cannot read {path}: {reason}; choose another file.") from error


def _text(path: str | os.PathLike[str], content: bytes) -> str:
    if b"\0" in content:
        raise InputError(
            f"{path} is not a calibration: it is not a text file; choose another file."
        )
    if not content.strip():
        raise InputError(f"{path} is not a calibration: the file is empty; choose another file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Remarks and paths may be in the letters of the computer that wrote them.
        return content.decode("latin-1")
