"""What a fit of a pattern is warned of: one question after the other."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibtool.model.pattern import pattern_warnings as say
from calibtool.model.pattern.fit import Fitted
from calibtool.model.pattern.hypothesis import Hypothesis
from calibtool.model.pattern.identify import Identity
from calibtool.model.pattern.known import Known
from calibtool.model.pattern.pattern_fit import PatternRing
from calibtool.model.results import FitWarning

NEGLIGIBLE_PX = 0.05
"""A tilt that moves the beam by less for each degree is nothing to warn of."""


@dataclass(frozen=True, eq=False)
class Facts:
    """All that warnings depend on."""

    identity: Identity
    hypothesis: Hypothesis
    fitted: Fitted
    known: Known
    rings: tuple[PatternRing, ...]
    tilted: bool
    distance: tuple[float, float] | None
    unexplained: tuple[float, ...]
    certain: bool
    only_spots: bool = False


def warnings_of(facts: Facts) -> Iterator[FitWarning]:
    """All warnings, those about the beam first."""
    if facts.only_spots:
        yield say.only_spots(len(facts.rings))
    if not facts.tilted:
        yield from _tilt(facts)
    yield from _calibrant(facts)
    yield from _wavelength(facts)
    if facts.unexplained:
        yield say.unexplained_rings(facts.unexplained)


def _tilt(facts: Facts) -> Iterator[FitWarning]:
    sigma = np.sqrt(np.maximum(np.diag(facts.fitted.step.covariance), 0.0))
    if np.all(sigma[3:5] > 0.0):
        # Left free, the tilt is in the σ of the beam already.
        return
    outer = max((ring.radius_px for ring in facts.rings), default=0.0)
    shift = None if facts.distance is None else math.radians(1.0) * outer**2 / facts.distance[0]
    if shift is None or shift > max(NEGLIGIBLE_PX, float(max(sigma[:2]))):
        yield say.tilt_not_measured(len(facts.rings), shift)


def _calibrant(facts: Facts) -> Iterator[FitWarning]:
    identity, chosen = facts.identity, facts.known.chosen
    numbered = facts.hypothesis.index[0] is not None
    if identity.against is not None:
        yield say.other_calibrant(identity.against)
    elif chosen is not None:
        if not numbered:
            yield say.rings_elsewhere(chosen.name)
        elif not facts.certain and not facts.unexplained:
            yield say.ring_numbers_uncertain(chosen.name, len(facts.rings))
    elif identity.match is None:
        yield say.calibrant_unknown(len(facts.rings))
    elif not numbered:
        yield say.rings_elsewhere(identity.match.name)
    elif identity.recognition.calibrant is None or not identity.sure:
        names = [match.name for match in identity.recognition.candidates]
        yield say.calibrant_not_told(identity.match.name, names)


def _wavelength(facts: Facts) -> Iterator[FitWarning]:
    given = facts.known.wavelength_nm
    if given is not None and facts.hypothesis.at_any_wavelength:
        state = facts.fitted.state
        yield say.wavelength_contradicted(given, float(state.extra[0]) * state.geometry.curvature)
