"""The state of the program: one frozen value, changed by ``replace``."""

from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import Circle, CircleLike, FloatArray
from calibtool.model.exposure import Exposure
from calibtool.model.image import Image
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.results import CircleFit, FitWarning, Moved, RingFit
from calibtool.model.settings import Settings


@dataclass(frozen=True)
class Point:
    """A selected point in index pixels: where it was clicked and where it is taken to be."""

    clicked_x: float
    clicked_y: float
    x: float
    y: float
    refined: bool = False
    sigma_px: float | None = None


OF_THE_IMAGE = frozenset({"saturated", "centre_far_outside", "ring_not_used", "many_outliers"})
"""What a fit of one ring warns of that holds for the whole pattern."""

OF_POINTS = frozenset({"too_few_points", "short_arc", "large_gap", "elliptical"})
"""What the whole ring knows better than the points that led to it."""


@dataclass(frozen=True, eq=False)
class Result:
    """What a fit gave.

    ``points`` are the points it belongs to (empty: found without a click). ``circle`` is the
    fit of the points, ``ring`` the fit of the whole ring; the ring's numbers come first.
    ``pattern`` is the fit of all rings with one geometry, None where the image shows none:
    what is said of beam, distance, tilt and calibrant is its. ``moved`` is the way from the
    calibration it started from, ``exposure`` of what the image was made (None: as it is now).
    """

    points: tuple[Point, ...] = ()
    circle: CircleFit | None = None
    ring: RingFit | None = None
    pattern: PatternFit | None = None
    extra_warnings: tuple[FitWarning, ...] = ()
    center_source: str = "fit"
    moved: Moved | None = None
    exposure: Exposure | None = None

    @property
    def best(self) -> CircleFit | RingFit:
        """The fit whose numbers the user gets."""
        fit = self.ring or self.circle
        if fit is None:
            raise ValueError("a result has a fit")
        return fit

    @property
    def beam(self) -> tuple[float, float]:
        """Where the beam hits, (x, y) in index pixels: the pattern's, else the circle's centre."""
        if self.pattern is not None:
            return self.pattern.beam_x_px, self.pattern.beam_y_px
        return self.best.center_x_px, self.best.center_y_px

    @property
    def sigma_beam(self) -> tuple[float, float]:
        """σ of the beam in x and y, in px."""
        if self.pattern is not None:
            return self.pattern.sigma_beam_x_px, self.pattern.sigma_beam_y_px
        return self.best.sigma_center_x_px, self.best.sigma_center_y_px

    @property
    def warnings(self) -> tuple[FitWarning, ...]:
        """All warnings, each code once, the final fit's first.

        Where the whole ring was measured, it does not matter how many points led to it, nor
        which part of it they showed; and where several rings were, what is wrong with one of
        them does not spoil the pattern.
        """
        parts = [fit.warnings for fit in (self.ring, self.circle) if fit is not None]
        if self.ring is not None:
            parts[1:] = [tuple(w for w in part if w.code not in OF_POINTS) for part in parts[1:]]
        if self.pattern is not None:
            if len(self.pattern.rings) > 1:
                parts = [tuple(w for w in part if w.code in OF_THE_IMAGE) for part in parts]
            parts = [self.pattern.warnings, *parts]
        merged = {w.code: w for part in reversed([*parts, self.extra_warnings]) for w in part}
        order = [w.code for part in [*parts, self.extra_warnings] for w in part]
        return tuple(merged[code] for code in dict.fromkeys(order))


@dataclass(frozen=True, eq=False)
class Session:
    """Image, settings, points and results, and where the user is in the selection.

    ``enabled`` is the check box "Setting by calibration image". ``lens`` is the position at
    which the magnifier is frozen between the two clicks. ``applied`` is the session's result
    and settings that OK has put in use, and ``live`` the circle through the present points.
    """

    image: Image | None = None
    enabled: bool = True
    settings: Settings = Settings()
    points: tuple[Point, ...] = ()
    selected: int | None = None
    picking: bool = False
    one_click: bool = False
    lens: tuple[float, float] | None = None
    live: Circle | None = None
    result: Result | None = None
    applied: tuple[Result, Settings] | None = None
    measured: tuple[tuple[float, float], ...] = ()

    @property
    def fresh(self) -> bool:
        """Whether the result belongs to the present image and points (found: to none)."""
        return self.of_image and self.result is not None and self.result.points == self.points

    @property
    def of_image(self) -> bool:
        """Whether the result was measured under the present mask, dark, flat and frames."""
        now = self.settings.exposure
        return self.result is not None and self.result.exposure in (None, now)

    @property
    def circle(self) -> CircleLike | None:
        """The circle to judge positions by: the fresh result, else the live one, else the old."""
        if self.result is not None and (self.fresh or self.live is None):
            return self.result.best
        return self.live

    def xy(self) -> FloatArray:
        """Positions of the points, shape (N, 2) as (x, y)."""
        return np.array([(p.x, p.y) for p in self.points], dtype=np.float64).reshape(-1, 2)
