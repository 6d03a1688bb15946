"""What the fits warn of: one function a code, each with a sentence that says what to do.

The codes are stable (they stand in files and tables); the sentences are for people.
"""

from calibtool.model.results import Ellipse, FitWarning

SLIGHT_PERCENT = 0.3
"""Ellipses with semi-axes closer than this are called slight."""


def too_few_points(n_points: int, wanted: int = 8) -> FitWarning:
    """Few points: the fit exists, but one bad click would go unnoticed."""
    return FitWarning(
        "too_few_points",
        f"Only {n_points} points carry this circle, so one bad point can move it unnoticed: "
        f"add points until there are {wanted} or more.",
    )


def short_arc(arc_deg: float) -> FitWarning:
    """The data span a short arc (degrees from first to last), seen from the centre."""
    return FitWarning(
        "short_arc",
        f"Only {arc_deg:.0f}° of the circle are covered, so centre and radius lean on each other, "
        "and a tilted detector, whose rings are no circles, cannot be told from a shifted centre: "
        "add points elsewhere on the ring, or use a ring more of which is on the detector.",
    )


def large_gap(gap_deg: float, azimuth_deg: float) -> FitWarning:
    """A large gap (degrees) without data, around an azimuth (0 along +x, 90 along +y)."""
    return FitWarning(
        "large_gap",
        f"Nothing was measured over {gap_deg:.0f}° of the circle (around azimuth "
        f"{azimuth_deg:.0f}°): add points there if the ring can be seen, or check the mask.",
    )


def many_outliers(n_outliers: int, n_points: int) -> FitWarning:
    """A large share of the points was set aside."""
    return FitWarning(
        "many_outliers",
        f"{n_outliers} of {n_points} points lie off the circle and were set aside: remove them, "
        "or check that all points are on the same ring.",
    )


def poor_fit(rms_px: float, expected_px: float) -> FitWarning:
    """Residuals scatter more than they should (both in px)."""
    return FitWarning(
        "poor_fit",
        f"The residuals scatter by {rms_px:.2g} px where {expected_px:.2g} px were expected, and "
        "the stated σ are widened for it: look at the residuals for bad spots, and mask them.",
    )


def estimates_differ(apart_px: float, sigma_px: float) -> FitWarning:
    """Two ways of measuring put the ring at different places (apart and σ in px)."""
    return FitWarning(
        "estimates_differ",
        f"A first look at the ring and the fit to all its pixels are {apart_px:.2g} px apart, "
        f"much more than the σ of {sigma_px:.2g} px: something beside the ring pulls at it; "
        "check the circle on the image, mask shadows and edges, and find the ring again.",
    )


def like_an_edge() -> FitWarning:
    """The profile is not clearly that of a peak: it may be a shadow's edge."""
    return FitWarning(
        "like_an_edge",
        "What is seen along this circle may be the edge of a shadow or an aperture instead of a "
        "ring: check the circle on the image, mask the shadow, or click points on the ring.",
    )


def not_one_ring(apart_px: float, off_px: float) -> FitWarning:
    """The profile is that of two rings (their distance in px), or of a flat top."""
    return FitWarning(
        "not_one_ring",
        f"The profile is not that of one ring (it looks like two, {apart_px:.2g} px apart): two "
        "rings overlap or the ring is clipped; the centre can be used, the radius only to "
        f"±{off_px:.2g} px. Take a ring that stands alone, or expose shorter if it is clipped.",
    )


def weak_ring(snr: float) -> FitWarning:
    """The ring hardly stands out of the noise."""
    return FitWarning(
        "weak_ring",
        f"The ring stands only {snr:.1f} σ above the noise: check that it is a ring, and expose "
        "longer if you can.",
    )


def elliptical(ellipse: Ellipse, significance: float) -> FitWarning:
    """A circle is not a fair model; ``significance`` in σ."""
    a, b = ellipse.semi_major_px, ellipse.semi_minor_px
    percent = 100.0 * (a - b) / b
    if percent < SLIGHT_PERCENT:
        advice = (
            f"This is slight: it matters only for a scale better than {percent:.1g} %."
        )
    else:
        advice = (
            "The detector is tilted, which all rings together tell (Find ring), or its pixels are "
            "not square: then this centre is not where the beam is."
        )
    return FitWarning(
        "elliptical",
        f"The ring is not a circle ({significance:.0f} σ): semi-axes {a:.2f} and {b:.2f} px, "
        f"{percent:.2g} % apart, the longer at {ellipse.orientation_deg:.0f}°. {advice}",
    )


def circle_unproven(arc_deg: float) -> FitWarning:
    """An arc, seen by a detector beside the beam, on which an ellipse would pass for a circle."""
    return FitWarning(
        "elliptical",
        f"A circle is not a fair model here unless the detector is known to stand at right angles "
        f"to the beam: the beam misses the image, and on {arc_deg:.0f}° of the ring the ellipse of "
        "a tilted detector looks like a circle with another centre. Let all rings tell the tilt "
        "(Find ring), or show the whole ring.",
    )


def centre_far_outside(distance_px: float) -> FitWarning:
    """The centre lies far from the image."""
    return FitWarning(
        "centre_far_outside",
        f"The centre lies {distance_px:.0f} px outside the image: check that this is a ring of the "
        "calibrant, and trust the centre no further than its σ.",
    )


def saturated(share: float) -> FitWarning:
    """A share (0…1) of the ring's pixels is saturated and was left out."""
    return FitWarning(
        "saturated",
        f"{100 * share:.2g} % of the ring's pixels are saturated and were left out: expose shorter "
        "or attenuate the beam.",
    )
