"""Warnings as the column shows them: a short line, what it means, and a button that helps."""

from calibtool.model.results import FitWarning
from calibtool.model.state.session import Result
from calibtool.scene import Advice, Remedy

SHORT = {
    "too_few_points": "Few points carry this circle",
    "short_arc": "Only a short arc is seen",
    "large_gap": "A large gap in the ring",
    "many_outliers": "Many points lie off the circle",
    "poor_fit": "The residuals exceed the noise",
    "estimates_differ": "Something beside the ring pulls at it",
    "like_an_edge": "Perhaps a shadow's edge",
    "not_one_ring": "Two rings overlap, or one is clipped",
    "weak_ring": "The ring hardly stands out",
    "elliptical": "The ring is not a circle",
    "centre_far_outside": "The beam is far off the image",
    "saturated": "Pixels of the ring are saturated",
    "tilt_not_measured": "The tilt is not measured",
    "other_calibrant": "Another calibrant fits better",
    "calibrant_unknown": "No calibrant is known to fit",
    "calibrant_not_told": "The calibrant is assumed",
    "ring_numbers_uncertain": "Which rings these are is doubtful",
    "rings_elsewhere": "Rings are not where they should be",
    "only_spots": "Only single spots are seen",
    "wavelength_contradicted": "The rings tell another wavelength",
    "far_point": "A point lies off the circle",
    "points_too_close": "Two points tell nearly the same",
    "unexplained_rings": "Some rings are not the calibrant's",
    "distance_disagrees": "The entered distance does not fit",
    "fixed_center_off": "The fixed beam is off the ring's centre",
    "ring_not_used": "Points alone, ring not used",
}
"""With a button beside it a line has room for 28 letters, else for 40."""
POINTS = Remedy("pick", "Set points")
REMEDIES = {
    "too_few_points": POINTS,
    "short_arc": POINTS,
    "large_gap": POINTS,
    "like_an_edge": POINTS,
    "ring_not_used": Remedy("find", "Find ring"),
}


def advice(warning: FitWarning, result: Result) -> Advice:
    """Return a warning as it is shown; a code without a short line shows its first clause."""
    code, first = warning.code, warning.message.split(":")[0].split(";")[0]
    remedy = OF_RESULT[code](result) if code in OF_RESULT else REMEDIES.get(code)
    return Advice(code, SHORT.get(code, first), warning.message, remedy)


def _assumed(result: Result) -> Remedy | None:
    """The calibrant that was assumed, to be confirmed."""
    name = None if result.pattern is None else result.pattern.calibrant
    return Remedy(f"calibrant:{name}", f"It is {name}") if name else None


def _better(result: Result) -> Remedy | None:
    """The calibrant that explains the rings best, to be taken in place of the chosen one."""
    pattern = result.pattern
    if pattern is None:
        return None
    others = (name for name in pattern.calibrant_candidates if name != pattern.calibrant)
    better = next(others, "")
    return Remedy(f"calibrant:{better}", f"Take {better}") if better else None


def _all_rings(result: Result) -> Remedy | None:
    """The rings, where they have not been asked yet for what makes the circle an ellipse."""
    return Remedy("find", "Find ring") if result.pattern is None else None


OF_RESULT = {
    "other_calibrant": _better, "calibrant_not_told": _assumed, "elliptical": _all_rings,
}  # fmt: skip
"""Remedies that depend on what was found."""
