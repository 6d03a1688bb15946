"""What the user sets up: calibrant, instrument and fit, each value with its source."""

from dataclasses import dataclass, field
from typing import Literal

from calibtool.model.exposure import PLAIN, Exposure

AGBH_D001_NM = 5.8380
"""First d-spacing of silver behenate: Huang et al., J. Appl. Cryst. 26 (1993) 180."""

AGBH_RINGS = 49
"""Orders of AgBh, as many as pyFAI lists."""

AGBH_RELATIVE_SIGMA = 3e-4
"""Relative uncertainty of the AgBh d-spacing, a floor under the σ of the scale (same source)."""

DEFAULT = "default"
USER = "user"
FIT = "fit"
RECOGNISED = "recognised by the rings"


@dataclass(frozen=True)
class Quantity:
    """A number that may be unknown, its σ if known, and where it is from.

    ``source`` is ``"default"`` (unconfirmed), ``"user"``, ``"fit"``, or a text such as
    ``"file header: PSize_1"`` or ``"detector table: Pilatus 1M"``.
    """

    value: float | None = None
    sigma: float | None = None
    source: str = DEFAULT

    @property
    def unconfirmed(self) -> bool:
        """Whether the value is a default or a guess that nobody has confirmed."""
        return self.value is not None and self.source.startswith(DEFAULT)


@dataclass(frozen=True)
class FitOptions:
    """Options of the fit of points; see ``fit_circle`` and ``refine_points``."""

    population: int | None = None
    generations: int | None = None
    starts: int | None = None
    seed: int = 0
    threshold: float = 3.0
    mode: Literal["peak", "edge"] = "peak"
    window_px: float | None = None


@dataclass(frozen=True)
class Settings:
    """Everything a calibration depends on besides the image and the points.

    ``calibrant`` is to be recognised where its ``calibrant_source`` is a default or the rings.
    ``d_spacings_nm`` are the calibrant's rings, largest d first; ``ring`` counts them from 1
    and is None for a free d-spacing. ``center`` is used while ``fixed_center`` is set.
    ``pixel_size`` and ``distance`` are in mm, ``wavelength`` in nm, ``d_spacing`` in nm,
    ``center`` in index pixels. ``tilt`` False holds the tilt at zero, ``held`` are parts of an
    earlier calibration that are trusted ("beam", "distance", "tilt"). ``exposure`` says of which
    frames, corrections and masks the image is made.
    """

    calibrant: str = "AgBh"
    calibrant_source: str = DEFAULT
    d_spacings_nm: tuple[float, ...] = tuple(AGBH_D001_NM / n for n in range(1, AGBH_RINGS + 1))
    d_relative_sigma: float = AGBH_RELATIVE_SIGMA
    ring: int | None = 1
    ring_source: str = DEFAULT
    d_spacing: Quantity = Quantity(AGBH_D001_NM, AGBH_D001_NM * AGBH_RELATIVE_SIGMA)
    wavelength: Quantity = Quantity()
    distance: Quantity = Quantity()
    pixel_size: Quantity = Quantity()
    detector: str = ""
    detector_source: str = DEFAULT
    detector_candidates: tuple[str, ...] = ()
    fixed_center: bool = False
    center_x: Quantity = Quantity()
    center_y: Quantity = Quantity()
    s10_px: float | None = None
    tilt: bool = True
    held: frozenset[str] = frozenset()
    options: FitOptions = field(default_factory=FitOptions)
    exposure: Exposure = PLAIN

    @property
    def calibrant_chosen(self) -> bool:
        """Whether somebody or a file said which calibrant it is."""
        return self.calibrant_source != RECOGNISED and not self.calibrant_source.startswith(DEFAULT)

    @property
    def ring_chosen(self) -> bool:
        """Whether the user said which ring it is, or what its d-spacing is."""
        return USER in (self.ring_source, self.d_spacing.source)

    @property
    def fixed_xy(self) -> tuple[float, float] | None:
        """The fixed centre (x, y), or None where the centre is to be found."""
        x, y = self.center_x.value, self.center_y.value
        return (x, y) if self.fixed_center and x is not None and y is not None else None
