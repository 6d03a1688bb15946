"""What a series is measured against: the calibration in plain numbers, and the ring to follow."""

from dataclasses import dataclass, replace
from functools import lru_cache

from calibtool.errors import InputError
from calibtool.instruments.detector_masks import detector_mask
from calibtool.io.calibration import Calibration
from calibtool.model.circle import BoolArray, Circle
from calibtool.model.exposure import PLAIN, Exposure
from calibtool.model.image import Image
from calibtool.model.rings.tracking import RingTemplate
from calibtool.model.scale import d_spacing_nm, distance_mm
from calibtool.model.settings import Quantity, Settings
from calibtool.model.state.session import Result
from calibtool.model.tilted_geometry import TiltedGeometry
from calibtool.tasks.exposing import only_corrections
from calibtool.tasks.pattern import tilted_of_pattern


@dataclass(frozen=True)
class Reference:
    """The calibration as the frames of a series need it; small, and can be sent to a worker.

    Lengths in px, nm and mm. ``shape`` (rows, columns) is what the frames must have, None
    where any will do. ``fixed`` is the centre (x, y) to use for all frames, None to find it
    in each. ``exposure`` is what is done to each frame (mask, dark, flat). ``template`` is the
    ring to follow, None to search from the circle. ``sigma_center_px`` is how well the circle's
    own centre is known, in x and y. ``calibrant`` and ``geometry`` are what all of its rings
    are looked for with.
    """

    circle: Circle
    d_nm: float | None = None
    wavelength_nm: float | None = None
    pixel_size_mm: float | None = None
    distance_mm: float | None = None
    detector: str = ""
    shape: tuple[int, int] | None = None
    fixed: tuple[float, float] | None = None
    template: RingTemplate | None = None
    seed: int = 0
    sigma_center_px: tuple[float, float] = (0.0, 0.0)
    exposure: Exposure = PLAIN
    calibrant: str = ""
    geometry: TiltedGeometry | None = None


def reference_from(
    circle: Circle, settings: Settings, shape: tuple[int, int] | None = None
) -> Reference:
    """Return the reference for a circle and the settings it was found with."""
    distance = settings.distance.value
    d, wavelength, pixel = (
        settings.d_spacing.value,
        settings.wavelength.value,
        settings.pixel_size.value,
    )
    if d is not None and wavelength is not None and pixel is not None:
        # The ring knows the distance better than the ruler.
        distance = (
            distance_mm(circle.radius_px, d, wavelength_nm=wavelength, pixel_size_mm=pixel)
            or distance
        )
    return Reference(
        circle=circle,
        d_nm=d,
        wavelength_nm=wavelength,
        pixel_size_mm=pixel,
        distance_mm=distance,
        detector=settings.detector,
        shape=shape,
        fixed=settings.fixed_xy,
        seed=settings.options.seed,
        exposure=only_corrections(settings.exposure),
        calibrant=settings.calibrant,
    )


def reference_of_result(image: Image, result: Result, settings: Settings) -> Reference:
    """Return the reference for a result and the image it belongs to."""
    best = result.best
    circle = Circle(best.center_x_px, best.center_y_px, best.radius_px)
    rows, columns = image.data.shape
    sigma = best.sigma_center_x_px, best.sigma_center_y_px
    place = None
    if result.pattern is not None:
        place = tilted_of_pattern(
            result.pattern, settings.pixel_size.value, settings.wavelength.value
        )
    reference = reference_from(circle, settings, (rows, columns))
    return replace(reference, sigma_center_px=sigma, geometry=place)


def reference_of_calibration(calibration: Calibration) -> Reference:
    """Return the reference for a calibration read from a file.

    Raises
    ------
    InputError
        The calibration has no centre or no radius.
    """
    c = calibration
    if c.center_x_px is None or c.center_y_px is None or c.radius_px is None:
        raise InputError(
            "This calibration has no ring (centre and radius), so nothing can be measured against "
            "it: fit a ring and save it with -o."
        )
    fixed = None
    if c.fixed_center and c.fixed_center_x_px is not None and c.fixed_center_y_px is not None:
        fixed = (c.fixed_center_x_px, c.fixed_center_y_px)
    settings = Settings(
        d_spacing=Quantity(c.d_spacing_nm),
        wavelength=Quantity(c.wavelength_nm),
        pixel_size=Quantity(c.pixel_size_mm),
        distance=Quantity(c.distance_mm),
        detector=c.detector or "",
        exposure=c.exposure,
    )
    circle = Circle(c.center_x_px, c.center_y_px, c.radius_px)
    sigma = c.sigma_center_x_px or 0.0, c.sigma_center_y_px or 0.0
    return replace(
        reference_from(circle, settings, c.shape),
        fixed=fixed,
        sigma_center_px=sigma,
        calibrant=c.calibrant or "",
        geometry=c.geometry,
    )


def d_of_radius(radius_px: float, reference: Reference) -> float | None:
    """d-spacing in nm of a radius: exact where λ, p and S_dd are known, else small-angle."""
    wavelength, pixel, distance = (
        reference.wavelength_nm,
        reference.pixel_size_mm,
        reference.distance_mm,
    )
    if wavelength is not None and pixel is not None and distance is not None:
        return d_spacing_nm(
            radius_px, wavelength_nm=wavelength, distance_mm=distance, pixel_size_mm=pixel
        )
    if reference.d_nm is None:
        return None
    return reference.d_nm * reference.circle.radius_px / radius_px


def whole_mask(image: Image, detector: str) -> BoolArray:
    """Mask of an image with the gaps of its detector, shape (H, W), True = ignore."""
    rows, columns = image.data.shape
    gaps = _gaps(detector, (rows, columns)) if detector else None
    return image.mask if gaps is None else image.mask | gaps


@lru_cache(maxsize=4)
def _gaps(detector: str, shape: tuple[int, int]) -> BoolArray | None:
    return detector_mask(detector, shape)
