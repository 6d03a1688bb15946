"""Rings seen around a geometry: peaks from which the intensity falls on both sides."""

from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.pattern.noise import Noise
from calibtool.model.pattern.unwrap import Unwrapped

WIDTHS = (1.0, 1.7, 2.9, 4.9, 8.3, 14.0)
"""Widths (σ) tried, in cells."""

CLIPPED = 5.0
"""A sector counts to so many σ only: no spot makes a ring."""

ONE_SIDED = 1.6
"""A peak stands out over both flanks by no more than so many times what it does over the lower
one; it would by 1.2 times where both are alike."""

LEAST_SNR = 6.0
"""By chance one profile in a thousand holds a peak so high: 10⁴ places are looked at."""

PROMINENT = 4.0
"""σ by which a peak rises out of what lies between it and higher ones."""

OWN, SAME = 2.5, 0.6
"""A peak owns what is within so many of its widths; maxima of different widths within so many are
one ring."""

MEASURED_AT = (1.0, 1.8, 3.2)
"""Multiples of the width that stands out most: beside a stronger ring it is far too small."""

AT_REST = 0.01
"""Widths: a start needs to be no nearer."""

RIM_WIDTHS = 10.0
"""A ring of a radius of fewer widths is light around a beamstop: powder rings are sharper."""

SHOWS = 1.5
"""A sector in which a ring stands out by so many σ shows it."""


@dataclass(frozen=True)
class Peak:
    """A ring as the profile shows it.

    ``radius_px`` is the ring radius, ``width_px`` the width (σ), ``snr`` the contrast over the
    noise of all sectors, ``strength`` the height times the width (mean over the sectors), and
    ``coverage`` and ``visible`` the shares (0…1) of the circle where it shows and is on usable
    pixels. ``common_px`` is by how much it moves when all others do by theirs, as the beam is
    uncertain by 1 σ where there are only arcs.
    """

    radius_px: float
    sigma_px: float
    width_px: float
    snr: float
    strength: float
    coverage: float
    visible: float
    common_px: float = 0.0

    @property
    def rim(self) -> bool:
        """Whether it is as wide as the light around the beam, or around a beamstop's shadow."""
        return self.radius_px < RIM_WIDTHS * self.width_px


def peaks(cells: Unwrapped, noise: Noise) -> list[Peak]:
    """All rings around the geometry of the cells, smallest first."""
    sums = _Sums.of(cells, noise)
    tops = [top for width in WIDTHS for top in _tops(cells, _Response.of(sums, width))]
    kept: list[_Top] = []
    for top in tops:
        # Two rings make one wide peak: what stands out by itself as narrower ones is not that.
        if all(abs(top.peak.radius_px - other.peak.radius_px) > OWN * top.peak.width_px
               for other in kept):  # fmt: skip
            kept.append(top)
    found = [_measured(cells, noise, _best(top, tops, kept).peak) for top in kept]
    return sorted(found, key=lambda peak: peak.radius_px)


@dataclass(frozen=True)
class _Top:
    """Where a response is highest, and how high, compressed."""

    clear: float
    peak: Peak


def _tops(cells: Unwrapped, response: "_Response") -> list[_Top]:
    """Where rings of one width stand out, each by itself."""
    from scipy.signal import find_peaks

    places, _ = find_peaks(response.clear, prominence=PROMINENT)
    places = places[response.snr[places] > LEAST_SNR]
    places = places[cells.low + places * cells.step > 3.0 * response.width * cells.step]
    return [
        _Top(float(response.clear[k]), response.peak(cells, k)) for k in places.tolist()
    ]


def _best(top: _Top, tops: list[_Top], kept: list[_Top]) -> _Top:
    """The same ring at the width that stands out most, where that reaches no other ring."""
    here = top.peak.radius_px
    others = [abs(other.peak.radius_px - here) for other in kept if other is not top]
    nearest = min(others, default=np.inf)
    same = [
        other
        for other in tops
        if abs(other.peak.radius_px - here) < SAME * other.peak.width_px
        and nearest > OWN * other.peak.width_px
    ]
    return max([top, *same], key=lambda one: one.clear)


def contrast_of(cells: Unwrapped, noise: Noise, width_px: float) -> FloatArray:
    """Contrast over noise (B,) of rings of one width at each column of the cells."""
    return _Response.of(_Sums.of(cells, noise), max(width_px / cells.step, 1.0)).snr


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums of weights and of weighted values up to each column of the cells, (S, B + 1)."""

    weight: FloatArray
    value: FloatArray
    least: float

    @staticmethod
    def of(cells: Unwrapped, noise: Noise) -> "_Sums":
        """Weights are those of the noise."""
        weight = cells.count / (noise.variance(cells.mean) if cells.noise is None else cells.noise)
        begin = ((0, 0), (1, 0))
        weights = np.cumsum(np.pad(weight, begin), axis=1)
        values = np.cumsum(np.pad(weight * cells.mean, begin), axis=1)
        return _Sums(weights, values, 1e-9 * float(weight.max(initial=0.0)))

    def window(self, first: int, last: int) -> tuple[FloatArray, FloatArray]:
        """Weighted mean of the cells from k + first to k + last, and the sum of the weights."""
        n = self.weight.shape[1] - 1
        low = np.clip(np.arange(n) + first, 0, n)
        high = np.clip(np.arange(n) + last + 1, 0, n)
        weight = self.weight[:, high] - self.weight[:, low]
        weight = np.where(weight > self.least, weight, 0.0)
        total = self.value[:, high] - self.value[:, low]
        return np.where(weight > 0.0, total / np.where(weight > 0.0, weight, 1.0), 0.0), weight


@dataclass(frozen=True, eq=False)
class _Response:
    """Height over both flanks at each radius for one width, by sector and over all.

    ``snr`` is the contrast with each sector clipped, for the decision; ``clear`` compresses it
    instead, so that strong peaks can be compared.
    """

    width: float
    height: FloatArray
    z: FloatArray
    snr: FloatArray
    clear: FloatArray
    usable: FloatArray

    @staticmethod
    def of(sums: "_Sums", width: float) -> "_Response":
        """Compare the middle (± 1.4 widths) with flanks from 2.6 to 5 widths."""
        inner = max(1, round(1.4 * width))
        near = max(inner + 1, round(2.6 * width))
        outer = max(near + 1, round(5.0 * width))
        middle = sums.window(-inner, inner)
        left = sums.window(-outer, -near)
        right = sums.window(near, outer)
        there = (middle[1] > 0) & (left[1] > 0) & (right[1] > 0)
        number = np.sqrt(np.maximum(there.sum(axis=0), 1))
        own, *beside = (1.0 / np.where(there, part[1], 1.0) for part in (middle, left, right))
        z, clear, side = [], [], []
        for flank, variance in zip((left, right), beside, strict=True):
            over = np.where(there, middle[0] - flank[0], 0.0) / np.sqrt(own + variance)
            z.append(over)
            side.append(np.clip(over, -CLIPPED, CLIPPED).sum(axis=0) / number)
            clear.append(np.arcsinh(over).sum(axis=0) / number)
        height = np.where(there, middle[0] - 0.5 * (left[0] + right[0]), 0.0)
        both = height / np.sqrt(own + 0.25 * (beside[0] + beside[1]))
        snr = np.clip(both, -CLIPPED, CLIPPED).sum(axis=0) / number
        # An edge stands over one side only.
        snr = np.minimum(snr, ONE_SIDED * np.minimum(*side))
        return _Response(width, height, 0.5 * (z[0] + z[1]), snr, np.minimum(*clear),
                         there.mean(axis=0))  # fmt: skip

    def peak(self, cells: Unwrapped, k: int) -> Peak:
        """The peak at column k."""
        z, height = self.z[:, k], self.height[:, k]
        usable = z != 0.0
        shows = int(np.count_nonzero(z > SHOWS)) / max(int(np.count_nonzero(usable)), 1)
        width, snr = self.width * cells.step, float(self.snr[k])
        radius = cells.low + (k + 0.5) * cells.step
        strength = float(np.mean(height[usable])) * width if usable.any() else 0.0
        visible = float(self.usable[k])
        return Peak(radius, width / snr, width, snr, strength, float(shows), visible)


def _measured(cells: Unwrapped, noise: Noise, peak: Peak) -> Peak:
    """The peak with radius and width of a Gaussian; as it was, to a cell, where none fits."""
    for wider in MEASURED_AT:
        found = _gaussian(cells, noise, replace(peak, width_px=wider * peak.width_px))
        if found is not None:
            return found
    return replace(peak, sigma_px=float(np.hypot(peak.sigma_px, cells.step)))


def _gaussian(cells: Unwrapped, noise: Noise, peak: Peak) -> Peak | None:
    """Radius and width by a Gaussian on a slope through the mean profile around the peak."""
    reach = 2.6 * peak.width_px
    part = cells.columns(peak.radius_px - reach, peak.radius_px + reach)
    weight = cells.count[:, part] / noise.variance(cells.mean[:, part])
    total = weight.sum(axis=0)
    if np.count_nonzero(total) < 6:
        return None
    value = (weight * cells.mean[:, part]).sum(axis=0) / np.maximum(total, 1e-300)
    t = (weight * cells.radius[:, part]).sum(axis=0) / np.maximum(total, 1e-300)
    radius, width = peak.radius_px, peak.width_px
    root = np.sqrt(total)
    sigma = peak.sigma_px
    for _ in range(8):
        z = (t - radius) / width
        bell = np.exp(-0.5 * z * z)
        basis = np.stack([np.ones_like(t), z, bell, bell * z, bell * (z * z - 1.0)], axis=1)
        fit = np.linalg.lstsq(basis * root[:, None], value * root, rcond=1e-9)[0]
        if not fit[2] > 0.0:
            return None
        shift, growth = np.clip(fit[3:] / fit[2], (-0.5, -0.3), (0.5, 0.3))
        radius += width * float(shift)
        width *= float(np.exp(growth))
        sigma = width / max(float(fit[2]) * np.sqrt(float(np.sum(total * (bell * z) ** 2))), 1e-9)
        if not 0.4 < width / peak.width_px < 2.2 or abs(radius - peak.radius_px) > peak.width_px:
            return None
        if max(abs(shift), abs(growth)) < AT_REST:
            break
    return replace(peak, radius_px=radius, width_px=width, sigma_px=float(sigma))
