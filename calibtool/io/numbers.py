"""Numbers as people type them: decimal point or comma, and what is wrong in one sentence."""

import math

from calibtool.errors import InputError


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
        Range of what an instrument can have, and its unit: beyond it the unit is wrong.

    Raises
    ------
    InputError
        Not a finite number, or out of range; names the field and says why.
    """
    typed = text.strip()
    try:
        if "_" in typed:
            raise ValueError("digits in groups, which only Python's own source may have")
        value = float(typed.replace(",", ".").replace("−", "-"))
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
            f"{field}: {typed} {unit} is beyond any instrument ({low:g} to {high:g} {unit}); "
            "check the unit."
        )
    return value


def parse_integer(text: str, field: str, *, minimum: float | None = None) -> int:
    """Return the whole number that a text means; errors as in ``parse_number``."""
    value = parse_number(text, field, minimum=minimum)
    if value != int(value):
        raise InputError(f"{field}: must be a whole number, not {text.strip()}.")
    return int(value)
