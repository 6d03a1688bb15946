"""Real events of mouse and keyboard, and waiting for what follows from them."""

import time
import tkinter as tk
from collections.abc import Callable

from calibtool.view.window_system import window_system

LEFT_DOWN = 0x100
MIDDLE_DOWN = 0x200


def settle(widget: tk.Misc) -> None:
    """Let all pending events, redraws and preparations happen."""
    widget.update()
    widget.update()


def wait_until(widget: tk.Misc, condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Run the event loop until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        widget.update()


def take_keys(root: tk.Tk) -> None:
    """Give a window the keys for good, wherever the pointer goes, as a window manager does.

    Without one the X server gives the keys to the window below the pointer. Tk then believes
    that it has the focus already and asks for nothing when it is forced: as soon as the pointer
    is elsewhere, each key is lost, and a test that waits for what it should do waits for ever.
    """
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.event_generate("<Motion>", x=-8, y=-8, warp=True)
        settle(root)
    (root.focus_lastfor() or root).focus_force()
    settle(root)


def move(widget: tk.Misc, x: int, y: int, state: int = 0) -> None:
    widget.event_generate("<Motion>", x=x, y=y, state=state, warp=state == 0)
    settle(widget)


def click(widget: tk.Misc, x: int, y: int, button: int = 1) -> None:
    move(widget, x, y)
    widget.event_generate(f"<ButtonPress-{button}>", x=x, y=y)
    widget.event_generate(f"<ButtonRelease-{button}>", x=x, y=y)
    settle(widget)


def drag(
    widget: tk.Misc, start: tuple[int, int], end: tuple[int, int], button: int = 1, steps: int = 4
) -> None:
    move(widget, *start)
    widget.event_generate(f"<ButtonPress-{button}>", x=start[0], y=start[1])
    state = LEFT_DOWN if button == 1 else MIDDLE_DOWN
    for k in range(1, steps + 1):
        x = start[0] + round((end[0] - start[0]) * k / steps)
        y = start[1] + round((end[1] - start[1]) * k / steps)
        move(widget, x, y, state)
    widget.event_generate(f"<ButtonRelease-{button}>", x=end[0], y=end[1], state=state)
    settle(widget)


def _notch(widget: tk.Misc) -> int:
    system = window_system(widget)
    return 1 if system.is_mac and system.tk_major < 9 else 120


def wheel(widget: tk.Misc, x: int, y: int, steps: int) -> None:
    """Turn the wheel; steps > 0 away from the user."""
    for _ in range(abs(steps)):
        if widget.tk.call("tk", "windowingsystem") == "x11":
            widget.event_generate("<ButtonPress-4>" if steps > 0 else "<ButtonPress-5>", x=x, y=y)
        else:
            delta = _notch(widget) if steps > 0 else -_notch(widget)
            widget.event_generate("<MouseWheel>", delta=delta, x=x, y=y)
        settle(widget)
