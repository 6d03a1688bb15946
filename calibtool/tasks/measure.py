"""Measure one frame of a series; runs in a worker process, a value in and a value out."""

import math
from dataclasses import dataclass, replace

from calibtool.errors import CalibtoolError, RingNotFoundError
from calibtool.io.images import load_image
from calibtool.model.circle import BoolArray, CircleLike
from calibtool.model.finding import Near, find_ring
from calibtool.model.image import Image
from calibtool.model.results import RingFit
from calibtool.model.rings.annulus import measured
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.rings.tracking import track_ring
from calibtool.tasks.calibrate import at_fixed_center
from calibtool.tasks.exposing import load_exposed
from calibtool.tasks.pattern import AUTO, calibrate
from calibtool.tasks.profile_files import profile_path, write_profile
from calibtool.tasks.reference import Reference, d_of_radius, whole_mask
from calibtool.tasks.series_row import SeriesRow, failed

SAME_RING = 0.03
"""Share of the radius by which the ring may change and still be taken for the same."""

OFF_SIGMA, OFF_PX = 5.0, 0.5
SEARCHED = "found by searching near the calibration's circle"
SEARCHED_ALL = "found by searching the whole image"


@dataclass(frozen=True)
class SeriesOptions:
    """What to do with each frame besides measuring it.

    ``drift_limit_px``: warn where centre or radius is farther from the calibration.
    ``profiles``: folder for radial profiles, empty for none. ``all_rings``: measure distance and
    tilt on all rings of the calibrant, which takes much longer than one ring.
    """

    drift_limit_px: float | None = None
    profiles: str = ""
    all_rings: bool = False


@dataclass(frozen=True)
class Answer:
    """The row of a frame and how many frames its file has (1 where it cannot be read)."""

    row: SeriesRow
    n_frames: int = 1


def measure_file(file: str, frame: int, reference: Reference, options: SeriesOptions) -> Answer:
    """Load one frame and measure its ring; what goes wrong becomes a row with its reason."""
    try:
        image, _notes = load_exposed(file, frame, reference.exposure)
    except CalibtoolError as error:
        return Answer(failed(file, frame, error))
    except MemoryError:
        return Answer(failed(file, frame, "There is not enough memory for this image."))
    try:
        return Answer(measure(image, reference, options), image.n_frames)
    except CalibtoolError as error:
        return Answer(failed(file, frame, error), image.n_frames)
    except Exception as error:  # one frame must not cost the others; the row shows the fault
        return Answer(failed(file, frame, fault(error)), image.n_frames)


def count_frames(row: SeriesRow) -> Answer:
    """Return the row of a file's first frame with how many frames the file has."""
    try:
        return Answer(row, load_image(row.file).n_frames)
    except CalibtoolError:
        return Answer(row)


def fault(error: Exception) -> str:
    """What to say of an error that is not the user's."""
    return f"Fault in calibtool ({type(error).__name__}: {error}); please report it."


def measure(image: Image, reference: Reference, options: SeriesOptions) -> SeriesRow:
    """Measure the ring of one image.

    Raises
    ------
    RingNotFoundError
        There is no ring that could be trusted, or the image has another shape.
    InputError
        The radial profile cannot be written.
    """
    _check_shape(image, reference)
    mask = whole_mask(image, reference.detector)
    ring, how = locate(image, mask, reference)
    row = _with_distance(_row(image, ring, reference, options, how), reference)
    if options.all_rings:
        row = _of_all_rings(row, image, mask, reference)
    if options.profiles and row.center_x_px is not None and row.center_y_px is not None:
        target = profile_path(options.profiles, image.path, image.frame, image.n_frames)
        write_profile(target, image, mask, (row.center_x_px, row.center_y_px), reference)
    return row


def locate(image: Image, mask: BoolArray, reference: Reference) -> tuple[RingFit, str]:
    """Fit the ring where it was, else near there, else wherever it is; and say which."""
    if reference.template is not None:
        try:
            return track_ring(measured(image, mask), reference.template), ""
        except RingNotFoundError:
            pass
    circle = reference.circle
    try:
        ring = refine_ring(image.data, circle, mask=mask, variance=image.variance)
        if _same_ring(ring, circle):
            return ring, ""
    except RingNotFoundError:
        pass
    near = (circle.center_x_px, circle.center_y_px, circle.radius_px)
    try:
        return _searched(image, mask, reference, near), SEARCHED
    except RingNotFoundError:
        return _searched(image, mask, reference, None), SEARCHED_ALL


def _searched(image: Image, mask: BoolArray, reference: Reference, near: Near | None) -> RingFit:
    found = find_ring(
        image.data, mask=mask, variance=image.variance, near=near, seed=reference.seed
    )
    return refine_ring(image.data, found, mask=mask, variance=image.variance)


def _same_ring(ring: RingFit, circle: CircleLike) -> bool:
    return abs(ring.radius_px - circle.radius_px) <= max(
        SAME_RING * circle.radius_px, 2.0 * ring.width_px
    )


def _check_shape(image: Image, reference: Reference) -> None:
    rows, columns = image.data.shape[:2]
    if reference.shape is not None and (rows, columns) != reference.shape:
        raise RingNotFoundError(
            f"The image has {columns} × {rows} pixels and the calibration is for "
            f"{reference.shape[1]} × {reference.shape[0]}: calibrate again for this size."
        )


def _row(
    image: Image, ring: RingFit, reference: Reference, options: SeriesOptions, how: str
) -> SeriesRow:
    circle = reference.circle
    codes = [warning.code for warning in ring.warnings]
    if how == SEARCHED_ALL:
        codes.append("far_from_calibration")
    source = "found"
    if reference.fixed is not None:
        codes += _off_center(ring, reference.fixed)
        ring, source = at_fixed_center(ring, reference.fixed), "fixed"
    row = SeriesRow(
        file=image.path,
        frame=image.frame,
        status="ok",
        message=how,
        center_x_px=ring.center_x_px,
        center_y_px=ring.center_y_px,
        center_source=source,
        sigma_center_x_px=ring.sigma_center_x_px,
        sigma_center_y_px=ring.sigma_center_y_px,
        radius_px=ring.radius_px,
        sigma_radius_px=ring.sigma_radius_px,
        d_nm=d_of_radius(ring.radius_px, reference),
        dx_px=ring.center_x_px - circle.center_x_px,
        dy_px=ring.center_y_px - circle.center_y_px,
        dradius_px=ring.radius_px - circle.radius_px,
        coverage=ring.coverage,
    )
    if drift_px(row) > (options.drift_limit_px or math.inf):
        codes.append("drift")
    return replace(row, warnings=tuple(dict.fromkeys(codes)))


def _with_distance(row: SeriesRow, reference: Reference) -> SeriesRow:
    """Row with the distance that the radius means: a ring grows as its detector goes away."""
    radius, sigma, distance = row.radius_px, row.sigma_radius_px, reference.distance_mm
    if radius is None or sigma is None or distance is None:
        return row
    scale = distance / reference.circle.radius_px
    return replace(row, distance_mm=scale * radius, sigma_distance_mm=scale * sigma)


def _of_all_rings(
    row: SeriesRow, image: Image, mask: BoolArray, reference: Reference
) -> SeriesRow:
    """Row with distance and tilt of all rings, looked for where the calibration has them."""
    circle = reference.circle
    near = (circle.center_x_px, circle.center_y_px, circle.radius_px)
    try:
        pattern = calibrate(
            image.data,
            mask=mask,
            calibrant=reference.calibrant or AUTO,
            wavelength_nm=reference.wavelength_nm,
            pixel_size_mm=reference.pixel_size_mm,
            near=reference.geometry or near,
            seed=reference.seed,
            variance=image.variance,
        )
    except RingNotFoundError:
        return replace(row, warnings=(*row.warnings, "no_pattern"))
    return replace(
        row,
        distance_mm=pattern.distance_mm,
        sigma_distance_mm=pattern.sigma_distance_mm,
        tilt_deg=pattern.tilt_deg,
        sigma_tilt_deg=pattern.sigma_tilt_deg,
    )


def drift_px(row: SeriesRow) -> float:
    """How far centre or radius are from the calibration, in px; 0 without an answer."""
    shift = math.hypot(row.dx_px or 0.0, row.dy_px or 0.0)
    return max(shift, abs(row.dradius_px or 0.0))


def _off_center(ring: RingFit, fixed: tuple[float, float]) -> list[str]:
    """Code of a warning where the ring's own centre contradicts the fixed one."""
    x, y = ring.center_x_px - fixed[0], ring.center_y_px - fixed[1]
    pull = math.hypot(x / ring.sigma_center_x_px, y / ring.sigma_center_y_px)
    off = pull > OFF_SIGMA and math.hypot(x, y) > OFF_PX
    return ["off_fixed_center"] if off else []
