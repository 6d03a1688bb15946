"""What may be said of a fit: numbers with σ, warnings, and a verdict in words."""

import math

import numpy as np

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import FloatArray
from calibtool.model.pattern import pattern_warnings as say
from calibtool.model.pattern.fit import Fitted
from calibtool.model.pattern.fitting import DISTANCE_TOLD, FEWEST_SURE
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.hypothesis import Hypothesis
from calibtool.model.pattern.identify import Identity
from calibtool.model.pattern.known import Known
from calibtool.model.pattern.lines import Lines
from calibtool.model.pattern.pattern_fit import Level, PatternFit, PatternRing, Source
from calibtool.model.pattern.prediction import STEEPEST
from calibtool.model.pattern.start import Seen
from calibtool.model.pattern.warned import Facts, warnings_of
from calibtool.model.results import FitWarning

LEAST_CERTAIN = 0.05
"""Largest σ of the beam, in radii of the outermost ring, that is still an answer."""

STRONG_SNR, STRONG_SHARE, DIFFUSE, NEAR_WIDTHS = 8.0, 0.1, 3.0, 3.0
"""A ring asks for an explanation from this contrast on, and from this share of the strength of
the others, if it is not so much wider than they are; a line so many widths away explains it."""

ALONE_WIDTHS, AS_GOOD = 6.0, 3.0
"""A ring is shown that stands alone and fixes the centre not much worse than the best."""

LEAST_SNR = 3.0


def judged(
    seen: Seen,
    identity: Identity,
    hypothesis: Hypothesis,
    fitted: Fitted,
    known: Known,
    *,
    tilted: bool,
) -> PatternFit:
    """Put the fit into words and numbers.

    Raises
    ------
    RingNotFoundError
        Nothing stands out along the rings, or they do not tell the beam.
    """
    geometry, covariance = fitted.state.geometry, fitted.step.covariance
    sigma = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    rings = _rings(hypothesis, fitted)
    numbered = hypothesis.index[0] is not None
    lines = identity.lines if numbered else None
    distance = _distance(hypothesis, fitted, identity.spread)
    scale = _scale(hypothesis, fitted, known, lines, identity.spread)
    unexplained = () if lines is None else _unexplained(seen, lines, fitted, scale)
    # A calibrant that nobody chose and that asks for another wavelength may be the wrong one.
    elsewhere = (
        known.chosen is None and known.wavelength_nm is not None and hypothesis.at_any_wavelength
    )
    # Few rings that lie off where they should be may be others of its lines.
    off = fitted.step.scatter.nu_px > 0.0 and len(rings) < FEWEST_SURE
    certain = identity.sure and numbered and not (unexplained or elsewhere or off)
    facts = Facts(
        identity, hypothesis, fitted, known, rings, tilted, distance, unexplained, certain,
        only_spots=seen.spotty and not identity.sure,
    )  # fmt: skip
    warnings = tuple(warnings_of(facts))
    level = _level(warnings, sigma, mostly_other=len(unexplained) >= len(rings))
    if not rings:
        raise RingNotFoundError(
            "No ring found: what there is does not stand out of the noise along rings of one "
            "geometry; expose longer, or click at least five points on the ring."
        )
    outermost = max(ring.radius_px for ring in rings)
    held = known.beam_px is not None or "beam" in known.held
    if not (held or 0.0 < max(sigma[:2]) < LEAST_CERTAIN * outermost):
        raise RingNotFoundError(
            "No ring found whose centre could be told: so short an arc is visible that its "
            "curvature is uncertain; choose an image that shows more of the ring."
        )
    shown = _shown(rings)
    s = geometry.beam_direction
    mm = known.pixel_size_mm
    return PatternFit(
        beam_x_px=geometry.beam_x_px,
        beam_y_px=geometry.beam_y_px,
        sigma_beam_x_px=float(sigma[0]),
        sigma_beam_y_px=float(sigma[1]),
        distance_px=distance[0] if distance else None,
        sigma_distance_px=distance[1] if distance else None,
        distance_mm=distance[0] * mm if distance and mm else None,
        sigma_distance_mm=distance[1] * mm if distance and mm else None,
        beam_direction=s,
        tilt_deg=geometry.tilt_deg if tilted else None,
        sigma_tilt_deg=_sigma_tilt(geometry, covariance) if tilted else None,
        covariance=covariance,
        parameters=hypothesis.names,
        calibrant=_name(identity, known),
        calibrant_source=_source(identity, known),
        calibrant_candidates=tuple(
            name for m in identity.recognition.candidates for name in (m.name, *m.equal)
        ),
        certain=certain and level != "poor",
        rings=rings,
        unexplained_px=unexplained,
        scale_nm_px=scale[0] if scale else None,
        sigma_scale_nm_px=scale[1] if scale else None,
        warnings=warnings,
        verdict=_verdict(level, sigma, distance, len(rings)),
        level=level,
        geometry=geometry,
        shown=shown,
    )


def _unexplained(
    seen: Seen, lines: Lines, fitted: Fitted, scale: tuple[float, float] | None
) -> tuple[float, ...]:
    """Radii of clear rings, as sharp as the calibrant's, that none of its lines explains."""
    if scale is None:
        return ()
    sine = scale[0] * fitted.state.geometry.curvature / (2.0 * np.array(lines.d_nm))
    ahead = sine < STEEPEST
    radius = np.tan(2.0 * np.arcsin(sine[ahead])) / fitted.state.geometry.curvature
    usual = float(np.median(fitted.state.width))
    strong = STRONG_SHARE * float(np.median([peak.strength for peak in seen.rings]))
    return tuple(
        peak.radius_px
        for peak in seen.rings
        if peak.snr > STRONG_SNR
        and peak.strength > strong
        and peak.width_px < DIFFUSE * usual
        and not np.any(np.abs(radius - peak.radius_px) < NEAR_WIDTHS * max(peak.width_px, usual))
    )


def _name(identity: Identity, known: Known) -> str | None:
    if known.chosen is not None:
        return known.chosen.name
    return None if identity.match is None else identity.match.name


def _source(identity: Identity, known: Known) -> Source:
    if known.chosen is not None:
        return "chosen"
    if identity.match is None:
        return ""
    return "assumed" if identity.recognition.calibrant is None else "recognised"


def _rings(hypothesis: Hypothesis, fitted: Fitted) -> tuple[PatternRing, ...]:
    result = []
    for evidence in fitted.evidence:
        sectors = evidence.sectors
        for (g, m), k in np.ndenumerate(sectors.rings):
            height, sigma = sectors.height[g, :, m], sectors.sigma_height[g, :, m]
            there = sectors.information[g, :, m, m] > 0.0
            weight = np.where(there & (sigma > 0), 1.0 / np.maximum(sigma, 1e-300) ** 2, 0.0)
            snr = float(np.sum(weight * height) / math.sqrt(max(np.sum(weight), 1e-300)))
            shows = there & (height > 2.0 * sigma)
            if snr < LEAST_SNR or not math.isfinite(fitted.step.sigma_offset[k]):
                continue
            result.append(PatternRing(
                hypothesis.index[k], hypothesis.d_nm[k], float(fitted.radius[k]),
                float(fitted.step.sigma_offset[k]), float(fitted.state.width[k]), snr,
                float(np.mean(shows)), float(fitted.step.offset[k]),
            ))  # fmt: skip
    return tuple(sorted(result, key=lambda ring: ring.radius_px))


def _distance(
    hypothesis: Hypothesis, fitted: Fitted, spread: float
) -> tuple[float, float] | None:
    """The distance and its σ, which holds what editions of the calibrant differ by."""
    if hypothesis.index[0] is None:
        return None
    sigma = math.sqrt(max(fitted.step.covariance[2, 2], 0.0))
    k = fitted.state.geometry.curvature
    # A calibrant of known wavelength ties distance and scale together.
    told = hypothesis.lines.n_extra == 0 or 0.0 < sigma < DISTANCE_TOLD * k
    if k <= 0.0 or not told:
        return None
    tied = 0.0 if hypothesis.lines.n_extra else spread
    return 1.0 / k, math.hypot(sigma / k, tied) / k


def _scale(
    hypothesis: Hypothesis, fitted: Fitted, known: Known, lines: Lines | None, spread: float
) -> tuple[float, float] | None:
    """The scale and its σ, which holds that of the spacings and what editions differ by."""
    if lines is None:
        return None
    sigma = np.sqrt(np.maximum(np.diag(fitted.step.covariance), 0.0))
    if hypothesis.lines.n_extra:
        value, own = float(fitted.state.extra[0]), float(sigma[5])
    elif known.wavelength_nm is not None:
        k = fitted.state.geometry.curvature
        value = known.wavelength_nm / k
        own = value * float(sigma[2]) / k
    else:
        return None
    return value, math.hypot(own, value * lines.relative_sigma, value * spread)


def _sigma_tilt(geometry: Geometry, covariance: FloatArray) -> float:
    tilt, covariance = geometry.parameters[3:5], covariance[3:5, 3:5]
    size = float(np.hypot(*tilt))
    if size > 3.0 * math.sqrt(float(np.max(np.diag(covariance)))):
        along = tilt / size
        return math.degrees(math.sqrt(float(along @ covariance @ along)) / math.sqrt(1 - size**2))
    return math.degrees(math.sqrt(float(np.max(np.diag(covariance)))))


def _shown(rings: tuple[PatternRing, ...]) -> int:
    """Number of the ring to show: the innermost of those that stand alone and fix the centre well.

    The further in, the less a tilt moves its centre away from the beam.
    """
    sigma = [ring.sigma_radius_px / max(ring.coverage, 1e-3) for ring in rings]

    def alone(ring: PatternRing) -> bool:
        apart = (abs(other.radius_px - ring.radius_px) for other in rings if other is not ring)
        return min(apart, default=math.inf) > ALONE_WIDTHS * ring.width_px

    good = [k for k, ring in enumerate(rings) if sigma[k] < AS_GOOD * min(sigma) and alone(ring)]
    return good[0] if good else int(np.argmin(sigma))


def _level(
    warnings: tuple[FitWarning, ...], sigma: FloatArray, *, mostly_other: bool
) -> Level:
    center = float(max(sigma[:2]))
    if mostly_other or not math.isfinite(center) or center > 2.0:
        return "poor"
    if any(w.code in say.DOUBTFUL for w in warnings):
        return "poor"
    return "fair" if warnings or center > 0.3 else "good"


def _verdict(
    level: Level, sigma: FloatArray, distance: tuple[float, float] | None, n_rings: int
) -> str:
    opening = {"good": "Good", "fair": "Usable, with care", "poor": "Do not trust this yet"}[level]
    parts = [f"beam ±{max(sigma[:2]):.2g} px"]
    if distance is not None:
        parts.append(f"distance ±{100 * distance[1] / distance[0]:.2g} %")
    parts.append(f"{n_rings} ring{'s' if n_rings != 1 else ''}")
    return f"{opening}: " + ", ".join(parts) + "."
