"""Whether a ring is an ellipse, and whether it matters."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.results import Ellipse
from calibtool.model.rings.sectors import SectorView, likeness

SIGNIFICANT = 5.0
FEWEST_SECTORS = 8

MATTERS_PX = 0.3
"""Deviation from the circle in px that spoils a calibration: a good one is as true as that."""

MATTERS_SHARE = 3e-4
"""The same as a share of the radius: the d-spacing itself is no better known (AgBh)."""

TILT_DEG = 5.0
"""A detector that the beam misses often stands at such an angle."""


@dataclass(frozen=True)
class SecondHarmonic:
    """Deviation of the sectors from a circle, ``cosine·cos 2φ + sine·sin 2φ`` in px.

    ``significance`` in σ. ``shift`` (3,) is how far x, y, R of the circle move when the
    harmonic is fitted beside it; ``likeness`` the factor on its variance by neighbouring
    sectors that err alike, the harmonic taken away where it is significant. ``sigma_px`` is
    that of the harmonic in the direction in which it is told worst.
    """

    cosine: float
    sine: float
    significance: float
    shift: FloatArray
    likeness: float
    sigma_px: float = np.inf

    @property
    def significant(self) -> bool:
        """Whether it is more than the sectors' scatter."""
        return self.significance >= SIGNIFICANT

    @property
    def circle_error(self) -> FloatArray:
        """What x, y, R (3,) of a circle lack where the ring is none, in px."""
        return np.abs(self.shift) if self.significant else np.zeros(3)

    def hides_tilt(self, radius_px: float) -> bool:
        """Whether the ellipse of a tilted detector would pass for a circle here.

        A tilt τ makes semi-axes R and R/cos τ, a harmonic of R·τ²/4.
        """
        return bool(self.sigma_px * SIGNIFICANT > 0.25 * radius_px * np.radians(TILT_DEG) ** 2)

    def ellipse(self, radius_px: float) -> Ellipse | None:
        """Semi-axes R ± amplitude; None where the harmonic is not significant."""
        if not self.significant:
            return None
        half = float(np.hypot(self.cosine, self.sine))
        mean = radius_px + float(self.shift[2])
        orientation = float(np.degrees(0.5 * np.arctan2(self.sine, self.cosine))) % 180.0
        return Ellipse(mean + half, mean - half, orientation)


def matters(ellipse: Ellipse) -> bool:
    """Whether the ring is so far from a circle that somebody should care."""
    half = 0.5 * (ellipse.semi_major_px - ellipse.semi_minor_px)
    mean = 0.5 * (ellipse.semi_major_px + ellipse.semi_minor_px)
    return half > max(MATTERS_PX, MATTERS_SHARE * mean)


def second_harmonic(sectors: SectorView, factor: float) -> SecondHarmonic:
    """Fit the second harmonic of the sectors' residuals beside a free circle.

    Parameters
    ----------
    sectors : SectorView
        Residuals from the fitted circle.
    factor : float
        On the σ of the sectors.
    """
    kept = sectors.kept
    sigma = factor * np.hypot(np.where(kept, sectors.sigma, 1.0), sectors.extra_px)
    alike = likeness(sectors.residual, sigma, kept)
    none = SecondHarmonic(0.0, 0.0, 0.0, np.zeros(3), alike)
    if np.count_nonzero(kept) < FEWEST_SECTORS:
        return none
    phi = sectors.azimuth
    columns = (np.cos(phi), np.sin(phi), np.ones_like(phi), np.cos(2 * phi), np.sin(2 * phi))
    design = np.stack(columns, axis=1)
    weight = np.where(kept, 1.0 / sigma**2, 0.0)
    normal = design.T @ (design * weight[:, None])
    if np.linalg.cond(normal) > 1e10:
        return none
    inverse = np.linalg.inv(normal)
    fitted = inverse @ (design.T @ (weight * sectors.residual))
    rest = likeness(sectors.residual - design @ fitted, sigma, kept)
    chi2 = float(fitted[3:] @ np.linalg.solve(inverse[3:, 3:], fitted[3:])) / rest
    significance = float(np.sqrt(max(chi2 - 2.0, 0.0)))
    return SecondHarmonic(
        cosine=float(fitted[3]),
        sine=float(fitted[4]),
        significance=significance,
        shift=_shift(design, weight, sectors.residual),
        likeness=rest if significance >= SIGNIFICANT else alike,
        sigma_px=float(np.sqrt(np.linalg.eigvalsh(inverse[3:, 3:])[-1] * rest)),
    )


def _shift(design: FloatArray, weight: FloatArray, residual: FloatArray) -> FloatArray:
    """How far x, y, R move (3,) with a harmonic of the size it may well have beside them.

    Held to that size, because on an arc harmonic and centre can hardly be told apart.
    """
    held = np.diag([0.0, 0.0, 0.0, MATTERS_PX**-2, MATTERS_PX**-2])
    normal = design.T @ (design * weight[:, None]) + held
    return np.asarray(np.linalg.solve(normal, design.T @ (weight * residual))[:3])
