"""What the strip shows: the unrolled image, where its rings are predicted, the points on it."""

import math

import numpy as np

from calibtool.model.pattern.geometry import Geometry
from calibtool.model.results import RingFit
from calibtool.model.state.session import Session
from calibtool.model.state.strip import shown_radius_px
from calibtool.presenter import marks
from calibtool.presenter.state import State
from calibtool.scene import PointMark, UnrolledPoint, UnrolledRing, UnrolledView


def unrolled(state: State, points: tuple[PointMark, ...]) -> UnrolledView:
    """Say what there is to see in the strip."""
    session, strip = state.session, state.strip
    if session.image is None or session.result is None or not session.fresh:
        return UnrolledView(whole=state.strip_whole)
    if strip is None or not strip.belongs_to(session, whole=state.strip_whole):
        return UnrolledView(wanted=True, whole=state.strip_whole)
    own = strip.unrolled
    return UnrolledView(
        mean=own.mean, low_px=own.low_px, high_px=own.high_px, whole=strip.whole,
        rings=tuple(ring for ring in _rings(session) if own.low_px < ring.radius_px < own.high_px),
        points=tuple(
            UnrolledPoint(point.number, *_unrolled(own.geometry, point.x, point.y), point.role)
            for point in points
        ),
        sectors=_sectors(session.result.ring, own.geometry),
    )  # fmt: skip


def _rings(session: Session) -> list[UnrolledRing]:
    result = session.result
    assert result is not None
    number = session.settings.ring
    label = "" if number is None else marks.ordinal(number)
    others = [UnrolledRing(mark.radius, mark.label) for mark in marks.orders(session)]
    return [UnrolledRing(shown_radius_px(result), label, shown=True), *others]


def _sectors(ring: RingFit | None, geometry: Geometry) -> tuple[tuple[float, float], ...]:
    """Where the ring was seen, sector by sector."""
    if ring is None:
        return ()
    radius = ring.radius_px + ring.sector_residual_px
    x = ring.center_x_px + radius * np.cos(ring.sector_azimuth_rad)
    y = ring.center_y_px + radius * np.sin(ring.sector_azimuth_rad)
    return tuple(_unrolled(geometry, *at) for at in zip(x.tolist(), y.tolist(), strict=True))


def _unrolled(geometry: Geometry, x: float, y: float) -> tuple[float, float]:
    """Azimuth in degrees and ring radius in px of a position."""
    azimuth = math.degrees(math.atan2(y - geometry.beam_y_px, x - geometry.beam_x_px))
    return azimuth, float(geometry.ring_radius(np.array(x), np.array(y)))
