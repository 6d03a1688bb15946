"""Several rings of one calibrant: the centre they share, and whether they do share it."""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import BoolArray, Circle, CircleLike, FloatArray
from calibtool.model.results import Cancelled, FitWarning, Progress, RingFit, read_only
from calibtool.model.rings.ring_refinement import refine_ring

IMPROBABLE = 1e-3
"""Centres differ where chance would make them differ as much less often than this."""

LEAST_DIFFERENCE_PX = 0.3
"""Centres closer than this count as one, however small their σ, which then is widened: hardly a
detector stands so straight that its rings agree to hundredths of a pixel."""

OTHER_RING = 0.02
"""A fit that moves the radius by more than this share went to another ring."""

DOUBTFUL = frozenset({"poor_fit", "weak_ring", "not_one_ring", "elliptical", "short_arc"})
"""Warnings of rings that are no fair circle of their own."""


@dataclass(frozen=True)
class JointFit:
    """The shared centre of several rings and the radius of each around it.

    Lengths in index pixels. ``rings`` are the rings' own fits, smallest first; ``radii_px``
    and ``sigma_radii_px`` (K,) the radii around the shared centre. ``covariance`` (2, 2) is
    that of the centre (x, y). ``chi2`` with ``freedom`` measures how far the rings' own
    centres differ. Where they differ (``consistent`` False) there is no shared centre: the
    centre is the chosen ring's own, the radii are each ring's own, and a warning says so.
    """

    center_x_px: float
    center_y_px: float
    sigma_center_x_px: float
    sigma_center_y_px: float
    covariance: FloatArray
    rings: tuple[RingFit, ...]
    radii_px: FloatArray
    sigma_radii_px: FloatArray
    chi2: float
    freedom: int
    consistent: bool
    warnings: tuple[FitWarning, ...] = ()


def fit_rings(
    data: NDArray[Any],
    rings: Sequence[CircleLike],
    *,
    mask: BoolArray | None = None,
    variance: NDArray[np.floating[Any]] | None = None,
    chosen: CircleLike | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> JointFit:
    """Fit every ring to all its pixels and join their centres.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.
    rings : sequence of CircleLike
        The rings, for example ``find_ring(data).rings``.
    mask : ndarray of bool, shape (H, W), optional
        True = ignore; None judges by the values.
    variance : ndarray, shape (H, W), optional
        Variance of each pixel's value, where it is known.
    chosen : CircleLike, optional
        The ring whose centre is kept where the centres differ (the one of nearest radius; a
        RingFit stands for itself and is not fitted again); None: the ring that knows its
        centre best.
    progress, cancelled : callable, optional
        See `calibtool.model.results`.

    Returns
    -------
    JointFit
        Rings that cannot be fitted well are left out; one ring alone is its own joint fit.

    Raises
    ------
    RingNotFoundError
        None of the rings can be fitted.
    """
    fits = [chosen] if isinstance(chosen, RingFit) else []
    for number, ring in enumerate(sorted(rings, key=lambda circle: circle.radius_px)):
        if any(_same(ring, fit) for fit in fits):
            continue
        if progress is not None:
            progress(number / len(rings), f"Fitting ring {number + 1} of {len(rings)}")
        with suppress(RingNotFoundError):
            fit = _own_fit(data, ring, mask, variance, cancelled)
            if not doubtful(fit) and not any(_same(fit, other) for other in fits):
                fits.append(fit)
    if not fits:
        raise RingNotFoundError(
            "None of the rings stands out well enough to be fitted: choose one ring, or expose "
            "longer."
        )
    return join(fits, chosen=chosen)


def doubtful(fit: RingFit) -> bool:
    """Whether a ring's own centre says nothing about that of others."""
    return any(warning.code in DOUBTFUL for warning in fit.warnings)


def _same(ring: CircleLike, fit: RingFit) -> bool:
    return abs(ring.radius_px - fit.radius_px) < 3.0 * fit.width_px


def _own_fit(
    data: NDArray[Any],
    ring: CircleLike,
    mask: BoolArray | None,
    variance: NDArray[np.floating[Any]] | None,
    cancelled: Cancelled | None,
) -> RingFit:
    start = Circle(ring.center_x_px, ring.center_y_px, ring.radius_px)
    fit = refine_ring(data, start, mask=mask, variance=variance, cancelled=cancelled)
    moved = abs(fit.radius_px - start.radius_px)
    if moved >= OTHER_RING * start.radius_px + 3.0 * fit.sigma_radius_px:
        raise RingNotFoundError(
            f"No ring of radius {start.radius_px:.1f} px was found: the fit went to another one; "
            "choose a ring that stands alone."
        )
    return fit


def join(fits: Sequence[RingFit], *, chosen: CircleLike | None = None) -> JointFit:
    """Join the centres of rings that have been fitted on their own.

    Each ring's radius is free, so what it knows of the centre is the (x, y) block of its
    covariance; the joint centre is the mean weighted by the inverses of these blocks, and
    each radius follows it by its own correlation with the centre.
    """
    fits = sorted(fits, key=lambda fit: fit.radius_px)
    centres = np.array([[fit.center_x_px, fit.center_y_px] for fit in fits])
    blocks = [np.asarray(fit.covariance)[:2, :2] for fit in fits]
    weights = [np.linalg.pinv(block, hermitian=True) for block in blocks]
    covariance = np.linalg.pinv(np.sum(weights, axis=0), hermitian=True)
    centre = covariance @ np.sum([w @ c for w, c in zip(weights, centres, strict=True)], axis=0)
    off = centres - centre
    chi2 = float(sum(o @ w @ o for o, w in zip(off, weights, strict=True)))
    freedom = 2 * (len(fits) - 1)
    apart = float(np.hypot(*(centres.max(axis=0) - centres.min(axis=0))))
    if freedom and _probability(chi2, freedom) < IMPROBABLE:
        if apart > LEAST_DIFFERENCE_PX:
            return _apart(fits, _chosen(fits, chosen), chi2, freedom)
        covariance = covariance * (chi2 / freedom)
    radii, sigmas = [], []
    for fit, weight, shift in zip(fits, weights, -off, strict=True):
        full = np.asarray(fit.covariance)
        lean = full[2, :2] @ weight
        radii.append(fit.radius_px + float(lean @ shift))
        own = max(float(full[2, 2] - lean @ full[:2, 2]), 0.0)
        sigmas.append(math.sqrt(own + float(lean @ covariance @ lean)))
    return JointFit(
        center_x_px=float(centre[0]),
        center_y_px=float(centre[1]),
        sigma_center_x_px=math.sqrt(covariance[0, 0]),
        sigma_center_y_px=math.sqrt(covariance[1, 1]),
        covariance=read_only(covariance),
        rings=tuple(fits),
        radii_px=read_only(radii),
        sigma_radii_px=read_only(sigmas),
        chi2=chi2,
        freedom=freedom,
        consistent=True,
    )


def _probability(chi2: float, freedom: int) -> float:
    """Chance of a χ² at least as large."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, chi2))


def _chosen(fits: Sequence[RingFit], chosen: CircleLike | None) -> RingFit:
    if chosen is None:
        return min(fits, key=lambda fit: fit.sigma_center_x_px**2 + fit.sigma_center_y_px**2)
    radius = chosen.radius_px
    return min(fits, key=lambda fit: abs(fit.radius_px - radius))


def _apart(fits: Sequence[RingFit], kept: RingFit, chi2: float, freedom: int) -> JointFit:
    """No shared centre: everything is each ring's own."""
    return JointFit(
        center_x_px=kept.center_x_px,
        center_y_px=kept.center_y_px,
        sigma_center_x_px=kept.sigma_center_x_px,
        sigma_center_y_px=kept.sigma_center_y_px,
        covariance=read_only(np.asarray(kept.covariance)[:2, :2]),
        rings=tuple(fits),
        radii_px=read_only([fit.radius_px for fit in fits]),
        sigma_radii_px=read_only([fit.sigma_radius_px for fit in fits]),
        chi2=chi2,
        freedom=freedom,
        consistent=False,
        warnings=(_centres_differ(fits, kept),),
    )


def _centres_differ(fits: Sequence[RingFit], kept: RingFit) -> FitWarning:
    dx = fits[-1].center_x_px - fits[0].center_x_px
    dy = fits[-1].center_y_px - fits[0].center_y_px
    return FitWarning(
        "centres_differ",
        f"The rings do not share a centre: from the smallest to the largest it moves by "
        f"({dx:+.2f}, {dy:+.2f}) px".replace("-", "−")
        + ", as it does where the detector is tilted. The centre kept is that of the ring of "
        f"radius {kept.radius_px:.1f} px; refine the tilt where this matters.",
    )
