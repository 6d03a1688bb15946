"""How many examples the property tests draw, and which.

``make test`` draws the same ones every time. ``make search`` draws new ones, many times as many;
what it finds becomes an ``@example`` of its test.
"""

from typing import Any

from hypothesis import settings

SAME, SEARCH = "same", "search"
TIMES = 40
"""How many times as many a search draws."""

_USUAL = 100


def register_profiles() -> None:
    """Make both known to hypothesis, and the one that draws the same the usual one."""
    settings.register_profile(SAME, derandomize=True, deadline=None, max_examples=_USUAL)
    settings.register_profile(
        SEARCH, derandomize=False, deadline=None, max_examples=TIMES * _USUAL, print_blob=True
    )
    settings.load_profile(SAME)


def examples(count: int, **others: Any) -> settings:
    """Ask for ``count`` examples, in a search so many times as many."""
    return settings(max_examples=count * settings().max_examples // _USUAL, **others)
