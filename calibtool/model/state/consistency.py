"""Whether the rings and what was entered of the instrument agree."""

from calibtool.model.results import FitWarning
from calibtool.model.scale import distance_mm
from calibtool.model.settings import Settings
from calibtool.model.state.session import Result

AGREES = 0.02
"""Entered distances are rarely better than 2 %: below this there is nothing to say."""


def fitted_distance_mm(result: Result, settings: Settings) -> float | None:
    """Distance along the beam in mm that the rings ask for, where λ, p and d are known."""
    if result.pattern is not None:
        return result.pattern.distance_mm
    d, wavelength, pixel = (
        settings.d_spacing.value,
        settings.wavelength.value,
        settings.pixel_size.value,
    )
    if d is None or wavelength is None or pixel is None:
        return None
    return distance_mm(result.best.radius_px, d, wavelength_nm=wavelength, pixel_size_mm=pixel)


def all_warnings(result: Result, settings: Settings) -> tuple[FitWarning, ...]:
    """Warnings of the fit, and that about the entered instrument."""
    disagreement = distance_warning(result, settings)
    found = result.warnings
    return (*found, disagreement) if disagreement is not None else found


def distance_warning(result: Result, settings: Settings) -> FitWarning | None:
    """Say that the given distance and the rings' disagree, and what that may be."""
    entered, fitted = settings.distance.value, fitted_distance_mm(result, settings)
    if entered is None or fitted is None or abs(entered / fitted - 1.0) < AGREES:
        return None
    ratio = entered / fitted
    start = (
        f"The given distance of {entered:.6g} mm does not agree with the rings, which ask for "
        f"{fitted:.5g} mm"
    )
    end = "check distance, pixel size, wavelength and calibrant."
    for factor in (2, 3, 4):
        if abs(ratio * factor - 1.0) < 0.03 or abs(ratio / factor - 1.0) < 0.03:
            end = f"is the pixel size off by {factor} (binned image), or is it another ring?"
    return FitWarning("distance_disagrees", f"{start}: {end}")
