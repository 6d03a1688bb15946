"""All state the scene is made from: the timeline of sessions and what is on around it."""

from dataclasses import dataclass, replace

from calibtool.model.image import Image
from calibtool.model.state.session import Session
from calibtool.model.state.strip import Strip
from calibtool.model.state.undo import Timeline
from calibtool.picture import Display
from calibtool.scene import Busy, Curve, Masking, Notice, Table


@dataclass(frozen=True, eq=False)
class State:
    """Everything the scene is made from.

    ``timeline`` is what undo walks; the rest is not undone: the display, the running job,
    the notice, texts typed wrongly (``errors`` by field key: text and reason), the folder.
    ``previous`` is the last session with a result, of the image before.
    ``carried`` is the place of the timeline where the settings of the image before were taken
    over, ``strip`` the image unrolled last and ``strip_whole`` whether over all rings,
    ``tour`` the step of the first steps (0 where they are not shown),
    ``saved`` the session that was written to a file last, and ``closing`` says that the
    window may close.
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
    recent_calibrants: tuple[str, ...] = ()
    pattern: str = "*"
    drift_limit_px: float | None = None
    measuring: bool = False
    masking: Masking | None = None
    following: bool = False
    previous: Session | None = None
    carried: int | None = None
    saved: Session | None = None
    closing: bool = False
    strip: Strip | None = None
    strip_whole: bool = False
    tour: int = 0

    @property
    def session(self) -> Session:
        """The current session."""
        return self.timeline.current

    @property
    def changed(self) -> bool:
        """Whether the session differs from the one that was last put in use."""
        return self.base is not None and not _same(self.base, self.session)

    def push(self, session: Session) -> "State":
        """Take a step that can be undone; an old notice is done with."""
        if _same(session, self.session):
            return replace(self.amend(session), notice=None)
        # Half a point (the first of two clicks) is no state to come back to.
        before = _light(_at_rest(self.session), session)
        timeline = self.timeline.amend(before).push(session)
        carried = self.carried if self.timeline.cursor else None
        previous = self.previous if session.result is None else None
        return replace(
            self, timeline=timeline, carried=carried, notice=None, previous=previous
        )  # fmt: skip

    def amend(self, session: Session) -> "State":
        """Change the session without a step of its own."""
        return replace(self, timeline=self.timeline.amend(session))

    def undo(self) -> "State":
        """Go one step back, if there is one."""
        return self._walked(self.timeline.undo())

    def redo(self) -> "State":
        """Do again what was undone, if there is something."""
        return self._walked(self.timeline.redo())

    def _walked(self, timeline: Timeline[Session]) -> "State":
        """Take another place in the timeline; how points are set is no part of what is undone."""
        now = self.session
        before = self.timeline.amend(_light(_at_rest(now), timeline.current))
        there = replace(
            _at_rest(timeline.current), one_click=now.one_click, measured=now.measured
        )
        return replace(
            self,
            timeline=replace(before, cursor=timeline.cursor).amend(there),
            measuring=self.measuring and not there.picking,
            notice=None,
            errors=(),
        )

    def restart(self, session: Session, bare: Session | None = None) -> "State":
        """Begin a new timeline, as for a new image.

        ``bare`` is the session without what was kept from the image before; undo goes there.
        """
        kept = bare is not None and not _same(bare, session)
        timeline = Timeline((session,))
        if bare is not None and kept:
            timeline = Timeline((bare,)).push(session)
        now = self.session
        return replace(
            self, timeline=timeline, base=session, carried=1 if kept else None, saved=None,
            notice=None, errors=(), previous=self.previous if now.result is None else now,
            strip=None, tour=0,
        )  # fmt: skip

    @property
    def unsaved(self) -> bool:
        """Whether points or a calibration in use would be lost with the window."""
        now, saved = self.session, self.saved
        if not now.points and now.applied is None:
            return False
        return saved is None or not _same(replace(saved, picking=now.picking), now)

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


def _at_rest(session: Session) -> Session:
    """Return the session with no point half set."""
    return session if session.lens is None else replace(session, lens=None)


def _light(session: Session, other: Session) -> Session:
    """The session as it is kept where another one is shown: a mask is drawn again by its steps."""
    image = session.image
    if image is None or image is other.image or image.base is None:
        return session
    return replace(session, image=image.base)


def _unmasked(session: Session) -> Image | None:
    """The image without the mask that the settings make."""
    image = session.image
    return image if image is None or image.base is None else image.base


def _same(a: Session, b: Session) -> bool:
    """Whether two sessions differ in nothing that undo is about."""
    same_objects = _unmasked(a) is _unmasked(b) and a.result is b.result and a.applied is b.applied
    return same_objects and (a.points, a.picking, a.enabled, a.settings) == (
        b.points, b.picking, b.enabled, b.settings
    )  # fmt: skip


def new_state(display: Display | None = None) -> State:
    """State of a program just started."""
    return State(timeline=Timeline((Session(),)), display=display or Display())
