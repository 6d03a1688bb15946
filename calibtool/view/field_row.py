"""One input with its label, unit, source and error; what is typed is never lost."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Field
from calibtool.view.context import Context
from calibtool.view.inputs import Input
from calibtool.view.suggestions import Suggestions, meant, widen_list
from calibtool.view.tooltip import Tooltip

TAKEN = "<<Taken>>"
"""Event of an input whose value was taken: the keys are for the image again."""

SOURCE_WIDTH = 74
LONG = 22


class FieldRow:
    """Rows of a grid for one input, starting at ``row`` (it takes three rows of four columns).

    A value is handed on by Return, when the focus leaves, and when it is chosen from a list;
    with Return and the list it gives the keys away. While the user types, a scene does not change
    the text; Escape brings back the old one.
    """

    def __init__(self, parent: tk.Misc, context: Context, spec: Input, row: int) -> None:
        self._context, self._spec = context, spec
        self._field = Field()
        self._handing_on = False
        self._handed: str | None = None
        self._popdown: str | None = None
        theme = context.theme
        gap = theme.px(2)
        self.text = tk.StringVar(parent)
        self.label = ttk.Label(parent, text=spec.label)
        self.label.grid(row=row, column=0, sticky="w", padx=(0, theme.px(8)), pady=gap)
        self.widget = self._make(parent)
        # Names are long, and have no unit.
        wide = 3 if spec.kind == "search" else 1
        self.widget.grid(row=row, column=1, columnspan=wide, sticky="ew", pady=gap)
        self.unit = ttk.Label(parent, style="Status.TLabel")
        if wide == 1:
            self.unit.grid(row=row, column=2, sticky="w", padx=(theme.px(5), 0))
        self.source = ttk.Label(parent, style="Muted.TLabel", wraplength=theme.px(SOURCE_WIDTH))
        self.error = ttk.Label(parent, style="Error.TLabel", wraplength=theme.px(300))
        self._row, self._parent = row, parent
        parent.bind("<Configure>", lambda _event: self._wrap(), add="+")
        self._place_source("")
        for widget in (self.label, self.widget, self.source):
            Tooltip(widget, theme, self._tip)
        self.widget.bind("<Return>", self._on_return)
        self.widget.bind("<KP_Enter>", self._on_return)
        self.widget.bind("<FocusOut>", lambda _event: self._left())
        self.widget.bind("<Escape>", self._on_escape)
        self.suggestions = (
            Suggestions(self.widget, theme, lambda: self._field.choices, self._take)
            if spec.kind == "search" else None
        )

    def show(self, field: Field) -> None:
        """Follow the field of a scene."""
        before, self._field = self._field, field
        # What was handed on comes back as the program writes it, or with an error as it was.
        if self._handing_on or (field != before and not self._typing(before)):
            self.text.set(field.text)
        if field == before:
            return
        self._handed = None
        if isinstance(self.widget, ttk.Combobox) and field.choices != before.choices:
            self.widget.configure(values=field.choices)
        self.widget.state(["!disabled" if field.enabled else "disabled"])
        self.unit.configure(text=field.unit)
        self._show_source(field)
        self.widget.state(["invalid" if field.error else "!invalid"])
        if field.error:
            self.error.configure(text=field.error)
            self.error.grid(row=self._row + 2, column=0, columnspan=4, sticky="w",
                            pady=(0, self._context.theme.px(3)))
        else:
            self.error.grid_forget()

    def commit(self) -> None:
        """Hand on what was typed, once, if it differs from what is known."""
        text = self.text.get()
        if self._spec.kind != "read" and text not in (self._field.text, self._handed):
            self._handing_on, self._handed = True, text
            try:
                self._context.actions.set_field(self._spec.key, text)
            finally:
                self._handing_on = False

    def has_focus(self) -> bool:
        """Whether the user is in this input."""
        # By name: a menu that is open has the focus in a copy that tkinter does not know.
        return str(self.widget.tk.call("focus", "-displayof", self.widget)) == str(self.widget)

    def _make(self, parent: tk.Misc) -> ttk.Entry:
        kind = self._spec.kind
        if kind in ("entry", "read"):
            only_read = kind == "read"
            return ttk.Entry(
                parent, textvariable=self.text, width=9, takefocus=not only_read,
                state="readonly" if only_read else "normal",
                style="Read.TEntry" if only_read else "TEntry",
            )
        box = ttk.Combobox(
            parent, textvariable=self.text, width=9, height=16,
            state="readonly" if kind == "choice" else "normal",
            postcommand=lambda: self._prepare_list(box),
        )
        self._popdown = str(box.tk.call("ttk::combobox::PopdownWindow", box))
        box.bind("<<ComboboxSelected>>", self._on_chosen)
        self._context.theme.follow(lambda palette: _colour_list(box, palette.surface, palette.text,
                                                                palette.accent, palette.on_accent))
        return box

    def _typing(self, before: Field) -> bool:
        return self.has_focus() and self.text.get() != before.text

    def _prepare_list(self, box: ttk.Combobox) -> None:
        if self.suggestions is not None:
            self.suggestions.hide()
        widen_list(box, self._context.theme.scale)

    def _on_return(self, _event: "tk.Event[tk.Misc]") -> str:
        self._complete()
        self.commit()
        self._give_back()
        return "break"

    def _complete(self) -> None:
        """Take the name that is marked in the list, or the one that the text stands for."""
        if self.suggestions is None:
            return
        name = self.suggestions.marked or meant(self.text.get(), self._field.choices)
        self.suggestions.hide()
        if name is not None and self.text.get() != self._field.text:
            self.text.set(name)

    def _take(self, name: str) -> None:
        self.text.set(name)
        self.commit()
        self._give_back()

    def _left(self) -> None:
        """Hand on what was typed, but not while the user chooses from the list below it."""
        listing = self._popdown is not None and self.widget.tk.getboolean(
            self.widget.tk.call("winfo", "ismapped", self._popdown)
        )
        if not listing:
            self._complete()
            self.commit()

    def _on_chosen(self, _event: "tk.Event[tk.Misc]") -> None:
        self.commit()
        self.widget.selection_clear()
        self._give_back()

    def _give_back(self) -> None:
        """Let go of the keys, unless something here is to be corrected: a letter is a command."""
        if self._field.error:
            self.widget.selection_range(0, "end")
        else:
            self.widget.event_generate(TAKEN)

    def _on_escape(self, _event: "tk.Event[tk.Misc]") -> str:
        if self.suggestions is not None:
            self.suggestions.hide()
        self.text.set(self._field.text)
        self._give_back()
        return "break"

    def _show_source(self, field: Field) -> None:
        asked = field.unconfirmed and field.source and not field.source.endswith(".")
        text = f"{field.source} ?" if asked else field.source
        if field.unconfirmed and not text:
            text = "to confirm"
        self.source.configure(
            text=text, style="Unconfirmed.TLabel" if field.unconfirmed else "Muted.TLabel"
        )
        self._place_source(text)

    def _place_source(self, text: str) -> None:
        """Put a short text beside the input, a longer one below it."""
        px = self._context.theme.px
        if not text:
            self.source.grid_remove()
        elif len(text) > LONG or self._spec.kind == "search":
            self._wrap()
            self.source.grid(row=self._row + 1, column=1, columnspan=3, sticky="w", padx=0)
        else:
            self.source.configure(wraplength=px(SOURCE_WIDTH))
            self.source.grid(row=self._row, column=3, columnspan=1, sticky="e", padx=(px(6), 0))

    def _wrap(self) -> None:
        """Break a source that stands below the input where the column ends."""
        if len(str(self.source.cget("text"))) > LONG or self._spec.kind == "search":
            room = self._parent.winfo_width() - self.widget.winfo_x() - self._context.theme.px(4)
            width = max(room, self._context.theme.px(SOURCE_WIDTH))
            if str(self.source.cget("wraplength")) != str(width):
                self.source.configure(wraplength=width)

    def _tip(self) -> str:
        if self._field.error:
            # It would cover the reason, which is what matters now.
            return ""
        parts = [self._field.tip or self._spec.tip]
        if self._field.unconfirmed:
            parts.append("A default or a guess: please confirm or change it.")
        return "\n".join(part for part in parts if part)


def _colour_list(box: ttk.Combobox, *colours: str) -> None:
    """Colour the list of a combobox, which may have been made under another theme."""
    popdown = box.tk.call("ttk::combobox::PopdownWindow", box)
    background, foreground, chosen, on_chosen = colours
    box.tk.call(
        f"{popdown}.f.l", "configure", "-background", background, "-foreground", foreground,
        "-selectbackground", chosen, "-selectforeground", on_chosen,
    )


def make_rows(
    parent: tk.Misc, context: Context, inputs: tuple[Input, ...], first_row: int = 0
) -> dict[str, FieldRow]:
    """Rows for some inputs below one another, by key."""
    parent.columnconfigure(1, weight=1, minsize=context.theme.px(84))
    return {
        spec.key: FieldRow(parent, context, spec, first_row + 3 * index)
        for index, spec in enumerate(inputs)
    }
