"""A calibration as it is saved: everything that is needed to use it, judge it and redo it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from calibtool.errors import InputError
from calibtool.io.atomic import read_text, write_file
from calibtool.model.exposure import PLAIN, Exposure
from calibtool.model.results import FitWarning
from calibtool.model.tilted_geometry import TiltedGeometry, untilted


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
class SharedCentre:
    """The centre that several rings share, in index pixels, and how many rings they are."""

    x_px: float
    y_px: float
    sigma_x_px: float
    sigma_y_px: float
    n_rings: int


@dataclass(frozen=True)
class Calibration:
    """Image, settings, points and result of a calibration; what is not known is None.

    Positions (x, y) = (column, row) in index pixels, an integer is the centre of a pixel;
    ``shape`` = (rows, columns). ``scale_nm_px`` is the small-angle scale d·R. ``options`` are
    the options of the fit as plain values, ``exposure`` what the image was made of (frames,
    dark, flat, mask), ``masked`` how many pixels each source masks, ``shared_centre`` stands
    beside the ring's own where several rings agree on it, ``geometry`` the refined position of a
    tilted detector where that was asked for, ``sources`` say where each number is from, ``notes``
    what the user should know about the file it was loaded from (never saved).
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
    shared_centre: SharedCentre | None = None
    geometry: TiltedGeometry | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    exposure: Exposure = PLAIN
    masked: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[FitWarning, ...] = ()
    verdict: str | None = None
    program_version: str | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

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
        if self.geometry is not None:
            return replace(self.geometry, wavelength_nm=self.wavelength_nm)
        x, y = self.center_x_px, self.center_y_px
        distance, pixel = self.distance_mm, self.pixel_size_mm
        known = {"beam centre": x, "sample-to-detector distance": distance, "pixel size": pixel}
        missing = [name for name, value in known.items() if value is None]
        if x is None or y is None or distance is None or pixel is None:
            raise InputError(
                f"The detector's position needs the {' and the '.join(missing)}, which is not "
                "known; enter it first."
            )
        return untilted(
            x, y, distance_mm=distance, pixel_size_mm=pixel, wavelength_nm=self.wavelength_nm
        )

    def to_json_dict(self) -> dict[str, Any]:
        """Plain values, as in the file and in ``--json``; NaN and infinity become None."""
        from calibtool.io.calibration_json import to_json_dict

        return to_json_dict(self)

    def save(self, path: str | os.PathLike[str], force: bool = False) -> None:
        """Write the calibration as JSON and read it back.

        Raises
        ------
        InputError
            Where the file exists and ``force`` is not given, or cannot be written.
        """
        from calibtool.io.calibration_json import dump, parse

        def verify(data: bytes) -> None:
            if parse(data.decode("utf-8"), str(path)).to_json_dict() != self.to_json_dict():
                raise InputError(f"Cannot write {path}: it did not come back as it was saved.")

        write_file(path, dump(self), force=force, verify=verify)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Calibration":
        """Read a calibration from JSON.

        Raises
        ------
        InputError
            Where the file is missing, damaged or something else; names file and reason.
        """
        from calibtool.io.calibration_json import parse

        return parse(read_text(path, "a calibration of calibtool"), str(path))
