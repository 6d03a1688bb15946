"""Numbers as people type them: decimal point or comma, and what is wrong in one sentence."""

import math
import re

from calibtool.errors import InputError

UNITS = {
    "nm": {"nm": 1.0, "Å": 0.1, "A": 0.1, "pm": 1e-3},
    "mm": {"mm": 1.0, "µm": 1e-3, "um": 1e-3, "cm": 10.0, "m": 1e3},
    "keV": {"keV": 1.0, "eV": 1e-3},
    "px": {"px": 1.0},
}
"""Units that may stand behind a number, by the field's own, which they are counted in."""

_WITH_UNIT = re.compile(r"(.*[\d.,])\s*([^\W\d_]+)")


def parse_number(
    text: str,
    field: str,
    *,
    positive: bool = False,
    minimum: float | None = None,
    between: tuple[float, float, str] | None = None,
) -> float:
    """Return the number that a text means.

    Parameters
    ----------
    text : str
        What was typed; decimal point or comma.
    field : str
        Name of the field, for the message.
    positive : bool
        Whether the number must be above zero.
    minimum : float, optional
        Smallest value allowed.
    between : (float, float, str), optional
        Range of what an instrument can have, and its unit: beyond it the unit is wrong. Another
        unit of the same kind may be typed behind the number (`UNITS`).

    Raises
    ------
    InputError
        Not a finite number, or out of range; names the field and says why.
    """
    typed = text.strip()
    digits, factor = (typed, 1.0) if between is None else _without_unit(typed, field, between[2])
    try:
        if "_" in typed:
            raise ValueError("digits in groups, which only Python's own source may have")
        value = factor * float(digits.replace(",", ".").replace("−", "-"))
    except ValueError:
        raise InputError(
            f"{field}: '{typed}' is not a number; type digits with a decimal point or comma."
        ) from None
    if not math.isfinite(value):
        raise InputError(f"{field}: '{typed}' is not a finite number; type a plain number.")
    if positive and value <= 0.0:
        raise InputError(f"{field}: must be greater than zero, not {typed}.")
    if minimum is not None and value < minimum:
        raise InputError(f"{field}: must be {minimum:g} or more, not {typed}.")
    if between is not None and not between[0] <= value <= between[1]:
        low, high, unit = between
        raise InputError(
            f"{field}: {value:g} {unit} is beyond any instrument ({low:g} to {high:g} {unit}); "
            "check the unit."
        )
    return value


def _without_unit(typed: str, field: str, unit: str) -> tuple[str, float]:
    """The digits, and how many of the field's unit the one behind them is."""
    parts = _WITH_UNIT.fullmatch(typed)
    if parts is None:
        return typed, 1.0
    # The Greek letter and the sign for micro look alike.
    given, known = parts[2].replace("μ", "µ"), UNITS[unit]
    if given not in known:
        raise InputError(
            f"{field}: '{typed}' is not a number; type digits with a decimal point or comma, and "
            f"no unit or one of {', '.join(known)}."
        )
    return parts[1], known[given]


def parse_integer(text: str, field: str, *, minimum: float | None = None) -> int:
    """Return the whole number that a text means; errors as in ``parse_number``."""
    value = parse_number(text, field, minimum=minimum)
    if value != int(value):
        raise InputError(f"{field}: must be a whole number, not {text.strip()}.")
    return int(value)
