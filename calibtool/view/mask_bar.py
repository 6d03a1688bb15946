"""The tools of the mask, in a bar that is there only while one is drawn."""

from tkinter import ttk

from calibtool.scene import Scene
from calibtool.view.commands import BY_NAME
from calibtool.view.context import Context
from calibtool.view.runner import is_enabled
from calibtool.view.tool_bar import tip_of
from calibtool.view.tooltip import Tooltip

GROUPS = (
    ("mask_rectangle", "mask_polygon", "mask_circle", "mask_wedge", "mask_brush"),
    ("mask_narrower", "mask_wider"),
    ("mask_erase",),
    ("invert_mask", "grow_mask", "clear_mask"),
    ("load_mask", "save_mask"),
)


class MaskBar(ttk.Frame):
    """A row of buttons above the image, ended by the one that leaves the mode."""

    def __init__(self, parent: ttk.Frame, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(6), px(2)))
        self.buttons: dict[str, ttk.Button] = {}
        self._states: dict[str, tuple[bool, bool]] = {}
        for number, group in enumerate(GROUPS):
            if number:
                ttk.Frame(self, style="Line.TFrame", width=1).pack(
                    side="left", fill="y", padx=px(5), pady=px(5)
                )
            for name in group:
                self._add(context, name, "left", "Toolbutton")
        self._add(context, "draw_mask", "right", "TButton").configure(text="Done")

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for name, button in self.buttons.items():
            state = is_enabled(name, scene), name in scene.checked and name != "draw_mask"
            if state != self._states.get(name):
                self._states[name] = state
                button.state([
                    "!disabled" if state[0] else "disabled",
                    "selected" if state[1] else "!selected",
                ])

    def _add(self, context: Context, name: str, side: str, style: str) -> ttk.Button:
        command = BY_NAME[name]
        button = ttk.Button(
            self, style=style, takefocus=False, text=command.short or command.label,
            command=lambda: context.run(name),
        )
        button.pack(side=side, padx=1)  # type: ignore[arg-type]
        Tooltip(button, context.theme, lambda: tip_of(command))
        self.buttons[name] = button
        return button
