"""Take calibrant and ring number from the pattern, unless the user has chosen them."""

from dataclasses import replace

from calibtool.instruments.calibrants import find_calibrant
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.settings import DEFAULT, RECOGNISED, Settings
from calibtool.model.state.session import Session
from calibtool.tasks.entering import choose_ring, with_lines


def with_pattern(session: Session) -> Session:
    """Session whose calibrant and ring number follow the result's pattern."""
    result = session.result
    if result is None or result.pattern is None:
        return session
    return replace(session, settings=recognised(session.settings, result.pattern))


def recognised(settings: Settings, pattern: PatternFit) -> Settings:
    """Settings with calibrant and ring from the pattern, where nobody chose them.

    What is only assumed is taken, too, but as a default that nobody has confirmed.
    """
    if not settings.calibrant and settings.ring is None:
        return settings
    name, ring = pattern.calibrant, pattern.shown_ring.index
    if name is None or ring is None:
        return _undecided(settings)
    if not settings.calibrant_chosen:
        assumed = pattern.calibrant_source == "assumed"
        how = f"{DEFAULT}: assumed" if assumed else RECOGNISED
        settings = with_lines(settings, find_calibrant(name), how)
    if settings.ring_chosen:
        return settings
    n = len(pattern.rings)
    evidence = f"{n} rings fit {settings.calibrant}" if n > 1 else "one ring does not tell"
    source = evidence if pattern.certain else f"{DEFAULT}: {evidence}"
    return choose_ring(settings, ring, source)


def _undecided(settings: Settings) -> Settings:
    """A ring's number that was worked out on another image holds no more."""
    if settings.ring_chosen or settings.ring is None:
        return settings
    return replace(settings, ring_source=f"{DEFAULT}: the rings do not tell")
