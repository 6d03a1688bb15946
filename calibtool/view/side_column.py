"""The column at the right: what is set, what is found, and OK or Cancel for it."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Field, Picture, Scene
from calibtool.view import inputs
from calibtool.view.command_button import CommandButton, CommandCheck
from calibtool.view.context import Context
from calibtool.view.display_panel import DisplayPanel
from calibtool.view.field_row import FieldRow, make_rows
from calibtool.view.inputs import FIXED_CENTER, Group
from calibtool.view.results import ResultsPanel
from calibtool.view.section import Column, Section
from calibtool.view.short_label import ShortLabel

WIDTH = 352


class SideColumn(ttk.Frame):
    """All inputs and results in sections, with OK and Cancel below them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        px = context.theme.px
        self.column = Column(self, context.theme, WIDTH)
        self.column.pack(side="top", fill="both", expand=True)
        self.rows: dict[str, FieldRow] = {}
        self.sections: dict[str, Section] = {}
        self._masked_text: str | None = None
        self._followers: list[CommandButton | CommandCheck | ResultsPanel | DisplayPanel] = []
        self._build_image()
        self.results = ResultsPanel(self._section("Results"), context)
        self.results.pack(fill="x")
        self._followers.append(self.results)
        self._build_export()
        self._build_group(inputs.PARAMETERS)
        self._build_center()
        self._build_group(inputs.DETECTOR)
        self._build_group(inputs.FIT)
        self.display = DisplayPanel(self._section("Display", opened=False), context)
        self.display.pack(fill="x")
        self._followers.append(self.display)
        ttk.Frame(self, style="Line.TFrame", height=1).pack(fill="x")
        foot = ttk.Frame(self, padding=(px(10), px(6)))
        foot.pack(side="bottom", fill="x")
        self._button(foot, "revert").pack(side="right")
        self._button(foot, "apply", style="Accent.TButton").pack(side="right", padx=px(6))
        self._picture: Picture | None = None

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for follower in self._followers:
            follower.show(scene)
        self._show_top(scene)
        for key, row in self.rows.items():
            row.show(scene.fields.get(key, Field(enabled=False)))
        name = scene.picture.name if scene.picture is not None else "no image"
        self._image_name.show(name)
        masked = scene.picture.masked_text if scene.picture is not None else ""
        if masked != self._masked_text:
            self._masked_text = masked
            self._masked.configure(text=masked)
            if masked:
                self._masked.grid()
            else:
                self._masked.grid_remove()
        fixed = scene.fields.get(FIXED_CENTER, Field(enabled=False))
        if self._fixed.get() != bool(fixed.text):
            self._fixed.set(bool(fixed.text))
        if self.fixed_box.instate(["disabled"]) == fixed.enabled:
            self.fixed_box.state(["!disabled" if fixed.enabled else "disabled"])

    def _show_top(self, scene: Scene) -> None:
        """Bring verdict and centre into view with each new image."""
        if scene.picture is not self._picture:
            self._picture = scene.picture
            self.column.to_top()

    def _section(self, title: str, *, opened: bool = True) -> ttk.Frame:
        section = Section(self.column.inside, self._context.theme, title, opened=opened)
        section.pack(fill="x")
        self.sections[title] = section
        return section.body

    def _button(
        self, parent: tk.Misc, name: str, text: str = "", style: str = "TButton"
    ) -> CommandButton:
        button = CommandButton(parent, self._context, name, text=text, style=style)
        self._followers.append(button)
        return button

    def _build_image(self) -> None:
        px = self._context.theme.px
        body = self._section(inputs.CALIBRANT.title)
        check = CommandCheck(body, self._context, "calibration_image")
        self._followers.append(check)
        check.grid(row=0, column=0, columnspan=4, sticky="w")
        line = ttk.Frame(body)
        line.grid(row=1, column=0, columnspan=4, sticky="ew", pady=px(2))
        self._image_name = ShortLabel(line, self._context.theme)
        self._image_name.pack(side="left", fill="x", expand=True)
        self._button(line, "unset").pack(side="right")
        self._button(line, "open", "Browse…").pack(side="right", padx=px(4))
        self._masked = ttk.Label(body, style="Muted.TLabel", wraplength=px(300))
        self._masked.grid(row=2, column=0, columnspan=4, sticky="w")
        self.rows |= make_rows(body, self._context, inputs.CALIBRANT.inputs, 3)
        line = ttk.Frame(body)
        line.grid(row=20, column=0, columnspan=4, sticky="ew", pady=(px(4), 0))
        self._button(line, "find", style="Accent.TButton").pack(side="left")
        self._button(line, "pick", "Set points by hand").pack(side="left", padx=px(6))

    def _build_export(self) -> None:
        px = self._context.theme.px
        line = ttk.Frame(self.sections["Results"].body)
        line.pack(fill="x", pady=(px(4), 0))
        self._button(line, "save").pack(side="left")
        self._button(line, "save_poni", ".poni").pack(side="left", padx=(px(6), 0))
        self._button(line, "report").pack(side="left", padx=px(6))
        self._button(line, "copy_plain").pack(side="left")

    def _build_group(self, group: Group) -> None:
        body = self._section(group.title, opened=group.opened)
        self.rows |= make_rows(body, self._context, group.inputs)

    def _build_center(self) -> None:
        body = self._section(inputs.CENTER.title)
        self._fixed = tk.BooleanVar(self, value=False)
        self.fixed_box = ttk.Checkbutton(
            body, text="Fixed centre, also for the next images", variable=self._fixed,
            command=self._fix,
        )
        self.fixed_box.grid(row=0, column=0, columnspan=4, sticky="w")
        self.rows |= make_rows(body, self._context, inputs.CENTER.inputs, 1)

    def _fix(self) -> None:
        self._context.actions.set_field(FIXED_CENTER, "1" if self._fixed.get() else "")
