"""The line at the bottom: what is under the pointer, and the job that runs."""

import tkinter as tk
import tkinter.font as tkfont
from tkinter import ttk

from calibtool.scene import Busy, Scene
from calibtool.view.context import Context
from calibtool.view.short_label import shortened

# Px at 96 dpi: what lies between the parts, and what a job's text always has.
SPACES, LEAST = 56, 60


class StatusBar(ttk.Frame):
    """Position text at the left; text, progress bar and Cancel of the running job at the right.

    The position is always whole.
    """

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(10), px(2), px(6), px(2)))
        self._busy: Busy | None = None
        self._text = ""
        self.position = ttk.Label(self, style="Status.TLabel", anchor="w")
        self.position.pack(side="left")
        self._px = px
        self._font = tkfont.nametofont("TkDefaultFont", self)
        self.job = ttk.Frame(self)
        self.text = ttk.Label(self.job, style="Status.TLabel", anchor="e")
        self.progress = ttk.Progressbar(self.job, length=px(140), maximum=1.0)
        self.cancel = ttk.Button(
            self.job, text="Cancel", style="Small.TButton", command=lambda: context.run("stop")
        )
        self.text.pack(side="left", padx=px(8))
        self.progress.pack(side="left", padx=px(4))
        self.cancel.pack(side="left", padx=(px(6), 0))
        # The height of a button is kept, so that nothing moves when a job starts.
        ttk.Frame(self, height=context.theme.linespace + px(12), width=1).pack(side="right")
        self.bind("<Configure>", lambda _event: self._fit())

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
            self.progress.stop()
            self.job.pack_forget()
            return
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
            self.job.pack(side="right")

    def _fit(self) -> None:
        """Give the job's text the room that the position leaves; its middle gives way."""
        if self._busy is None:
            return
        beside = sum(w.winfo_reqwidth() for w in (self.position, self.progress, self.cancel))
        room = self.winfo_width() - beside - self._px(SPACES)
        text = shortened(self._busy.text, max(room, self._px(LEAST)), self._font.measure)
        if text != self.text.cget("text"):
            self.text.configure(text=text)
