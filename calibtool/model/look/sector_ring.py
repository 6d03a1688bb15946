"""A ring as its sectors have it, for rings that the fit to all pixels cannot follow."""

import numpy as np

from calibtool.model.circle import CircleLike
from calibtool.model.look.judging import Seen
from calibtool.model.results import RingFit, read_only
from calibtool.model.warnings import poor_fit, short_arc

LEAST_SECTORS, SHORT_ARC_DEG = 4, 120.0


def ring_of_sectors(seen: Seen, circle: CircleLike) -> RingFit | None:
    """Centre, radius and σ from the sectors' peaks alone, with a warning that says so.

    None where hardly any sector shows it. σ come from the scatter of the sectors' residuals,
    each counting by its own σ.
    """
    fits, ring = seen.fits, seen.ring
    used = fits.valid & (fits.amplitude > 1.5 * fits.sigma_amplitude)
    if used.sum() < LEAST_SECTORS:
        return None
    azimuth, amplitude = fits.azimuth_rad[used], fits.amplitude[used]
    residual = np.clip(fits.tilt[used] / amplitude, -ring.width_px, ring.width_px)
    sigma = fits.sigma_tilt[used] / amplitude
    weight = 1.0 / sigma**2
    jacobian = np.column_stack([np.cos(azimuth), np.sin(azimuth), np.ones(len(azimuth))])
    chi2 = float((weight * residual**2).sum()) / max(len(azimuth) - 3, 1)
    covariance = np.linalg.pinv(jacobian.T @ (weight[:, None] * jacobian)) * max(chi2, 1.0)
    errors = np.sqrt(np.diag(covariance))
    rms = float(np.sqrt((weight * residual**2).sum() / weight.sum()))
    warnings = [poor_fit(rms, float(np.median(sigma)))]
    if seen.span_deg < SHORT_ARC_DEG:
        warnings.append(short_arc(seen.span_deg))
    return RingFit(
        center_x_px=circle.center_x_px,
        center_y_px=circle.center_y_px,
        radius_px=circle.radius_px,
        sigma_center_x_px=float(errors[0]),
        sigma_center_y_px=float(errors[1]),
        sigma_radius_px=float(errors[2]),
        rms_residual_px=rms,
        coverage=ring.coverage * ring.visible,
        snr=ring.snr,
        width_px=ring.width_px,
        sigma_width_px=ring.width_px / ring.snr,
        goodness=chi2,
        covariance=read_only(covariance),
        sector_azimuth_rad=read_only(azimuth),
        sector_residual_px=read_only(residual),
        sector_sigma_px=read_only(sigma),
        warnings=tuple(warnings),
    )
