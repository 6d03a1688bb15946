"""The measuring tool: distance from the beam centre, and the spacing of a pair of reflections."""

import math
from dataclasses import replace

from calibtool.controller.protocol import Controller
from calibtool.controller.reading import d_at
from calibtool.model.state.session import Session
from calibtool.presenter import State
from calibtool.presenter.marks import SPOTS


def measured(state: State, x: float, y: float) -> State:
    """Take a click of the measuring tool and say what it measures.

    The first click gives the distance from the centre, the second one the spacing of the
    pair, whose half is S10 when the two are the same reflection on both sides of the beam.
    """
    session = state.session
    spots = (*session.measured, (x, y)) if len(session.measured) == 1 else ((x, y),)
    state = state.amend(replace(session, measured=spots))
    named = zip(SPOTS, spots, strict=False)
    text = "; ".join(f"{name}: {_from_center(session, *spot)}" for name, spot in named)
    if len(spots) < 2:
        return state.say(f"{text}. Click the opposite reflection to measure the pair.")
    half = math.dist(*spots) / 2.0
    pair = f"the pair is {2.0 * half:.2f} px apart, S = {half:.2f} px{_d_text(session, half)}"
    return state.say(f"{text}; {pair}.", "info", (f"s10:{half!r}", "Use as S10"))


def use_as_s10(c: "Controller", value: str) -> None:
    """Take over a measured spacing that the user has accepted."""
    c.set_field("s10", value)


def _from_center(session: Session, x: float, y: float) -> str:
    circle = session.circle
    if circle is None:
        return f"x {x:.2f}, y {y:.2f} (no centre yet)"
    radius = math.hypot(x - circle.center_x_px, y - circle.center_y_px)
    return f"S = {radius:.2f} px{_d_text(session, radius)}"


def _d_text(session: Session, radius_px: float) -> str:
    circle = session.circle
    d = None if circle is None else d_at(session, circle, radius_px)
    return "" if d is None else f", d = {d:.5g} nm"
