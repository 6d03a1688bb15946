"""Is there a ring on this circle? A peak, in most sectors, well above the scatter."""

from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, Circle
from calibtool.model.finder.sectors import (
    Field,
    SectorFits,
    SectorProfiles,
    fit_sectors,
    sector_count,
    sector_profiles,
)
from calibtool.model.finder.shape import best_width, common_profile, peakedness
from calibtool.model.rings.arcs import lit_arc

MOST_SECTOR_SNR = 6.0
LEAST_SECTORS = 8
WANTED_SECTOR_SNR = 3.0
WIDEST_PX = 45.0
"""Wider humps are halos and blobs."""

LEAST_REACH_BLOCKS = 3.0
LEAST_ARC_DEG = 35.0
RESTS = 0.1
"""A circle that moves by less than this share of the width has come to rest."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A circle tried on the image.

    ``significance`` is the mean amplitude of the sectors over the standard error of their
    scatter; ``evidence`` the root of the sum of the squares of their bounded
    signal-to-noise ratios, ``positive`` the share of sectors with a peak, ``coverage`` the
    share of the azimuth with one, ``span_deg`` the arc they span; ``cut`` says that only the
    arc was looked at where a ring that ends within the image shows, and ``was_cut`` that it was
    so on the way to this circle; ``peak`` how much better a
    peak explains the profile than an edge (above 0: a peak); ``sigma_center_px`` how well the
    sectors fix the centre (the larger semi-axis of its error ellipse).
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
    sigma_center_px: float
    sectors: SectorFits
    cut: bool = False
    was_cut: bool = False

    @property
    def is_steady_ring(self) -> bool:
        """Whether this is a ring beyond reasonable doubt, about the same all along."""
        return not self.cut and (
            self.significance > 6.0
            and self.positive > 0.75
            and self.evidence > 10.0
            and self.peak > 0.2
            and self.span_deg > 25.0
        )

    @property
    def is_arc(self) -> bool:
        """Whether the arc that shows most is a ring: as it was chosen, chance has to be beaten."""
        return self.cut and (
            self.significance > 6.0
            and self.positive > 0.9
            and self.evidence > 16.0
            and self.peak > 1.0
            and self.span_deg > LEAST_ARC_DEG
        )

    @property
    def is_ring(self) -> bool:
        """Whether this is a ring: a grainy one scatters along the circle, not across it."""
        grainy = not (self.cut or self.was_cut) and (
            self.significance > 4.5
            and self.positive > 0.85
            and self.evidence > 14.0
            and self.peak > 1.0
            and self.span_deg > 40.0
        )
        narrow = self.width_px < WIDEST_PX
        return narrow and (self.is_steady_ring or self.is_arc or grainy)


def try_circle(
    fields: list[Field],
    circle: Circle,
    width_px: float,
    *,
    rounds: int = 3,
    reach_px: float = np.inf,
) -> Trial | None:
    """Adjust a circle to the peaks of its sectors and judge what is there.

    Parameters
    ----------
    fields : list of Field
        The image in ever coarser blocks; the one that suits the width is looked at.
    circle : Circle
        Start, good to about the width.
    width_px : float
        Expected width (σ) of the ring.
    rounds : int
        Adjustments.
    reach_px : float
        Nothing farther from the circle is looked at.

    Returns
    -------
    Trial or None
        None where too few sectors have pixels on both sides of the circle.
    """
    width = max(width_px, 0.75 * fields[0].block_px)
    least, most = 0.4 * width, 1.8 * width
    turn, was_cut = 0, False
    while True:
        last = turn == rounds
        field = _suiting(fields, width)
        profiles = _profiles(field, circle, width, reach_px)
        fits = fit_sectors(profiles, width)
        arc = lit_arc(fits.amplitude / fits.sigma_amplitude, fits.valid)
        was_cut = was_cut or arc is not None
        if arc is not None:
            profiles = profiles.only(arc)
            fits = replace(fits, valid=fits.valid & arc)
        if fits.valid.sum() < 4:
            return None
        t, y, n = common_profile(profiles, fits.valid)
        width = min(best_width(t, y, n, width, max(0.75 * field.block_px, least)), most)
        fits = _firm(profiles, width)
        if fits.valid.sum() < 4:
            return None
        if last:
            trial = _judged(circle, fits, width, peakedness(t, y, n, width))
            return replace(trial, cut=arc is not None, was_cut=was_cut)
        moved = _adjusted(circle, fits, width)
        if moved is None:
            return None
        turn = rounds if _distance(circle, moved) < RESTS * width else turn + 1
        circle = moved


def _distance(a: Circle, b: Circle) -> float:
    """How far two circles are apart at most, in px."""
    apart = np.hypot(a.center_x_px - b.center_x_px, a.center_y_px - b.center_y_px)
    return float(apart + abs(a.radius_px - b.radius_px))


def _suiting(fields: list[Field], width: float) -> Field:
    """The coarsest blocks that still resolve a width."""
    fine = [field for field in fields if field.block_px <= 0.75 * width]
    return fine[-1] if fine else fields[0]


def _profiles(field: Field, circle: Circle, width: float, reach: float) -> SectorProfiles:
    half = min(max(7.0 * width, 6.0 * field.block_px), 0.8 * circle.radius_px)
    half = min(half, max(reach, LEAST_REACH_BLOCKS * field.block_px))
    bin_px = max(field.block_px, 0.4 * width)
    sectors = sector_count(circle, max(field.block_px, 0.5 * width))
    return sector_profiles(field, circle, half_window_px=half, bin_px=bin_px, sectors=sectors)


def _firm(profiles: SectorProfiles, width: float) -> SectorFits:
    """Sector fits, neighbours taken together until the ring shows in each of them."""
    fits = fit_sectors(profiles, width)
    if not fits.valid.any():
        return fits
    snr = max(float(np.mean(np.clip(fits.snr, -MOST_SECTOR_SNR, MOST_SECTOR_SNR))), 0.3)
    factor = int(np.ceil((WANTED_SECTOR_SNR / snr) ** 2))
    factor = min(factor, int(fits.valid.sum()) // LEAST_SECTORS)
    return fit_sectors(profiles.merged(factor), width) if factor > 1 else fits


def _adjusted(circle: Circle, fits: SectorFits, width: float) -> Circle | None:
    """Move the circle to where the sectors' peaks are, sectors far off counting less.

    The amplitude that turns a sector's tilt into a shift is that of its neighbourhood, so
    that weak sectors can be used without picking those that chance made strong.
    """
    ok = fits.valid
    azimuth = fits.azimuth_rad[ok]
    amplitude = _neighbourhood(fits.amplitude, ok)[ok]
    tilt, sigma = fits.tilt[ok], fits.sigma_tilt[ok]
    along = np.column_stack([np.cos(azimuth), np.sin(azimuth), np.ones(len(azimuth))])
    jacobian = amplitude[:, None] * along
    weight = 1.0 / sigma**2
    step = np.zeros(3)
    for _ in range(5):
        normal = jacobian.T @ (weight[:, None] * jacobian)
        values = np.linalg.eigvalsh(normal)
        if not values[0] > 1e-9 * values[2]:
            return None
        step = np.linalg.solve(normal, jacobian.T @ (weight * tilt))
        pull = (tilt - jacobian @ step) / sigma
        spread = 1.4826 * float(np.median(np.abs(pull))) + 1e-3
        weight = 1.0 / (sigma**2 * (1.0 + (pull / (2.5 * spread)) ** 2))
    longest = float(np.abs(along @ step).max())
    step = step * min(1.0, 1.5 * width / max(longest, 1e-9))
    radius = circle.radius_px + float(step[2])
    if not radius > 2.0 * width:
        return None
    return Circle(circle.center_x_px + float(step[0]), circle.center_y_px + float(step[1]), radius)


def _neighbourhood(amplitude: np.ndarray, valid: BoolArray) -> np.ndarray:
    """Mean amplitude of a sector and two valid neighbours to each side, not below a tenth."""
    shifts = (-2, -1, 0, 1, 2)
    kept = np.where(valid, amplitude, 0.0)
    total = sum(np.roll(kept, k) for k in shifts)
    count = sum(np.roll(valid.astype(float), k) for k in shifts)
    mean = total / np.maximum(count, 1.0)
    return np.maximum(mean, 0.1 * max(float(kept[valid].mean()), 1e-12))


def _judged(circle: Circle, fits: SectorFits, width: float, peak: float) -> Trial:
    snr = fits.snr
    bounded = np.clip(snr, -MOST_SECTOR_SNR, MOST_SECTOR_SNR)
    amplitude = fits.amplitude[fits.valid]
    cap = 4.0 * float(np.median(np.abs(amplitude)) + 1e-30)
    steady = np.clip(amplitude, -cap, cap)
    error = float(steady.std(ddof=1)) / np.sqrt(len(steady)) + 1e-30
    peaks = fits.valid.copy()
    peaks[fits.valid] = snr > 2.0
    return Trial(
        circle=circle,
        width_px=width,
        amplitude=float(np.median(amplitude)),
        significance=float(steady.mean()) / error,
        evidence=float(np.sqrt(np.maximum((bounded * np.abs(bounded)).sum(), 0.0))),
        positive=float((snr > 0.5).mean()),
        coverage=float(peaks.mean()),
        span_deg=arc_span_deg(peaks),
        peak=peak,
        sigma_center_px=_sigma_center(fits, peaks),
        sectors=fits,
    )


def _sigma_center(fits: SectorFits, peaks: BoolArray) -> float:
    azimuth, weight = fits.azimuth_rad[peaks], (fits.amplitude / fits.sigma_tilt)[peaks] ** 2
    jacobian = np.column_stack([np.cos(azimuth), np.sin(azimuth), np.ones(len(azimuth))])
    normal = jacobian.T @ (weight[:, None] * jacobian)
    if len(azimuth) < 4 or not np.linalg.cond(normal) < 1e12:
        return float("inf")
    return float(np.sqrt(np.linalg.eigvalsh(np.linalg.inv(normal)[:2, :2])[1]))


def arc_span_deg(there: BoolArray) -> float:
    """Degrees of the shortest arc that holds all the sectors that are there."""
    index = np.flatnonzero(there)
    if len(index) == 0:
        return 0.0
    gaps = np.diff(np.append(index, index[0] + len(there)))
    return float(360.0 * (len(there) - gaps.max() + 1) / len(there))
