"""Which names of a list a typed text means; case, spaces and hyphens do not matter."""

from collections.abc import Sequence


def matches(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names that contain the text, those that begin with it first; all names for no text."""
    wanted = _plain(typed)
    found = [name for name in names if wanted in _plain(name)]
    return tuple(sorted(found, key=lambda name: not _plain(name).startswith(wanted)))


def meant(typed: str, names: Sequence[str]) -> str | None:
    """The one name that the text stands for, None where there is more than one, or none.

    It is the name itself, or the only one that contains the text, or the one that all others
    which contain it are variants of (LaB6 among LaB6_SRM660a and LaB6_SRM660b).
    """
    wanted = _plain(typed)
    if not wanted:
        return None
    found = matches(typed, names)
    exact = [name for name in found if _plain(name) == wanted]
    if exact:
        return exact[0]
    shortest = min(found, key=len, default=None)
    if shortest is None or not all(name.startswith(shortest) for name in found):
        return None
    return shortest


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter == ".")
