"""The first steps: three notices on the demo image, each of which leads on or can be skipped."""

from calibtool.presenter.state import State
from calibtool.scene import Notice

STEPS = (
    "The rings were found by themselves. Two thin lines enclose the peak of a ring; hold H to see "
    "the bare image, turn the wheel to look closer.",
    "Read the verdict in the column first, then beam, distance and tilt with their σ. A warning "
    "opens at a click and says what helps.",
    "Press OK to use this calibration: the status line then tells d, 2θ and q at the pointer. "
    "Save keeps all of it; F1 opens the manual.",
)


def notice(state: State) -> Notice | None:
    """The step that is to be read now; the last one is done when a calibration is in use."""
    step, last = state.tour, len(STEPS)
    if not step or state.busy is not None or (step == last and state.session.applied is not None):
        return None
    go_on = ((f"tour:{step + 1}", "Next"), ("tour:0", "Skip"))
    return Notice(
        f"First steps, {step} of {last}: {STEPS[step - 1]}",
        choices=go_on if step < last else (("tour:0", "Close"),),
    )
