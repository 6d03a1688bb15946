"""The fit that is believed: of the lines identified or of just the rings; tilt and beam held."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from calibtool.errors import FixedBeamError
from calibtool.model.circle import BoolArray
from calibtool.model.pattern.fit import Fitted, State, fit_pattern
from calibtool.model.pattern.geometry import N_GEOMETRY, Geometry
from calibtool.model.pattern.hypothesis import Hypothesis, of_calibrant, of_rings
from calibtool.model.pattern.identify import Identity
from calibtool.model.pattern.known import Known
from calibtool.model.pattern.peaks import Peak
from calibtool.model.pattern.prediction import FreeLines
from calibtool.model.pattern.recognition import Match
from calibtool.model.pattern.solve import solve
from calibtool.model.pattern.start import ARCS, NEARBY, Seen, seen_at
from calibtool.model.rings.annulus import Measured

FEWEST_LEVEL = 4
"""Rings of which fewer leave open which way a detector leans, as arcs do."""

DISTANCES = (2.0, 7.0)
"""Distances in outermost radii from which arcs are tried: wide and small angles."""

FOLLOWED = 4.0
"""Widths by which arcs may all lie off together around a geometry that was given."""

LONG = 0.3
"""Share of a circle that two rings must show to be believed for lying on one geometry."""

FEW = 10
"""Steps in which a start shows whether it is a good one."""

SAME_WIDTHS = 1.0
"""A peak that lies within so many widths of a fitted ring is that ring."""

SAME_WAVELENGTH, UNLIKE, ASKED = 0.005, 5.0, 3.0
"""Share by which the wavelength that the rings tell may differ from the one given, and σ; σ from
which on they are asked."""

FEWEST_TELLING = 4
"""Rings of a match that may tell another wavelength than the one given."""

FEWEST_SURE = 5
"""Rings that must fit before they may contradict a wavelength, or lead to fainter ones."""

OFF_WIDTHS, BETTER = 0.3, 0.5
"""Rings that lie off by so many widths are not the calibrant's at this wavelength, if without
either sectors and rings scatter by so much less."""

ASTRAY, MEDIAN_OF_NORMAL = 5.0, 0.6745
"""A ring farther off than so many times what others are is not only this ring."""

DISTANCE_TOLD = 0.2
"""Relative σ from which on the angles alone do not tell the distance."""

TILT_MEASURED_DEG = 2.0
"""A tilt whose σ is larger is not measured; no detector is put up so badly unintended."""

LEANING = 5.0
"""A tilt that is not measured is left free where that costs the beam no more than so many σ."""

NEAR_TANGENT = 0.03
"""Tangent from which on the radii of a calibrant tell a distance at all."""

HELD = {"beam": slice(0, 2), "distance": slice(2, 3), "tilt": slice(3, 5)}
"""Places of the parts of a geometry among the parameters."""

FIXED_PX, FIXED_SHARE = 2.0, 0.02
"""A fixed beam may be off by so many px, and where the tilt is not free by so much of the outermost
radius: a tilt moves it."""


def levelled(measured: Measured, seen: Seen, known: Known, *, given: bool = False) -> Seen:
    """The same seen around a geometry that the rings themselves tell, of whatever calibrant.

    Fitted to the pixels with a free radius each, rings tell beam and tilt far better than a first
    look does, and so their radii. Where only arcs are seen, two tilts of opposite sign make much
    the same of them, so that both are tried; a geometry that was ``given`` tells more than they.
    """
    several = known.tilt and len(seen.rings) > 1
    arcs = several and max(peak.visible for peak in seen.rings) < ARCS
    if arcs and given:
        loose = (replace(p, common_px=FOLLOWED * p.width_px) for p in seen.peaks)
        return replace(seen, peaks=tuple(loose))
    if not several:
        return seen
    starts = [of_rings(seen)]
    ambiguous = arcs or len(seen.rings) < FEWEST_LEVEL
    if ambiguous:
        outermost = max(peak.radius_px for peak in seen.rings)
        starts += [_mirrored(of_rings(seen, far * outermost), sign)
                   for far in DISTANCES for sign in (1.0, -1.0)]  # fmt: skip
    fits = [_fit(measured, seen, start, known, tilt=True, rough=FEW) for start in starts]
    if ambiguous:
        fits = [_anew(measured, seen, fit, known) for fit in _both_ways(fits)]
    best = max(fits, key=_contrast)
    if best.step.scatter.total_px > float(np.median(best.state.width)):
        return seen
    found = seen_at(measured, seen, best.state.geometry)
    lost = len(found.sure) < len(seen.sure) and len(found.rings) < len(seen.rings)
    if lost or not found.peaks:
        return seen
    doubtful = seen.doubtful and not _beyond_doubt(best)
    return replace(found, peaks=_refined(found.peaks, best), doubtful=doubtful)


def _anew(measured: Measured, seen: Seen, fitted: Fitted, known: Known) -> Fitted:
    """The fit of the rings that are seen around a fitted geometry: some may have been lost."""
    found = seen_at(measured, seen, fitted.state.geometry)
    if not found.peaks:
        return fitted
    return _fit(measured, found, of_rings(found), known, tilt=True)


def _beyond_doubt(fitted: Fitted) -> bool:
    """Whether rings nobody was sure of lie on one geometry all along a third of their circles.

    In 220 scenes without a ring what was taken for one scatters by 0.7 widths and more.
    """
    long = fitted.step.used >= LONG * len(fitted.cells.azimuth)
    return lies_on_rings(fitted) and int(np.count_nonzero(long)) >= 2


def lies_on_rings(fitted: Fitted) -> bool:
    """Whether sectors and rings scatter by less than a part of their widths."""
    scatter = fitted.step.scatter.total_px
    return bool(scatter < OFF_WIDTHS * float(np.median(fitted.state.width)))


def _contrast(fitted: Fitted) -> float:
    """By how much χ² is less with the rings than without: where they lie, they stand out most."""
    heights = ((group.sectors.height, group.sectors.sigma_height) for group in fitted.evidence)
    return sum(float(np.sum((h[s > 0] / s[s > 0]) ** 2)) for h, s in heights)


def _both_ways(fits: list[Fitted]) -> list[Fitted]:
    """The best fit, and the best of those that lean the other way: one is a false minimum."""
    best = max(fits, key=_contrast)
    g = best.state.geometry
    others = [
        fit for fit in fits
        if fit.state.geometry.tilt_x * g.tilt_x + fit.state.geometry.tilt_y * g.tilt_y < 0.0
    ]  # fmt: skip
    return [best, max(others, key=_contrast)] if others else [best]


def _mirrored(hypothesis: Hypothesis, sign: float) -> Hypothesis:
    start = hypothesis.start
    g = start.geometry
    turned = replace(g, tilt_x=sign * g.tilt_x, tilt_y=sign * g.tilt_y)
    return replace(hypothesis, start=replace(start, geometry=turned))


def _refined(peaks: tuple[Peak, ...], fitted: Fitted) -> tuple[Peak, ...]:
    """The peaks with the radii of the fit where they were fitted.

    What their errors share, by the first principal component of their correlation, is kept apart.
    """
    told = np.flatnonzero(np.isfinite(fitted.step.sigma_offset))
    if not len(told):
        return peaks
    radius = fitted.state.extra[told]
    width = fitted.state.width[told] * fitted.state.geometry.stretch(radius)
    covariance = fitted.step.covariance[np.ix_(N_GEOMETRY + told, N_GEOMETRY + told)]
    whole = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    size, way = np.linalg.eigh(covariance / np.outer(whole, whole))
    common = whole * way[:, -1] * math.sqrt(max(float(size[-1]) - 1.0, 0.0))
    sigma = np.sqrt(np.maximum(np.diag(covariance) - common**2, 0.0))
    result = []
    for peak in peaks:
        k = int(np.argmin(np.abs(radius - peak.radius_px)))
        same = abs(radius[k] - peak.radius_px) < SAME_WIDTHS * max(width[k], peak.width_px)
        shared = float(np.interp(peak.radius_px, radius, common))
        if same:
            snr = max(peak.snr, float(width[k] / max(sigma[k], 1e-9)))
            peak = replace(peak, radius_px=float(radius[k]), sigma_px=float(sigma[k]),
                           width_px=float(width[k]), snr=snr)  # fmt: skip
        result.append(replace(peak, common_px=shared))
    return tuple(result)


def believed_fit(
    measured: Measured, seen: Seen, identity: Identity, known: Known, near: Any
) -> tuple[Hypothesis, Fitted, bool]:
    """The hypothesis that is believed, its fit, and whether the tilt was measured.

    Raises
    ------
    FixedBeamError
        The rings contradict the fixed beam.
    """
    hypothesis = _hypothesis(seen, identity, known)
    if isinstance(near, Geometry) and known.held:
        fitted = _fit(measured, seen, _from(near, hypothesis, known), known, tilt=True)
        return hypothesis, fitted, _tilt_measured(fitted) or "tilt" in known.held
    hypothesis, fitted = _tied(measured, seen, hypothesis, known)
    several = known.tilt and len(hypothesis.index) > 1
    tilted = several and _tilt_measured(fitted)
    if several and not tilted:
        fitted = _untold(measured, seen, hypothesis, known, fitted)
    if known.beam_px is not None:
        _refuse_far(known.beam_px, fitted)
        fitted = _fit(measured, seen, hypothesis, known, tilt=tilted, beam=known.beam_px)
    return hypothesis, fitted, tilted


def _tied(
    measured: Measured, seen: Seen, hypothesis: Hypothesis, known: Known
) -> tuple[Hypothesis, Fitted]:
    """The rings tied as far as they lie so: at the wavelength given, at any, or not at all."""

    def fit(tied: Hypothesis) -> Fitted:
        return _fit(measured, seen, tied, known, tilt=known.tilt and len(tied.index) > 1)

    fitted = fit(hypothesis)
    astray = _astray(hypothesis, fitted)
    if np.any(astray):
        hypothesis = hypothesis.without(astray)
        fitted = fit(hypothesis)
    given = known.wavelength_nm
    if given is not None and hypothesis.at_any_wavelength and not _unlike(fitted, given):
        # The first look told another wavelength, all pixels do not.
        hypothesis = hypothesis.tied(fitted.state, given)
        fitted = fit(hypothesis)
    if given is not None and _at_another_wavelength(hypothesis, fitted, given):
        untied = hypothesis.untied(fitted.state, given)
        free = fit(untied)
        if free.step.scatter.nu_px <= fitted.step.scatter.nu_px and _unlike(free, given):
            hypothesis, fitted = untied, free
    if _lies_elsewhere(hypothesis, fitted):
        rings = of_rings(seen)
        free = fit(rings)
        if not _told(fitted) or _better(free, fitted):
            hypothesis, fitted = rings, free
    return hypothesis, fitted


def _hypothesis(seen: Seen, identity: Identity, known: Known) -> Hypothesis:
    match, lines = identity.match, identity.lines
    if match is None or lines is None:
        return of_rings(seen)
    matched = frozenset(number for numbers in match.lines for number in numbers)
    explained = [
        (ring.radius_px, lines.d_nm[number - 1])
        for ring, number in zip(seen.rings, match.index, strict=True)
        if number is not None
    ]
    radius, d_nm = np.array(explained).reshape(-1, 2).T
    found = of_calibrant(
        seen, lines, matched, (radius, d_nm), scale_nm_px=match.scale_nm_px,
        distance_px=match.distance_px, wavelength_nm=_believed(match, known),
        sure=match.explained >= FEWEST_SURE, others_px=match.unexplained,
    )  # fmt: skip
    return found if found.index else of_rings(seen)


def _astray(hypothesis: Hypothesis, fitted: Fitted) -> BoolArray:
    """Rings (K,) that lie far off while the others lie where they should: blends with others."""
    n, offset = len(hypothesis.index), fitted.step.offset
    usual = float(np.median(np.abs(offset))) / MEDIAN_OF_NORMAL
    astray: BoolArray = np.abs(offset) > ASTRAY * np.hypot(usual, fitted.step.sigma_offset)
    few = n - hypothesis.n_radial > FEWEST_SURE and np.count_nonzero(astray) <= n // 4
    return astray if few else np.zeros(n, dtype=bool)


def _at_another_wavelength(hypothesis: Hypothesis, fitted: Fitted, given_nm: float) -> bool:
    """Whether enough rings ask for another wavelength than the one given.

    They do where they lie off, or where a step with the wavelength free would leave it.
    """
    if hypothesis.lines.n_extra > 0 or len(hypothesis.index) < FEWEST_SURE:
        return False
    if fitted.step.scatter.nu_px > 0.0:
        return True
    curvature = fitted.state.geometry.curvature
    untied = hypothesis.untied(fitted.state, given_nm)
    by_scale = untied.lines.radius(curvature, untied.start.extra)[2]
    evidence = [
        replace(group, by=np.concatenate(
            [group.by, np.broadcast_to(by_scale[group.sectors.rings][:, None],
                                       (*group.by.shape[:3], 1))], axis=3))
        for group in fitted.evidence
    ]  # fmt: skip
    free = np.append(np.diag(fitted.step.covariance) > 0.0, True)
    n = len(hypothesis.index)
    step = solve(
        evidence, free, np.zeros(len(free)), np.zeros(len(free)), np.full(len(free), np.inf), n, 2,
        np.zeros(n)
    )
    slope = np.zeros(len(free))
    slope[[2, N_GEOMETRY]] = given_nm / curvature, curvature
    off, sigma = float(slope @ step.change), math.sqrt(float(slope @ step.covariance @ slope))
    return abs(off) > max(ASKED * sigma, SAME_WAVELENGTH * given_nm)


def _unlike(free: Fitted, given_nm: float) -> bool:
    """Whether the wavelength that rings tell is not the one given."""
    k, scale = free.state.geometry.curvature, float(free.state.extra[0])
    covariance = free.step.covariance[np.ix_([2, N_GEOMETRY], [2, N_GEOMETRY])]
    slope = np.array([scale, k])
    off = abs(scale * k - given_nm)
    sigma = math.sqrt(float(slope @ covariance @ slope))
    return off > max(UNLIKE * sigma, SAME_WAVELENGTH * scale * k)


def _better(free: Fitted, tied: Fitted) -> bool:
    return free.step.scatter.total_px < BETTER * tied.step.scatter.total_px


def _lies_elsewhere(hypothesis: Hypothesis, fitted: Fitted) -> bool:
    """Whether rings whose radii are tied lie far from where they should."""
    if hypothesis.n_radial >= len(hypothesis.index):
        return False
    usual, scatter = float(np.median(fitted.state.width)), fitted.step.scatter
    off = scatter.nu_px > OFF_WIDTHS * usual or scatter.total_px > usual
    return off or not _told(fitted)


def _told(fitted: Fitted) -> bool:
    """Whether any ring stands out where it is fitted."""
    return bool(np.any(np.isfinite(fitted.step.sigma_offset)))


def _untold(
    measured: Measured, seen: Seen, hypothesis: Hypothesis, known: Known, fitted: Fitted
) -> Fitted:
    """The fit where the tilt is not told in degrees.

    It moves the centres of the rings all the same, with the square of their radii: that is left
    free, at a distance that is held where nothing tells it, if the beam is known nearly as well.
    """
    outermost = float(np.max(fitted.radius))
    near = fitted.state.geometry.curvature * outermost
    if isinstance(hypothesis.lines, FreeLines):
        free = _fit(measured, seen, hypothesis, known, tilt=True, distance=NEARBY * outermost)
    elif hypothesis.n_radial >= len(hypothesis.index):
        far = hypothesis.start.geometry.distance_px
        free = _fit(measured, seen, hypothesis, known, tilt=True, distance=far)
    elif near > NEAR_TANGENT:
        free = fitted
    else:
        return _fit(measured, seen, hypothesis, known, tilt=False)
    held = _fit(measured, seen, hypothesis, known, tilt=False)
    return free if _sigma_beam(free) < LEANING * _sigma_beam(held) else held


def _sigma_beam(fitted: Fitted) -> float:
    """The larger σ of the beam's two coordinates, in px."""
    return float(np.sqrt(np.max(np.diag(fitted.step.covariance)[:2])))


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
    leaning = bool(np.all(np.diag(fitted.step.covariance)[3:5] > 0.0))
    share = 0.0 if leaning else FIXED_SHARE
    if off > max(5.0 * _sigma_beam(fitted), FIXED_PX + share * float(np.max(fitted.radius))):
        raise FixedBeamError(
            f"The rings have their centre at ({g.beam_x_px:.2f}, {g.beam_y_px:.2f}), {off:.1f} px "
            "from the fixed one: release the fixed beam, or check that this is the same set-up."
        )


def _believed(match: Match, known: Known) -> float | None:
    """The wavelength that is known, unless the rings contradict it."""
    given, told = known.wavelength_nm, match.wavelength_nm
    if told is None or match.distance_px is None or match.explained < FEWEST_TELLING:
        return given
    if given is None:
        return None
    sigma = UNLIKE * (match.sigma_distance_px or 0.0) / match.distance_px
    return given if abs(told / given - 1.0) < max(SAME_WAVELENGTH, sigma) else None


def _tilt_measured(fitted: Fitted) -> bool:
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
    distance: float | None = None,
    rough: int = 0,
) -> Fitted:
    start = hypothesis.start
    free: BoolArray = np.ones(N_GEOMETRY + hypothesis.lines.n_extra, dtype=bool)
    if distance is not None:
        free[2] = False
        start = replace(start, geometry=seen.at_distance(distance))
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
    if rough:
        start = replace(start, skew=None)
    return fit_pattern(
        measured, start, hypothesis.lines, free=free, prior=hypothesis.prior(),
        noise=seen.noise, n_radial=hypothesis.n_radial, first=seen.cells, avoid=hypothesis.avoid,
        rough=rough,
    )  # fmt: skip
