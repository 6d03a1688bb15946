"""What changed from one session to the next, in a word or two: the name of an undoable step."""

from calibtool.model.settings import Settings
from calibtool.model.state.session import Session

SETTINGS = {
    "calibrant": "calibrant",
    "wavelength": "wavelength",
    "distance": "distance",
    "pixel_size": "pixel size",
    "detector": "detector",
    "fixed_center": "fixed beam",
    "center_x": "fixed beam x",
    "center_y": "fixed beam y",
    "s10_px": "S10",
    "options": "fit settings",
    "ring": "ring",
    "d_spacing": "d-spacing",
}
"""Names of settings; where several changed together, the first of them gives the name."""


def change(before: Session, after: Session) -> str:
    """Name of the step from one session to another, empty where there is none to name."""
    if after.applied is not before.applied:
        return "calibration in use"
    if after.points != before.points:
        return _of_points(before, after)
    of_settings = _of_settings(before.settings, after.settings)
    if after.result is not before.result and (before.result is None or not of_settings):
        return _of_result(after)
    if of_settings:
        return of_settings
    if after.enabled != before.enabled:
        return "setting by calibration image"
    if after.picking != before.picking:
        return "begin of the selection" if after.picking else "end of the selection"
    return ""


def _of_points(before: Session, after: Session) -> str:
    old, new = before.points, after.points
    if not new:
        return "reset of the points"
    if len(new) == len(old) + 1 and new[:-1] == old:
        return f"point {len(new)}"
    if len(new) == len(old) - 1:
        gone = next((n for n, point in enumerate(new) if point != old[n]), len(new))
        return f"removal of point {gone + 1}"
    moved = [n for n, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b]
    if len(new) == len(old) and len(moved) == 1:
        return f"move of point {moved[0]}"
    return "change of the points"


def _of_result(after: Session) -> str:
    if after.result is None:
        return "removal of the result"
    return "fit of the points" if after.result.points else "rings found"


def _of_settings(before: Settings, after: Settings) -> str:
    names = [
        name for key, name in SETTINGS.items() if getattr(before, key) != getattr(after, key)
    ]
    return names[0] if names else "settings" if before != after else ""
