"""The line above the image: a quiet hint, or a notice with its buttons."""

import tkinter as tk
from tkinter import ttk

from calibtool.scene import Notice, Scene
from calibtool.view.context import Context

SYMBOLS = {"info": "ℹ", "warning": "▲", "error": "✖"}
DISMISS = "dismiss"
MOST_BUTTONS, MOST_LETTERS, LIST_LETTERS = 4, 48, 34


class GuideBar(ttk.Frame):
    """Keeps the height of two lines, so that the image does not move when a text comes."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(10), px(2), px(6), px(2)), style="hint.Guide.TFrame")
        self._context = context
        self._notice: Notice | None = None
        self._shown: tuple[Notice | None, str] | None = None
        self.rowconfigure(0, weight=1, minsize=2 * context.theme.linespace + px(4))
        self.columnconfigure(1, weight=1)
        self._symbol = ttk.Label(self, font="CalibtoolBold", style="hint.Guide.TLabel")
        self.text = ttk.Label(self, style="hint.Guide.TLabel", justify="left", anchor="w")
        self.text.grid(row=0, column=1, sticky="ew")
        self._buttons = ttk.Frame(self, style="hint.Guide.TFrame")
        self._buttons.grid(row=0, column=2, sticky="e")
        self.bind("<Configure>", lambda _event: self._wrap())
        self._buttons.bind("<Configure>", lambda _event: self._wrap())

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        now = (scene.notice, scene.hint)
        if now == self._shown:
            return
        self._shown = now
        notice = scene.notice
        kind = notice.level if notice is not None else "hint"
        for frame in (self, self._buttons):
            frame.configure(style=f"{kind}.Guide.TFrame")
        for label in (self.text, self._symbol):
            label.configure(style=f"{kind}.Guide.TLabel")
        self.text.configure(text=notice.text if notice is not None else scene.hint)
        if notice is not None:
            self._symbol.configure(text=SYMBOLS[notice.level])
            self._symbol.grid(row=0, column=0, padx=(0, self._context.theme.px(8)))
        else:
            self._symbol.grid_forget()
        if notice != self._notice:
            self._notice = notice
            self._make_buttons(notice)

    def _make_buttons(self, notice: Notice | None) -> None:
        for button in self._buttons.winfo_children():
            button.destroy()
        if notice is None:
            self._buttons.configure(width=1)
            return
        choices = notice.choices or ((DISMISS, "Close"),)
        if len(choices) > MOST_BUTTONS or sum(len(label) for _id, label in choices) > MOST_LETTERS:
            self._make_list(choices)
            return
        for choice, label in choices:
            ttk.Button(
                self._buttons, text=label,
                command=lambda choice=choice: self._context.actions.answer(choice),  # type: ignore[misc]
            ).pack(side="left", padx=(self._context.theme.px(6), 0))

    def _make_list(self, choices: tuple[tuple[str, str], ...]) -> None:
        """A list to choose from, where there are too many choices for buttons."""
        labels = [label for _id, label in choices]
        box = ttk.Combobox(
            self._buttons, values=labels, state="readonly",
            width=min(max(map(len, labels)), LIST_LETTERS),
        )
        box.set("Choose…")
        gap = self._context.theme.px(6)
        box.pack(side="left", padx=(gap, 0))
        box.bind("<<ComboboxSelected>>",
                 lambda _event: self._context.actions.answer(choices[box.current()][0]))
        ttk.Button(
            self._buttons, text="Close", command=lambda: self._context.actions.answer(DISMISS)
        ).pack(side="left", padx=(gap, 0))

    def _wrap(self) -> None:
        room = self.winfo_width() - self._buttons.winfo_reqwidth() - self._context.theme.px(48)
        self.text.configure(wraplength=max(room, self._context.theme.px(120)))
