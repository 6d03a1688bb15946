"""The tools of the mask, in a bar that is there only while one is drawn."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.commands import BY_NAME
from calibtool.view.context import Context
from calibtool.view.flow import Flow
from calibtool.view.runner import is_enabled
from calibtool.view.tool_bar import tip_of
from calibtool.view.tooltip import Tooltip
from calibtool.view.window_system import window_system

TOOLS = (
    "mask_rectangle", "mask_polygon", "mask_circle", "mask_wedge", "mask_brush", "mask_narrower",
    "mask_wider", "mask_erase", "invert_mask", "grow_mask", "clear_mask", "load_mask", "save_mask",
)  # fmt: skip
LEAVE = "draw_mask"


class MaskBar(ttk.Frame):
    """Buttons above the image, in as many lines as they need, and the one that leaves the mode."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(2)))
        self._context = context
        self._states: dict[str, tuple[bool, bool]] = {}
        leave = self._button(self, LEAVE, "TButton", "Done")
        leave.pack(side="right", anchor="n")
        flow = Flow(self, px(2))
        flow.pack(side="left", fill="x", expand=True)
        tools = [self._button(flow, name, "Toolbutton") for name in TOOLS]
        self.buttons = dict(zip((LEAVE, *TOOLS), (leave, *tools), strict=True))
        flow.arrange(tools)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for name, button in self.buttons.items():
            state = is_enabled(name, scene), name in scene.checked and name != LEAVE
            if state != self._states.get(name):
                self._states[name] = state
                button.state([
                    "!disabled" if state[0] else "disabled",
                    "selected" if state[1] else "!selected",
                ])

    def _button(self, parent: ttk.Frame, name: str, style: str, text: str = "") -> ttk.Button:
        command = BY_NAME[name]
        button = ttk.Button(
            parent, style=style, takefocus=False, text=text or command.short or command.label,
            command=lambda: self._context.run(name),
        )
        Tooltip(button, self._context.theme, lambda: tip_of(command, window_system(self)))
        return button
