"""From an image to the whole pattern: look, align, recognise, fit, judge."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.finding import ready_mask
from calibtool.model.inputs import as_circle, as_image, as_mask, as_whole
from calibtool.model.look.hot_pixels import hot_pixels
from calibtool.model.look.looking import look
from calibtool.model.look.sight import SeenRing, Sight
from calibtool.model.pattern.align import Alignment
from calibtool.model.pattern.fitting import believed_fit, levelled, lies_on_rings
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.identify import identified
from calibtool.model.pattern.judge import judged
from calibtool.model.pattern.known import Known
from calibtool.model.pattern.lines import Lines
from calibtool.model.pattern.noise import first_noise
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.pattern.peaks import Peak
from calibtool.model.pattern.start import Seen, Start, seen_from, seen_near
from calibtool.model.rings.annulus import Measured

FEWEST_SPOTTY = 3
"""Radii at which spots crowd around one centre from which on they are an answer, though a doubtful
one."""

NOTHING_KNOWN = Known()
NOTHING = (
    "No ring found: nothing in the image stands out as a circle; choose an image with a visible "
    "ring, or click at least five points on the ring."
)


def calibrate(
    data: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    catalogue: Sequence[Lines] = (),
    known: Known = NOTHING_KNOWN,
    near: Any = None,
    variance: NDArray[Any] | None = None,
    seed: int = 0,
) -> PatternFit:
    """Beam, distance and tilt from all rings of an image, with σ.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Intensities.
    mask : array_like of bool, shape (H, W), optional
        True = ignore. None: judged from the values.
    catalogue : sequence of Lines
        Calibrants among which the pattern's is recognised.
    known : Known
        Wavelength, pixel size, calibrant and what is to be held.
    near : (float, float, float) or Geometry, optional
        Centre (x, y) and radius in px of a ring, or a geometry, to begin from.
    variance : ndarray, shape (H, W), optional
        Variance of each pixel where it is known.
    seed : int
        Seed of random choices.

    Raises
    ------
    RingNotFoundError
        There is no ring that could be trusted.
    InputError
        An argument cannot be used.
    """
    as_whole(seed, "seed", 0)
    image = as_image(data)
    ignore = ready_mask(image, as_mask(mask, data, image))
    ignore[hot_pixels(image, ignore)] = True
    measured = Measured(image, ignore, variance)
    seen = _seen(measured, near, seed)
    seen = levelled(measured, seen, known, given=isinstance(near, Geometry))
    identity = identified(seen, catalogue, known)
    whole = seen.whole()
    if not identity.sure and len(whole.rings) < len(seen.rings):
        # What looks like two rings may be one that wavers, or of a sample at two distances.
        again = identified(whole, catalogue, known)
        if again.sure:
            seen, identity = whole, again
    doubtful = seen.doubtful and not identity.sure
    if doubtful and not (seen.spotty and len(seen.sure) >= FEWEST_SPOTTY):
        raise RingNotFoundError(NOTHING)
    hypothesis, fitted, tilted = believed_fit(measured, seen, identity, known, near)
    if doubtful and not lies_on_rings(fitted):
        raise RingNotFoundError(NOTHING)
    return judged(seen, identity, hypothesis, fitted, known, tilted=tilted)


def _seen(measured: Measured, near: Any, seed: int) -> Seen:
    ignore = np.asarray(measured.ignore)
    noise = first_noise(measured.data, ignore)
    if isinstance(near, Geometry):
        seen = seen_near(measured, noise, near)
    else:
        circle = None if near is None else as_circle(near, "near")
        sights = look(
            measured.data, ignore, near=circle, variance=measured.variance, seed=seed
        )
        if not sights:
            raise RingNotFoundError(NOTHING)
        seen = seen_from(measured, noise, [_start_of(sight) for sight in sights])
        doubtful = not sights[0].certain
        seen = replace(seen, doubtful=doubtful, spotty=doubtful and bool(sights[0].rings))
    if not seen.peaks:
        raise RingNotFoundError(NOTHING)
    return seen


def _start_of(sight: Sight) -> Start:
    return Start(
        Alignment(
            sight.center_x_px, sight.center_y_px, sight.tau_x_per_px, sight.tau_y_per_px
        ),
        tuple(map(_peak, sight.rings)),
        certain=sight.certain,
    )


def _peak(ring: SeenRing) -> Peak:
    """A ring of the first look that the profile does not show as a peak of its own."""
    sigma = ring.width_px / max(ring.snr, 1.0)
    strength = ring.amplitude * ring.width_px
    return Peak(ring.radius_px, sigma, ring.width_px, ring.snr, strength, ring.coverage,
                ring.visible)  # fmt: skip


