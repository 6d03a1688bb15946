"""What Windows must be told before the first window: the pixels are ours, and so is the name."""

import sys
from contextlib import suppress

APPLICATION = "org.calibtool.calibtool"


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
