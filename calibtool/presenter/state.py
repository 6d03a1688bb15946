"""All state the scene is made from: the timeline of sessions and what is on around it."""

from dataclasses import dataclass, replace

from calibtool.model.session import Session
from calibtool.model.undo import Timeline
from calibtool.scene import Busy, Curve, Display, Notice, Table


@dataclass(frozen=True, eq=False)
class State:
    """Everything the scene is made from.

    ``timeline`` is what undo walks; the rest is not undone: the display, the running job,
    the notice, texts typed wrongly (``errors`` by field key: text and reason), the folder.
    """

    timeline: Timeline[Session]
    display: Display = Display()
    busy: Busy | None = None
    notice: Notice | None = None
    errors: tuple[tuple[str, str, str], ...] = ()
    folder: tuple[str, ...] = ()
    series: Table = Table()
    drift: tuple[Curve, ...] = ()
    calibrants: tuple[str, ...] = ("AgBh",)
    detectors: tuple[str, ...] = ()
    base: Session | None = None
    recent: tuple[str, ...] = ()
    pattern: str = "*"
    drift_limit_px: float | None = None
    measuring: bool = False
    following: bool = False

    @property
    def session(self) -> Session:
        """The current session."""
        return self.timeline.current

    @property
    def changed(self) -> bool:
        """Whether the session differs from the one that was last put in use."""
        return self.base is not None and self.base is not self.session

    def push(self, session: Session) -> "State":
        """Take a step that can be undone; an old notice is done with."""
        if session is self.session:
            return self
        return replace(self, timeline=self.timeline.push(session), notice=None)

    def amend(self, session: Session) -> "State":
        """Change the session without a step of its own."""
        return replace(self, timeline=self.timeline.amend(session))

    def restart(self, session: Session) -> "State":
        """Begin a new timeline, as for a new image."""
        return replace(self, timeline=Timeline((session,)), base=session, notice=None, errors=())

    def working(self, text: str, fraction: float | None = None) -> "State":
        """Show that a job runs."""
        return replace(self, busy=Busy(text, fraction))

    def idle(self) -> "State":
        """Show that no job runs."""
        return replace(self, busy=None)

    def say(self, text: str, level: str = "info", *choices: tuple[str, str]) -> "State":
        """Show a notice."""
        notice = Notice(text, level, tuple(choices))  # type: ignore[arg-type]
        return replace(self, notice=notice)


def new_state(display: Display | None = None) -> State:
    """State of a program just started."""
    return State(timeline=Timeline((Session(),)), display=display or Display())
