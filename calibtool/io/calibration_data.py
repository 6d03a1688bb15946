"""What a calibration holds: everything that is needed to use it, judge it and redo it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Self, TypeVar

from calibtool.errors import InputError
from calibtool.model.exposure import PLAIN, Exposure
from calibtool.model.results import FitWarning, Moved
from calibtool.model.tilted_geometry import TiltedGeometry, from_beam


@dataclass(frozen=True)
class SavedPoint:
    """A selected point in index pixels: where it was clicked, where it is, how far it is off."""

    x: float
    y: float
    clicked_x: float
    clicked_y: float
    residual_px: float | None = None
    outlier: bool = False
    refined: bool = False


@dataclass(frozen=True)
class SavedRing:
    """One ring of the pattern: its number and d-spacing where known, radius, how far it is off."""

    index: int | None
    d_nm: float | None
    radius_px: float
    sigma_radius_px: float
    coverage: float
    residual_px: float


@dataclass(frozen=True)
class CalibrationData:
    """Image, settings, points and result of a calibration; what is not known is None.

    Positions (x, y) = (column, row) in index pixels, an integer is the centre of a pixel;
    ``shape`` = (rows, columns). ``scale_nm_px`` is the small-angle scale d·R. ``options`` are
    the options of the fit as plain values, ``exposure`` what the image was made of (frames,
    dark, flat, mask), ``masked`` how many pixels each source masks; from ``beam_x_px`` to
    ``unexplained_px`` stands what the whole pattern tells, by the names of `PatternFit`;
    ``moved`` says how far the beam is from the calibration that the fit started from,
    ``geometry`` is the position of the detector in the terms of pyFAI, ``sources`` say where
    each number is from, ``notes``
    what the user should know about the file it was loaded from (never saved). A ``.poni`` that
    counts from another corner and does not say the image's size keeps its ``orientation``
    until `on_image` says it; till then there is no centre.
    """

    image: str | None = None
    frame: int = 0
    shape: tuple[int, int] | None = None
    image_sha256: str | None = None
    center_x_px: float | None = None
    center_y_px: float | None = None
    radius_px: float | None = None
    sigma_center_x_px: float | None = None
    sigma_center_y_px: float | None = None
    sigma_radius_px: float | None = None
    rms_residual_px: float | None = None
    coverage: float | None = None
    snr: float | None = None
    points: tuple[SavedPoint, ...] = ()
    calibrant: str | None = None
    ring: int | None = None
    d_spacing_nm: float | None = None
    sigma_d_spacing_nm: float | None = None
    scale_nm_px: float | None = None
    sigma_scale_nm_px: float | None = None
    wavelength_nm: float | None = None
    pixel_size_mm: float | None = None
    distance_mm: float | None = None
    detector: str | None = None
    fixed_center: bool = False
    fixed_center_x_px: float | None = None
    fixed_center_y_px: float | None = None
    s10_px: float | None = None
    beam_x_px: float | None = None
    beam_y_px: float | None = None
    sigma_beam_x_px: float | None = None
    sigma_beam_y_px: float | None = None
    distance_px: float | None = None
    sigma_distance_px: float | None = None
    sigma_distance_mm: float | None = None
    beam_direction: tuple[float, ...] | None = None
    tilt_deg: float | None = None
    sigma_tilt_deg: float | None = None
    covariance: tuple[tuple[float, ...], ...] = ()
    parameters: tuple[str, ...] = ()
    calibrant_candidates: tuple[str, ...] = ()
    certain: bool = False
    rings: tuple[SavedRing, ...] = ()
    unexplained_px: tuple[float, ...] = ()
    moved: Moved | None = None
    geometry: TiltedGeometry | None = None
    orientation: int | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    exposure: Exposure = PLAIN
    masked: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[FitWarning, ...] = ()
    verdict: str | None = None
    program_version: str | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def beam(self) -> tuple[float, float] | None:
        """Where the beam hits, (x, y) in index pixels: the pattern's, else the ring's centre."""
        for x, y in ((self.beam_x_px, self.beam_y_px), (self.center_x_px, self.center_y_px)):
            if x is not None and y is not None:
                return x, y
        return None

    @property
    def n_points(self) -> int:
        """Number of points selected by hand."""
        return len(self.points)

    @property
    def n_outliers(self) -> int:
        """Number of points set aside."""
        return sum(bool(point.outlier) for point in self.points)

    @property
    def position(self) -> TiltedGeometry:
        """Where the detector stands: the refined geometry, or one without tilt.

        Raises
        ------
        InputError
            Where centre, distance or pixel size is not known; names what is missing.
        """
        if self.orientation is not None:
            raise InputError(
                f"The calibration has orientation {self.orientation} and does not say the image's "
                "size; open the image first."
            )
        if self.geometry is not None:
            return replace(self.geometry, wavelength_nm=self.wavelength_nm)
        x, y = self.beam or (None, None)
        distance, pixel = self.distance_mm, self.pixel_size_mm
        known = {"beam centre": x, "sample-to-detector distance": distance, "pixel size": pixel}
        missing = [name for name, value in known.items() if value is None]
        if x is None or y is None or distance is None or pixel is None:
            raise InputError(
                f"The detector's position needs the {' and the '.join(missing)}, which is not "
                "known; enter it first."
            )
        return from_beam(
            x,
            y,
            distance_mm=distance,
            pixel_size_mm=(pixel, pixel),
            wavelength_nm=self.wavelength_nm,
        )

    def on_image(self, shape: tuple[int, int]) -> Self:
        """Return the calibration for an image, its positions on the image as stored.

        Parameters
        ----------
        shape : (int, int)
            Rows and columns of the image.

        Raises
        ------
        InputError
            The calibration is for images of another size.
        """
        if self.shape is not None and self.shape != shape:
            raise InputError(
                f"The calibration is for images of {self.shape[1]} × {self.shape[0]} pixels and "
                f"this one has {shape[1]} × {shape[0]}: give the calibration of this detector, or "
                "an image that is neither cut nor binned."
            )
        if self.orientation is None or self.geometry is None:
            return replace(self, shape=shape)
        return with_place(
            replace(self, shape=shape, orientation=None),
            self.geometry.stored(self.orientation, shape),
        )


Data = TypeVar("Data", bound=CalibrationData)


def with_place(calibration: Data, place: TiltedGeometry) -> Data:
    """Calibration with the position of the detector, and the numbers that follow from it."""
    return replace(
        calibration,
        geometry=place,
        center_x_px=place.center_x_px,
        center_y_px=place.center_y_px,
        distance_mm=place.beam_distance_mm,
        pixel_size_mm=place.pixel_size_x_mm,
        wavelength_nm=place.wavelength_nm,
    )
