"""Which calibrant a pattern is, and which of its lines each ring, from the radii alone.

The answer is the place of a calibrant whose evidence beats the sum of all others, "unknown"
included. Where several are left (face-centred metals at small angles), they are the answer.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import FloatArray
from calibtool.model.pattern.bragg import line_radii
from calibtool.model.pattern.evidence import Instrument, Scored, scored, unknown_evidence
from calibtool.model.pattern.hypotheses import (
    joined,
    trials_at,
    trials_at_distance,
    trials_of_pairs,
)
from calibtool.model.pattern.lines import Lines, LineTable, line_table
from calibtool.model.pattern.sight import SeenRing, Sight, sight_of

__all__ = [
    "Contradiction",
    "Lines",
    "Match",
    "Recognition",
    "SeenRing",
    "contradiction",
    "lines_of",
    "recognise",
]

CERTAIN_ODDS = 3000.0
"""Odds of an answer against all others together from which it is called certain.

Strengths and floors of the errors are rough, so that the odds are; at this limit none of 3500
simulated patterns of calibrants and of 2200 of none was wrong and certain.
"""
NAMED_ODDS = 100.0
"""Odds of a calibrant against all others together from which it is named, and contradicts another
that was chosen; against another up to which that one is a candidate."""

FEWEST_CERTAIN = 3
"""Rings that must agree before an answer is certain where the distance is not known."""

MOST_GAPS = 0.15
"""Strong lines that may be missing inside a pattern called certain, per ring explained."""

UNKNOWN_PRIOR = 0.1
"""Share of patterns that are none of the catalogue."""

TRUST = 0.95
"""Share of wavelengths and distances handed in that are right."""

_EXPECTED = 0.75
_NEGLIGIBLE = 15.0


@dataclass(frozen=True)
class Match:
    """One calibrant laid over the rings.

    Attributes
    ----------
    name, equal : str, tuple of str
        The calibrant and those with the same spacings.
    index : tuple
        For each ring seen, in the order given, the number of its chief line from 1, or None.
    lines : tuple of tuples
        For each ring all lines it stands for; several where they lie within its width.
    scale_nm_px, sigma_scale_nm_px : float
        d·R at small angles, λL/p.
    wavelength_nm, distance_px, sigma_distance_px : float or None
        None where neither is known and the angles are too small to tell.
    missing : tuple of int
        Numbers of the lines that should have been seen and were not.
    unexplained : tuple of float
        Radii in px of the strong rings that no line explains.
    log_odds : float
        Natural logarithm of the odds against all other answers together.
    as_given : bool
        Whether it agrees with the wavelength and distance handed in.
    """

    name: str
    equal: tuple[str, ...]
    index: tuple[int | None, ...]
    lines: tuple[tuple[int, ...], ...]
    scale_nm_px: float
    sigma_scale_nm_px: float
    wavelength_nm: float | None
    distance_px: float | None
    sigma_distance_px: float | None
    missing: tuple[int, ...]
    unexplained: tuple[float, ...]
    log_odds: float
    as_given: bool = True

    @property
    def explained(self) -> int:
        """Number of rings that are lines of this calibrant."""
        return sum(number is not None for number in self.index)


@dataclass(frozen=True)
class Recognition:
    """What the rings say.

    ``calibrant`` is None where nothing or several calibrants explain them; ``candidates`` are
    those that do, the best first; ``log_odds`` is the natural logarithm of the odds of all
    candidates together against everything else; ``explained`` is for each calibrant of the
    catalogue the number of the ``n_rings`` rings it explains at best; ``shared`` says that another
    calibrant explains as many under what is known, so that only strengths decide.
    """

    calibrant: str | None
    candidates: tuple[Match, ...]
    certain: bool
    explained: tuple[tuple[str, int], ...] = ()
    n_rings: int = 0
    log_odds: float = -math.inf
    shared: bool = False


@dataclass(frozen=True)
class Contradiction:
    """A calibrant that was chosen beside the one that is there: "8 of 8 rings fit, 1 of 8".

    ``others`` are calibrants that explain the rings as well as ``better``.
    """

    chosen: str
    better: str
    others: tuple[str, ...]
    n_rings: int
    chosen_explains: int
    better_explains: int
    log_odds: float


def recognise(
    seen: Sequence[SeenRing],
    catalogue: Sequence[Lines],
    *,
    visible: Callable[[float], float],
    wavelength_nm: float | None = None,
    pixel_size_mm: float | None = None,
    distance_px: tuple[float, float] | None = None,
    ring_hint: tuple[int, int] | None = None,
) -> Recognition:
    """Say which calibrant of a catalogue makes the rings, and which line each ring is.

    Parameters
    ----------
    seen : sequence of SeenRing
        The rings, with the tilt taken out of their radii.
    catalogue : sequence of Lines
        Calibrants; those with the same spacings count as one, under the name of the first.
    visible : callable
        Share (0 to 1) of the circle of a radius in px that lies on usable pixels.
    wavelength_nm : float, optional
        Where it is known.
    pixel_size_mm : float, optional
        Where it is known; with the wavelength it rules out distances nobody builds.
    distance_px : (float, float), optional
        Distance in pixels and its σ where it is known, however roughly.
    ring_hint : (int, int), optional
        Place in ``seen`` of a ring whose number somebody knows, and that number from 1.
    """
    sight = sight_of(seen, visible)
    if not sight.count or not catalogue:
        return Recognition(None, (), False, (), len(seen))
    table = line_table(catalogue)
    known = Instrument(wavelength_nm, pixel_size_mm, distance_px)
    found = [_hinted(s, sight, table, ring_hint) for s in _all_trials(sight, table, known)]
    return _judged(sight, table, found, len(seen), distance_px is not None)


def contradiction(recognition: Recognition, chosen: str) -> Contradiction | None:
    """Numbers that speak against the calibrant chosen, None where nothing does."""
    if recognition.log_odds < math.log(NAMED_ODDS):
        return None
    named = recognition.calibrant is not None
    best, *others = recognition.candidates[:1] if named else recognition.candidates
    if any(chosen in (match.name, *match.equal) for match in (best, *others)):
        return None
    return Contradiction(
        chosen=chosen,
        better=best.name,
        others=tuple(match.name for match in others),
        n_rings=recognition.n_rings,
        chosen_explains=dict(recognition.explained).get(chosen, 0),
        better_explains=best.explained,
        log_odds=recognition.log_odds,
    )


def lines_of(chosen: Lines, match: Match) -> FloatArray:
    """Radii in px (J,) of a calibrant's lines where ``match`` puts them, infinite where none."""
    square = (match.wavelength_nm or 0.0) ** 2
    return line_radii(match.scale_nm_px, square, np.asarray(chosen.d_nm))


@dataclass(frozen=True, eq=False)
class _Answer:
    """One distinct place of a calibrant: where it is scored, and its weighted evidence.

    ``given`` says that it agrees with the wavelength and distance handed in.
    """

    scored: Scored
    place: int
    evidence: float
    row: int
    main: NDArray[np.intp]
    given: bool

    @property
    def agreeing(self) -> int:
        """Rings explained less lines that should have been seen between them and were not."""
        seen = self.main[self.main >= 0]
        missing = np.flatnonzero(self.scored.missing[self.place] > _EXPECTED)
        between = (missing > seen.min(initial=10**6)) & (missing < seen.max(initial=-1))
        return len(seen) - int(np.count_nonzero(between))

    def agrees(self, other: "_Answer") -> bool:
        """Whether it is the same answer: the same calibrant, the same lines for the same rings."""
        if self.row != other.row:
            return False
        both = (self.main >= 0) & (other.main >= 0)
        same = np.count_nonzero(both & (self.main == other.main))
        return bool(same > 0.6 * np.count_nonzero(both))


def _all_trials(sight: Sight, table: LineTable, known: Instrument) -> list[Scored]:
    """Trials under what was handed in, and under the doubt that it is wrong."""
    free = joined(trials_at(sight, table, 0.0), trials_of_pairs(sight, table))
    if known.wavelength_nm is None and known.distance_px is None:
        return [scored(sight, table, free, known)]
    if known.wavelength_nm is not None:
        given = trials_at(sight, table, known.wavelength_nm**2)
    else:
        given = trials_at_distance(sight, table, (known.distance_px or (0.0, 0.0))[0])
    return [
        scored(sight, table, given, known),
        scored(sight, table, free, Instrument()),
    ]


def _hinted(found: Scored, sight: Sight, table: LineTable, hint: tuple[int, int] | None) -> Scored:
    """Put far back what gives the ring of the hint another number."""
    if hint is None or hint[0] not in sight.order:
        return found
    main = found.main[:, sight.order.tolist().index(hint[0])]
    number = np.where(main < 0, 0, table.number[found.trials.row, main])
    return replace(found, evidence=np.where(number == hint[1], found.evidence, -1e4))


def _judged(
    sight: Sight,
    table: LineTable,
    found: list[Scored],
    n_rings: int,
    distance_known: bool,
) -> Recognition:
    n_families = len(np.unique(table.family))
    share = math.log((1.0 - UNKNOWN_PRIOR) / n_families)
    answers = _distinct(found, share)
    unknown = unknown_evidence(sight) + math.log(UNKNOWN_PRIOR)
    evidence = np.array([a.evidence for a in answers])
    total = np.logaddexp(np.logaddexp.reduce(evidence), unknown)
    families = _by_family(answers)
    kept = max(evidence.max(), unknown) - math.log(NAMED_ODDS)
    candidates = tuple(
        _match(sight, table, a, n_rings, _log_odds(_family_sum(answers, a.row), total))
        for a in families
        if a.evidence >= kept
    )
    every = tuple(
        (name, int((a.main >= 0).sum())) for a in families for name in table.names_of(a.row)
    )
    together = [
        a.evidence for a in answers if a.row in {c.row for c in families[: len(candidates)]}
    ]
    all_odds = _log_odds(float(np.logaddexp.reduce(together, initial=-np.inf)), total)
    if not candidates or candidates[0].log_odds < math.log(NAMED_ODDS):
        return Recognition(None, candidates, False, every, n_rings, all_odds)
    best = candidates[0]
    odds = _log_odds(families[0].evidence, total)
    enough = best.explained >= (2 if distance_known else FEWEST_CERTAIN)
    settled = odds >= math.log(CERTAIN_ODDS) and families[0].given
    whole = not best.unexplained and _gaps(best) <= MOST_GAPS * best.explained
    shared = _as_good(families, unknown)
    certain = settled and enough and whole and not shared
    return Recognition(best.name, candidates, bool(certain), every, n_rings, all_odds, shared)


def _as_good(families: list[_Answer], unknown: float) -> bool:
    """Whether another calibrant explains as many rings under what is known.

    Then only strengths decide, and grains and texture change those.
    """
    best, *others = families
    return any(
        other.given and other.evidence > unknown and other.agreeing >= best.agreeing
        for other in others
    )


def _gaps(match: Match) -> int:
    """Lines missing between the first and the last that were seen."""
    seen = [number for number in match.index if number is not None]
    return sum(min(seen) < number < max(seen) for number in match.missing)


def _distinct(found: list[Scored], share: float) -> list[_Answer]:
    """The trials that are different answers, the best first."""
    weights = [0.0] if len(found) == 1 else [math.log(TRUST), math.log(1.0 - TRUST)]
    everything = [
        _Answer(s, i, e + weight + share, row, s.main[i], s is found[0])
        for weight, s in zip(weights, found, strict=True)
        for i, (e, row) in enumerate(zip(s.evidence.tolist(), s.trials.row.tolist(), strict=True))
    ]
    everything.sort(key=lambda a: -a.evidence)
    least = everything[0].evidence - _NEGLIGIBLE
    answers: list[_Answer] = []
    by_row: dict[int, list[_Answer]] = {}
    for answer in everything:
        others = by_row.setdefault(answer.row, [])
        if others and answer.evidence < least:
            continue
        if not any(answer.agrees(other) for other in others):
            others.append(answer)
            answers.append(answer)
    return answers


def _by_family(answers: list[_Answer]) -> list[_Answer]:
    best: dict[int, _Answer] = {}
    for answer in answers:
        best.setdefault(answer.row, answer)
    return list(best.values())


def _family_sum(answers: list[_Answer], row: int) -> float:
    return float(np.logaddexp.reduce([a.evidence for a in answers if a.row == row]))


def _log_odds(evidence: float, total: float) -> float:
    """Natural logarithm of p/(1 − p) of a share exp(evidence − total) of all."""
    share = min(math.exp(min(evidence - total, 0.0)), 1.0 - 1e-15)
    return evidence - total - math.log1p(-share)


def _match(sight: Sight, table: LineTable, answer: _Answer, n_rings: int, odds: float) -> Match:
    s, i, row = answer.scored, answer.place, answer.row
    names, numbers = table.names_of(row), table.number[row]
    index: list[int | None] = [None] * n_rings
    lines: list[tuple[int, ...]] = [()] * n_rings
    for ring, main in enumerate(answer.main.tolist()):
        if main >= 0:
            index[sight.order[ring]] = int(numbers[main])
            lines[sight.order[ring]] = tuple(numbers[s.shares[i, ring] > 0.05].tolist())
    scale = float(s.trials.scale[i])
    plain = Match(
        name=names[0],
        equal=names[1:],
        index=tuple(index),
        lines=tuple(lines),
        scale_nm_px=scale,
        sigma_scale_nm_px=scale * math.sqrt(s.covariance[i, 0, 0]),
        wavelength_nm=None,
        distance_px=None,
        sigma_distance_px=None,
        missing=tuple(numbers[s.missing[i] > _EXPECTED].tolist()),
        unexplained=tuple(sight.radius_px[sight.strong & (answer.main < 0)].tolist()),
        log_odds=odds,
        as_given=answer.given,
    )
    return _with_distance(plain, float(s.trials.lambda_squared[i]), s.covariance[i])


def _with_distance(match: Match, square: float, covariance: FloatArray) -> Match:
    """Add λ and L where λ² is known to better than half of itself."""
    if square <= 0.0 or math.sqrt(covariance[1, 1]) > 0.5 * square:
        return match
    wavelength = math.sqrt(square)
    # ln L = ln K − ½ ln λ²
    slope = np.array([1.0, -0.5 / square, 0.0])
    distance = match.scale_nm_px / wavelength
    sigma = distance * math.sqrt(float(slope @ covariance @ slope))
    return replace(match, wavelength_nm=wavelength, distance_px=distance, sigma_distance_px=sigma)
