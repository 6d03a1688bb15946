"""The lines of calibrants and how strong each is, from pyFAI's tables and our own."""

import functools
import importlib.util
import zlib
from pathlib import Path

import numpy as np

from calibtool.instruments.calibrants import calibrants, find_calibrant
from tests.patterns.geometry import FloatArray

LAMELLAR = {
    "AgBh": (100, 45, 60, 25, 22, 15, 14, 12, 9, 9, 8),
    "collagen_wet": (100, 12, 60, 12, 45, 22, 16, 10, 22, 8),
    "collagen_dry": (100, 25, 50, 12, 40, 22, 16, 10, 18, 8),
    "C14H30O": (100, 30, 60, 25, 30, 12, 16, 8),
}
"""Heights of the rings themselves, not of whole lines."""

FAMILIES = (
    ("Al", "Au", "Ni", "Pt", "CeO2", "NaCl", "C60"),
    ("AgBh", "collagen_wet", "collagen_dry", "C14H30O"),
    ("LaB6", "LaB6_SRM660a", "LaB6_SRM660b", "LaB6_SRM660c"),
    ("Si", *(f"Si_SRM640{letter}" for letter in ("", "a", "b", "c", "d", "e")), "diamond"),
    (
        "alpha_Al2O3",
        "alpha_Al2O3_SRM676",
        "alpha_Al2O3_SRM676a_2008",
        "alpha_Al2O3_SRM676a_2015",
    ),
    ("Cr2O3", "CrOx"),
)
"""Calibrants whose rings have the same ratios, where only the scale tells one from another."""


@functools.cache
def lines(name: str) -> tuple[FloatArray, FloatArray]:
    """d-spacings in nm, the largest first, and the heights of their rings (largest 1)."""
    d = np.array(find_calibrant(name).d_nm)[:60]
    if name in LAMELLAR:
        known = np.array(LAMELLAR[name], float)
        d = d[: len(known)]
        return d, known / known.max()
    strength = _strengths(name, d) * d / d[0]
    return d, strength / strength.max()


def _strengths(name: str, d: FloatArray) -> FloatArray:
    """Intensities of whole lines; those a table is silent about fade like their neighbours."""
    stated = _stated(name)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    result: list[float] = []
    for value in d:
        here = [i for spacing, i in stated if abs(spacing / value - 1) < 2e-4]
        if here:
            result.append(sum(here))
        else:
            result.append(float(np.mean(result[-4:] or [1.0]) * rng.lognormal(-0.2, 0.5)))
    return np.array(result)


def _stated(name: str) -> list[tuple[float, float]]:
    spec = importlib.util.find_spec("pyFAI")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0], "resources", "calibration", f"{name}.D")
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[:400]:
        spacing, _, comment = line.partition("#")
        words = comment.partition(")")[2].split()
        if spacing.strip() and len(words) > 1:
            found.append((0.1 * float(spacing), float(words[1])))
    return found


def family(name: str) -> tuple[str, ...]:
    """All calibrants with the same ratios, the calibrant itself among them."""
    return next((names for names in FAMILIES if name in names), (name,))


def names() -> tuple[str, ...]:
    """Every calibrant of the program's table."""
    return tuple(calibrant.name for calibrant in calibrants())
