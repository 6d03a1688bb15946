"""What the fit of a whole pattern returns: frozen values, each number with its σ."""

from dataclasses import dataclass, field
from typing import Literal

from calibtool.model.circle import Circle, FloatArray
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.results import FitWarning

Level = Literal["good", "fair", "poor"]
Source = Literal["", "chosen", "recognised", "assumed"]


@dataclass(frozen=True)
class PatternRing:
    """One ring of the pattern.

    ``index`` counts the calibrant's lines from 1, None where it is not known; ``d_nm`` likewise.
    ``radius_px`` is L·tan 2θ, the radius on a detector at right angles to the beam;
    ``residual_px`` by how much the ring itself lies outside of where the geometry puts it, with
    ``sigma_radius_px`` its own σ. ``coverage`` is the share (0…1) of the circle's azimuth in
    which it was measured.
    """

    index: int | None
    d_nm: float | None
    radius_px: float
    sigma_radius_px: float
    width_px: float
    snr: float
    coverage: float
    residual_px: float


@dataclass(frozen=True, eq=False)
class PatternFit:
    """Beam, distance and tilt from all rings of an image.

    Positions are index pixels, (x, y) = (column, row). ``distance_px`` and ``distance_mm`` are
    along the beam, None where wavelength, pixel size or calibrant are not known and the angles
    do not tell it. ``beam_direction`` is the unit vector along the beam in detector axes
    (x, y, away from the sample); ``tilt_deg`` is None where the rings do not measure the tilt,
    which then is held at zero. ``covariance`` (P, P) has the rows and columns ``parameters``.
    ``calibrant`` is None where it is not known, ``calibrant_source`` says whether it was chosen,
    recognised or only assumed, ``calibrant_candidates`` are those that explain the rings,
    ``certain`` says whether calibrant and ring numbers are beyond doubt.
    ``unexplained_px`` are radii of clear rings that are none of the calibrant's.
    ``scale_nm_px`` is d·R at small angles. ``shown`` is the ring that tells most about the
    centre, as a circle.
    """

    beam_x_px: float
    beam_y_px: float
    sigma_beam_x_px: float
    sigma_beam_y_px: float
    distance_px: float | None
    sigma_distance_px: float | None
    distance_mm: float | None
    sigma_distance_mm: float | None
    beam_direction: tuple[float, float, float]
    tilt_deg: float | None
    sigma_tilt_deg: float | None
    covariance: FloatArray = field(repr=False)
    parameters: tuple[str, ...]
    calibrant: str | None
    calibrant_source: Source
    calibrant_candidates: tuple[str, ...]
    certain: bool
    rings: tuple[PatternRing, ...]
    unexplained_px: tuple[float, ...]
    scale_nm_px: float | None
    sigma_scale_nm_px: float | None
    warnings: tuple[FitWarning, ...]
    verdict: str
    level: Level
    geometry: Geometry
    shown: int

    @property
    def wavelength_nm(self) -> float | None:
        """The wavelength that scale and distance say, known or told by the rings."""
        if self.scale_nm_px is None or self.distance_px is None:
            return None
        return self.scale_nm_px / self.distance_px

    @property
    def shown_ring(self) -> PatternRing:
        """The ring that tells most about the centre."""
        return self.rings[self.shown]

    @property
    def circle(self) -> Circle:
        """The shown ring as a circle about the centre of its conic."""
        radius = self.shown_ring.radius_px
        points = self.geometry.conic(radius, 73)[:-1]
        x, y = points.mean(axis=0)
        return Circle(float(x), float(y), radius)
