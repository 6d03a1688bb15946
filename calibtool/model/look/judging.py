"""Is there a ring? A peak with a fall on both sides, in most sectors, far above chance."""

from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.look.polar import PolarMap
from calibtool.model.look.scan import Bump
from calibtool.model.look.sectors import SectorFits, fit_sectors, profiles_of
from calibtool.model.look.shape import best_peak, common_profile, peakedness
from calibtool.model.look.sight import SeenRing
from calibtool.model.rings.arcs import lit_arc

MOST_SECTOR_SNR = 6.0
LEAST_SECTORS, LEAST_VALID = 8, 4
WANTED_SECTOR_SNR = 3.0
CLEAR_SECTOR, MEDIAN_OF_NORMAL = 3.0, 0.6745
CLOSED, MOST_WOBBLE, MOST_WOBBLE_CUT = 0.75, 0.22, 0.12
"""Grains of a ring stay below, the sides of polygons and turns of spirals do not.

An arc that was chosen because it is lit is asked for more: of any curve there is one.
"""

MOST_WAVE, ENOUGH_FOR_WAVES = 1.0, 16
"""What aim and tilt leave, up to so many widths, is no fault of a ring seen all around."""

WIDEST_PX, WIDEST_SHARE = 45.0, 0.2
"""Wider humps are halos and blobs, and so are those wider than this share of their radius."""

AGAINST_SIGMA, MOST_AGAINST = 3.0, 0.08
"""Share of the sectors that may show a dip where the ring has its peak."""

LEAST_ARC_DEG = 25.0
SIZED, NARROWER, WIDER = 3, 0.6, 1.4
"""A peak so much narrower or wider than what stuck out is measured again."""

LEAST_WIDTH_BINS = 1.3


@dataclass(frozen=True, eq=False)
class Seen:
    """A ring around an aim, with its sectors, whose shifts count from ``looked_at_px``.

    ``resolution_px`` is the size of the blocks looked at; ``significance`` is the mean amplitude
    of the sectors over the standard error of their scatter; ``positive`` the share of sectors
    with a peak; ``span_deg`` the arc they span; ``cut`` says
    that only the arc was looked at where a ring that ends within the image shows. ``against`` is
    the share of narrow sectors with a clear dip instead.
    """

    ring: SeenRing
    fits: SectorFits
    looked_at_px: float
    resolution_px: float
    significance: float
    positive: float
    span_deg: float
    cut: bool
    against: float = 0.0

    @property
    def stands_out(self) -> bool:
        """Whether it is worth a closer look."""
        return self.ring.snr > 5.0 and self.positive > 0.6

    @property
    def wobble(self) -> float:
        """How far the peaks of typical sectors are from the ring, in widths, noise taken off.

        Sides of a polygon and turns of a spiral are not where a ring would be. Waves of an
        aim that is still a little off are taken off, where the ring is seen all around.
        """
        return self._wobble(off_waves=self.closed)

    @property
    def bend(self) -> float | None:
        """What of the wobble are waves, None where they cannot be told from the rest.

        An aim at rest leaves none on rings that have one centre.
        """
        if self.closed or self._clear.sum() < ENOUGH_FOR_WAVES:
            return None
        whole, rest = self._wobble(off_waves=False), self._wobble(off_waves=True)
        return float(np.sqrt(max(whole**2 - rest**2, 0.0)))

    @property
    def _clear(self) -> BoolArray:
        fits = self.fits
        return np.asarray(
            fits.valid & (fits.amplitude > CLEAR_SECTOR * fits.sigma_amplitude)
        )

    def _wobble(self, *, off_waves: bool) -> float:
        fits, clear = self.fits, self._clear
        if clear.sum() < LEAST_SECTORS:
            return 0.0
        shift = fits.tilt[clear] / fits.amplitude[clear]
        width = max(self.ring.width_px, self.resolution_px)
        if off_waves and clear.sum() >= ENOUGH_FOR_WAVES:
            shift = _off_waves(shift, fits.azimuth_rad[clear], MOST_WAVE * width)
        noise = float(np.median(fits.sigma_tilt[clear] / fits.amplitude[clear]))
        typical = float(np.median(np.abs(shift - np.median(shift)))) / MEDIAN_OF_NORMAL
        return float(np.sqrt(max(typical**2 - noise**2, 0.0))) / width

    @property
    def closed(self) -> bool:
        """Whether it is seen nearly all around."""
        return self.ring.coverage * self.ring.visible > CLOSED

    @property
    def is_ring(self) -> bool:
        """Whether this is a ring beyond reasonable doubt."""
        return self.is_one(0.0)

    def is_one(self, ease: float) -> bool:
        """The same where a peak may be worse than an edge by ``ease`` more than else."""
        ring, peak = self.ring, self.ring.peak + ease
        widest = min(WIDEST_PX, WIDEST_SHARE * ring.radius_px)
        if not (ring.width_px < widest and self.span_deg > LEAST_ARC_DEG):
            return False
        if self.against > MOST_AGAINST:
            return False
        if self.wobble > (MOST_WOBBLE_CUT if self.cut else MOST_WOBBLE):
            return False
        if self.cut:
            # as the arc was chosen, more chance has to be beaten
            firm = self.significance > 6.0 and self.positive > 0.9 and ring.snr > 16.0
            return firm and peak > 1.0 and self.span_deg > 35.0
        steady = self.significance > 6.0 and self.positive > 0.75 and ring.snr > 10.0
        grainy = self.significance > 4.5 and self.positive > 0.85 and ring.snr > 14.0
        return (steady and peak > 0.2) or (
            grainy and peak > 1.0 and self.span_deg > 40.0
        )


def judged(polar: PolarMap, bump: Bump, others: list[Bump]) -> Seen | None:
    """Look at a bump sector by sector.

    Parameters
    ----------
    polar : PolarMap
        The image around the centre.
    bump : Bump
        What sticks out.
    others : list of Bump
        What sticks out beside it and must not be taken for its background.

    Returns
    -------
    Seen or None
        None where too few sectors have pixels on both sides.
    """
    least = LEAST_WIDTH_BINS * polar.bin_px
    width = max(bump.width_px, least)
    bump = replace(bump, width_px=width)
    profiles = profiles_of(polar, bump, others)
    fits = fit_sectors(profiles, width)
    arc = lit_arc(fits.amplitude / fits.sigma_amplitude, fits.valid)
    if arc is not None:
        polar, fits = polar.only(arc), fits.only(arc)
        profiles = profiles_of(polar, bump, others)
    if fits.valid.sum() < LEAST_VALID:
        return None
    most = np.inf
    for _ in range(SIZED):
        common = common_profile(profiles, fits.valid)
        off, width = best_peak(*common, bump.width_px, (least, most))
        most = 1.1 * max(width, least)
        alike = NARROWER < width / bump.width_px < WIDER
        bump = replace(bump, radius_px=bump.radius_px + off, width_px=width)
        profiles = profiles_of(polar, bump, others)
        if alike:
            break
    fits = fit_sectors(profiles, width)
    firm = _firm(polar, bump, others, fits)
    if firm.valid.sum() < LEAST_VALID:
        return None
    against = float((fits.snr < -AGAINST_SIGMA).mean())
    seen = replace(_verdict(polar, bump, firm, arc is not None), against=against)
    if not seen.stands_out:
        return seen
    peak = peakedness(*common_profile(profiles, fits.valid), width)
    return replace(seen, ring=replace(seen.ring, peak=peak))


def moved_to(seen: Seen, radius_px: float) -> Seen:
    """The same ring, a little larger or smaller."""
    return replace(seen, ring=replace(seen.ring, radius_px=radius_px))


def refitted(polar: PolarMap, seen: Seen, radius_px: float) -> Seen:
    """The same ring in the same sectors of another map, near a radius, not judged anew."""
    bump = Bump(radius_px, seen.ring.width_px, 0.0)
    factor = len(polar.azimuth_rad) // len(seen.fits.azimuth_rad)
    fits = fit_sectors(profiles_of(polar.merged(factor), bump, []), bump.width_px)
    fits = fits.only(seen.fits.valid) if seen.cut else fits
    if not fits.valid.any():
        return replace(seen, fits=fits, looked_at_px=radius_px)
    shift = _mean_shift(fits, bump.width_px)
    ring = replace(seen.ring, radius_px=radius_px + shift)
    return replace(seen, fits=fits, looked_at_px=radius_px, ring=ring)


def _firm(polar: PolarMap, bump: Bump, others: list[Bump], fits: SectorFits) -> SectorFits:
    """Sector fits, neighbours taken together until the ring shows in each of them."""
    if not fits.valid.any():
        return fits
    snr = max(float(np.mean(np.clip(fits.snr, -MOST_SECTOR_SNR, MOST_SECTOR_SNR))), 0.3)
    factor = int(np.ceil((WANTED_SECTOR_SNR / snr) ** 2))
    factor = min(factor, int(fits.valid.sum()) // LEAST_SECTORS)
    if factor <= 1:
        return fits
    return fit_sectors(profiles_of(polar.merged(factor), bump, others), bump.width_px)


def _verdict(
    polar: PolarMap, bump: Bump, fits: SectorFits, cut: bool
) -> Seen:
    snr = fits.snr
    bounded = np.clip(snr, -MOST_SECTOR_SNR, MOST_SECTOR_SNR)
    amplitude = fits.amplitude[fits.valid]
    cap = 4.0 * float(np.median(np.abs(amplitude)) + 1e-30)
    steady = np.clip(amplitude, -cap, cap)
    error = float(steady.std(ddof=1)) / np.sqrt(len(steady)) + 1e-30
    peaks = fits.valid.copy()
    peaks[fits.valid] = snr > 2.0
    whole = polar.sector_rad * len(polar.azimuth_rad) / (2 * np.pi)
    ring = SeenRing(
        radius_px=bump.radius_px + _mean_shift(fits, bump.width_px),
        width_px=bump.width_px,
        snr=float(np.sqrt(np.maximum((bounded * np.abs(bounded)).sum(), 0.0))),
        coverage=int(peaks.sum()) / max(int(fits.valid.sum()), 1),
        visible=whole * float(fits.valid.mean()),
        amplitude=float(np.median(amplitude)),
        peak=-np.inf,
        sigma_center_px=_sigma_center(fits, peaks),
    )
    span = arc_span_deg(peaks, whole)
    positive = float((snr > 0.5).mean())
    return Seen(
        ring, fits, bump.radius_px, polar.block_px, float(steady.mean()) / error, positive, span,
        cut,
    )


def _off_waves(shift: FloatArray, azimuth: FloatArray, most: float) -> FloatArray:
    """Shifts (K,) without the wave of a centre that is off, and the two waves of a tilt.

    Shifts beyond ``most`` from the median do not draw the waves.
    """
    waves = np.column_stack([f(n * azimuth) for n in (1, 2) for f in (np.cos, np.sin)])
    model = np.hstack([waves, np.ones((len(shift), 1))])
    middle = np.median(shift)
    near = np.clip(shift, middle - most, middle + most)
    return np.asarray(shift - model @ np.linalg.lstsq(model, near, rcond=None)[0])


def _mean_shift(fits: SectorFits, most: float) -> float:
    """How far outside the sectors' peaks are on average, no more than ``most``."""
    ok = fits.valid
    weight = 1.0 / fits.sigma_tilt[ok] ** 2
    amplitude = fits.amplitude[ok]
    shift = float((weight * amplitude * fits.tilt[ok]).sum() / (weight * amplitude**2).sum())
    return float(np.clip(shift, -most, most))


def _sigma_center(fits: SectorFits, peaks: BoolArray) -> float:
    azimuth, weight = fits.azimuth_rad[peaks], (fits.amplitude / fits.sigma_tilt)[peaks] ** 2
    jacobian = np.column_stack([np.cos(azimuth), np.sin(azimuth), np.ones(len(azimuth))])
    normal = jacobian.T @ (weight[:, None] * jacobian)
    if len(azimuth) < 4 or not np.linalg.cond(normal) < 1e12:
        return float("inf")
    return float(np.sqrt(np.linalg.eigvalsh(np.linalg.inv(normal)[:2, :2])[1]))


def arc_span_deg(there: BoolArray, whole: float) -> float:
    """Degrees of the shortest arc that holds all the sectors that are there.

    ``whole`` is the share of the full turn that the sectors divide.
    """
    index = np.flatnonzero(there)
    if len(index) == 0:
        return 0.0
    gaps = np.diff(np.append(index, index[0] + len(there)))
    hidden = gaps.max() if whole > 0.999 else 1 + len(there) - 1 - (index[-1] - index[0])
    return float(360.0 * whole * (len(there) - hidden + 1) / len(there))


def neighbourhood(amplitude: FloatArray, valid: BoolArray) -> FloatArray:
    """Mean amplitude of a sector and two valid neighbours to each side, not below a tenth."""
    kept, there = np.where(valid, amplitude, 0.0), valid.astype(np.float64)
    total, count = (
        np.convolve(np.concatenate([part[-2:], part, part[:2]]), np.ones(5), mode="valid")
        for part in (kept, there)
    )
    least = 0.1 * max(float(kept[valid].mean()), 1e-12)
    return np.asarray(np.maximum(total / np.maximum(count, 1.0), least))
