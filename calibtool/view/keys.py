"""Which keys run commands, how they are written, and when a widget keeps them for itself."""

from calibtool.view.commands import COMMANDS
from calibtool.view.window_system import SHIFT, WindowSystem

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
_SIGNS = {"plus": "+", "minus": "−", "equal": "=", "period": "."}
_NAMES = {
    **_SIGNS, "Control": "Ctrl", "Prior": "PgUp", "Next": "PgDn", "Delete": "Del",
    "Escape": "Esc", "Return": "Enter",
}
_MAC_MENU_NAMES = {**_SIGNS, "minus": "-", "Prior": "PageUp", "Next": "PageDown"}
"""What the menus of a Mac know; they draw ⌘ and the like themselves."""

_MAC_NAMES = {
    **_SIGNS, "Command": "⌘", "Option": "⌥", "Shift": "⇧", "Control": "⌃", "Prior": "PageUp",
    "Next": "PageDown",
}


def kept_by_widget(widget_class: str, keysym: str, state: int, system: WindowSystem) -> bool:
    """Whether the focused widget needs the key itself, so that it must not run a command.

    Fields to type in keep everything but function keys and Control with other keys than
    those of editing; lists keep the keys that move in them. Shift and Control with an arrow
    are never kept by a list.
    """
    control = bool(state & system.control)
    if widget_class in _TYPING:
        if control:
            return keysym.lower() in _EDITING or keysym in _MOVING
        return not (keysym.startswith("F") and keysym[1:].isdigit())
    return not state & (system.control | SHIFT) and keysym in _OWN.get(widget_class, ())


_MOVING = frozenset({"Left", "Right", "Up", "Down", "Home", "End", "Delete", "BackSpace"})


def accelerator(pattern: str, system: WindowSystem) -> str:
    """A Tk event pattern as menus want it: ``<Control-o>`` is ``Ctrl+O``."""
    names = _MAC_MENU_NAMES if system.is_mac else _NAMES
    return "+".join(names.get(part, part) for part in _parts(system.pattern(pattern)))


def written(pattern: str, system: WindowSystem) -> str:
    """A Tk event pattern as it is written in a text: ``Ctrl+O``, on a Mac ``⌘O``."""
    if not system.is_mac:
        return accelerator(pattern, system)
    return "".join(_MAC_NAMES.get(part, part) for part in _parts(system.pattern(pattern)))


def _parts(pattern: str) -> list[str]:
    parts = pattern.strip("<>").replace("Key-", "").split("-")
    last = parts[-1]
    if len(last) == 1 and last.isalpha():
        if len(parts) > 1 and last.isupper():
            parts.insert(-1, "Shift")
        parts[-1] = last.upper()
    return parts


def key_list(system: WindowSystem) -> list[tuple[str, str]]:
    """All keys with what they do, for the help."""
    return [
        (", ".join(written(key, system) for key in command.keys), command.label.rstrip("…"))
        for command in COMMANDS
        if command.keys
    ]
