"""All rings around a centre: peaks of the radial profile that stand up to a closer look."""

import numpy as np

from calibtool.model.circle import Circle, CircleLike, FloatArray
from calibtool.model.finder.reduction import Level, strips
from calibtool.model.finder.sectors import Field
from calibtool.model.finder.verdict import Trial, try_circle

WIDTHS_BLOCKS = (0.9, 1.8, 3.6, 7.2)
MOST_RINGS = 12
LEAST_PEAK = 4.0
RIM_PEAK, CLEAR_PEAK = 1.0, 1.5
"""A peak that explains a profile hardly better than an edge, and one that does so clearly."""

GOOD_SIGMA_PX = 0.1
"""A centre this well known is good enough to prefer the brightest ring."""


def radial_profile(level: Level, center: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    """Mean of the blocks by distance from a centre (x, y) in px, and their number.

    Bins are one block wide; bin k holds distances from k to k + 1 blocks.
    """
    h, w = level.mean.shape
    shift = 0.5 * (level.block_px - 1)
    x2 = (np.arange(w) - (center[0] - shift) / level.block_px) ** 2
    y2 = (np.arange(h) - (center[1] - shift) / level.block_px) ** 2
    size = int(np.sqrt(x2.max() + y2.max())) + 2
    total, count = np.zeros(size), np.zeros(size)
    for rows in strips(h, w, 1):
        bins = np.sqrt(x2 + y2[rows, None]).astype(np.intp).ravel()
        part = level.weight[rows]
        weight = np.where(part >= 0.3, part, np.float32(0.0)).ravel()
        count += np.bincount(bins, weights=weight, minlength=size)
        total += np.bincount(bins, weights=level.mean[rows].ravel() * weight, minlength=size)
    return np.divide(total, count, out=np.zeros(len(total)), where=count > 0), count


def peaks_of_profile(mean: FloatArray, count: FloatArray) -> list[tuple[float, float]]:
    """Radius and width, in bins, of what sticks out of a radial profile, clearest first."""
    found: list[tuple[float, float, float]] = []
    have = count > 4
    if have.sum() < 12:
        return []
    at = np.flatnonzero(have)
    filled = np.interp(np.arange(len(mean)), at, mean[at])
    for width in WIDTHS_BLOCKS:
        response = _ridge_response(filled, width)
        noise = 1.4826 * float(np.median(np.abs(response[have]))) + 1e-30
        local = response[1:-1]
        top = (local > response[:-2]) & (local >= response[2:]) & (local > LEAST_PEAK * noise)
        top &= have[1:-1]
        found += [(float(response[k] / noise), k + 0.5, width) for k in np.flatnonzero(top) + 1]
    found.sort(reverse=True)
    kept: list[tuple[float, float]] = []
    for _, radius, width in found:
        if all(abs(radius - other) > 1.5 * max(width, wide) for other, wide in kept):
            kept.append((radius, width))
    return kept


def _ridge_response(profile: FloatArray, width: float) -> FloatArray:
    """Correlation with the negative second derivative of a Gaussian of unit norm."""
    half = int(np.ceil(4 * width))
    t = np.arange(-half, half + 1) / width
    kernel = (1 - t**2) * np.exp(-0.5 * t**2)
    kernel -= kernel.mean()
    kernel /= np.sqrt((kernel**2).sum())
    padded = np.pad(profile, half, mode="edge")
    return np.asarray(np.convolve(padded, kernel, mode="valid"))


def rings_around(level: Level, fields: list[Field], known: Trial) -> list[Trial]:
    """Rings with the centre of a known one, smallest first, the known one included.

    Parameters
    ----------
    level : Level
        The image in blocks.
    fields : list of Field
        The image in ever coarser blocks, to sample sectors from.
    known : Trial
        The ring whose centre is used.
    """
    centre = known.circle
    mean, count = radial_profile(level, (centre.center_x_px, centre.center_y_px))
    rings = [known]
    for radius, width in peaks_of_profile(mean, count)[: 2 * MOST_RINGS]:
        radius_px, width_px = radius * level.block_px, 0.7 * width * level.block_px
        if radius_px < 4 * width_px or len(rings) >= MOST_RINGS:
            continue
        start = Circle(centre.center_x_px, centre.center_y_px, radius_px)
        if any(abs(radius_px - ring.circle.radius_px) < 2 * ring.width_px for ring in rings):
            continue
        trial = try_circle(fields, start, width_px, rounds=2)
        if trial is None or not trial.is_steady_ring:
            continue
        if _shares_centre(trial, start) and _is_new(trial, rings):
            rings.append(trial)
    return sorted(rings, key=lambda ring: ring.circle.radius_px)


def _shares_centre(trial: Trial, start: Circle) -> bool:
    """Tilt moves centres a little (about 1 % of the radius); a short arc leaves more room."""
    x = trial.circle.center_x_px - start.center_x_px
    y = trial.circle.center_y_px - start.center_y_px
    slack = 0.5 * trial.width_px + 0.012 * start.radius_px
    return bool(np.hypot(x, y) < slack * (1.0 if trial.span_deg > 150 else 4.0))


def _is_new(trial: Trial, rings: list[Trial]) -> bool:
    """A shoulder, or one half of a double ring, is no other ring."""
    return all(
        abs(trial.circle.radius_px - ring.circle.radius_px)
        > 1.5 * (trial.width_px + ring.width_px)
        for ring in rings
    )


def by_prominence(rings: list[Trial]) -> list[Trial]:
    """The brightest first, of those that fix the centre about as well as the best.

    Others follow, the better they fix the centre the sooner. What may be the bright rim of a
    shadow comes last: the light around a beamstop is brighter than any ring.
    """
    good = max(GOOD_SIGMA_PX, 2.5 * min(ring.sigma_center_px for ring in rings))
    clear = any(ring.peak > CLEAR_PEAK and ring.sigma_center_px <= good for ring in rings)

    def place(ring: Trial) -> tuple[bool, bool, float]:
        rim = clear and ring.peak < RIM_PEAK
        if ring.sigma_center_px <= good:
            return rim, False, -ring.amplitude * ring.coverage
        return rim, True, ring.sigma_center_px

    return sorted(rings, key=place)


def around(centre: CircleLike, ring: Trial) -> Circle:
    """The circle of a ring around a given centre: the mean distance of its sectors' peaks.

    A short arc hardly knows its own centre, and thus its radius; around the centre of a
    better ring its radius is sharp.
    """
    fits, circle = ring.sectors, ring.circle
    seen = fits.valid & (fits.amplitude > fits.sigma_amplitude)
    azimuth = fits.azimuth_rad[seen if seen.any() else fits.valid]
    x = circle.center_x_px + circle.radius_px * np.cos(azimuth) - centre.center_x_px
    y = circle.center_y_px + circle.radius_px * np.sin(azimuth) - centre.center_y_px
    return Circle(centre.center_x_px, centre.center_y_px, float(np.hypot(x, y).mean()))


def stays_on(fitted: CircleLike, ring: Trial) -> bool:
    """Whether a circle runs where a ring was seen, to about its width."""
    seen = ring.sectors.azimuth_rad[ring.sectors.valid]
    circle = ring.circle
    x = circle.center_x_px + circle.radius_px * np.cos(seen) - fitted.center_x_px
    y = circle.center_y_px + circle.radius_px * np.sin(seen) - fitted.center_y_px
    off = np.abs(np.hypot(x, y) - fitted.radius_px)
    return bool(np.median(off) < 1.5 * ring.width_px)
