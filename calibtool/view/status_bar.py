"""The line at the bottom: what is under the pointer, and the job that runs."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Busy, Scene
from calibtool.view.context import Context


class StatusBar(ttk.Frame):
    """Position text at the left; text, progress bar and Cancel of the running job at the right."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(10), px(2), px(6), px(2)))
        self._busy: Busy | None = None
        self._text = ""
        self.position = ttk.Label(self, style="Status.TLabel", anchor="w", width=1)
        self.position.pack(side="left", fill="x", expand=True)
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

    def describe(self, text: str) -> None:
        """Show what is under the pointer."""
        if text != self._text:
            self._text = text
            self.position.configure(text=text)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        before, self._busy = self._busy, scene.busy
        if scene.busy == before:
            return
        if scene.busy is None:
            self.progress.stop()
            self.job.pack_forget()
            return
        self.text.configure(text=scene.busy.text)
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
