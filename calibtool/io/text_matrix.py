"""An image as a table of numbers in a text file (``.csv``, ``.dat``, ``.txt``)."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.io.raw_frame import RawFrame, UnreadableError
from calibtool.model.circle import FloatArray

_LARGEST = 500_000_000
_MOST_HEADER_LINES = 100
_SMALLEST = 16
_LARGEST_COUNT = 2**31
_NUMBER = r"[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?|nan|inf"
_BY_SPACE = re.compile(rf"\s*(?:{_NUMBER})(?:\s+(?:{_NUMBER}))+\s*", re.IGNORECASE)
_FIRST = 4096


def read_text_matrix(path: Path) -> RawFrame | None:
    """Read a table of numbers, rows and columns of the image.

    Lines before the first number (names, remarks with ``#``) are left out; between the numbers
    stand spaces, tabulators, semicolons or commas, and decimal commas where they can be told.

    Returns
    -------
    RawFrame or None
        None where the file is no text or does not begin with numbers.

    Raises
    ------
    UnreadableError
        It is a table of numbers, but not of an image.
    """
    if path.stat().st_size > _LARGEST or not _is_text(path):
        return None
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    first = next((n for n, line in enumerate(lines) if _separator(line) is not None), None)
    if first is None or first > _MOST_HEADER_LINES:
        return None
    separator = _separator(lines[first])
    body = [line for line in lines[first:] if line.strip() and not line.lstrip().startswith("#")]
    if separator != ",":
        body = [line.replace(",", ".") for line in body]
    body = [line.strip().rstrip(separator or None) for line in body]
    return RawFrame(data=_counts(_numbers(body, separator)))


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(_FIRST)
    return bool(start) and b"\0" not in start


def _separator(line: str) -> str | None:
    """What stands between the numbers of a line, "" for spaces; None where it is no such line."""
    words = line.strip()
    if not words or words.startswith("#"):
        return None
    if _BY_SPACE.fullmatch(words) and ";" not in words and "\t" not in words:
        return ""
    for separator in (";", "\t", ","):
        parts = words.rstrip(separator).split(separator)
        if len(parts) > 1 and all(re.fullmatch(_NUMBER, p.strip(), re.I) for p in parts):
            return separator
    return None


def _numbers(body: list[str], separator: str | None) -> FloatArray:
    try:
        numbers = np.loadtxt(body, delimiter=separator or None, ndmin=2)
    except ValueError as error:
        reason = str(error).split(";")[0].split("(")[0].strip()
        raise UnreadableError(
            f"it is a table of numbers with a line that is not ({reason})"
        ) from error
    rows, columns = numbers.shape
    if min(rows, columns) < _SMALLEST:
        raise UnreadableError(f"it is a table of {rows} × {columns} numbers, not an image")
    return numbers


def _counts(numbers: FloatArray) -> NDArray[Any]:
    """Whole numbers as such: they are counts."""
    whole = np.isfinite(numbers).all() and (numbers == np.rint(numbers)).all()
    if whole and np.abs(numbers).max() < _LARGEST_COUNT:
        return numbers.astype(np.int32)
    return numbers
