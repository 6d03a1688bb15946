"""Calibrants and the d-spacings of their rings: built in, of pyFAI, and of the user."""

import difflib
import functools
import importlib.util
import itertools
import math
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from calibtool.errors import InputError
from calibtool.instruments.cache import NO_PYFAI, has_pyfai
from calibtool.instruments.powder import completed, cubic_intensities
from calibtool.model.settings import AGBH_D001_NM, AGBH_RELATIVE_SIGMA, AGBH_RINGS

_LAB6_A_NM = 0.4156826
_CEO2_A_NM = 0.541165
_SMALLEST_A, _LARGEST_A = 0.01, 1e7

_AGBH_STRENGTH = {1: 1.0, 2: 0.165, 3: 0.105, 4: 0.035, 5: 0.03}
"""Measured on four images of Pilatus and ADSC detectors: 16-17.5, 10-12, 3-4 and 3 %."""


@dataclass(frozen=True)
class Calibrant:
    """A substance with known rings.

    ``d_nm`` are the d-spacings in nm, the largest (ring 1) first; ``d_relative_sigma`` is
    their relative standard uncertainty, 0 where none is stated. ``strength`` is the intensity
    of each line per length of its ring relative to the strongest, as powder diffractometers
    see it; empty where nobody knows. ``hkl`` are the indices of each line, as "111" or
    "1 0 −2" where a sign or two digits would run together; empty where they are not known.
    """

    name: str
    d_nm: tuple[float, ...]
    d_relative_sigma: float
    source: str
    strength: tuple[float, ...] = ()
    hkl: tuple[str, ...] = ()


@functools.cache
def calibrants() -> tuple[Calibrant, ...]:
    """All calibrants: AgBh first, then collagen, then the others by name."""
    first = _built_in()
    known = {c.name: c for c in (*_lattices(), *_with_borrowed_strengths(_of_pyfai()))}
    for calibrant in first:
        known.pop(calibrant.name, None)
    return (*first, *sorted(known.values(), key=lambda c: c.name.lower()))


def find_calibrant(name: str) -> Calibrant:
    """A calibrant by its name (case, spaces and hyphens ignored) or a ``.D`` file by its path.

    The name of the latter is its absolute path.

    Raises
    ------
    InputError
        Where there is none, with similar names.
    """
    wanted = _plain(name)
    known = {_plain(c.name): c for c in calibrants()} | _aliases()
    if wanted in known:
        return known[wanted]
    if name.endswith((".D", ".d")) or "/" in name or "\\" in name:
        # Its name is its place, so that it is found again from a calibration or a session.
        return replace(read_d_file(Path(name)), name=os.path.abspath(name))
    close = [known[n].name for n in difflib.get_close_matches(wanted, known, n=3)]
    hint = f" (similar: {', '.join(dict.fromkeys(close))})" if close else ""
    missing = "" if has_pyfai() else f" {NO_PYFAI}"
    start = f"There is no calibrant {name!r}{hint}"
    raise InputError(
        f"{start}; 'calibtool calibrants' lists all of them.{missing}",
        in_window=f"{start}; choose one from the list.{missing}",
    )


def read_d_file(path: Path) -> Calibrant:
    """A calibrant out of a text file with one d-spacing in Å on each line (``#`` comments).

    Raises
    ------
    InputError
        Naming the file and the line that cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"Cannot read the calibrant file {path}: {error.strerror}.") from error
    stated: dict[float, float | None] = {}
    indices: dict[float, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split("#")[0].split()
        if words:
            d = _spacing_nm(words[0], path, number)
            stated.setdefault(d, _intensity(line))
            indices.setdefault(d, _hkl(line))
    if not stated:
        raise InputError(f"The calibrant file {path} holds no d-spacing; write one in Å on a line.")
    spacings = tuple(sorted(stated, reverse=True))
    strength = completed(path.stem, spacings, [stated[d] for d in spacings])
    hkl = tuple(indices[d] for d in spacings)
    return Calibrant(path.stem, spacings, 0.0, f"file {path}", strength, hkl if all(hkl) else ())


def _intensity(line: str) -> float | None:
    """Intensity in the comment of a line of pyFAI, ``# (h k l) multiplicity intensity``."""
    words = line.partition("#")[2].rpartition(")")[2].split()
    try:
        value = float(words[1]) if len(words) == 2 else math.nan
    except ValueError:
        value = math.nan
    return value if 0.0 <= value < math.inf else None


def _hkl(line: str) -> str:
    """Indices in the comment of a line of pyFAI; empty where there are none."""
    found = re.search(r"#.*\(\s*(-?\d+)[\s,]+(-?\d+)[\s,]+(-?\d+)\s*\)", line)
    if found is None:
        return ""
    apart = any(len(index) > 1 for index in found.groups())
    return (" " if apart else "").join(found.groups()).replace("-", "−")


def _spacing_nm(word: str, path: Path, number: int) -> float:
    try:
        d = float(word.replace(",", "."))
    except ValueError:
        d = math.nan
    if not _SMALLEST_A <= d <= _LARGEST_A:
        raise InputError(
            f"Line {number} of the calibrant file {path} has {word[:20]!r} where a d-spacing in Å "
            f"is expected ({_SMALLEST_A:g} to {_LARGEST_A:g}); correct or remove it."
        )
    return float(f"{0.1 * d:.12g}")


def _orders(d_nm: float, n: int = AGBH_RINGS) -> tuple[float, ...]:
    return tuple(d_nm / order for order in range(1, n + 1))


def _built_in() -> tuple[Calibrant, ...]:
    varies = "its period varies with the sample and its humidity"
    return (
        Calibrant(
            "AgBh",
            _orders(AGBH_D001_NM),
            AGBH_RELATIVE_SIGMA,
            "silver behenate, d001 = 5.8380 nm: Huang et al., J. Appl. Cryst. 26 (1993) 180",
            tuple(_AGBH_STRENGTH.get(n, 0.15 / n) for n in range(1, AGBH_RINGS + 1)),
            tuple(f"00{n}" if n < 10 else f"0 0 {n}" for n in range(1, AGBH_RINGS + 1)),
        ),
        Calibrant("collagen_wet", _orders(67.0), 0.005, f"wet tendon collagen, 67.0 nm; {varies}"),
        Calibrant("collagen_dry", _orders(65.3), 0.005, f"dry tendon collagen, 65.3 nm; {varies}"),
    )


def _lattices() -> tuple[Calibrant, ...]:
    """LaB6 (primitive cubic) and CeO2 (face-centred cubic), needed where pyFAI is missing."""
    lab6, ceo2 = _cubic(_LAB6_A_NM, False), _cubic(_CEO2_A_NM, True)
    return (
        Calibrant(
            "LaB6",
            lab6,
            2e-5,
            "NIST SRM 660c, a = 0.4156826 nm",
            cubic_intensities("LaB6", lab6),
        ),
        Calibrant(
            "CeO2", ceo2, 2e-5, "NIST SRM 674b, a = 0.541165 nm", cubic_intensities("CeO2", ceo2)
        ),
    )


def _cubic(a_nm: float, face_centred: bool, largest: int = 8) -> tuple[float, ...]:
    """Spacings a/√(h² + k² + l²); face-centred: indices all even or all odd."""
    squares = {
        h * h + k * k + l * l
        for h, k, l in itertools.product(range(largest + 1), repeat=3)  # noqa: E741
        if not face_centred or h % 2 == k % 2 == l % 2
    }
    # Beyond largest² the set has holes.
    return tuple(a_nm / math.sqrt(n) for n in sorted(squares) if 0 < n <= largest * largest)


def _of_pyfai() -> list[Calibrant]:
    """Read from pyFAI's own ``.D`` files, which needs no import of pyFAI."""
    spec = importlib.util.find_spec("pyFAI")
    if spec is None or not spec.submodule_search_locations:
        return []
    found = []
    for folder in spec.submodule_search_locations:
        for path in sorted(Path(folder, "resources", "calibration").glob("*.D")):
            read = read_d_file(path)
            found.append(replace(read, source=f"pyFAI, {path.name}"))
    return [calibrant for calibrant in found if calibrant.name != "mock"]


def _with_borrowed_strengths(some: list[Calibrant]) -> list[Calibrant]:
    """Give editions of a substance without intensities those of another edition."""
    stated = [c for c in some if c.strength]
    filled = []
    for calibrant in some:
        twins = [c for c in stated if _same_lines(c.d_nm, calibrant.d_nm)]
        empty = not calibrant.strength and bool(twins)
        filled.append(replace(calibrant, strength=twins[0].strength) if empty else calibrant)
    return filled


def _same_lines(some: tuple[float, ...], others: tuple[float, ...]) -> bool:
    return len(some) == len(others) and all(
        abs(a / b - 1.0) < 1e-3 for a, b in zip(some, others, strict=True)
    )


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.lower())


def _aliases() -> dict[str, Calibrant]:
    by_name = {c.name: c for c in calibrants()}
    names = {
        "agbeh": "AgBh",
        "silverbehenate": "AgBh",
        "collagen": "collagen_wet",
        "wetcollagen": "collagen_wet",
        "drycollagen": "collagen_dry",
        "ceria": "CeO2",
    }
    return {alias: by_name[name] for alias, name in names.items()}
