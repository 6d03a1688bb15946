"""What the strip shows: the unrolled image, where its rings are predicted, the points on it."""

import math

import numpy as np

from calibtool.model.pattern.geometry import Geometry
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
        points=tuple(_point(own.geometry, point) for point in points),
    )  # fmt: skip


def _rings(session: Session) -> list[UnrolledRing]:
    result = session.result
    assert result is not None
    number = session.settings.ring
    label = "" if number is None else marks.ordinal(number)
    others = [UnrolledRing(mark.radius, mark.label) for mark in marks.orders(session)]
    return [UnrolledRing(shown_radius_px(result), label, shown=True), *others]


def _point(geometry: Geometry, point: PointMark) -> UnrolledPoint:
    azimuth = math.degrees(
        math.atan2(point.y - geometry.beam_y_px, point.x - geometry.beam_x_px)
    )
    radius = float(geometry.ring_radius(np.array(point.x), np.array(point.y)))
    return UnrolledPoint(point.number, azimuth, radius, point.role)
