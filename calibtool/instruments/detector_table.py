"""All detectors pyFAI knows: names, shapes and pixel sizes, binned ones too."""

import functools
import re
from dataclasses import dataclass
from typing import Any

from calibtool.instruments.cache import cached, has_pyfai
from calibtool.quiet import quiet_libraries


@dataclass(frozen=True)
class DetectorShape:
    """One read-out of a detector: rows, columns and the pixel's sides in mm."""

    rows: int
    columns: int
    pixel_size_x_mm: float
    pixel_size_y_mm: float

    @property
    def pixel_size_mm(self) -> float | None:
        """Side of a square pixel in mm, None where it is not square."""
        x, y = self.pixel_size_x_mm, self.pixel_size_y_mm
        return x if abs(x - y) <= 1e-4 * x else None


@dataclass(frozen=True)
class DetectorEntry:
    """One detector; ``name`` is the one pyFAI accepts, ``label`` the one to show.

    ``names`` are all names it goes by, ``shapes`` its read-outs, the finest first. ``flat``
    is False for curved detectors, whose rings are no circles in the image. ``hexagonal`` ones
    have no rows and columns, so no ``shapes``; they are known by name only.
    """

    name: str
    label: str
    names: tuple[str, ...]
    shapes: tuple[DetectorShape, ...]
    flat: bool
    hexagonal: bool = False

    def fitting(self, shape: tuple[int, int]) -> DetectorShape | None:
        """The read-out with ``shape`` = (rows, columns), if there is one."""
        return next((s for s in self.shapes if (s.rows, s.columns) == shape), None)


@functools.cache
def detector_table() -> tuple[DetectorEntry, ...]:
    """Every detector with a fixed shape or hexagonal pixels, by name; empty without pyFAI."""
    if not has_pyfai():
        return ()
    return tuple(_entry(row) for row in cached("detectors", _rows_from_pyfai))


def plain(name: str) -> str:
    """A name without case, spaces, hyphens and underscores, for comparing."""
    return re.sub(r"[^a-z0-9.]", "", name.lower())


def _entry(row: dict[str, Any]) -> DetectorEntry:
    return DetectorEntry(
        name=row["name"],
        label=row["label"],
        names=tuple(row["names"]),
        shapes=tuple(DetectorShape(*shape) for shape in row["shapes"]),
        flat=row["flat"],
        hexagonal=row["hexagonal"],
    )


def _rows_from_pyfai() -> list[dict[str, Any]]:
    with quiet_libraries():
        from pyFAI.detectors import ALL_DETECTORS

        names: dict[Any, list[str]] = {}
        for name, kind in ALL_DETECTORS.items():
            names.setdefault(kind, []).append(name)
        rows = [_row(kind, sorted(known)) for kind, known in names.items()]
    told = (row for row in rows if row["shapes"] or row["hexagonal"])
    return sorted(told, key=lambda row: str(row["name"]))


def _row(kind: Any, names: list[str]) -> dict[str, Any]:
    aliases = list(getattr(kind, "aliases", None) or [])
    hexagonal = any(base.__name__ == "HexDetector" for base in kind.__mro__)
    return {
        "name": kind.__name__,
        "label": aliases[0] if aliases else kind.__name__,
        "names": names,
        # Making a hexagonal one would fill 150 MB with the corners of its pixels.
        "shapes": [] if hexagonal else _shapes(kind),
        "flat": bool(getattr(kind, "IS_FLAT", True)),
        "hexagonal": hexagonal,
    }


def _shapes(kind: Any) -> list[list[float]]:
    """Rows, columns, pixel x and y in mm: unbinned, as delivered, and the listed binnings."""
    largest = getattr(kind, "MAX_SHAPE", None)
    if largest is None:
        return []
    usual = kind()
    found = {tuple(usual.shape): (usual.pixel2, usual.pixel1)}
    if tuple(largest) not in found:
        finest = kind()
        finest.binning = (1, 1)
        found[tuple(finest.shape)] = (finest.pixel2, finest.pixel1)
    for binning, pixel in (getattr(kind, "BINNED_PIXEL_SIZE", None) or {}).items():
        found[tuple(side // binning for side in largest)] = (pixel, pixel)
    in_order = sorted(found.items(), reverse=True)
    return [
        [int(rows), int(columns), *(float(f"{1e3 * side:.10g}") for side in pixel)]
        for (rows, columns), pixel in in_order
        if None not in pixel
    ]
