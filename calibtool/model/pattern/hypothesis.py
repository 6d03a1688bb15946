"""What the rings are taken for: known lines, a calibrant of unknown scale, or just rings."""

from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.align import FARTHEST, NEAREST, TILT_SIGMA
from calibtool.model.pattern.fit import Avoided, State
from calibtool.model.pattern.geometry import N_GEOMETRY, NAMES
from calibtool.model.pattern.lines import Lines as Calibrant
from calibtool.model.pattern.peaks import Peak, contrast_of
from calibtool.model.pattern.prediction import (
    STEEPEST,
    FreeLines,
    KnownLines,
    Lines,
    ScaledLines,
)
from calibtool.model.pattern.start import Seen

FAINT = 4.0
"""Contrast over noise from which a line of the calibrant that was not noticed is fitted too."""

BESIDE = 8.0
"""Widths within which a ring spoils the contrast of a line beside it."""

WEAK = 0.005
"""Share of its neighbours' strength below which a line does not spoil them: fitted, it costs more
than it gives."""

BLENDED = 4.0
"""Widths within which a ring of something else leaves nothing of a line to be fitted."""

DIFFUSE = 2.0
"""So many times as wide as the calibrant's rings, another is background to them."""

MOST_LINES = 30
LEAST_VISIBLE = 0.02
CLEAR_SNR = 8.0
"""Rings of no known calibrant are fitted where they stand out by so many σ."""


PLACED_WIDTHS = 0.5
"""Widths within which lines are laid on rings to begin with."""

FEWEST_CURVED = 3
"""Rings that tell from which distance the angles lay lines on them."""


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """Rings to fit, K of them, ring radii rising.

    ``index`` are the numbers of the calibrant's lines (from 1) or None, ``d_nm`` likewise;
    ``lines`` says what their radii depend on and ``start`` is where the fit begins;
    ``n_radial`` is how many numbers their mean radii determine. ``avoid`` are rings of something
    else, whose light is left out.
    """

    index: tuple[int | None, ...]
    d_nm: tuple[float | None, ...]
    lines: Lines
    start: State
    n_radial: int
    avoid: tuple[Avoided, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parameters."""
        n = self.lines.n_extra
        own = ("scale_nm_px",) if self.at_any_wavelength else tuple(
            f"radius_{k + 1}_px" for k in range(n)
        )
        return (*NAMES, *own)

    def without(self, rings: BoolArray) -> "Hypothesis":
        """The same without some of its rings (K,), whose light is left out."""
        kept = np.flatnonzero(~rings)
        radius = self.lines.radius(self.start.geometry.curvature, self.start.extra)[0]
        width = self.start.width * self.start.geometry.stretch(radius)
        gone = tuple(Avoided(float(radius[k]), float(width[k])) for k in np.flatnonzero(rings))
        start = replace(self.start, width=self.start.width[kept])
        return replace(
            self, index=tuple(self.index[k] for k in kept),
            d_nm=tuple(self.d_nm[k] for k in kept), lines=self.lines.take(kept), start=start,
            avoid=(*self.avoid, *gone),
        )  # fmt: skip

    @property
    def at_any_wavelength(self) -> bool:
        """Whether lines of a calibrant are fitted with the scale free."""
        return isinstance(self.lines, ScaledLines)

    def untied(self, state: State, wavelength_nm: float) -> "Hypothesis":
        """The same lines at whatever wavelength, from a fit at the one given."""
        start = replace(state, extra=np.array([wavelength_nm / state.geometry.curvature]))
        return replace(self, lines=ScaledLines(np.array(self.d_nm)), start=start, n_radial=2)

    def tied(self, state: State, wavelength_nm: float) -> "Hypothesis":
        """The same lines at one wavelength, from a fit at whatever the rings told."""
        distance = float(state.extra[0]) / wavelength_nm
        start = replace(state, geometry=replace(state.geometry, distance_px=distance),
                        extra=np.zeros(0))  # fmt: skip
        lines = KnownLines(wavelength_nm / (2.0 * np.array(self.d_nm)))
        return replace(self, lines=lines, start=start, n_radial=1)

    def prior(self) -> FloatArray:
        """1/σ² of what is known of each parameter.

        An unknown distance is no tiny one, and what just looks like an ellipse no large tilt.
        """
        result = np.zeros(N_GEOMETRY + self.lines.n_extra)
        if not isinstance(self.lines, KnownLines):
            curvature = self.start.geometry.curvature
            result[2] = np.max(self.lines.radius(curvature, self.start.extra)[0]) ** 2
        if isinstance(self.lines, FreeLines):
            result[3:5] = 1.0 / TILT_SIGMA**2
        return result


def of_calibrant(
    seen: Seen,
    calibrant: Calibrant,
    matched: frozenset[int],
    pairs: tuple[FloatArray, FloatArray],
    *,
    scale_nm_px: float,
    distance_px: float | None,
    wavelength_nm: float | None,
    sure: bool,
    others_px: tuple[float, ...] = (),
) -> Hypothesis:
    """The lines of a calibrant that can be seen.

    Parameters
    ----------
    seen : Seen
        The rings seen, and where rings could be seen.
    calibrant : calibtool.model.pattern.lines.Lines
        All its lines.
    matched : frozenset of int
        Numbers (from 1) of the lines that explain a ring seen.
    pairs : (ndarray, ndarray), shape (M,)
        Radii in px of the rings that are explained, and d-spacings in nm of their lines.
    scale_nm_px, distance_px : float
        K = λL and the distance as the recognition has them; the distance may be unknown.
    wavelength_nm : float, optional
        Where it is known, distance and scale are one number.
    sure : bool
        Whether lines are taken, too, that were not noticed but stand out a little.
    others_px : tuple of float
        Radii of rings seen that are none of the calibrant's.
    """
    d_nm = calibrant.d_nm
    d, power = np.array(d_nm), np.array(calibrant.strength or np.ones(len(d_nm)))
    if wavelength_nm is not None:
        distance = scale_nm_px / wavelength_nm
    elif distance_px is not None:
        distance = distance_px
    else:
        scale_nm_px, distance = _placed(seen, *pairs)
    sine = scale_nm_px / (2.0 * d * distance)
    ahead = sine < STEEPEST
    radius = np.tan(2.0 * np.arcsin(np.where(ahead, sine, 0.0))) * distance
    width = _width_at(seen.peaks, radius)
    there = ahead & np.array([seen.visible(float(r)) > LEAST_VISIBLE for r in radius])
    near = np.array([k + 1 in matched for k in range(len(d))])
    clear = there & near
    if sure:
        clear |= there & (_contrast(seen, radius, width) > FAINT)
        # Beside a strong ring a line has no flank to stand out of: left out, it would be
        # background.
        near = np.abs(radius[:, None] - radius[clear]) < BESIDE * width[:, None]
        beside = np.where(near, power[clear], 0.0).max(axis=1, initial=0.0)
        clear |= there & near.any(axis=1) & (power >= WEAK * beside)
    sharp = DIFFUSE * float(np.median(width))
    avoid = tuple(
        Avoided(peak.radius_px, peak.width_px)
        for peak in seen.peaks
        if peak.radius_px in others_px and peak.width_px < sharp
    )
    for other in avoid:
        clear &= np.abs(radius - other.radius_px) > BLENDED * np.maximum(width, other.width_px)
    chosen = np.flatnonzero(clear)[:MOST_LINES]
    known = wavelength_nm is not None
    lines: Lines = KnownLines(sine[chosen]) if known else ScaledLines(d[chosen])
    extra = np.array([] if known else [scale_nm_px])
    geometry = seen.at_distance(distance)
    start = State(geometry, extra, width[chosen] / geometry.stretch(radius[chosen]))
    return Hypothesis(
        tuple(int(k) + 1 for k in chosen), tuple(d_nm[k] for k in chosen), lines, start,
        1 + lines.n_extra, avoid,
    )  # fmt: skip


def of_rings(seen: Seen, distance_px: float | None = None) -> Hypothesis:
    """Rings of no known calibrant: those that stand out clearly."""
    clear = [peak for peak in seen.rings if peak.snr > CLEAR_SNR] or list(seen.rings)
    radius = np.array([peak.radius_px for peak in clear])
    width = np.array([peak.width_px for peak in clear])
    around = seen.cells.geometry
    geometry = around if distance_px is None else seen.at_distance(distance_px)
    none = (None,) * len(clear)
    start = State(geometry, radius, width / geometry.stretch(radius))
    return Hypothesis(none, none, FreeLines(len(clear)), start, len(clear))


def _placed(seen: Seen, radius: FloatArray, d_nm: FloatArray) -> tuple[float, float]:
    """Scale K and distance that lay lines best on rings, where the angles hardly tell it.

    That of the ellipses where the rings are too few to say.
    """
    outermost = float(np.max(radius))
    far = outermost * np.geomspace(FARTHEST, NEAREST, 60)
    scale = np.log(2.0 * d_nm * far[:, None] * np.sin(0.5 * np.arctan(radius / far[:, None])))
    spread = np.ptp(scale, axis=1)
    if len(radius) < FEWEST_CURVED:
        # of those that lay the lines within a part of their widths, the ellipses' own
        width = float(np.median([peak.width_px for peak in seen.rings]))
        told = seen.alignment.distance_px(outermost)
        good = spread <= max(float(np.min(spread)), PLACED_WIDTHS * width / outermost)
        spread = np.where(good, np.abs(np.log(far / told)), np.inf)
    best = int(np.argmin(spread))
    return float(np.exp(np.median(scale[best]))), float(far[best])


def _width_at(found: tuple[Peak, ...], radius: FloatArray) -> FloatArray:
    """Width of rings by those of the peaks: blends are wider, so the lower ones count."""
    widths = np.array([peak.width_px for peak in found])
    usual = float(np.percentile(widths, 30))
    at = np.array([peak.radius_px for peak in found])
    return np.asarray(np.interp(radius, at, np.clip(widths, 0.6 * usual, 1.3 * usual)))


def _contrast(seen: Seen, radius: FloatArray, width: FloatArray) -> FloatArray:
    """Contrast over noise at ring radii, for rings of a usual width."""
    response = contrast_of(seen.cells, seen.noise, float(np.median(width)))
    column = ((radius - seen.cells.low) / seen.cells.step).astype(int)
    inside = (column >= 0) & (column < len(response))
    return np.where(inside, response[np.clip(column, 0, len(response) - 1)], -np.inf)
