"""Mouse events of a canvas as gestures: hover, click, drag, pan, wheel."""

import tkinter as tk

from calibtool.view.window_system import touchpad_notches, window_system

LEFT = 1
# Screen pixels (at 96 dpi) a press may move and still be a click.
CLICK_SLACK = 4
# A held key repeats as release and press; only a release that lasts this long counts.
REPEAT_MS = 40


class Gestures:
    """What a canvas does with the pointer: nothing by itself. Positions are canvas coordinates."""

    def hover(self, x: float, y: float) -> None:
        """Pointer moved, with or without a button."""

    def leave(self) -> None:
        """Pointer left the canvas."""

    def click(self, x: float, y: float) -> None:
        """Left button pressed and released in one place, which is where it was pressed."""

    def secondary(self, x: float, y: float) -> None:
        """Right button pressed, or Control and click on a Mac."""

    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Left button pressed at (x, y) and moved on to (to_x, to_y)."""

    def drop(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """End of a drag."""

    def pan(self, dx: float, dy: float) -> None:
        """Moved with the middle button, or with the left one and the space bar."""

    def wheel(self, steps: float, x: float, y: float) -> None:
        """Wheel turned: steps > 0 away from the user."""


class Pointer:
    """Binds the mouse of a canvas to gestures.

    A press that pans or drags never ends as a click.
    """

    def __init__(self, canvas: tk.Canvas, gestures: Gestures, unit: float) -> None:
        self._canvas = canvas
        self._gestures = gestures
        self._slack = CLICK_SLACK * unit
        self._pressed: tuple[int, int] | None = None
        self._last = (0, 0)
        self._mode = ""
        self._space = False
        self._space_end = ""
        self._system = system = window_system(canvas)
        for pattern, handler in (
            ("<Motion>", self._on_motion),
            ("<Leave>", self._on_leave),
            (f"<ButtonPress-{LEFT}>", self._on_press),
            (f"<ButtonRelease-{LEFT}>", self._on_release),
            *((pattern, self._on_secondary) for pattern in system.secondary),
            (f"<ButtonPress-{system.middle}>", self._on_pan_press),
            (f"<ButtonRelease-{system.middle}>", self._on_pan_release),
            ("<MouseWheel>", self._on_wheel),
            ("<ButtonPress-4>", self._on_wheel),
            ("<ButtonPress-5>", self._on_wheel),
        ):
            canvas.bind(pattern, handler)
        if system.is_mac:
            # Two fingers moved sideways; they neither zoom nor scroll.
            canvas.bind("<Shift-MouseWheel>", lambda _event: None)
        if system.has_touchpad_events:
            canvas.bind("<TouchpadScroll>", self._on_touchpad)
        top = canvas.winfo_toplevel()
        top.bind("<KeyPress-space>", self._on_space, add="+")
        top.bind("<KeyRelease-space>", self._on_space_up, add="+")

    def _on_motion(self, event: "tk.Event[tk.Misc]") -> None:
        here = (event.x, event.y)
        self._gestures.hover(*here)
        if self._mode == "pan":
            self._gestures.pan(here[0] - self._last[0], here[1] - self._last[1])
            self._last = here
        elif self._pressed is not None:
            start = self._pressed
            if max(abs(here[0] - start[0]), abs(here[1] - start[1])) > self._slack:
                self._mode = "drag"
            if self._mode == "drag":
                self._gestures.drag(*start, *here)

    def _on_leave(self, _event: "tk.Event[tk.Misc]") -> None:
        if self._pressed is None and not self._mode:
            self._gestures.leave()

    def _on_press(self, event: "tk.Event[tk.Misc]") -> None:
        self._canvas.focus_set()
        if self._mode == "pan":
            return
        if self._space:
            self._on_pan_press(event)
        else:
            self._pressed, self._mode = (event.x, event.y), ""

    def _on_release(self, event: "tk.Event[tk.Misc]") -> None:
        start, mode = self._pressed, self._mode
        self._pressed, self._mode = None, ""
        if start is None:
            return
        if mode == "drag":
            self._gestures.drop(*start, event.x, event.y)
        else:
            self._gestures.click(*start)

    def _on_secondary(self, event: "tk.Event[tk.Misc]") -> str:
        self._gestures.secondary(event.x, event.y)
        return "break"

    def _on_pan_press(self, event: "tk.Event[tk.Misc]") -> None:
        self._pressed, self._mode, self._last = None, "pan", (event.x, event.y)

    def _on_pan_release(self, _event: "tk.Event[tk.Misc]") -> None:
        self._mode = ""

    def _on_wheel(self, event: "tk.Event[tk.Misc]") -> None:
        self._gestures.wheel(self._system.notches(event), event.x, event.y)

    def _on_touchpad(self, event: "tk.Event[tk.Misc]") -> None:
        self._gestures.wheel(touchpad_notches(event.delta), event.x, event.y)

    def _on_space(self, _event: "tk.Event[tk.Misc]") -> None:
        if self._space_end:
            self._canvas.after_cancel(self._space_end)
            self._space_end = ""
        self._space = True

    def _on_space_up(self, _event: "tk.Event[tk.Misc]") -> None:
        self._space_end = self._canvas.after(REPEAT_MS, self._end_space)

    def _end_space(self) -> None:
        self._space_end, self._space = "", False
