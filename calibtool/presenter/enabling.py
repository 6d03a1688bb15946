"""Which commands can be used now, and which are ticked; those of the view itself it judges."""

from calibtool.model.exposure import Exposure
from calibtool.model.state.session import Session
from calibtool.presenter.state import State
from calibtool.scene import MASK_TOOLS

MASK_COMMANDS = (
    "mask_erase", "mask_wider", "mask_narrower", *(f"mask_{tool}" for tool in MASK_TOOLS),
)  # fmt: skip
ALWAYS = frozenset({
    "open", "open_raw", "load", "calibration_image", "show_mask", "corner_pixels", "dark", "tour",
    "step_back",
})  # fmt: skip
WITH_IMAGE = frozenset(
    {
        "draw_mask", "load_mask", "invert_mask", "load_dark", "load_flat", *MASK_COMMANDS,
        "unset", "previous", "next", "pick", "measure", "process_folder", "process_folder_as",
        "follow", "follow_address", "load_points", "one_click",
    }
)  # fmt: skip
WITH_RESULT = frozenset({"save", "save_poni", "export_poni", "export_musclex", "report"})


def enabled(state: State) -> frozenset[str]:
    """Return the names of the commands that do something now."""
    session = state.session
    image = session.image is not None
    has_fit = session.result is not None and session.fresh
    has_history = has_fit and session.result is not None and session.result.circle is not None
    rules = {
        "undo": state.timeline.can_undo,
        **_of_exposure(session.settings.exposure),
        "average": image and session.image is not None and session.image.n_frames > 1,
        "redo": state.timeline.can_redo,
        "remove": session.selected is not None,
        "find": image and session.enabled,
        "fit": len(session.points) >= 5,
        "done": session.picking,
        "cancel_picking": session.picking,
        "reset": bool(session.points),
        "save_points": bool(session.points),
        "export_history": has_history,
        "save_history": has_history,
        "fix_center": image or session.settings.fixed_center,
        "apply": has_fit and not _in_use(session),
        "revert": state.changed,
    }
    names = {name for name, yes in rules.items() if yes} | ALWAYS
    if image:
        names |= WITH_IMAGE
    if has_fit:
        names |= WITH_RESULT
    return frozenset(names)


def _of_exposure(exposure: Exposure) -> dict[str, bool]:
    drawn = bool(exposure.mask)
    return {
        "grow_mask": drawn,
        "clear_mask": drawn,
        "save_mask": drawn,
        "drop_corrections": bool(exposure.dark or exposure.flat),
    }


def _in_use(session: Session) -> bool:
    """Whether OK has put just this result and these settings in use."""
    used = session.applied
    return used is not None and used[0] is session.result and used[1] == session.settings


def checked(state: State) -> frozenset[str]:
    """Return the names of the commands that show a tick."""
    session, masking = state.session, state.masking
    rules = {
        "calibration_image": session.enabled,
        "pick": session.picking,
        "one_click": session.one_click,
        "fix_center": session.settings.fixed_center,
        "measure": state.measuring,
        "draw_mask": masking is not None,
        "average": session.settings.exposure.several,
        "mask_erase": masking is not None and masking.erase,
        **{f"mask_{tool}": masking is not None and masking.tool == tool for tool in MASK_TOOLS},
        "follow": state.following,
        "show_mask": state.display.show_mask,
        "corner_pixels": state.display.corner,
        "dark": state.display.dark,
    }
    return frozenset(name for name, yes in rules.items() if yes)
