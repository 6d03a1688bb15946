"""The line at the bottom: what is under the pointer, and the job that runs."""

import time
import tkinter as tk
import tkinter.font as tkfont
from tkinter import ttk

from calibtool.scene import Busy, Scene
from calibtool.view.context import Context
from calibtool.view.short_label import shortened

# Px at 96 dpi: what lies between the parts, what a job's text always has, and its bar.
SPACES, LEAST = 56, 60
SHORTEST, LONGEST = 40, 140
# How long it takes is said after so many seconds, and what is left from this part on.
TICK_MS, TOLD_AFTER_S, TOLD_FROM = 1000, 1.5, 0.05


class StatusBar(ttk.Frame):
    """Position text at the left; text, progress bar and Cancel of the running job at the right.

    Cancel is always whole, and so is the position as long as the rest can give way.
    """

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(10), px(1), px(6), px(1)))
        self._busy: Busy | None = None
        self._text = ""
        self._since = 0.0
        self._timer = ""
        self.position = ttk.Label(self, style="Status.TLabel", anchor="w")
        self.position.pack(side="left")
        self._px = px
        self._font = tkfont.nametofont("TkDefaultFont", self)
        self.job = ttk.Frame(self)
        self.text = ttk.Label(self.job, style="Status.TLabel", anchor="e")
        self.progress = ttk.Progressbar(self.job, length=px(LONGEST), maximum=1.0)
        self.cancel = ttk.Button(
            self.job, text="Cancel", style="Flat.TButton", command=lambda: context.run("stop")
        )
        self.text.pack(side="left", padx=px(8))
        self.progress.pack(side="left", padx=px(4))
        self.cancel.pack(side="left", padx=(px(6), 0))
        # The height of a button is kept, so that nothing moves when a job starts.
        ttk.Frame(self, height=self.cancel.winfo_reqheight(), width=1).pack(side="right")
        self.bind("<Configure>", lambda _event: self._fit())
        self.bind("<Destroy>", lambda _event: self._stop_clock(), add="+")

    def describe(self, text: str) -> None:
        """Show what is under the pointer."""
        if text != self._text:
            self._text = text
            self.position.configure(text=text)
            self._fit()

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        before, self._busy = self._busy, scene.busy
        if scene.busy == before:
            return
        if scene.busy is None:
            self._stop_clock()
            self.progress.stop()
            self.job.pack_forget()
            return
        if before is None:
            self._since = time.monotonic()
            self._timer = self.after(TICK_MS, self._tick)
        self._fit()
        known = scene.busy.fraction is not None
        if before is None or known != (before.fraction is not None):
            self.progress.stop()
            self.progress.configure(mode="determinate" if known else "indeterminate")
            if not known:
                self.progress.start(40)
        if scene.busy.fraction is not None:
            self.progress.configure(value=scene.busy.fraction)
        if before is None:
            self.job.pack(side="right", before=self.position)

    def _fit(self) -> None:
        """Give bar and text the room that the position leaves; the text's middle gives way."""
        if self._busy is None:
            return
        px, beside = self._px, self.position.winfo_reqwidth() + self.cancel.winfo_reqwidth()
        room = self.winfo_width() - beside - px(SPACES)
        bar = min(max(room - px(LEAST), px(SHORTEST)), px(LONGEST))
        if bar != self.progress.winfo_reqwidth():
            self.progress.configure(length=bar)
        whole = self._busy.text + self._duration(self._busy)
        text = shortened(whole, max(room - bar, px(LEAST)), self._font.measure)
        if text != self.text.cget("text"):
            self.text.configure(text=text)

    def _duration(self, busy: Busy) -> str:
        """How long the job takes still, or has taken, once it is long enough to be asked."""
        elapsed = time.monotonic() - self._since
        if elapsed < TOLD_AFTER_S:
            return ""
        if busy.fraction is not None and busy.fraction > TOLD_FROM:
            return f", about {_span(elapsed * (1.0 / busy.fraction - 1.0))} left"
        return f", {_span(elapsed)}"

    def _tick(self) -> None:
        self._timer = self.after(TICK_MS, self._tick)
        self._fit()

    def _stop_clock(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
            self._timer = ""


def _span(seconds: float) -> str:
    """Whole seconds, or minutes and seconds."""
    whole = max(round(seconds), 1)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d} min"
