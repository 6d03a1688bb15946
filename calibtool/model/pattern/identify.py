"""Which lines the rings are taken for: the chosen calibrant's, the recognised one's, or none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.pattern.known import Known
from calibtool.model.pattern.lines import Lines
from calibtool.model.pattern.prediction import STEEPEST
from calibtool.model.pattern.recognition import (
    CERTAIN_ODDS,
    FEWEST_CERTAIN,
    Contradiction,
    Match,
    Recognition,
    SeenRing,
    contradiction,
    recognise,
)
from calibtool.model.pattern.start import ARCS, Seen

USUAL = ("AgBh", "CeO2", "LaB6", "Si")
"""What is assumed, and said to be, where the rings leave several calibrants."""

MOST_EXPLAINED = 0.7
"""Share of the rings that a calibrant must explain to be assumed."""

LEAST_EXPLAINED = 0.5
"""Share of the rings that a chosen calibrant must explain for its lines to be fitted."""

FEWEST_OF_ARCS = 3
"""Arcs that a calibrant must explain to be assumed: of two, lines that are not theirs would move
the beam."""

SAME_LINES = 8
"""Lines by which editions of one substance are compared."""

FEWEST_ALIKE = 4
"""Rings that must all fit before one of several calibrants stands for the others."""


@dataclass(frozen=True)
class Identity:
    """What the rings are taken for.

    ``lines`` are the calibrant's and ``match`` where they lie, both None where just the rings
    are fitted; ``sure`` says that odds and number of rings leave no doubt, ``against`` what
    speaks against the calibrant chosen, ``spread`` is by how much the spacings of others differ
    that nobody can tell from it (relative).
    """

    recognition: Recognition
    match: Match | None = None
    lines: Lines | None = None
    sure: bool = False
    against: Contradiction | None = None
    spread: float = 0.0


def identified(seen: Seen, catalogue: Sequence[Lines], known: Known) -> Identity:
    """Say what the rings are to be taken for."""
    recognition = _recognised(seen, catalogue, known)
    if known.chosen is not None:
        return _chosen(seen, recognition, known.chosen, known)
    arcs = max(peak.visible for peak in seen.rings) < ARCS
    match = _taken(recognition, FEWEST_OF_ARCS if arcs and len(seen.rings) > 1 else 1)
    if match is None:
        return Identity(recognition)
    lines = next(lines for lines in catalogue if lines.name == match.name)
    sure = recognition.calibrant is not None and not recognition.shared and _sure(match)
    equal = [lines for lines in catalogue if lines.name in match.equal]
    return Identity(recognition, match, lines, sure, spread=_spread(lines, equal))


def _chosen(seen: Seen, recognition: Recognition, chosen: Lines, known: Known) -> Identity:
    own = _recognised(seen, [chosen], known).candidates
    against = _against(recognition, chosen.name, own)
    if against is not None:
        # Lines that are not these rings' would spoil the beam; the rings as they are do not.
        return Identity(recognition, against=against)
    if known.ring is not None:
        own = tuple(match for match in own if known.ring in match.index)
    match = own[0] if own else _as_told(seen, chosen, known)
    if match is None:
        return Identity(recognition)
    few = match.explained < LEAST_EXPLAINED * len(seen.rings) and known.ring is None
    if few and match.explained < FEWEST_CERTAIN:
        return Identity(recognition)
    most = max((other.explained for other in recognition.candidates), default=0)
    sure = (_sure(match) and match.explained >= most) or known.ring is not None
    return Identity(recognition, match, chosen, sure)


def _spread(lines: Lines, equal: Sequence[Lines]) -> float:
    """Largest relative difference of the strongest spacings of editions of one substance."""
    own = np.array(lines.d_nm[:SAME_LINES])
    off = []
    for other in equal:
        ratio = np.array(other.d_nm)[None, :] / own[:, None]
        nearest = np.take_along_axis(ratio, np.abs(ratio - 1.0).argmin(axis=1)[:, None], axis=1)
        off.append(abs(float(np.median(nearest)) - 1.0))
    return max(off, default=0.0)


def _sure(match: Match) -> bool:
    return match.log_odds >= math.log(CERTAIN_ODDS) and match.explained >= FEWEST_CERTAIN


def _against(
    recognition: Recognition, chosen: str, own: tuple[Match, ...]
) -> Contradiction | None:
    """What speaks against the calibrant chosen; None where it is among those that may be."""
    alike = {name for match in recognition.candidates for name in (match.name, *match.equal)}
    found = None if chosen in alike else contradiction(recognition, chosen)
    if found is None or not own:
        return found
    # Where all rings are its own and none is missing only strengths speak against it, and
    # saturation or texture change those.
    fits = _sure(own[0]) and own[0].explained >= found.better_explains - 1
    return None if fits and not own[0].missing else found


def _recognised(seen: Seen, catalogue: Sequence[Lines], known: Known) -> Recognition:
    rings = [
        SeenRing(
            peak.radius_px, peak.sigma_px, peak.width_px, peak.snr, peak.strength, peak.common_px
        )
        for peak in seen.rings
    ]
    return recognise(
        rings,
        catalogue,
        visible=seen.visible,
        wavelength_nm=known.wavelength_nm,
        distance_px=known.distance_px,
    )


def _taken(recognition: Recognition, fewest: int) -> Match | None:
    """The match that is recognised, or the usual one of several that explain enough rings."""
    best = recognition.candidates[0] if recognition.candidates else None
    if best is None or recognition.calibrant is not None:
        return best
    # None is assumed at another wavelength than the one given where one at that is left.
    agreeing = [match for match in recognition.candidates if match.as_given]
    candidates = agreeing or list(recognition.candidates)
    best = candidates[0]
    for usual in USUAL:
        for match in candidates:
            most = match.explained >= max(fewest, MOST_EXPLAINED * recognition.n_rings)
            if usual in (match.name, *match.equal) and most:
                return replace(match, name=usual)
    likely = best.log_odds > 0.0 and _explains_most(best, recognition.n_rings)
    if len(agreeing) == 1 and likely:
        return best
    # Several calibrants of the same ratios: any of them tells where the rings lie.
    return best if best.explained >= FEWEST_ALIKE and not best.unexplained else None


def _explains_most(match: Match, n_rings: int) -> bool:
    return match.explained >= max(FEWEST_CERTAIN, LEAST_EXPLAINED * n_rings)


def _as_told(seen: Seen, lines: Lines, known: Known) -> Match | None:
    """The clearest ring taken for the line that it is said to be."""
    ring = known.ring or 1
    if ring > len(lines.d_nm):
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
