"""The mask: drawn with the mouse, loaded, inverted, grown; and dark, flat and frames beside it."""

import os
from collections.abc import Callable
from dataclasses import replace

from calibtool.controller import jobs
from calibtool.controller.protocol import Controller
from calibtool.errors import InputError
from calibtool.io.masks import write_mask
from calibtool.model.exposure import Exposure, MaskStep, StepKind
from calibtool.model.pixels.reasons import OF_MASK, reasons_of
from calibtool.model.state import editing
from calibtool.presenter.state import State
from calibtool.scene import MASK_TOOLS, Masking, MaskTool
from calibtool.tasks.exposing import loaded_mask, masked

GROWTH_PX = 1.0
WIDER = 1.5
NARROWEST_PX, WIDEST_PX = 1.0, 500.0


def toggle(c: "Controller") -> None:
    """Begin to draw a mask, or end it and measure what is left of the image."""
    if c.state.masking is not None:
        _leave(c)
    elif c.session.image is not None:
        session = replace(editing.stop_picking(c.session), measured=())
        state = replace(c.state.amend(session), measuring=False, masking=Masking())
        c.update(replace(state, display=replace(state.display, show_mask=True)))


def _leave(c: "Controller") -> None:
    c.update(replace(c.state, masking=None))
    c.find_again()


def tool(name: MaskTool) -> Callable[["Controller"], None]:
    """Return the command that takes a tool, and begins to draw where that is not on yet."""

    def command(c: "Controller") -> None:
        if c.state.masking is None:
            toggle(c)
        if c.state.masking is not None:
            c.update(replace(c.state, masking=replace(c.state.masking, tool=name)))

    return command


def erase(c: "Controller") -> None:
    """Take pixels off the mask with the tools, or add them again."""
    if c.state.masking is None:
        toggle(c)
    masking = c.state.masking
    if masking is not None:
        c.update(replace(c.state, masking=replace(masking, erase=not masking.erase)))


def width(factor: float) -> Callable[["Controller"], None]:
    """Return the command that makes the brush so many times as wide."""

    def command(c: "Controller") -> None:
        masking = c.state.masking
        if masking is not None:
            px = min(max(masking.width_px * factor, NARROWEST_PX), WIDEST_PX)
            c.update(replace(c.state, masking=replace(masking, width_px=px)))

    return command


def draw(c: "Controller", kind: StepKind, numbers: tuple[float, ...]) -> None:
    """Take a shape that was drawn; what its numbers are, `MaskStep` says."""
    erasing = c.state.masking is not None and c.state.masking.erase
    _add(c, MaskStep(kind, numbers, erase=erasing))


def invert(c: "Controller") -> None:
    """Mask what counts, and count what is masked by files or by hand."""
    _add(c, MaskStep("invert"))


def grow(c: "Controller") -> None:
    """Make the mask a pixel wider all around."""
    _add(c, MaskStep("grow", (GROWTH_PX,)))


def clear(c: "Controller") -> None:
    """Take the mask of files and of the hand away."""
    _take(c, ())


def load(c: "Controller", path: str) -> None:
    """Add the mask of a file."""
    image = c.session.image
    if image is not None:
        step = MaskStep("file", path=os.path.abspath(path))
        rows, columns = image.data.shape
        loaded_mask(step, (rows, columns))
        _add(c, step)


def save(c: "Controller", path: str) -> None:
    """Write the mask of files and of the hand."""
    image = c.session.image
    if image is None:
        raise InputError("There is no mask to be saved: open an image and draw one.")
    write_mask(path, (reasons_of(image) & OF_MASK) != 0, force=True)
    c.update(c.state.say(f"Mask saved: {path}"))


def remasked(state: State) -> State:
    """The state with the mask that its settings make drawn into its image."""
    session = state.session
    if session.image is None:
        return state
    image = masked(session.image, session.settings.exposure.mask)
    return state if image is session.image else state.amend(replace(session, image=image))


def _add(c: "Controller", step: MaskStep) -> None:
    _take(c, (*c.session.settings.exposure.mask, step))


def _take(c: "Controller", steps: tuple[MaskStep, ...]) -> None:
    session = c.session
    if session.image is None or steps == session.settings.exposure.mask:
        return
    exposure = replace(session.settings.exposure, mask=steps)
    c.push(
        replace(
            session,
            image=masked(session.image, steps),
            settings=replace(session.settings, exposure=exposure),
        )
    )
    if c.state.masking is None:
        c.find_again()


def load_dark(c: "Controller", path: str) -> None:
    """Take a dark frame off the image."""
    use(c, replace(c.session.settings.exposure, dark=os.path.abspath(path)))


def load_flat(c: "Controller", path: str) -> None:
    """Divide the image by a flat field."""
    use(c, replace(c.session.settings.exposure, flat=os.path.abspath(path)))


def drop_corrections(c: "Controller") -> None:
    """Use the image without dark and flat."""
    use(c, replace(c.session.settings.exposure, dark="", flat=""))


def average(c: "Controller") -> None:
    """Take the mean of all frames of the file, or the one frame again."""
    exposure = c.session.settings.exposure
    frames = None if exposure.several else (0, None)
    use(c, replace(exposure, frames=frames, combine="mean", files=()))


def use(c: "Controller", exposure: Exposure) -> None:
    """Make the image anew as this exposure says, where that is another than before."""
    if c.session.image is not None and exposure != c.session.settings.exposure:
        c.forget_jobs("fit")
        c.start("open", jobs.exposing(c.session, exposure))


COMMANDS: dict[str, Callable[["Controller"], None]] = {
    "draw_mask": toggle,
    "mask_erase": erase,
    "mask_wider": width(WIDER),
    "mask_narrower": width(1.0 / WIDER),
    "invert_mask": invert,
    "grow_mask": grow,
    "clear_mask": clear,
    "drop_corrections": drop_corrections,
    "average": average,
    **{f"mask_{name}": tool(name) for name in MASK_TOOLS},
}
PATH_COMMANDS: dict[str, Callable[["Controller", str], None]] = {
    "load_mask": load,
    "save_mask": save,
    "load_dark": load_dark,
    "load_flat": load_flat,
}
