"""What the fit of a whole pattern warns of: one function a code, with a sentence that helps."""

from collections.abc import Sequence

from calibtool.model.pattern.recognition import Contradiction
from calibtool.model.results import FitWarning

DOUBTFUL = frozenset(
    {"other_calibrant", "rings_elsewhere", "wavelength_contradicted", "only_spots"}
)
"""Warnings with which a result is not to be trusted."""


def only_spots(n_rings: int) -> FitWarning:
    """Of the rings only some spots are seen, and no calibrant tells that they are rings."""
    return FitWarning(
        "only_spots",
        f"Only single spots are seen, at {n_rings} radii around one centre: grains of a powder, or "
        "reflections of a crystal; turn the sample during the exposure, or check the calibrant.",
    )


def tilt_not_measured(n_rings: int, px_per_degree: float | None) -> FitWarning:
    """The rings do not tell the tilt; ``px_per_degree`` is how far a degree moves the beam."""
    rings = "One ring does" if n_rings == 1 else "These rings do"
    far = (
        f"each degree of tilt would move the beam by {px_per_degree:.2g} px"
        if px_per_degree is not None
        else "a tilt would move the beam away from the centre of the ring by an unknown amount"
    )
    return FitWarning(
        "tilt_not_measured",
        f"{rings} not measure the tilt of the detector, so it is held at zero; {far}: use an image "
        "with more rings, or a calibration with tilt, where this matters.",
    )


def other_calibrant(numbers: Contradiction) -> FitWarning:
    """The rings are those of another calibrant than the one chosen."""
    return FitWarning(
        "other_calibrant",
        f"{numbers.better_explains} of {numbers.n_rings} rings fit {numbers.better}, "
        f"{numbers.chosen_explains} of {numbers.n_rings} {numbers.chosen}: choose "
        f"{numbers.better}, or check the sample.",
    )


def ring_numbers_uncertain(name: str, n_rings: int) -> FitWarning:
    """Which rings of the chosen calibrant these are is not beyond doubt."""
    rings = "this ring is" if n_rings == 1 else "these rings are"
    return FitWarning(
        "ring_numbers_uncertain",
        f"Which of {name}'s rings {rings} could not be told for certain: check the numbers on the "
        "image, enter wavelength and distance, or choose the ring yourself.",
    )


def rings_elsewhere(name: str) -> FitWarning:
    """The rings do not lie where calibrant and wavelength put them."""
    return FitWarning(
        "rings_elsewhere",
        f"The rings do not lie where {name} and the wavelength put them, so only the beam is "
        "told: check calibrant, wavelength and pixel size.",
    )


def wavelength_contradicted(given_nm: float, told_nm: float) -> FitWarning:
    """The rings tell another wavelength than the one given."""
    return FitWarning(
        "wavelength_contradicted",
        f"The rings fit a wavelength of {told_nm:.4g} nm, not the {given_nm:.4g} nm given: check "
        "wavelength and pixel size; the distance is that of the rings.",
    )


def calibrant_unknown(n_rings: int) -> FitWarning:
    """The rings are of no calibrant of the list."""
    return FitWarning(
        "calibrant_unknown",
        f"The {n_rings} rings are those of no calibrant in the list, so there is no scale: choose "
        "the calibrant, or enter its d-spacing."
        if n_rings > 1
        else "One ring does not tell its calibrant, so there is no scale: choose the calibrant "
        "and the ring.",
    )


def calibrant_not_told(assumed: str, names: Sequence[str]) -> FitWarning:
    """Several calibrants explain the rings, and one is assumed."""
    others = [name for name in names if name != assumed]
    if not others:
        return FitWarning(
            "calibrant_not_told",
            f"The rings fit {assumed}, but not beyond doubt: check the calibrant, or enter "
            "wavelength and distance.",
        )
    listed = ", ".join(others[:4]) + (" …" if len(others) > 4 else "")
    return FitWarning(
        "calibrant_not_told",
        f"The calibrant is assumed to be {assumed}; the rings could also be those of {listed}: "
        "choose which it is, or enter wavelength and distance.",
    )


def unexplained_rings(radii: Sequence[float]) -> FitWarning:
    """Clear rings that are none of the calibrant's."""
    listed = ", ".join(f"{radius:.0f}" for radius in radii[:4])
    return FitWarning(
        "unexplained_rings",
        f"{len(radii)} clear ring{'s' if len(radii) > 1 else ''} (radius {listed} px) "
        f"{'are' if len(radii) > 1 else 'is'} not of this calibrant: check the calibrant, or "
        "ignore this where something else is in the beam.",
    )
