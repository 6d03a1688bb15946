"""What an image file itself says about the instrument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from calibtool.model.scale import wavelength_nm as energy_and_wavelength


@dataclass(frozen=True)
class HeaderGeometry:
    """Numbers found in the header of a file; None where it says nothing credible.

    Lengths in mm and nm; the centre (x, y) = (column, row) in index pixels. ``saturation``
    is the count from which on a pixel is saturated, ``dummy`` the value of pixels without a
    measurement and ``dummy_width`` how far from it they may be; ``exposure_s`` the exposure
    time in s. ``sources`` says for each
    field that is known where it stands, for example
    ``{"wavelength_nm": "file header: Wavelength 1.54000 A"}``.
    """

    wavelength_nm: float | None = None
    distance_mm: float | None = None
    pixel_size_x_mm: float | None = None
    pixel_size_y_mm: float | None = None
    center_x_px: float | None = None
    center_y_px: float | None = None
    detector: str | None = None
    saturation: float | None = None
    dummy: float | None = None
    dummy_width: float = 0.0
    exposure_s: float | None = None
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def energy_kev(self) -> float | None:
        """Photon energy in keV that belongs to the wavelength."""
        return None if self.wavelength_nm is None else energy_and_wavelength(self.wavelength_nm)

    @property
    def pixel_size_mm(self) -> float | None:
        """Side of a pixel in mm; None where it is unknown or the pixels are not square."""
        x, y = self.pixel_size_x_mm, self.pixel_size_y_mm
        if x is None or y is None or abs(x - y) > 1e-4 * x:
            return None
        return x
