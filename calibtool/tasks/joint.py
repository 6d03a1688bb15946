"""Join the rings around a found ring: the centre they share, or that they do not share one."""

from dataclasses import replace

from calibtool.model.image import Image
from calibtool.model.results import Cancelled, Progress
from calibtool.model.rings.joint_fit import doubtful, fit_rings
from calibtool.model.state.session import Result

MOST_RINGS = 4
"""Rings nearest to the one that counts, itself among them; more change little and take long."""


def can_join(result: Result) -> bool:
    """Whether there is more than one ring, and a centre that was fitted."""
    ring = result.ring
    if ring is None or result.center_source != "fit":
        return False
    return len(ring.rings) > 1 and not doubtful(ring)


def joined(
    image: Image,
    result: Result,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Return the result with the joint fit of its rings, and the warning where they differ.

    Parameters
    ----------
    image : Image
        The image.
    result : Result
        A result; returned as it is where there is nothing to join.
    progress, cancelled : callable, optional
        As for the other fits.

    Raises
    ------
    JobCancelledError
        Where ``cancelled`` said so.
    """
    ring = result.ring
    if ring is None or not can_join(result):
        return result
    nearest = sorted(ring.rings, key=lambda other: abs(other.radius_px - ring.radius_px))
    joint = fit_rings(
        image.data,
        nearest[:MOST_RINGS],
        mask=image.mask,
        variance=image.variance,
        chosen=ring,
        progress=progress,
        cancelled=cancelled,
    )
    if len(joint.rings) < 2:
        return result
    warnings = (*result.extra_warnings, *joint.warnings)
    return replace(result, joint=joint, extra_warnings=warnings)
