"""Is there a ring on this circle? A peak, in most sectors, well above the scatter."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import BoolArray, Circle, FloatArray
from calibtool.model.finder.proposals import geometric_step
from calibtool.model.finder.sectors import (
    Field,
    SectorFits,
    SectorProfiles,
    fit_sectors,
    sector_count,
    sector_profiles,
)

WIDTHS = (0.6, 0.85, 1.2, 1.7, 2.4, 3.4)
"""Widths tried, in units of the expected one."""

MOST_SECTOR_SNR = 6.0


@dataclass(frozen=True, eq=False)
class Trial:
    """A circle tried on the image.

    ``significance`` is the mean amplitude of the sectors over the standard error of their
    scatter; ``evidence`` the sum of the bounded signal-to-noise ratios of the sectors;
    ``positive`` the share of sectors with a peak; ``coverage`` the share of the azimuth with
    a peak; ``peak`` how much better a peak explains the profile than an edge (> 0: a peak).
    """

    circle: Circle
    width_px: float
    amplitude: float
    significance: float
    evidence: float
    positive: float
    coverage: float
    span_deg: float
    peak: float
    sectors: SectorFits

    @property
    def is_ring(self) -> bool:
        """Whether this is a ring beyond reasonable doubt."""
        return (
            self.significance > 6.0
            and self.positive > 0.7
            and self.evidence > 40.0
            and self.peak > 0.3
            and self.span_deg > 25.0
        )


def try_circle(field: Field, circle: Circle, width_px: float, *, rounds: int = 3) -> Trial | None:
    """Adjust a circle to the peaks of its sectors and judge what is there.

    Parameters
    ----------
    field : Field
        Image to look at.
    circle : Circle
        Start, good to about the width.
    width_px : float
        Expected width (σ) of the ring.
    rounds : int
        Adjustments.

    Returns
    -------
    Trial or None
        None where too few sectors have pixels on both sides of the circle.
    """
    least = 0.75 * field.block_px
    width = max(width_px, least)
    for _ in range(rounds):
        profiles = _profiles(field, circle, width)
        center, width = _best_gaussian(profiles, width, least)
        fits = fit_sectors(profiles, center, width)
        moved = _adjusted(circle, fits)
        if moved is None:
            return None
        circle = moved
    profiles = _profiles(field, circle, width)
    _, width = _best_gaussian(profiles, width, least)
    return _judged(circle, profiles, fit_sectors(profiles, 0.0, width), width)


def _profiles(field: Field, circle: Circle, width: float) -> SectorProfiles:
    half = min(max(7.0 * width, 6.0 * field.block_px), 0.8 * circle.radius_px)
    bin_px = max(field.block_px, 0.4 * width)
    sectors = sector_count(circle, max(field.block_px, 0.5 * width))
    return sector_profiles(field, circle, half_window_px=half, bin_px=bin_px, sectors=sectors)


def mean_profile(profiles: SectorProfiles) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Offset, mean and weight (count) of the profile over all sectors, bins that have pixels."""
    count = profiles.count.sum(axis=0)
    total = (profiles.mean * profiles.count).sum(axis=0)
    have = count > 0
    return profiles.offset_px[have], total[have] / count[have], count[have]


def _best_gaussian(profiles: SectorProfiles, width: float, least: float) -> tuple[float, float]:
    """Centre offset and width of the Gaussian that explains most of the mean profile."""
    t, y, n = mean_profile(profiles)
    widths = np.maximum(np.array(WIDTHS) * width, least)
    widths = np.unique(widths[widths < 0.3 * (t[-1] - t[0])]) if len(t) >= 8 else widths[:0]
    if len(widths) == 0:
        return 0.0, width
    centers = np.arange(-1.2, 1.21, 0.3) * width
    center, wide = (grid.ravel() for grid in np.meshgrid(centers, widths))
    gain = _gains(t, y, n, np.exp(-0.5 * ((t - center[:, None]) / wide[:, None]) ** 2))
    best = int(np.argmax(gain))
    return float(center[best]), float(wide[best])


def _gains(t: FloatArray, y: FloatArray, n: FloatArray, shapes: FloatArray) -> FloatArray:
    """Signed drop (M,) of the weighted squares when one of ``shapes`` (M, B) joins the background.

    The background is constant, slope and bend; the sign is that of the shape's share.
    """
    root = np.sqrt(n)
    scale = t / max(float(np.abs(t).max()), 1e-9)
    q, _ = np.linalg.qr(np.stack([root, root * scale, root * scale**2], axis=1))
    extra = root * shapes
    whole = (extra**2).sum(axis=1)
    extra = extra - (extra @ q) @ q.T
    norm = (extra**2).sum(axis=1)
    share = extra @ (root * y)
    usable = norm > 1e-6 * whole + 1e-30
    return np.where(usable, np.sign(share) * share**2 / np.where(usable, norm, 1.0), -np.inf)


def _adjusted(circle: Circle, fits: SectorFits) -> Circle | None:
    """The circle through the sectors' peaks, peaks far off counting less."""
    good = fits.valid & (fits.amplitude > 2.0 * fits.sigma_amplitude)
    if good.sum() < 6:
        return None
    azimuth, shift = fits.azimuth_rad[good], fits.shift_px[good]
    radius = circle.radius_px + shift
    xy = np.column_stack(
        [
            circle.center_x_px + radius * np.cos(azimuth),
            circle.center_y_px + radius * np.sin(azimuth),
        ]
    )
    for _ in range(4):
        off = np.hypot(xy[:, 0] - circle.center_x_px, xy[:, 1] - circle.center_y_px)
        residual = off - circle.radius_px
        middle = np.median(residual)
        scale = 1.4826 * float(np.median(np.abs(residual - middle))) + 1e-6
        sigma2 = fits.sigma_shift_px[good] ** 2 + scale**2
        weight = 1.0 / (sigma2 * (1.0 + ((residual - middle) / (3.0 * scale)) ** 2) ** 2)
        moved = geometric_step(circle, xy, weight)
        if moved is None:
            return None
        circle = moved
    return circle


def _judged(
    circle: Circle, profiles: SectorProfiles, fits: SectorFits, width: float
) -> Trial | None:
    valid = fits.valid
    if valid.sum() < 6:
        return None
    snr = fits.amplitude[valid] / fits.sigma_amplitude[valid]
    bounded = np.clip(snr, -MOST_SECTOR_SNR, MOST_SECTOR_SNR)
    amplitude = fits.amplitude[valid]
    cap = 4.0 * float(np.median(np.abs(amplitude)) + 1e-30)
    steady = np.clip(amplitude, -cap, cap)
    error = float(steady.std(ddof=1)) / np.sqrt(len(steady)) + 1e-30
    peaks = valid.copy()
    peaks[valid] = snr > 2.0
    return Trial(
        circle,
        width,
        float(np.median(amplitude)),
        float(steady.mean()) / error,
        float(bounded.sum()),
        float((snr > 0.5).mean()),
        float(peaks.mean()),
        arc_span_deg(peaks),
        _peakedness(profiles, width),
        fits,
    )


def arc_span_deg(there: BoolArray) -> float:
    """Degrees of the shortest arc that holds all the sectors that are there."""
    index = np.flatnonzero(there)
    if len(index) == 0:
        return 0.0
    gaps = np.diff(np.append(index, index[0] + len(there)))
    return float(360.0 * (len(there) - gaps.max() + 1) / len(there))


def _peakedness(profiles: SectorProfiles, width: float) -> float:
    """Logarithm of (residual with an edge) / (residual with a peak); above 0 it is a peak."""
    t, y, n = mean_profile(profiles)
    near = np.abs(t) < 5.0 * width
    t, y, n = t[near], y[near], n[near]
    if len(t) < 7:
        return 0.0
    center, wide = _pairs((-0.3, 0.0, 0.3), (0.8, 1.0, 1.25), width)
    peak = float(_gains(t, y, n, np.exp(-0.5 * ((t - center) / wide) ** 2)).max())
    center, wide = _pairs(tuple(np.linspace(-2.5, 2.5, 11)), (0.3, 0.8, 1.6), width)
    edge = float(np.abs(_gains(t, y, n, np.tanh((t - center) / wide))).max())
    total = _unexplained(t, y, n)
    tiny = 1e-6 * total + 1e-30
    with_edge, with_peak = max(total - edge, 0.0), max(total - max(peak, 0.0), 0.0)
    return float(np.log((with_edge + tiny) / (with_peak + tiny)))


def _pairs(
    centers: tuple[float, ...], widths: tuple[float, ...], unit: float
) -> tuple[FloatArray, FloatArray]:
    """All pairs of a centre and a width, each (M, 1), in px."""
    center, wide = np.meshgrid(np.array(centers) * unit, np.array(widths) * unit)
    return center.reshape(-1, 1), wide.reshape(-1, 1)


def _unexplained(t: FloatArray, y: FloatArray, n: FloatArray) -> float:
    """Weighted squares left by the background alone."""
    root = np.sqrt(n)
    scale = t / max(float(np.abs(t).max()), 1e-9)
    q, _ = np.linalg.qr(np.stack([root, root * scale, root * scale**2], axis=1))
    rest = root * y - q @ (q.T @ (root * y))
    return float(rest @ rest)
