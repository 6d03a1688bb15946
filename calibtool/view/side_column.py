"""The column at the right: what is found, what is set, and OK or Cancel for it."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Field, Scene
from calibtool.view import inputs
from calibtool.view.command_button import CommandButton, CommandCheck
from calibtool.view.context import Context
from calibtool.view.display_panel import DisplayPanel
from calibtool.view.field_row import SOURCE_WIDTH, FieldRow, make_rows
from calibtool.view.inputs import FIXED_CENTER, Group
from calibtool.view.number_rows import NumberRows
from calibtool.view.results import ResultsPanel
from calibtool.view.section import Column, Section
from calibtool.view.shell import COLUMN
from calibtool.view.short_label import ShortLabel


class SideColumn(ttk.Frame):
    """Results first, then inputs in sections, with OK and Cancel below them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        px = context.theme.px
        self.pack_propagate(False)
        self._name = ShortLabel(self, context.theme)
        self._name.pack(side="top", fill="x", padx=px(10), pady=(px(6), 0))
        self.column = Column(self, context.theme, COLUMN[0] - 14)
        self.rows: dict[str, FieldRow] = {}
        self.sections: dict[str, Section] = {}
        self._masked_text: str | None = None
        self._picture: object = None
        self._needs: frozenset[str] = frozenset()
        self._followers: list[CommandButton | CommandCheck | ResultsPanel | DisplayPanel] = []
        self.results = ResultsPanel(self.column.inside, context)
        self.results.pack(fill="x")
        self._followers.append(self.results)
        self.rows |= make_rows(self.results.between, context, inputs.CALIBRANT)
        # Their lists keep their width, whatever is said beside them.
        self.results.between.columnconfigure(3, minsize=px(SOURCE_WIDTH + 6))
        self._build_inputs()
        self.details = NumberRows(self._section("All numbers", opened=False), context)
        self.details.pack(fill="x")
        self._build_group(inputs.SAMPLE)
        self._build_group(inputs.FIT)
        self._build_image()
        self._build_foot()
        self.column.pack(side="top", fill="both", expand=True)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        for follower in self._followers:
            follower.show(scene)
        self.details.show(tuple(row for row in scene.results if row.detail))
        for key, row in self.rows.items():
            row.show(scene.fields.get(key, Field(enabled=False)))
        self._show_image(scene)
        self._show_fixed(scene)
        self._open_inputs(scene)

    def _show_image(self, scene: Scene) -> None:
        self._name.show(scene.picture.name if scene.picture is not None else "No image")
        masked = scene.picture.masked_text if scene.picture is not None else ""
        if masked != self._masked_text:
            self._masked_text = masked
            self._masked.configure(text=masked)

    def _show_fixed(self, scene: Scene) -> None:
        fixed = scene.fields.get(FIXED_CENTER, Field(enabled=False))
        if self._fixed.get() != bool(fixed.text):
            self._fixed.set(bool(fixed.text))
        if self.fixed_box.instate(["disabled"]) == fixed.enabled:
            self.fixed_box.state(["!disabled" if fixed.enabled else "disabled"])

    def _open_inputs(self, scene: Scene) -> None:
        """Open the inputs where one is missing; fold them for an image that needs none.

        Only then: what the user types must not fold what it is typed into.
        """
        needs = frozenset(
            key for key in inputs.NEEDED
            if (field := scene.fields.get(key)) is not None
            and (field.unconfirmed or field.error or not field.text)
        )
        new_image, self._picture = scene.picture is not self._picture, scene.picture
        if new_image:
            self.column.to_top()
        more, self._needs = bool(needs - self._needs), needs
        section = self.sections[inputs.INSTRUMENT.title]
        if scene.picture is not None and (new_image or more) and section.opened != bool(needs):
            section.toggle()

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

    def _build_group(self, group: Group) -> None:
        body = self._section(group.title, opened=group.opened)
        self.rows |= make_rows(body, self._context, group.inputs)

    def _build_inputs(self) -> None:
        group = inputs.INSTRUMENT
        body = self._section(group.title, opened=False)
        self.rows |= make_rows(body, self._context, group.inputs)
        below = 3 * len(group.inputs)
        self._fixed = tk.BooleanVar(self, value=False)
        self.fixed_box = ttk.Checkbutton(
            body, text="Fixed beam, also for the next images", variable=self._fixed,
            command=self._fix,
        )
        self.fixed_box.grid(row=below, column=0, columnspan=4, sticky="w")
        self.rows |= make_rows(body, self._context, inputs.CENTER, below + 1)

    def _build_image(self) -> None:
        px = self._context.theme.px
        body = self._section("Image and colours", opened=False)
        check = CommandCheck(body, self._context, "calibration_image")
        self._followers.append(check)
        check.pack(anchor="w")
        line = ttk.Frame(body)
        line.pack(fill="x", pady=px(2))
        self._button(line, "open", "Browse…").pack(side="left")
        self._button(line, "unset").pack(side="left", padx=px(6))
        self._masked = ttk.Label(body, style="Muted.TLabel")
        self._masked.pack(anchor="w", pady=px(2))
        self.display = DisplayPanel(body, self._context)
        self.display.pack(fill="x")
        self._followers.append(self.display)

    def _build_foot(self) -> None:
        px = self._context.theme.px
        foot = ttk.Frame(self, padding=(px(10), px(5)))
        foot.pack(side="bottom", fill="x")
        ttk.Frame(self, style="Line.TFrame", height=1).pack(side="bottom", fill="x")
        self._button(foot, "apply", style="Accent.TButton").pack(side="left")
        self._button(foot, "revert").pack(side="left", padx=px(6))
        self._button(foot, "save_poni", ".poni").pack(side="right")
        self._button(foot, "report").pack(side="right", padx=px(6))

    def _fix(self) -> None:
        self._context.actions.set_field(FIXED_CENTER, "1" if self._fixed.get() else "")
