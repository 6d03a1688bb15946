"""The steps of selecting points, as pure functions from session to session."""

from dataclasses import replace

from calibtool.model.image import Image
from calibtool.model.points.quick_circle import quick_circle
from calibtool.model.rings.point_refinement import refine_points
from calibtool.model.state.session import Point, Session


def start_picking(session: Session) -> Session:
    """Begin manual calibration; the points there are stay."""
    return replace(session, picking=True, lens=None)


def stop_picking(session: Session) -> Session:
    """End manual calibration; the points there are stay."""
    return replace(session, picking=False, lens=None)


def freeze_lens(session: Session, x: float, y: float) -> Session:
    """First click: hold the magnifier at (x, y)."""
    return replace(session, lens=(x, y), selected=None)


def release_lens(session: Session) -> Session:
    """Let the magnifier follow the cursor again."""
    return replace(session, lens=None)


def add_point(session: Session, x: float, y: float) -> Session:
    """Second click: a point at (x, y), moved to the ring where the image shows one."""
    point = refined_point(session, x, y)
    return _with_points(session, (*session.points, point), selected=len(session.points) + 1)


def move_point(session: Session, number: int, x: float, y: float) -> Session:
    """Put point ``number`` (from 1) at (x, y), refined again."""
    point = refined_point(session, x, y)
    points = tuple(point if n == number else p for n, p in enumerate(session.points, 1))
    return _with_points(session, points, selected=number)


def nudge_point(session: Session, number: int, dx: float, dy: float) -> Session:
    """Move point ``number`` by (dx, dy) px exactly; what is set by hand is not refined."""
    old = session.points[number - 1]
    x, y = old.x + dx, old.y + dy
    point = Point(clicked_x=x, clicked_y=y, x=x, y=y)
    points = tuple(point if n == number else p for n, p in enumerate(session.points, 1))
    return _with_points(session, points, selected=number)


def remove_point(session: Session, number: int) -> Session:
    """Remove point ``number``; the next one becomes selected."""
    points = session.points[: number - 1] + session.points[number:]
    return _with_points(session, points, selected=min(number, len(points)) or None)


def set_points(session: Session, points: tuple[Point, ...]) -> Session:
    """Replace all points."""
    return _with_points(session, points, selected=None)


def refined_point(session: Session, x: float, y: float) -> Point:
    """Point clicked at (x, y), moved to the ring's peak or edge if there is one."""
    if session.image is None:
        return Point(x, y, x, y)
    return refine_clicks(session.image, ((x, y),), session)[0]


def refine_clicks(
    image: Image, clicks: tuple[tuple[float, float], ...], session: Session
) -> tuple[Point, ...]:
    """Points for the clicked positions, each moved to the ring where there is one."""
    circle = session.circle
    options = session.settings.options
    found = refine_points(
        image.data,
        clicks,
        mask=image.mask,
        center=None if circle is None else (circle.center_x_px, circle.center_y_px),
        mode=options.mode,
        window_px=options.window_px,
    )
    return tuple(
        Point(cx, cy, float(x), float(y), bool(ok), float(sigma) if ok else None)
        for (cx, cy), (x, y), ok, sigma in zip(
            clicks, found.points, found.refined, found.sigma_px, strict=True
        )
    )


def _with_points(
    session: Session, points: tuple[Point, ...], *, selected: int | None
) -> Session:
    changed = replace(session, points=points, selected=selected, lens=None)
    return replace(changed, live=quick_circle(changed.xy()))
