"""What the photo of a canvas holds: a rim more than the canvas while the view is being panned.

Colouring a frame and sending it to the screen takes some milliseconds and, on a remote display,
all its bytes. Moving a photo the screen already has takes neither.
"""

from dataclasses import dataclass, replace

from calibtool.view.viewport import Viewport

RIM = 160
"""Screen pixels on each side. A wider rim lasts longer and takes longer to draw."""

WHOLE = 1e-3
"""A shift this close to whole screen pixels samples the same image pixels."""


@dataclass(frozen=True)
class Backing:
    """A drawn view and what it was drawn of (values that are equal when the pixels are)."""

    view: Viewport
    content: tuple[object, ...]

    def offset(self, view: Viewport, content: tuple[object, ...]) -> tuple[int, int] | None:
        """Canvas coordinate (x, y) of the photo's first pixel in a view.

        None where the view is of something else or not a pan by whole screen pixels.
        """
        if content != self.content or view.scale != self.view.scale:
            return None
        x, y = view.to_canvas(self.view.x0, self.view.y0)
        left, top = round(x), round(y)
        return (left, top) if max(abs(x - left), abs(y - top)) <= WHOLE else None

    def covers(self, view: Viewport, offset: tuple[int, int]) -> bool:
        """Whether the photo at this coordinate fills the canvas."""
        across = view.width - self.view.width <= offset[0] <= 0
        down = view.height - self.view.height <= offset[1] <= 0
        return across and down

    def touches(self, view: Viewport, offset: tuple[int, int]) -> bool:
        """Whether the photo at this coordinate is in the canvas, or beside it."""
        across = -self.view.width <= offset[0] <= view.width
        down = -self.view.height <= offset[1] <= view.height
        return across and down


def drawn(view: Viewport, content: tuple[object, ...], before: Backing | None) -> Backing:
    """What to have drawn for a view: what there is, or the view with a rim if it was panned."""
    offset = None if before is None else before.offset(view, content)
    if before is None or offset is None or not before.touches(view, offset):
        return Backing(view, content)
    return before if before.covers(view, offset) else Backing(_rimmed(view), content)


def _rimmed(view: Viewport) -> Viewport:
    x0, y0 = view.to_image(-RIM, -RIM)
    return replace(view, width=view.width + 2 * RIM, height=view.height + 2 * RIM, x0=x0, y0=y0)
