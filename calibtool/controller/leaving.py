"""The end of the program, with a question where something would be lost."""

from dataclasses import replace

from calibtool.controller.protocol import Controller
from calibtool.presenter import State

CHOICES = (("run:save", "Save…"), ("leave:", "Close without saving"), ("dismiss", "Stay"))


def may_leave(c: "Controller") -> bool:
    """Whether the window may close at once; asks where something would be lost.

    Who asks to close again while the question stands has answered it.
    """
    question = _question(c)
    asked = c.state.notice is not None and c.state.notice.text == question
    if not question or asked:
        return True
    c.update(c.state.say(question, "warning", *CHOICES))
    return False


def leave(c: "Controller", _value: str) -> None:
    """Close without saving, as the user has decided."""
    c.stop()
    c.update(replace(c.state, closing=True))


def _question(c: "Controller") -> str:
    parts = []
    if c.busy_with("series"):
        parts.append("The series is not done; the images measured so far are kept in its table.")
    if c.state.unsaved:
        parts.append(f"{_unsaved(c.state)} not saved.")
    return " ".join(parts)


def _unsaved(state: State) -> str:
    count = len(state.session.points)
    if count == 0:
        return "The calibration in use is"
    return "The point is" if count == 1 else f"The {count} points are"
