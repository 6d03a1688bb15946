"""Numbers as text: the digits shown follow from the uncertainty."""

import math


def with_sigma(value: float, sigma: float | None, unit: str = "") -> str:
    """Value ± σ with two significant digits of σ, as in ``570.617 ± 0.035 px``.

    The rounding is the Particle Data Group's in its plain form (two digits of σ).
    """
    tail = f" {unit}" if unit else ""
    if sigma is None or not math.isfinite(sigma) or sigma <= 0.0:
        return plain(value) + tail
    digits = max(0, 1 - math.floor(math.log10(sigma)))
    return f"{value:.{digits}f} ± {sigma:.{digits}f}{tail}"


def plain(value: float | None, digits: int = 6) -> str:
    """Value with up to ``digits`` significant digits, empty where it is not known."""
    if value is None or not math.isfinite(value):
        return ""
    text = f"{value:.{digits}g}"
    if "e" in text:
        exponent = math.floor(math.log10(abs(value)))
        if -6 <= exponent < 15:
            text = f"{value:.{max(0, digits - 1 - exponent)}f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
    return text
