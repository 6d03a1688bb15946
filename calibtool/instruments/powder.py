"""Relative intensities of powder lines of cubic standards, where no table states them.

Kinematic sum |Σ f exp 2πi(hx + ky + lz)|² over the cell, with f = Z·exp(−3.5 Å²·s²),
s = sin θ/λ = 1/2d, times 1/s² for the Lorentz factor and the length of the ring. The fall of f
holds thermal motion too; it makes the lines agree within a factor of 2.1 with those that the
.D files of pyFAI state for LaB6, CeO2, Si, NaCl, Al and Au (Cu Kα). Such numbers tell a strong
line from a weak one; they are no quantitative analysis.
"""

import functools
import math
import statistics
from collections.abc import Sequence

Site = tuple[int, float, float, float]

_CENTRES = ((0.0, 0.0, 0.0), (0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0))
_BORON = 0.1993
"""Free coordinate of boron in LaB6: Chantler et al., Phys. Rev. A 69 (2004) 042101."""

_FALL_NM2 = 0.035
_SAME_CELL = 0.01
"""Relative difference of d² beyond which a file of that name holds another substance."""

_HIGHEST = 11


def _face_centred(*atoms: Site) -> tuple[Site, ...]:
    return tuple((z, x + a, y + b, w + c) for z, x, y, w in atoms for a, b, c in _CENTRES)


def _cells() -> dict[str, tuple[float, tuple[Site, ...]]]:
    """Cell edge in nm and atoms (Z, x, y, z) in shares of it."""
    quarter, half = 0.25, 0.5
    boron: list[Site] = []
    for side in (_BORON, 1.0 - _BORON):
        boron += [(5, side, half, half), (5, half, side, half), (5, half, half, side)]
    metals = {"Al": (13, 0.40495), "Au": (79, 0.40782), "Ni": (28, 0.35239), "Pt": (78, 0.39231)}
    cells = {name: (a, _face_centred((z, 0.0, 0.0, 0.0))) for name, (z, a) in metals.items()}
    oxygen = [(8, quarter, quarter, quarter), (8, 0.75, 0.75, 0.75)]
    carbon, silicon = ((z, 0.0, 0.0, 0.0) for z in (6, 14))
    cells["CeO2"] = (0.54116, _face_centred((58, 0.0, 0.0, 0.0), *oxygen))
    cells["Si"] = (0.54311, _face_centred(silicon, (14, quarter, quarter, quarter)))
    cells["diamond"] = (0.35668, _face_centred(carbon, (6, quarter, quarter, quarter)))
    cells["NaCl"] = (0.56401, _face_centred((11, 0.0, 0.0, 0.0), (17, half, half, half)))
    cells["LaB6"] = (0.41568, ((57, 0.0, 0.0, 0.0), *boron))
    return cells


def cubic_intensities(name: str, d_nm: Sequence[float]) -> tuple[float, ...]:
    """Relative intensities of the lines of a cubic standard, empty where it is none.

    Parameters
    ----------
    name : str
        Its name, an edition after "_" (LaB6_SRM660c) left out.
    d_nm : sequence of float
        Its d-spacings in nm; lines beyond h² + k² + l² = 121 get 0. Where they are not those
        of the cell the answer is empty.
    """
    structure = _structure(name.split("_")[0])
    if structure is None:
        return ()
    edge, power = structure
    exact = [(edge / d) ** 2 for d in d_nm]
    if any(round(n) < 1 or abs(n / round(n) - 1.0) > _SAME_CELL for n in exact):
        return ()
    return _relative([_line(power, edge, round(n)) for n in exact])


def _relative(values: Sequence[float]) -> tuple[float, ...]:
    strongest = max(values)
    return tuple(value / strongest for value in values) if strongest > 0.0 else ()


def _line(power: Sequence[float], edge: float, number: int) -> float:
    if number >= len(power):
        return 0.0
    s_squared = number / (4.0 * edge * edge)
    return power[number] / s_squared * math.exp(-2.0 * _FALL_NM2 * s_squared)


@functools.cache
def _structure(name: str) -> tuple[float, list[float]] | None:
    """Cell edge in nm and sum of |F|² over all lines of each h² + k² + l²."""
    import numpy as np

    cell = _cells().get(name)
    if cell is None:
        return None
    edge, sites = cell
    axis = np.arange(_HIGHEST + 1)
    hkl = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    square = (hkl * hkl).sum(axis=1)
    within = square <= _HIGHEST**2
    hkl, square = hkl[within], square[within]
    charge, places = np.array([s[0] for s in sites]), np.array([s[1:] for s in sites])
    amplitude = np.exp(2j * np.pi * (hkl @ places.T)) @ charge
    # Lines of both signs of an index are the same in these cells.
    alike = 2.0 ** (hkl > 0).sum(axis=1)
    return edge, np.bincount(square, weights=alike * np.abs(amplitude) ** 2).tolist()


def completed(
    name: str, d_nm: Sequence[float], stated: Sequence[float | None]
) -> tuple[float, ...]:
    """Intensities of all lines, relative to the strongest, where a table states some.

    Lines of cubic standards without one are calculated, others as weak as the last ones stated.
    Empty where nothing is stated and nothing can be calculated.
    """
    calculated = cubic_intensities(name, d_nm)
    known = [s for s in stated if s is not None]
    if not known:
        return calculated
    if calculated:
        ratios = [s / c for s, c in zip(stated, calculated, strict=True) if s and c]
        scale = statistics.median(ratios)
        rest = [scale * c for c in calculated]
    else:
        rest = [statistics.median(known[-5:])] * len(stated)
    values = [r if s is None else s for s, r in zip(stated, rest, strict=True)]
    return _relative(values)
