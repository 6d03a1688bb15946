"""From the solved equations to a RingFit: honest σ, coverage, ellipticity, warnings."""

import numpy as np

from calibtool.errors import RingNotFoundError
from calibtool.model import warnings as say
from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.results import FitWarning, RingFit, read_only
from calibtool.model.rings.ellipse import matters, second_harmonic
from calibtool.model.rings.pixel_noise import residual_squares
from calibtool.model.rings.polar import PolarCells
from calibtool.model.rings.profile_check import two_rings
from calibtool.model.rings.sectors import excess_variance
from calibtool.model.rings.solver import RingSolution, outliers_left_out, ring_snr

MIN_SNR, WEAK_SNR = 5.5, 10.0
SHORT_ARC_DEG, LARGE_GAP_DEG = 120.0, 120.0
SURELY_SEEN = 4.0
"""Amplitude over its σ from which a sector shows the ring whatever its neighbours show."""

SATURATED_SHARE, BRIGHT_SHARE = 0.005, 0.1


def ring_fit(
    shape: tuple[int, ...], cells: PolarCells, solution: RingSolution, shape_error: FloatArray
) -> RingFit:
    """Judge a solution and put it into its final form.

    Parameters
    ----------
    shape : (int, int)
        Of the image.
    cells : PolarCells
        What was fitted.
    solution : RingSolution
        The fit.
    shape_error : ndarray, shape (4,)
        Of x, y, R and width in px: what the choice of the profile's shape leaves open.

    Returns
    -------
    RingFit

    Raises
    ------
    RingNotFoundError
        The ring does not stand out of the noise.
    """
    if not np.all(np.isfinite(solution.covariance)):
        raise RingNotFoundError(
            "No ring is seen over enough of this circle to tell its centre: choose another "
            "ring, or check the mask."
        )
    snr = ring_snr(solution)
    if snr < MIN_SNR:
        raise RingNotFoundError(
            f"No ring stands out of the noise near this circle ({max(snr, 0.0):.1f} σ, "
            f"{MIN_SNR:g} needed): start closer to a ring, or expose longer."
        )
    state, sectors = solution.state, solution.sectors
    inflation = excess_variance(sectors)
    used = sectors.usable
    azimuth = sectors.azimuth[used]
    residual = sectors.residual[used]
    sector_sigma = np.sqrt(inflation * (sectors.sigma[used] ** 2 + sectors.extra_px**2))
    weight = 1.0 / sector_sigma**2
    covered = covered_azimuths(cells, solution)
    oval = second_harmonic(sectors, np.sqrt(inflation))
    systematic = np.hypot(shape_error, outliers_left_out(solution))
    systematic[:3] = np.hypot(systematic[:3], oval.circle_error)
    covariance = solution.covariance * inflation * oval.likeness + np.diag(systematic**2)
    two = two_rings(cells, solution, float(np.sqrt(covariance[2, 2])))
    if two is not None:
        covariance[2, 2] += two.off_px**2
    sigma = np.sqrt(np.diag(covariance))
    ellipse = oval.ellipse(float(state.radius))
    center = (cells.center[0] + state.dx, cells.center[1] + state.dy)
    warnings = _warnings(shape, cells, solution, center, covered, snr)
    if two is not None:
        warnings.append(say.not_one_ring(two.apart_px, two.off_px))
    if ellipse is not None and matters(ellipse):
        warnings.append(say.elliptical(ellipse, oval.significance))
    elif _outside(shape, center) > 0.0 and oval.hides_tilt(float(state.radius)):
        warnings.append(say.circle_unproven(360.0 * float(covered.mean())))
    return RingFit(
        center_x_px=float(center[0]),
        center_y_px=float(center[1]),
        radius_px=float(state.radius),
        sigma_center_x_px=float(sigma[0]),
        sigma_center_y_px=float(sigma[1]),
        sigma_radius_px=float(sigma[2]),
        rms_residual_px=float(np.sqrt(np.sum(weight * residual**2) / np.sum(weight))),
        coverage=float(covered.mean()),
        snr=float(snr),
        width_px=float(state.sigma),
        sigma_width_px=float(sigma[3]),
        goodness=_goodness(cells, solution),
        covariance=read_only(covariance[:3, :3]),
        sector_azimuth_rad=read_only(azimuth),
        sector_residual_px=read_only(residual),
        sector_sigma_px=read_only(sector_sigma),
        ellipse=ellipse,
        warnings=tuple(warnings),
    )


def _goodness(cells: PolarCells, solution: RingSolution) -> float:
    """Reduced χ² of all usable pixels."""
    equations = solution.equations
    square = residual_squares(cells, equations.mean, equations.slope)
    free = max(float(cells.number.sum()) - 4.0 - 3.0 * len(solution.sectors.usable), 1.0)
    return float(np.sum(square / counting_variance(cells, solution))) / free


def counting_variance(cells: PolarCells, solution: RingSolution) -> FloatArray:
    """Variance that counting alone, or what is known of the pixels, would give; else the fitted."""
    mean = solution.equations.mean
    if cells.integral:
        return np.maximum(mean, solution.noise.floor)
    if cells.unit is not None:
        return np.full_like(mean, cells.unit)
    return solution.noise.variance(mean)


def covered_azimuths(cells: PolarCells, solution: RingSolution) -> BoolArray:
    """Which azimuths of the cells show the ring: enough usable pixels, sector not empty."""
    state = solution.state
    core = np.abs(cells.radius - state.radius) <= max(1.2 * state.sigma, cells.step)
    pixels = np.sum(np.where(core, cells.number, 0.0), axis=1)
    full = 2.4 * state.sigma * state.radius * 2.0 * np.pi / len(cells.azimuth)
    showing = _showing(solution)
    seen = np.repeat(showing, len(cells.azimuth) // len(showing))
    return np.asarray(seen & (pixels > 0.3 * full))


def _showing(solution: RingSolution) -> BoolArray:
    """Sectors (K,) that show the ring: where it has ended, chance makes one here and there."""
    usable, equations = solution.sectors.usable, solution.equations
    beside = np.roll(usable, 1) | np.roll(usable, -1)
    sure = equations.amplitude > SURELY_SEEN * equations.sigma_amplitude
    return np.asarray(usable & (beside | sure))


def _warnings(
    shape: tuple[int, ...],
    cells: PolarCells,
    solution: RingSolution,
    center: tuple[float, float],
    covered: BoolArray,
    snr: float,
) -> list[FitWarning]:
    found: list[FitWarning] = []
    found += _arc_warnings(cells, covered)
    if snr < WEAK_SNR:
        found.append(say.weak_ring(snr))
    sectors = solution.sectors
    used = sectors.usable
    if np.any(used) and not np.all(np.isinf(sectors.sigma[used])):
        expected = float(np.median(sectors.sigma[used]))
        scatter = 1.4826 * float(np.median(np.abs(sectors.residual[used])))
        if scatter > 3.0 * expected and scatter > 0.1 * solution.state.sigma:
            found.append(say.poor_fit(scatter, expected))
    share = _saturated_share(cells)
    if share > SATURATED_SHARE:
        found.append(say.saturated(share))
    outside = _outside(shape, center)
    if outside > max(shape):
        found.append(say.centre_far_outside(outside))
    return found


def _outside(shape: tuple[int, ...], center: tuple[float, float]) -> float:
    """How far (px) a centre (x, y) lies outside the image; 0 inside."""
    across = max(-center[0], center[0] - shape[1] + 1.0, 0.0)
    return float(np.hypot(across, max(-center[1], center[1] - shape[0] + 1.0, 0.0)))


def _saturated_share(cells: PolarCells) -> float:
    """Share of saturated pixels, where their surroundings are bright (else they mark gaps)."""
    bright = cells.mean.max(axis=1) > BRIGHT_SHARE * cells.full_scale
    return float(cells.saturated[bright].sum()) / max(cells.n_pixels, 1)


def _arc_warnings(cells: PolarCells, covered: BoolArray) -> list[FitWarning]:
    if not covered.any():
        return []
    width = 360.0 / len(covered)
    places = np.flatnonzero(covered)
    gaps = np.diff(np.append(places, places[0] + len(covered))) - 1
    longest = int(np.argmax(gaps))
    gap = float(gaps[longest]) * width
    if 360.0 - gap < SHORT_ARC_DEG:
        return [say.short_arc(360.0 - gap)]
    if gap > LARGE_GAP_DEG:
        middle = (places[longest] + 0.5 * (gaps[longest] + 1)) * width + 0.5 * width - 180.0
        return [say.large_gap(gap, float((middle + 180.0) % 360.0 - 180.0))]
    return []
