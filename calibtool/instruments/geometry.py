"""Distance, centre and tilt of the detector from points on several rings, through pyFAI."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from calibtool.errors import FitError, InputError
from calibtool.instruments.cache import has_pyfai
from calibtool.instruments.calibrants import Calibrant
from calibtool.instruments.quiet import quiet_pyfai
from calibtool.model.circle import FloatArray
from calibtool.model.results import RingFit, read_only
from calibtool.model.tilted_geometry import TiltedGeometry, from_beam

_FEWEST_POINTS = 8
_ROUNDS = 4
_REJECT_SIGMA = 4.0
_GREATEST_TILT_DEG = 60.0


@dataclass(frozen=True)
class GeometryFit:
    """Position of a tilted detector, refined on several rings.

    ``center_x_px`` and ``center_y_px`` are where the direct beam hits, in index pixels;
    ``distance_mm`` is along the beam, ``tilt_deg`` the angle between beam and normal: not
    larger than its σ means that the rings do not tell it from none.
    ``residuals_px`` has shape (N,), the radial distances of the points used from their rings
    in px; ``rms_px`` is their rms.
    """

    geometry: TiltedGeometry
    center_x_px: float
    center_y_px: float
    distance_mm: float
    tilt_deg: float
    sigma_center_x_px: float
    sigma_center_y_px: float
    sigma_distance_mm: float
    sigma_tilt_deg: float
    rms_px: float
    n_rings: int
    residuals_px: FloatArray


def control_points(rings: Sequence[tuple[RingFit, int]]) -> FloatArray:
    """Points along fitted rings: one for each sector that shows its ring well.

    Parameters
    ----------
    rings : sequence of (RingFit, int)
        Fits and the rings of the calibrant they are, from 1.

    Returns
    -------
    ndarray, shape (N, 3)
        x, y in index pixels and the ring, from 1.
    """
    rows = []
    for fit, ring in rings:
        sigma = fit.sector_sigma_px
        good = np.isfinite(sigma) & np.isfinite(fit.sector_residual_px)
        if good.any():
            good &= sigma <= 3.0 * np.median(sigma[good])
        radius = fit.radius_px + fit.sector_residual_px[good]
        azimuth = fit.sector_azimuth_rad[good]
        x = fit.center_x_px + radius * np.cos(azimuth)
        y = fit.center_y_px + radius * np.sin(azimuth)
        rows.append(np.column_stack([x, y, np.full(x.shape, float(ring))]))
    return read_only(np.concatenate(rows) if rows else np.zeros((0, 3)))


def refine_geometry(
    points: Any,
    calibrant: Calibrant,
    *,
    wavelength_nm: float,
    pixel_size_mm: float,
    start_center: tuple[float, float],
    start_distance_mm: float,
) -> GeometryFit:
    """Refine distance, centre and tilt with pyFAI's GeometryRefinement.

    The wavelength and the rotation about the beam stay as they are; points far from their
    ring (4 robust standard deviations) are set aside.

    Parameters
    ----------
    points : array_like, shape (N, 3)
        x, y in index pixels and the ring of the calibrant, from 1.
    calibrant : Calibrant
        Whose rings they are.
    wavelength_nm, pixel_size_mm : float
        Wavelength in nm and side of a pixel in mm.
    start_center : (float, float)
        Centre (x, y) in index pixels to start from.
    start_distance_mm : float
        Distance in mm to start from.

    Raises
    ------
    InputError
        Where pyFAI is missing, or the points are too few or of one ring only.
    FitError
        Where no credible geometry fits the points.
    """
    rows = np.asarray(points, dtype=np.float64).reshape(-1, 3)
    _check(rows, calibrant)
    start = from_beam(
        *start_center,
        distance_mm=start_distance_mm,
        pixel_size_mm=(pixel_size_mm, pixel_size_mm),
        wavelength_nm=wavelength_nm,
    )
    expected = _expected_rad(rows, calibrant, wavelength_nm)
    used, place = np.ones(len(rows), dtype=bool), start
    for _ in range(_ROUNDS):
        place = _refine(rows[used], calibrant, place)
        residuals = _residuals_px(place, rows, expected)
        keep = np.abs(residuals) <= _limit(residuals[used])
        if (keep == used).all() or len(np.unique(rows[keep, 2])) < 2:
            break
        used = keep
    return _result(place, rows[used], expected[used])


def _check(rows: FloatArray, calibrant: Calibrant) -> None:
    if not has_pyfai():
        raise InputError(
            "The tilt is refined by pyFAI, which is not installed; install it (pip install pyFAI)."
        )
    rings = np.unique(rows[:, 2])
    if len(rows) < _FEWEST_POINTS or len(rings) < 2:
        raise InputError(
            f"The tilt needs at least {_FEWEST_POINTS} points on two rings; there are {len(rows)} "
            f"on {len(rings)}."
        )
    if rings.min() < 1 or rings.max() > len(calibrant.d_nm) or (rings % 1 != 0).any():
        raise InputError(f"{calibrant.name} has the rings 1 to {len(calibrant.d_nm)} only.")


def _expected_rad(rows: FloatArray, calibrant: Calibrant, wavelength_nm: float) -> FloatArray:
    d = np.asarray(calibrant.d_nm)[rows[:, 2].astype(int) - 1]
    sine = wavelength_nm / (2.0 * d)
    if (sine >= 1.0).any():
        raise InputError(
            f"At {wavelength_nm:g} nm {calibrant.name} has no such ring; check the wavelength."
        )
    return np.asarray(2.0 * np.arcsin(sine))


def _refine(rows: FloatArray, calibrant: Calibrant, start: TiltedGeometry) -> TiltedGeometry:
    """One refinement by pyFAI, which counts rings from 0 and lengths in m."""
    pixel, wavelength = start.pixel_size_x_mm, start.wavelength_nm
    with quiet_pyfai():
        from pyFAI.calibrant import Calibrant as PyfaiCalibrant
        from pyFAI.geometryRefinement import GeometryRefinement

        substance = PyfaiCalibrant()
        substance.dspacing = [10.0 * d for d in calibrant.d_nm]
        substance.wavelength = (wavelength or 0.0) * 1e-9
        refinement = GeometryRefinement(
            np.column_stack([rows[:, 1], rows[:, 0], rows[:, 2] - 1.0]),
            dist=start.distance_mm * 1e-3,
            poni1=(start.poni_y_px + 0.5) * pixel * 1e-3,
            poni2=(start.poni_x_px + 0.5) * pixel * 1e-3,
            rot1=start.rot1_rad,
            rot2=start.rot2_rad,
            rot3=0.0,
            pixel1=pixel * 1e-3,
            pixel2=pixel * 1e-3,
            wavelength=substance.wavelength,
            calibrant=substance,
        )
        try:
            refinement.refine3(fix=["wavelength", "rot3"])
        except Exception as error:
            raise FitError(f"No geometry fits the points of the rings ({error}).") from error
    place = replace(
        start,
        distance_mm=float(refinement.dist) * 1e3,
        poni_x_px=float(refinement.poni2) * 1e3 / pixel - 0.5,
        poni_y_px=float(refinement.poni1) * 1e3 / pixel - 0.5,
        rot1_rad=float(refinement.rot1),
        rot2_rad=float(refinement.rot2),
    )
    if not _credible(place):
        raise FitError(
            "No credible geometry fits the points of the rings; check wavelength, pixel size and "
            "calibrant."
        )
    return place


def _credible(place: TiltedGeometry) -> bool:
    values = (place.distance_mm, place.poni_x_px, place.poni_y_px, place.rot1_rad, place.rot2_rad)
    if not all(math.isfinite(value) for value in values) or place.distance_mm <= 0.0:
        return False
    return place.tilt_deg < _GREATEST_TILT_DEG


def _residuals_px(place: TiltedGeometry, rows: FloatArray, expected: FloatArray) -> FloatArray:
    """Radial distance to the ring in px, from the angle: dr = L·dθ / cos² 2θ without tilt."""
    per_rad = place.beam_distance_mm / place.pixel_size_x_mm / np.cos(expected) ** 2
    angles = place.two_theta_rad(rows[:, 0], rows[:, 1])
    return np.asarray((angles - expected) * per_rad)


def _limit(residuals: FloatArray) -> float:
    centre = float(np.median(residuals))
    spread = 1.4826 * float(np.median(np.abs(residuals - centre)))
    return abs(centre) + _REJECT_SIGMA * max(spread, 1e-3)


def _result(place: TiltedGeometry, rows: FloatArray, expected: FloatArray) -> GeometryFit:
    residuals = _residuals_px(place, rows, expected)
    sigma = _sigmas(place, rows, expected, residuals)
    return GeometryFit(
        geometry=place,
        center_x_px=place.center_x_px,
        center_y_px=place.center_y_px,
        distance_mm=place.beam_distance_mm,
        tilt_deg=place.tilt_deg,
        sigma_center_x_px=sigma[0],
        sigma_center_y_px=sigma[1],
        sigma_distance_mm=sigma[2],
        sigma_tilt_deg=math.degrees(max(sigma[3:])),
        rms_px=float(np.sqrt(np.mean(residuals**2))),
        n_rings=len(np.unique(rows[:, 2])),
        residuals_px=read_only(residuals),
    )


_STEPS = {
    "distance_mm": 1e-3,
    "poni_x_px": 1e-3,
    "poni_y_px": 1e-3,
    "rot1_rad": 1e-6,
    "rot2_rad": 1e-6,
}


def _sigmas(
    place: TiltedGeometry, rows: FloatArray, expected: FloatArray, residuals: FloatArray
) -> list[float]:
    """σ of centre x, y, distance, rot1 and rot2, propagated from the scatter of the points."""

    def outcome(at: TiltedGeometry) -> FloatArray:
        place = (at.center_x_px, at.center_y_px, at.beam_distance_mm)
        return np.array([*place, at.rot1_rad, at.rot2_rad])

    slopes, results = [], []
    for name, step in _STEPS.items():
        value = getattr(place, name)
        up, down = replace(place, **{name: value + step}), replace(place, **{name: value - step})
        change = _residuals_px(up, rows, expected) - _residuals_px(down, rows, expected)
        slopes.append(change / (2.0 * step))
        results.append((outcome(up) - outcome(down)) / (2.0 * step))
    jacobian, derivative = np.column_stack(slopes), np.column_stack(results)
    variance = float(residuals @ residuals) / max(1, len(rows) - len(_STEPS))
    covariance = derivative @ np.linalg.pinv(jacobian.T @ jacobian) @ derivative.T * variance
    return [float(v) for v in np.sqrt(np.maximum(np.diag(covariance), 0.0))]
