"""From an image to the whole pattern: look, align, recognise, fit, judge."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import FixedBeamError, RingNotFoundError
from calibtool.model.circle import BoolArray
from calibtool.model.finding import ready_mask
from calibtool.model.inputs import as_circle, as_image, as_mask
from calibtool.model.look.hot_pixels import hot_pixels
from calibtool.model.look.looking import look
from calibtool.model.pattern.align import Alignment
from calibtool.model.pattern.fit import Fitted, State, fit_pattern
from calibtool.model.pattern.geometry import N_GEOMETRY, Geometry
from calibtool.model.pattern.hypothesis import Hypothesis, of_calibrant, of_rings
from calibtool.model.pattern.judge import DISTANCE_TOLD, contradicted, judged
from calibtool.model.pattern.lines import Lines
from calibtool.model.pattern.noise import first_noise
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.pattern.peaks import Peak
from calibtool.model.pattern.prediction import STEEPEST
from calibtool.model.pattern.recognition import Match, Recognition, SeenRing, recognise
from calibtool.model.pattern.start import Seen, seen_at, seen_from
from calibtool.model.rings.annulus import Measured

NOTHING = (
    "No ring found: nothing in the image stands out as a circle; choose an image with a visible "
    "ring, or click at least five points on the ring."
)

SAME_WAVELENGTH = 0.02
"""Share by which the wavelength that the rings tell may differ from the one given."""

ARCS = 0.7
"""Share of a circle below which beam and tilt are hard to tell apart."""

USUAL = ("AgBh", "CeO2", "LaB6", "Si")
"""What is assumed, and said to be, where the rings leave several calibrants."""

LEANS = 0.1
"""Share of its width by which the background shifts an arc, and with it its radius."""

HELD = {"beam": slice(0, 2), "distance": slice(2, 3), "tilt": slice(3, 5)}
"""Places of the parts of a geometry among the parameters."""

FIXED_PX, FIXED_SHARE = 2.0, 0.02
"""A fixed beam may be off by so many px and so much of the outermost radius: a tilt moves it."""

OFF_WIDTHS, BETTER = 0.1, 0.5
"""Rings that lie off by so many widths are not the calibrant's at this wavelength, if without
either sectors and rings scatter by so much less."""

FEWEST_SURE = 5
"""Rings that must fit before they may contradict a wavelength, or lead to fainter ones."""

MOST_EXPLAINED = 0.7
"""Share of the rings that a calibrant must explain to be assumed."""

FEWEST_ALIKE = 4
"""Rings that must all fit before one of several calibrants stands for the others."""

TILT_MEASURED_DEG = 2.0
"""A tilt whose σ is larger is not measured; no detector is put up so badly unintended."""


@dataclass(frozen=True)
class Known:
    """What is known beforehand.

    ``distance_px`` is a distance in px that a header or the user says, with its σ; it helps to
    tell calibrants apart and holds nothing. ``chosen`` is the calibrant where it is, ``ring`` the
    number of the ring that is shown, from 1. ``tilt`` False holds the tilt at zero; ``held`` are the parts ("beam", "distance", "tilt")
    of the geometry begun with that are held as they are there.
    """

    wavelength_nm: float | None = None
    pixel_size_mm: float | None = None
    distance_px: tuple[float, float] | None = None
    chosen: Lines | None = None
    ring: int | None = None
    tilt: bool = True
    beam_px: tuple[float, float] | None = None
    held: frozenset[str] = frozenset()


def calibrate(
    data: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    catalogue: Sequence[Lines] = (),
    known: Known = Known(),
    near: Any = None,
    variance: NDArray[Any] | None = None,
    seed: int = 0,
) -> PatternFit:
    """Beam, distance and tilt from all rings of an image, with σ.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Intensities.
    mask : array_like of bool, shape (H, W), optional
        True = ignore. None: judged from the values.
    catalogue : sequence of Lines
        Calibrants among which the pattern's is recognised.
    known : Known
        Wavelength, pixel size, calibrant and what is to be held.
    near : (float, float, float) or Geometry, optional
        Centre (x, y) and radius in px of a ring, or a geometry, to begin from.
    variance : ndarray, shape (H, W), optional
        Variance of each pixel where it is known.
    seed : int
        Seed of random choices.

    Raises
    ------
    RingNotFoundError
        There is no ring that could be trusted.
    InputError
        An argument cannot be used.
    """
    image = as_image(data)
    ignore = ready_mask(image, as_mask(mask, data, image))
    ignore[hot_pixels(image, ignore)] = True
    measured = Measured(image, ignore, variance)
    seen = _seen(measured, near, seed)
    seen = _straightened(measured, seen, known)
    recognition = _recognised(seen, catalogue, known)
    match = _taken(recognition, seen, known)
    lines = known.chosen if match is None or known.chosen else _named(match.name, catalogue)
    hypothesis, fitted = _fitted(measured, seen, match, lines, known, near)
    return judged(seen, recognition, match, lines, hypothesis, fitted, known)


def _seen(measured: Measured, near: Any, seed: int) -> Seen:
    ignore = np.asarray(measured.ignore)
    noise = first_noise(measured.data, ignore)
    innermost = 0.0
    if isinstance(near, Geometry):
        starts = [Alignment(near.beam_x_px, near.beam_y_px, near.tilt_x * near.curvature,
                            near.tilt_y * near.curvature)]  # fmt: skip
    elif near is not None:
        circle = as_circle(near, "near")
        starts = [Alignment(circle.center_x_px, circle.center_y_px)]
    else:
        sights = look(measured.data, ignore, variance=measured.variance, seed=seed)
        starts = [
            Alignment(s.center_x_px, s.center_y_px, s.tau_x_per_px, s.tau_y_per_px) for s in sights
        ]
        if not starts:
            raise RingNotFoundError(NOTHING)
        innermost = min(ring.radius_px for ring in sights[0].rings)
    seen = replace(seen_from(measured, noise, starts), innermost_px=innermost)
    if not seen.peaks:
        raise RingNotFoundError(NOTHING)
    return seen


def _straightened(measured: Measured, seen: Seen, known: Known) -> Seen:
    """The same with the tilt measured on the pixels, where only arcs are seen.

    On arcs a shift of the beam looks much like a tilt, and the radii are off by both; the rings
    as they are, of whatever calibrant, tell the two apart. Two tilts of opposite sign make the
    same ellipses.
    """
    whole = max(peak.visible for peak in seen.rings)
    if whole > ARCS or len(seen.rings) < 2 or not known.tilt:
        return seen
    hypothesis = of_rings(seen)
    start = hypothesis.start
    g = start.geometry
    tries = [start, replace(start, geometry=replace(g, tilt_x=-g.tilt_x, tilt_y=-g.tilt_y))]
    fits = [
        _fit(measured, seen, replace(hypothesis, start=one), known, tilt=True) for one in tries
    ]
    best = min(fits, key=lambda fit: fit.step.scatter.total_px)
    return seen_at(measured, seen, best.state.geometry)


def _recognised(seen: Seen, catalogue: Sequence[Lines], known: Known) -> Recognition:
    rings = [
        SeenRing(
            peak.radius_px,
            math.hypot(peak.sigma_px, seen.sigma_px(peak.radius_px), _of_arc(peak)),
            peak.width_px, peak.snr, peak.strength,
        )
        for peak in seen.rings
    ]  # fmt: skip
    return recognise(
        rings,
        catalogue,
        visible=seen.visible,
        wavelength_nm=known.wavelength_nm,
        distance_px=known.distance_px,
    )


def _of_arc(peak: Peak) -> float:
    """How far the radius of an arc may be off (px), as it leans on the centre of other rings."""
    return LEANS * peak.width_px * (1.0 / max(peak.visible, 0.1) - 1.0)


def _taken(recognition: Recognition, seen: Seen, known: Known) -> Match | None:
    """The match to fit: the chosen calibrant's, else the recognised one's."""
    if known.chosen is not None:
        if contradicted(recognition, known.chosen.name) is not None:
            return None
        own = _recognised(seen, [known.chosen], known).candidates
        own = tuple(m for m in own if known.ring is None or known.ring in m.index)
        return own[0] if own else _as_told(seen, known)
    best = recognition.candidates[0] if recognition.candidates else None
    if best is None or recognition.calibrant is not None:
        return best
    for usual in USUAL:
        for match in recognition.candidates:
            most = match.explained >= MOST_EXPLAINED * recognition.n_rings
            if usual in (match.name, *match.equal) and most:
                return replace(match, name=usual)
    # Several calibrants of the same ratios: any of them tells where the rings lie.
    return best if best.explained >= FEWEST_ALIKE and not best.unexplained else None


def _as_told(seen: Seen, known: Known) -> Match | None:
    """The clearest ring taken for the line that it is said to be."""
    lines, ring = known.chosen, known.ring or 1
    if lines is None or ring > len(lines.d_nm):
        return None
    clearest = max(seen.rings, key=lambda peak: peak.snr * peak.visible)
    d = lines.d_nm[ring - 1]
    scale, distance = d * clearest.radius_px, None
    if known.wavelength_nm is not None:
        sine = known.wavelength_nm / (2.0 * d)
        if not sine < STEEPEST:
            return None
        distance = clearest.radius_px / math.tan(2.0 * math.asin(sine))
        scale = known.wavelength_nm * distance
    index = tuple(ring if peak is clearest else None for peak in seen.rings)
    numbers = tuple(() if number is None else (number,) for number in index)
    return Match(lines.name, (), index, numbers, scale, scale, known.wavelength_nm, distance, None,
                 (), (), -math.inf)  # fmt: skip


def _named(name: str, catalogue: Sequence[Lines]) -> Lines:
    return next(lines for lines in catalogue if lines.name == name)


def _fitted(
    measured: Measured,
    seen: Seen,
    match: Match | None,
    lines: Lines | None,
    known: Known,
    near: Any,
) -> tuple[Hypothesis, Fitted]:
    if match is None or lines is None:
        hypothesis = of_rings(seen)
    else:
        matched = frozenset(number for numbers in match.lines for number in numbers)
        hypothesis = of_calibrant(
            seen, lines.d_nm, matched, scale_nm_px=match.scale_nm_px,
            distance_px=match.distance_px, wavelength_nm=_believed(match, known),
            sure=match.explained >= FEWEST_SURE,
        )  # fmt: skip
    if isinstance(near, Geometry) and known.held:
        return hypothesis, _fit(measured, seen, _from(near, hypothesis, known), known, tilt=True)
    hypothesis = _credible(measured, seen, hypothesis, known)
    several = known.tilt and len(hypothesis.index) > 1
    fitted = _fit(measured, seen, hypothesis, known, tilt=several)
    if several and not tilt_measured(fitted):
        fitted = _fit(measured, seen, hypothesis, known, tilt=False)
    if known.beam_px is None:
        return hypothesis, fitted
    _refuse_far(known.beam_px, fitted)
    return hypothesis, _fit(measured, seen, hypothesis, known, tilt=several, beam=known.beam_px)


def _credible(
    measured: Measured, seen: Seen, hypothesis: Hypothesis, known: Known
) -> Hypothesis:
    """The hypothesis, or just the rings where they do not lie where it puts them."""
    if hypothesis.n_radial >= len(hypothesis.index) or known.held:
        return hypothesis
    tied = _fit(measured, seen, hypothesis, known, tilt=known.tilt)
    off = tied.step.scatter.nu_px / float(np.median(tied.state.width))
    if off < OFF_WIDTHS:
        return hypothesis
    rings = of_rings(seen)
    free = _fit(measured, seen, rings, known, tilt=known.tilt and len(rings.index) > 1)
    better = free.step.scatter.total_px < BETTER * tied.step.scatter.total_px
    return rings if better else hypothesis


def _from(near: Geometry, hypothesis: Hypothesis, known: Known) -> Hypothesis:
    """The same begun at what is held of a geometry."""
    start = hypothesis.start
    g = start.geometry
    if "beam" in known.held:
        g = replace(g, beam_x_px=near.beam_x_px, beam_y_px=near.beam_y_px)
    if "distance" in known.held:
        g = replace(g, distance_px=near.distance_px)
    if "tilt" in known.held:
        g = replace(g, tilt_x=near.tilt_x, tilt_y=near.tilt_y)
    return replace(hypothesis, start=replace(start, geometry=g))


def _refuse_far(beam: tuple[float, float], fitted: Fitted) -> None:
    """Refuse a fixed beam that the rings contradict.

    Raises
    ------
    FixedBeamError
        It lies farther off than a tilt or chance could put it.
    """
    g = fitted.state.geometry
    off = math.hypot(beam[0] - g.beam_x_px, beam[1] - g.beam_y_px)
    sigma = float(np.sqrt(np.max(np.diag(fitted.step.covariance)[:2])))
    if off > max(5.0 * sigma, FIXED_PX + FIXED_SHARE * float(np.max(fitted.radius))):
        raise FixedBeamError(
            f"The rings have their centre at ({g.beam_x_px:.2f}, {g.beam_y_px:.2f}), {off:.1f} px "
            "from the fixed one: release the fixed centre, or check that this is the same set-up."
        )


def _believed(match: Match, known: Known) -> float | None:
    """The wavelength that is known, unless the rings contradict it."""
    given, told = known.wavelength_nm, match.wavelength_nm
    if given is None or told is None or match.explained < FEWEST_SURE:
        return given
    return given if abs(told / given - 1.0) < SAME_WAVELENGTH else None


def tilt_measured(fitted: Fitted) -> bool:
    """Whether the rings tell the tilt: σ of its larger component is small enough."""
    variance = np.diag(fitted.step.covariance)[3:5]
    if not np.all(variance > 0.0) or np.degrees(np.sqrt(np.max(variance))) > TILT_MEASURED_DEG:
        return False
    # Without a distance only the ellipses tell a tilt, and pixels that are not square or modules
    # out of place make ellipses, too.
    curvature = fitted.state.geometry.curvature
    return bool(math.sqrt(fitted.step.covariance[2, 2]) < DISTANCE_TOLD * curvature)


def _fit(
    measured: Measured,
    seen: Seen,
    hypothesis: Hypothesis,
    known: Known,
    *,
    tilt: bool,
    beam: tuple[float, float] | None = None,
) -> Fitted:
    start = hypothesis.start
    free: BoolArray = np.ones(N_GEOMETRY + hypothesis.lines.n_extra, dtype=bool)
    if not tilt:
        free[3:5] = False
        free[2] = hypothesis.n_radial == 1
        geometry = replace(start.geometry, tilt_x=0.0, tilt_y=0.0)
        start = State(geometry, start.extra, start.width)
    for part, place in HELD.items():
        if part in known.held:
            free[place] = False
    if beam is not None:
        free[:2] = False
        geometry = replace(start.geometry, beam_x_px=beam[0], beam_y_px=beam[1])
        start = State(geometry, start.extra, start.width)
    return fit_pattern(
        measured, start, hypothesis.lines, free=free, prior=hypothesis.prior(),
        noise=seen.noise, n_radial=hypothesis.n_radial, first=seen.cells,
    )  # fmt: skip
