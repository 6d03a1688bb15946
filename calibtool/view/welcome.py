"""What stands in the middle of the window while there is no image."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.command_button import CommandButton
from calibtool.view.context import Context

MOST = 5


class Welcome(ttk.Frame):
    """An invitation to open an image, with those opened lately, or to take the first steps."""

    def __init__(
        self, parent: tk.Misc, context: Context, open_path: Callable[[str], None]
    ) -> None:
        px = context.theme.px
        super().__init__(parent, padding=px(24))
        self._px, self._open_path = px, open_path
        self._recent_paths: tuple[str, ...] | None = None
        ttk.Label(self, text="Open the image of a calibrant", style="Bold.TLabel").pack()
        ttk.Label(
            self, text="Its rings give beam, distance and tilt.", style="Muted.TLabel"
        ).pack(pady=(px(4), px(14)))
        self.button = CommandButton(
            self, context, "open", text="Open image…", style="Accent.TButton"
        )
        self.button.pack()
        self.tour = CommandButton(self, context, "tour", text="First steps on a demo image")
        self._recent = ttk.Frame(self)
        self._names: list[ttk.Button] = []
        parent.bind("<Configure>", lambda event: self._fit(event.height), add="+")

    def show(self, scene: Scene) -> None:
        """Follow the scene: be there only without an image."""
        self.button.show(scene)
        self.tour.show(scene)
        if scene.picture is not None:
            self.place_forget()
            return
        if not self.winfo_manager():
            self.place(relx=0.5, rely=0.5, anchor="center")
            self._fit(self.master.winfo_height())
        if scene.recent != self._recent_paths:
            self._recent_paths = scene.recent
            self._fill(scene.recent[:MOST])

    def _fill(self, paths: tuple[str, ...]) -> None:
        for child in self._recent.winfo_children():
            child.destroy()
        self._names = []
        if not paths:
            self._recent.pack_forget()
            self.tour.pack(pady=(self._px(8), 0))
            return
        self.tour.pack_forget()
        self._recent.pack(pady=(self._px(14), 0))
        ttk.Label(self._recent, text="Opened lately", style="Muted.TLabel").pack(
            pady=(0, self._px(2))
        )
        for path in paths:
            self._names.append(ttk.Button(
                self._recent, text=Path(path).name, style="Toolbutton",
                command=lambda path=path: self._open_path(path),  # type: ignore[misc]
            ))
        self._fit(self.master.winfo_height())

    def _fit(self, room: int) -> None:
        """Show as many names as there is room for, and at least one."""
        if not self._names or not self.winfo_manager():
            return
        for button in self._names:
            button.pack_forget()
        self._names[0].pack(fill="x")
        self.update_idletasks()
        spare = room - self.winfo_reqheight()
        more = spare // max(self._names[0].winfo_reqheight(), 1)
        for button in self._names[1 : 1 + max(more, 0)]:
            button.pack(fill="x")
