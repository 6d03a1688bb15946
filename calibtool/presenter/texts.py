"""Numbers as text: the digits shown follow from the uncertainty."""

import math


def with_sigma(value: float, sigma: float | None) -> tuple[str, str]:
    """Value and σ with two significant digits of σ, as ``570.617`` and ``0.035``.

    The rounding is the Particle Data Group's in its plain form (two digits of σ). Without a σ
    its text is empty.
    """
    if sigma is None or not math.isfinite(sigma) or sigma <= 0.0:
        return plain(value), ""
    digits = max(0, 1 - math.floor(math.log10(sigma)))
    return f"{value:.{digits}f}", f"{sigma:.{digits}f}"


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


def unbroken(text: str) -> str:
    """Text whose units stay on the line of their numbers."""
    return text.replace(" px", "\u00a0px").replace(" %", "\u00a0%")
