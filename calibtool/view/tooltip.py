"""A short text beside a widget while the mouse rests on it."""

import tkinter as tk
from collections.abc import Callable
from contextlib import suppress

from calibtool.view.theme import Theme
from calibtool.view.window_system import window_system

DELAY_MS, SHOWN_MS = 500, 8000
# Height of the line at the foot of the window, px at 96 dpi: what a job says there, and its
# Cancel, are never covered.
FOOT = 44
MAC_STYLE = ("::tk::unsupported::MacWindowStyle", "style", "help", "noActivates")


class Tooltip:
    """Shows ``text()`` below a widget after a moment; an empty text shows nothing.

    ``by_place``: the text depends on where in the widget the pointer rests.
    """

    def __init__(
        self, widget: tk.Misc, theme: Theme, text: Callable[[], str], *, by_place: bool = False
    ) -> None:
        self._widget, self._theme, self._text = widget, theme, text
        self._on_mac = window_system(widget).is_mac
        self._timer = ""
        self._window: tk.Toplevel | None = None
        for coming in ("<Enter>", "<Motion>") if by_place else ("<Enter>",):
            widget.bind(coming, self._wait, add="+")
        for leaving in ("<Leave>", "<ButtonPress>", "<Destroy>", "<Unmap>"):
            widget.bind(leaving, lambda _event: self.hide(), add="+")

    def show(self) -> None:
        """Show the text now."""
        self.hide()
        text = self._text()
        if not text:
            return
        palette, px = self._theme.palette, self._theme.px
        self._window = window = tk.Toplevel(self._widget, background=palette.line)
        window.wm_overrideredirect(True)
        if self._on_mac:
            # Or it takes the keys away from the field that is being typed in.
            with suppress(tk.TclError):
                window.tk.call(*MAC_STYLE[:2], window, *MAC_STYLE[2:])
        tk.Label(
            window, text=text, justify="left", wraplength=px(320), background=palette.surface,
            foreground=palette.text, font="CalibtoolSmall", padx=px(7), pady=px(4),
        ).pack(padx=1, pady=1)
        window.update_idletasks()
        x = min(self._widget.winfo_rootx() + px(8),
                window.winfo_screenwidth() - window.winfo_reqwidth() - px(4))
        below = self._widget.winfo_rooty() + self._widget.winfo_height() + px(4)
        above = self._widget.winfo_rooty() - window.winfo_reqheight() - px(4)
        top = self._widget.winfo_toplevel()
        foot = top.winfo_rooty() + top.winfo_height() - px(FOOT)
        fits = below + window.winfo_reqheight() < min(window.winfo_screenheight(), foot)
        window.wm_geometry(f"+{max(x, 0)}+{below if fits else above}")
        if self._on_mac:
            window.update_idletasks()
            window.lift()
        self._timer = self._widget.after(SHOWN_MS, self.hide)

    def hide(self) -> None:
        """Take the text away, and do not show it later."""
        if self._timer:
            self._widget.after_cancel(self._timer)
            self._timer = ""
        if self._window is not None:
            self._window.destroy()
            self._window = None

    def _wait(self, _event: "tk.Event[tk.Misc]") -> None:
        self.hide()
        self._timer = self._widget.after(DELAY_MS, self._show_later)

    def _show_later(self) -> None:
        self._timer = ""
        self.show()
