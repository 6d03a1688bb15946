"""Warnings as the column shows them: a short line, what it means, and a button that helps."""

from calibtool.model.results import FitWarning
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
    "centres_differ": "The rings' centres differ",
    "saturated": "Pixels of the ring are saturated",
    "order_uncertain": "It is not certain which ring this is",
    "distance_disagrees": "The entered distance does not fit",
    "fixed_center_off": "The fixed beam is off the ring's centre",
    "ring_not_used": "Points alone, ring not used",
}
"""With a button beside it a line has room for 28 letters, else for 40."""
POINTS = Remedy("pick", "Set points")
TILT = Remedy("geometry", "Measure tilt")
REMEDIES = {
    "too_few_points": POINTS,
    "short_arc": POINTS,
    "large_gap": POINTS,
    "like_an_edge": POINTS,
    "elliptical": TILT,
    "centres_differ": TILT,
    "ring_not_used": Remedy("find", "Find ring"),
}


def advice(warning: FitWarning) -> Advice:
    """Return a warning as it is shown; a code without a short line shows its first clause."""
    first = warning.message.split(":")[0].split(";")[0]
    return Advice(
        warning.code, SHORT.get(warning.code, first), warning.message, REMEDIES.get(warning.code)
    )
