"""Points on a ring as text: CSV with ``x_px,y_px``, and the ``.npt`` of pyFAI.

Both count index pixels, (x, y) = (column, row), an integer is the centre of a pixel.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from calibtool.errors import InputError
from calibtool.io.atomic import read_text, write_file
from calibtool.model.circle import FloatArray
from calibtool.model.results import read_only

_POINT = re.compile(r"^point:\s*x=(\S+)\s+y=(\S+)", re.IGNORECASE)
_NAMES = {"x": ("x_px", "x"), "y": ("y_px", "y")}


def read_points(path: str | os.PathLike[str], ring: int | None = None) -> FloatArray:
    """Points of a CSV or ``.npt`` file.

    Parameters
    ----------
    path : str or path-like
        CSV with a header that names ``x_px`` and ``y_px`` (or ``x`` and ``y``), or two
        columns without a header; decimal comma where columns are separated by semicolons.
        A name that ends in ``.npt`` is read as pyFAI's control points.
    ring : int, optional
        Which ring of an ``.npt`` file, from 1; needed where there are several.

    Returns
    -------
    ndarray, shape (N, 2)
        Positions (x, y) in index pixels, read-only.

    Raises
    ------
    InputError
        Naming the file, and the line that cannot be used.
    """
    text = read_text(path, "a list of points")
    if Path(path).suffix.lower() == ".npt":
        points = _from_npt(text, str(path), ring)
    else:
        points = _from_csv(text, str(path))
    if not points:
        raise InputError(f"{path} holds no points; write x_px,y_px and a point on each line.")
    return read_only(points)


def _from_csv(text: str, name: str) -> list[tuple[float, float]]:
    lines = [(i, line.strip()) for i, line in enumerate(text.splitlines(), start=1)]
    lines = [(i, line) for i, line in lines if line and not line.startswith("#")]
    if not lines:
        return []
    separator = next((s for s in (";", "\t", ",") if s in lines[0][1]), None)
    columns = _columns(lines[0][1], separator, name)
    if columns is not None:
        _check_widths(lines, separator, name)
        lines = lines[1:]
    return [_row(line, separator, columns or (0, 1), name, i) for i, line in lines]


def _is_number(word: str) -> bool:
    """Whether a word with letters is a number all the same, as 4.98e+02 or nan."""
    try:
        float(word.replace(",", "."))
    except ValueError:
        return False
    return True


def _check_widths(lines: list[tuple[int, str]], separator: str | None, name: str) -> None:
    """Refuse rows with more values than names: decimal commas between commas are four values."""
    for number, line in lines[1:]:
        words = line.rstrip(f"{separator} ").split(separator)
        if len(words) > len(lines[0][1].split(separator)):
            raise InputError(
                f"Line {number} of {name} has {len(words)} values, more than the first line has "
                "names; write decimal points, or semicolons between the columns."
            )


def _columns(header: str, separator: str | None, name: str) -> tuple[int, int] | None:
    """Positions of x and y in the header, or None where there is no header."""
    words = [word.strip().strip('"').lower() for word in header.split(separator)]
    if not any(re.search("[a-z]", word) for word in words) or all(map(_is_number, words)):
        return None
    found = [next((words.index(n) for n in _NAMES[axis] if n in words), None) for axis in "xy"]
    if found[0] is None or found[1] is None:
        raise InputError(f"{name} has no columns x_px and y_px; name them in the first line.")
    return found[0], found[1]


def _row(
    line: str, separator: str | None, columns: tuple[int, int], name: str, number: int
) -> tuple[float, float]:
    words = line.split(separator)
    if separator != ",":
        words = [word.replace(",", ".") for word in words]
    if len(words) <= max(columns):
        raise InputError(
            f"Line {number} of {name} has no two numbers x and y: {line[:40]!r}; write both."
        )
    x, y = words[columns[0]], words[columns[1]]
    return _number(x, name, number), _number(y, name, number)


def _number(word: str, name: str, line: int) -> float:
    try:
        value = float(word.strip().strip('"'))
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise InputError(
            f"Line {line} of {name} has {word.strip()[:20]!r} instead of a number; correct or "
            "remove it."
        )
    return value


def _from_npt(text: str, name: str, ring: int | None) -> list[tuple[float, float]]:
    rings: dict[int, list[tuple[float, float]]] = {}
    group: list[tuple[float, float]] = []
    current = 0
    for number, line in enumerate(text.splitlines(), start=1):
        lower, point = line.strip().lower(), _POINT.match(line.strip())
        if lower.startswith("new"):
            group, current = [], 0
        elif lower.startswith("ring:") and lower[5:].strip() != "none":
            current = int(_number(lower[5:], name, number))
            rings.setdefault(current, []).extend(group)
        elif point is not None:
            x, y = _number(point[1], name, number), _number(point[2], name, number)
            rings.setdefault(current, []).append((x, y))
    rings = {key: points for key, points in rings.items() if points}
    if not rings:
        return []
    wanted = (ring - 1) if ring is not None else next(iter(rings), 0)
    if wanted not in rings or (ring is None and len(rings) > 1):
        known = ", ".join(str(key + 1) for key in sorted(rings)) or "none"
        raise InputError(
            f"{name} holds points of the rings {known}; choose one of them (--ring), or keep "
            "only one in the file."
        )
    return rings[wanted]


def write_points(path: str | os.PathLike[str], points: ArrayLike, *, force: bool = False) -> None:
    """Write points, shape (N, 2) as (x, y), as CSV with a header; errors as for writing."""
    rows = [f"{float(x)!r},{float(y)!r}" for x, y in np.asarray(points, dtype=np.float64)]
    write_file(path, "\n".join(["x_px,y_px", *rows]) + "\n", force=force)


def write_npt(
    path: str | os.PathLike[str],
    points: ArrayLike,
    *,
    calibrant: str,
    ring: int,
    d_nm: Sequence[float],
    wavelength_nm: float | None = None,
    force: bool = False,
) -> None:
    """Write points of one ring as pyFAI's control points.

    Parameters
    ----------
    path : str or path-like
        Where to.
    points : array_like, shape (N, 2)
        Positions (x, y) in index pixels.
    calibrant : str
        Name of the calibrant, as pyFAI knows it.
    ring : int
        Which of its rings, from 1; pyFAI counts from 0.
    d_nm : sequence of float
        All d-spacings of the calibrant in nm.
    wavelength_nm : float, optional
        Wavelength in nm.
    force : bool
        Whether an existing file may be replaced.
    """
    lines = [
        "# Control points: wavelength in m, d-spacings in angstrom, positions in pixels",
        f"calibrant: {calibrant}",
    ]
    if wavelength_nm is not None:
        lines[1] += f" at wavelength {wavelength_nm * 1e-9:.12g}"
        lines.append(f"wavelength: {wavelength_nm * 1e-9:.12g}")
    lines.append("dspacing: " + " ".join(f"{10 * d:.10g}" for d in d_nm))
    lines += ["", "New group of points: 0", f"ring: {ring - 1}"]
    lines += [f"point: x={float(x)!r} y={float(y)!r}" for x, y in np.asarray(points, np.float64)]
    write_file(path, "\n".join(lines) + "\n", force=force)
