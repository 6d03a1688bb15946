"""Which keys run commands, how they are written, and when a widget keeps them for itself."""

from calibtool.view.commands import COMMANDS

_TYPING = frozenset(
    {"Entry", "TEntry", "TCombobox", "TSpinbox", "Spinbox", "Text", "Listbox"}
)
_OWN: dict[str, frozenset[str]] = {
    "Treeview": frozenset({"Up", "Down", "Prior", "Next", "Home", "End", "space"}),
    "TNotebook": frozenset({"Left", "Right", "Up", "Down"}),
    "TButton": frozenset({"Return", "space"}),
    "TCheckbutton": frozenset({"Return", "space"}),
    "TScale": frozenset({"Left", "Right", "Up", "Down", "Home", "End"}),
    "Menu": frozenset({"Left", "Right", "Up", "Down", "Return", "space", "Escape"}),
}
_EDITING = frozenset({"c", "v", "x", "a", "z", "y"})
SHIFT, CONTROL, ALT = 0x1, 0x4, 0x20008
"""Bits of an event's state; Alt is another one on Windows."""
_NAMES = {
    "Control": "Ctrl", "Prior": "PgUp", "Next": "PgDn", "Delete": "Del", "plus": "+",
    "minus": "−", "equal": "=", "period": ".", "Escape": "Esc", "Return": "Enter",
}


def kept_by_widget(widget_class: str, keysym: str, state: int) -> bool:
    """Whether the focused widget needs the key itself, so that it must not run a command.

    Fields to type in keep everything but function keys and Control with other keys than
    those of editing; lists keep the keys that move in them. Shift and Control with an arrow
    are never kept by a list.
    """
    control = bool(state & CONTROL)
    if widget_class in _TYPING:
        if control:
            return keysym.lower() in _EDITING or keysym in _MOVING
        return not (keysym.startswith("F") and keysym[1:].isdigit())
    return not state & (CONTROL | SHIFT) and keysym in _OWN.get(widget_class, ())


_MOVING = frozenset({"Left", "Right", "Up", "Down", "Home", "End", "Delete", "BackSpace"})


def accelerator(pattern: str) -> str:
    """A Tk event pattern as it is written in menus: ``<Control-o>`` is ``Ctrl+O``."""
    parts = pattern.strip("<>").replace("Key-", "").split("-")
    last = parts[-1]
    if len(last) == 1 and last.isalpha():
        if len(parts) > 1 and last.isupper():
            parts.insert(-1, "Shift")
        parts[-1] = last.upper()
    return "+".join(_NAMES.get(part, part) for part in parts)


def key_list() -> list[tuple[str, str]]:
    """All keys with what they do, for the help."""
    return [
        (", ".join(accelerator(key) for key in command.keys), command.label.rstrip("…"))
        for command in COMMANDS
        if command.keys
    ]
