"""The line above the image: a quiet hint, or a notice with its buttons."""

import tkinter as tk
import tkinter.font as tkfont
from tkinter import ttk

from calibtool.scene import Notice, Scene
from calibtool.view.choice_list import widen_list
from calibtool.view.context import Context
from calibtool.view.short_label import shortened
from calibtool.view.tooltip import Tooltip

SYMBOLS = {"info": "ℹ", "warning": "▲", "error": "✖"}
DISMISS = "dismiss"
MOST_BUTTONS, MOST_LETTERS, LIST_LETTERS = 4, 48, 28
MOST_LINES = 3


class GuideBar(ttk.Frame):
    """Keeps the height of two lines, so that the image does not move when a text comes.

    Of a text too long for three lines the middle gives way; a tooltip has the whole.
    """

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(10), px(2), px(6), px(2)), style="hint.Guide.TFrame")
        self._context = context
        self._notice: Notice | None = None
        self._shown: tuple[Notice | None, str] | None = None
        self._whole = ""
        self._font = tkfont.nametofont("TkDefaultFont", self)
        self.rowconfigure(0, weight=1, minsize=2 * context.theme.linespace + px(4))
        self.columnconfigure(1, weight=1)
        self._symbol = ttk.Label(self, font="CalibtoolBold", style="hint.Guide.TLabel")
        self.text = ttk.Label(self, style="hint.Guide.TLabel", justify="left", anchor="w")
        self.text.grid(row=0, column=1, sticky="ew")
        Tooltip(self.text, context.theme,
                lambda: self._whole if self._whole != self.text.cget("text") else "")
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
        self._whole = notice.text if notice is not None else scene.hint
        if notice is not None:
            self._symbol.configure(text=SYMBOLS[notice.level])
            self._symbol.grid(row=0, column=0, padx=(0, self._context.theme.px(8)))
        else:
            self._symbol.grid_forget()
        if notice != self._notice:
            self._notice = notice
            self._make_buttons(notice)
        self._wrap()

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
                command=lambda choice=choice: self._context.answer(choice),  # type: ignore[misc]
            ).pack(side="left", padx=(self._context.theme.px(6), 0))

    def _make_list(self, choices: tuple[tuple[str, str], ...]) -> None:
        """A list to choose from, where there are too many choices for buttons."""
        labels = [label for _id, label in choices]
        box = ttk.Combobox(
            self._buttons, values=labels, state="readonly",
            width=min(max(map(len, labels)), LIST_LETTERS),
        )
        box.configure(postcommand=lambda: widen_list(box, self._context.theme.scale))
        box.set("Choose…")
        gap = self._context.theme.px(6)
        box.pack(side="left", padx=(gap, 0))
        box.bind("<<ComboboxSelected>>",
                 lambda _event: self._context.answer(choices[box.current()][0]))
        ttk.Button(
            self._buttons, text="Close", command=lambda: self._context.answer(DISMISS)
        ).pack(side="left", padx=(gap, 0))

    def _wrap(self) -> None:
        room = self.winfo_width() - self._buttons.winfo_reqwidth() - self._context.theme.px(48)
        room = max(room, self._context.theme.px(120))
        # Lines break at words, so that each is a little shorter than the room.
        text = shortened(self._whole, int((MOST_LINES - 0.5) * room), self._font.measure)
        self.text.configure(text=text, wraplength=room)
