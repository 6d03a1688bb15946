"""The unrolled image: made in the background when it is looked at."""

from dataclasses import replace

from calibtool.controller.jobs import LongWork
from calibtool.controller.protocol import Controller
from calibtool.model.state.strip import Strip, make_strip
from calibtool.presenter import State
from calibtool.worker import Monitor

LANE = "unroll"


def unroll(c: "Controller", *, whole: bool) -> None:
    """Unroll the session's image, unless just this is under way or done."""
    changed = whole != c.state.strip_whole
    if changed:
        c.update(replace(c.state, strip_whole=whole))
    if not c.scene.unrolled.wanted or (c.busy_with(LANE) and not changed):
        return
    image, result = c.session.image, c.session.result
    assert image is not None
    assert result is not None

    def task(_monitor: Monitor) -> Strip:
        return make_strip(image, result, whole=whole)

    def take(state: State, strip: Strip) -> State:
        return replace(state, strip=strip)

    c.start(LANE, LongWork("", task, take))
