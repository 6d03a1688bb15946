"""The image of a session unrolled, around the ring that is shown or over all rings."""

from dataclasses import dataclass

from calibtool.model.image import Image
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.unroll import Unrolled, unroll
from calibtool.model.results import RingFit
from calibtool.model.rings.annulus import measured
from calibtool.model.state.session import Result, Session

WIDTHS, LEAST_PX, MOST_PX = 2.5, 2.5, 8.0
"""How far the strip reaches to each side of the ring: in σ of its peak, within px."""
BELOW, ABOVE = 0.6, 1.08
"""Ends of the strip of all rings, as parts of the first and of the last radius."""


@dataclass(frozen=True, eq=False)
class Strip:
    """What was unrolled, and for which image and result; ``whole``: over all rings."""

    image: Image
    result: Result
    whole: bool
    unrolled: Unrolled

    def belongs_to(self, session: Session, *, whole: bool) -> bool:
        """Whether it shows the present image and result."""
        same = self.image is session.image and self.result is session.result
        return same and self.whole == whole


def geometry_of(result: Result) -> Geometry:
    """The geometry of all rings, else an upright detector around the circle's centre."""
    if result.pattern is not None:
        return result.pattern.geometry
    return Geometry(result.best.center_x_px, result.best.center_y_px)


def shown_radius_px(result: Result) -> float:
    """Ring radius of the ring whose numbers are shown."""
    pattern = result.pattern
    return result.best.radius_px if pattern is None else pattern.shown_ring.radius_px


def make_strip(image: Image, result: Result, *, whole: bool) -> Strip:
    """Unroll an image around its result."""
    shown = shown_radius_px(result)
    if whole:
        radii = [shown]
        if result.pattern is not None:
            radii = [ring.radius_px for ring in result.pattern.rings]
        span = BELOW * min(radii), ABOVE * max(radii)
    else:
        width = result.best.width_px if isinstance(result.best, RingFit) else 0.0
        reach = min(max(WIDTHS * width, LEAST_PX), MOST_PX)
        span = shown - reach, shown + reach
    return Strip(image, result, whole, unroll(measured(image), geometry_of(result), span))
