"""How window systems differ in modifier keys, buttons, wheels, and what they must be told."""

import sys
import tkinter as tk
from contextlib import suppress
from typing import NamedTuple

SHIFT = 0x1
"""Bit of an event's state, the same everywhere."""

_CONTROL = 0x4
# Tk's Mod1 and Mod2: on Windows Mod1 is NumLock, on a Mac they are Command and Option.
_MOD1, _MOD2 = 0x8, 0x10
_WINDOWS_ALT = 0x20000

TOUCHPAD_NOTCH = 40.0
"""Screen pixels of a touchpad that are as much as one notch of a wheel."""
APPLICATION = "org.calibtool.calibtool"


# No dataclass: what makes those is more than the first paint may import.
class WindowSystem(NamedTuple):
    """One of Tk's window systems, ``name`` as Tk has it: x11, win32 or aqua."""

    name: str
    tk_major: int = 8

    @property
    def is_mac(self) -> bool:
        """Whether keys and mice are those of a Mac."""
        return self.name == "aqua"

    @property
    def control(self) -> int:
        """Bits of the state for the key of the commands: Control, on a Mac Command too."""
        return _CONTROL | _MOD1 if self.is_mac else _CONTROL

    @property
    def alt(self) -> int:
        """Bit of the state for Alt, on a Mac Option."""
        return {"win32": _WINDOWS_ALT, "aqua": _MOD2}.get(self.name, _MOD1)

    @property
    def secondary(self) -> tuple[str, ...]:
        """Event patterns of the right button; a Mac has Control and click besides."""
        if not self.is_mac:
            return ("<ButtonPress-3>",)
        return (f"<ButtonPress-{2 if self.tk_major < 9 else 3}>", "<Control-ButtonPress-1>")

    @property
    def middle(self) -> int:
        """Number of the middle button; Macs count it third before Tk 9."""
        return 3 if self.is_mac and self.tk_major < 9 else 2

    @property
    def has_touchpad_events(self) -> bool:
        """Whether two fingers on a touchpad come as events of their own."""
        return self.tk_major >= 9

    def pattern(self, pattern: str) -> str:
        """Event pattern of this system for one written with Control and Alt."""
        if not self.is_mac:
            return pattern
        return pattern.replace("Control-", "Command-").replace("Alt-", "Option-")

    def words(self, text: str) -> str:
        """A text with the names that the keys have here."""
        return text.replace("Ctrl", "Command").replace("Alt", "Option") if self.is_mac else text

    def notches(self, event: "tk.Event[tk.Misc]") -> float:
        """Notches that a wheel was turned away from the user, < 0 towards."""
        if event.num in (4, 5):
            return 1.0 if event.num == 4 else -1.0
        return event.delta / (1.0 if self.is_mac and self.tk_major < 9 else 120.0)


def window_system(widget: tk.Misc) -> WindowSystem:
    """The window system of a widget."""
    version = str(widget.tk.call("info", "patchlevel"))
    return WindowSystem(
        str(widget.tk.call("tk", "windowingsystem")), int(version.partition(".")[0])
    )


def touchpad_notches(delta: int) -> float:
    """Notches that two fingers moved up and down by, from Tk 9's ``<TouchpadScroll>``.

    Its ``delta`` holds two signed numbers of 16 bits in screen pixels, sideways and then along.
    """
    along = delta & 0xFFFF
    return (along - 0x10000 if along & 0x8000 else along) / TOUCHPAD_NOTCH


def introduce() -> None:
    """Draw in the screen's own pixels, and have an own place in the taskbar, on Windows.

    Otherwise the system draws the window at 96 dpi and stretches it, so that the image is
    blurred, and puts it among the windows of Python.
    """
    if sys.platform == "win32":
        import ctypes

        with suppress(AttributeError, OSError):
            ctypes.OleDLL("shcore").SetProcessDpiAwareness(1)
        with suppress(AttributeError, OSError):
            ctypes.OleDLL("shell32").SetCurrentProcessExplicitAppUserModelID(APPLICATION)
