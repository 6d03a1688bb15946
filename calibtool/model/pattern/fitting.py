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
from calibtool.model.pattern.recognition import Match
from calibtool.model.pattern.start import Seen, seen_at
from calibtool.model.rings.annulus import Measured

ARCS = 0.7
"""Share of a circle below which beam and tilt are hard to tell apart."""

SAME_WAVELENGTH = 0.02
"""Share by which the wavelength that the rings tell may differ from the one given."""

FEWEST_SURE = 5
"""Rings that must fit before they may contradict a wavelength, or lead to fainter ones."""

OFF_WIDTHS, BETTER = 0.1, 0.5
"""Rings that lie off by so many widths are not the calibrant's at this wavelength, if without
either sectors and rings scatter by so much less."""

DISTANCE_TOLD = 0.2
"""Relative σ from which on the angles alone do not tell the distance."""

TILT_MEASURED_DEG = 2.0
"""A tilt whose σ is larger is not measured; no detector is put up so badly unintended."""

LEANING = 5.0
"""A tilt that is not measured is left free where that costs the beam no more than so many σ."""

HELD = {"beam": slice(0, 2), "distance": slice(2, 3), "tilt": slice(3, 5)}
"""Places of the parts of a geometry among the parameters."""

FIXED_PX, FIXED_SHARE = 2.0, 0.02
"""A fixed beam may be off by so many px and so much of the outermost radius: a tilt moves it."""


def straightened(measured: Measured, seen: Seen, known: Known) -> Seen:
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
    if best.step.scatter.total_px > float(np.median(best.state.width)):
        return seen
    found = seen_at(measured, seen, best.state.geometry)
    return found if found.peaks else seen


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
    several = known.tilt and len(hypothesis.index) > 1
    fitted = _fit(measured, seen, hypothesis, known, tilt=several)
    if _lies_elsewhere(hypothesis, fitted):
        rings = of_rings(seen)
        several = known.tilt and len(rings.index) > 1
        free = _fit(measured, seen, rings, known, tilt=several)
        if free.step.scatter.total_px < BETTER * fitted.step.scatter.total_px:
            hypothesis, fitted = rings, free
    tilted = several and _tilt_measured(fitted)
    if several and not tilted:
        fitted = _least_leaning(fitted, _fit(measured, seen, hypothesis, known, tilt=False))
    if known.beam_px is not None:
        _refuse_far(known.beam_px, fitted)
        fitted = _fit(measured, seen, hypothesis, known, tilt=tilted, beam=known.beam_px)
    return hypothesis, fitted, tilted


def _hypothesis(seen: Seen, identity: Identity, known: Known) -> Hypothesis:
    match, lines = identity.match, identity.lines
    if match is None or lines is None:
        return of_rings(seen)
    matched = frozenset(number for numbers in match.lines for number in numbers)
    found = of_calibrant(
        seen, lines.d_nm, matched, scale_nm_px=match.scale_nm_px,
        distance_px=match.distance_px, wavelength_nm=_believed(match, known),
        sure=match.explained >= FEWEST_SURE,
    )  # fmt: skip
    return found if found.index else of_rings(seen)


def _lies_elsewhere(hypothesis: Hypothesis, fitted: Fitted) -> bool:
    """Whether rings whose radii are tied lie far from where they should."""
    if hypothesis.n_radial >= len(hypothesis.index):
        return False
    return fitted.step.scatter.nu_px > OFF_WIDTHS * float(np.median(fitted.state.width))


def _least_leaning(free: Fitted, held: Fitted) -> Fitted:
    """The fit with the tilt free where it knows the beam nearly as well, else that without tilt.

    A tilt that the rings do not tell moves their centres all the same.
    """
    sigma_free, sigma_held = (
        float(np.sqrt(np.max(np.diag(fitted.step.covariance)[:2]))) for fitted in (free, held)
    )
    told = math.sqrt(free.step.covariance[2, 2]) < DISTANCE_TOLD * free.state.geometry.curvature
    return free if told and sigma_free < LEANING * sigma_held else held


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
            "from the fixed one: release the fixed beam, or check that this is the same set-up."
        )


def _believed(match: Match, known: Known) -> float | None:
    """The wavelength that is known, unless the rings contradict it."""
    given, told = known.wavelength_nm, match.wavelength_nm
    if given is None or told is None or match.explained < FEWEST_SURE:
        return given
    return given if abs(told / given - 1.0) < SAME_WAVELENGTH else None


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
