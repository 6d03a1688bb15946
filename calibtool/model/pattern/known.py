"""What is known of a pattern before it is fitted."""

from dataclasses import dataclass

from calibtool.model.pattern.lines import Lines


@dataclass(frozen=True)
class Known:
    """What is known beforehand.

    ``distance_px`` is a distance in px that a header or the user says, with its σ; it helps to
    tell calibrants apart and holds nothing. ``chosen`` is the calibrant where it is, ``ring`` the
    number of the ring that is shown, from 1. ``tilt`` False holds the tilt at zero; ``held`` are
    the parts ("beam", "distance", "tilt") of the geometry begun with that are held as they are
    there. ``beam_px`` is a fixed beam (x, y) in index pixels.
    """

    wavelength_nm: float | None = None
    pixel_size_mm: float | None = None
    distance_px: tuple[float, float] | None = None
    chosen: Lines | None = None
    ring: int | None = None
    tilt: bool = True
    beam_px: tuple[float, float] | None = None
    held: frozenset[str] = frozenset()
