"""The tools of the mask, in a bar that is there only while one is drawn."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.command_button import CommandButton
from calibtool.view.context import Context
from calibtool.view.panes import Flow

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
        leave = CommandButton(self, context, LEAVE, text="Done", takefocus=False)
        leave.pack(side="right", anchor="n")
        flow = Flow(self, px(2))
        flow.pack(side="left", fill="x", expand=True)
        tools = [
            CommandButton(flow, context, name, style="Toolbutton", takefocus=False)
            for name in TOOLS
        ]
        self.buttons = dict(zip((LEAVE, *TOOLS), (leave, *tools), strict=True))
        flow.arrange(tools)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for button in self.buttons.values():
            button.show(scene)
