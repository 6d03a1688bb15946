"""A field of the window entered: settings, and what follows from them in the session."""

from dataclasses import replace

from calibtool.io.numbers import parse_number
from calibtool.model.settings import FIT, Quantity, Settings
from calibtool.model.state.session import Session
from calibtool.presenter import State
from calibtool.tasks.entering import enter

MOST_CALIBRANTS = 5
REPLACES = {
    "wavelength": ("energy",),
    "energy": ("wavelength",),
    "calibrant": ("ring", "d_spacing"),
    "ring": ("d_spacing",),
    "d_spacing": ("calibrant", "ring"),
    "detector": ("pixel_size",),
    "pixel_size": ("detector",),
}
"""Fields whose value another one sets too."""


MATTERS = frozenset({
    "calibrant", "ring", "d_spacing", "wavelength", "energy", "pixel_size", "detector",
    "fixed_center", "center_x", "center_y",
})  # fmt: skip
"""Fields on which beam, distance, tilt or the rings' numbers depend."""


def entered_aside(state: State, key: str, text: str) -> State | None:
    """Return the state with a field of the series, which no undo goes back to; None for others.

    Raises
    ------
    InputError
        The text is not a value of this field.
    """
    text = text.strip()
    if key == "pattern":
        return replace(state, pattern=text or "*")
    if key == "drift_limit":
        limit = parse_number(text, "Drift limit", positive=True) if text else None
        return replace(state, drift_limit_px=limit)
    return None


def without_errors(state: State, keys: tuple[str, ...]) -> State:
    """State without wrong texts in some fields, whose values have just been set otherwise."""
    return replace(state, errors=tuple(e for e in state.errors if e[0] not in keys))


def with_recent(state: State, key: str) -> State:
    """State that remembers which calibrants were chosen lately."""
    name = state.session.settings.calibrant
    if key != "calibrant" or not name:
        return state
    others = (known for known in state.recent_calibrants if known != name)
    return replace(state, recent_calibrants=(name, *others)[:MOST_CALIBRANTS])


def with_remark(state: State, key: str) -> State:
    """State that tells when a detector chosen by hand was not taken."""
    settings = state.session.settings
    if key != "detector" or settings.detector:
        return state
    return state.say(settings.detector_source.removeprefix("default detector: "), "warning")


def entered(session: Session, key: str, text: str) -> Session:
    """Return the session with a field's value taken from what was typed.

    Raises
    ------
    InputError
        The text is not a value of this field.
    """
    shape = None if session.image is None else session.image.data.shape
    settings = enter(session.settings, key, text, shape=shape)
    if key == "fixed_center" and settings.fixed_center:
        settings = _center_from_result(settings, session)
    return replace(session, settings=settings)


def _center_from_result(settings: Settings, session: Session) -> Settings:
    """Fill an empty fixed centre with the one that was fitted."""
    if settings.center_x.value is not None or session.result is None:
        return settings
    (x, y), (sigma_x, sigma_y) = session.result.beam, session.result.sigma_beam
    return replace(
        settings, center_x=Quantity(x, sigma_x, FIT), center_y=Quantity(y, sigma_y, FIT)
    )
