"""Order file names as people do: frame 9 before frame 10."""

import re

_DIGITS = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Key for sorting names with the numbers in them as numbers, case ignored."""
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part.casefold())
        for part in _DIGITS.split(name)
        if part
    )
