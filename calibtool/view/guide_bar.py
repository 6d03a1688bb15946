"""A card over the image: a quiet hint, or a notice with its buttons; gone when there is neither."""

import tkinter as tk
import tkinter.font as tkfont
from tkinter import ttk

from calibtool.scene import Notice, Scene
from calibtool.view.context import Context
from calibtool.view.short_label import shortened
from calibtool.view.suggestions import widen_list
from calibtool.view.tooltip import Tooltip

SYMBOLS = {"info": "ℹ", "warning": "▲", "error": "✖"}
DISMISS = "dismiss"
MOST_BUTTONS, MOST_LETTERS, LIST_LETTERS = 4, 48, 28
MOST_LINES = 3
MOST_BESIDE = 2.5
"""Room for a notice, in widths of its buttons, that leaves none for its text beside them."""
MARGIN, NEAR = 8, 32
"""Px at 96 dpi from the edges of the image, and from the pointer that a hint makes way for."""


class GuideBar(ttk.Frame):
    """Floats over the image, so that this does not move when a text comes.

    Of a text too long for three lines the middle gives way; a tooltip has the whole. Buttons
    that would leave it little room stand below it.
    """

    def __init__(self, parent: tk.Misc, context: Context, over: tk.Misc) -> None:
        px = context.theme.px
        super().__init__(parent, padding=(px(10), px(4), px(6), px(4)), style="hint.Guide.TFrame")
        self._low = False
        self._context, self._over = context, over
        self._notice: Notice | None = None
        self._shown: tuple[Notice | None, str] | None = None
        self._whole = ""
        self._font = tkfont.nametofont("TkDefaultFont", self)
        self.columnconfigure(1, weight=1)
        self._symbol = ttk.Label(self, font="CalibtoolBold", style="hint.Guide.TLabel")
        self.text = ttk.Label(self, style="hint.Guide.TLabel", justify="left", anchor="w")
        self.text.grid(row=0, column=1, sticky="ew")
        Tooltip(self.text, context.theme,
                lambda: self._whole if self._whole != self.text.cget("text") else "")
        self._buttons = ttk.Frame(self, style="hint.Guide.TFrame")
        over.bind("<Configure>", lambda _event: self._wrap(), add="+")

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
        self._put()

    def make_way(self, y: float) -> None:
        """Let a hint go to the other end of the image when the pointer is near it."""
        px, height = self._context.theme.px, self._over.winfo_height()
        reach = px(MARGIN + NEAR) + self.winfo_reqheight()
        near = y > height - reach if self._low else y < reach
        if near and self._notice is None:
            self._low = not self._low
            self._put()

    def _put(self) -> None:
        margin = self._context.theme.px(MARGIN)
        if not self._whole:
            self.place_forget()
        elif self._notice is not None:
            self.place(in_=self._over, relx=0.0, rely=0.0, x=margin, y=margin, anchor="nw",
                       relwidth=1.0, width=-2 * margin)
        else:
            self.place(in_=self._over, relx=0.5, rely=float(self._low), x=0,
                       y=-margin if self._low else margin, anchor="s" if self._low else "n",
                       relwidth="", width="")

    def _make_buttons(self, notice: Notice | None) -> None:
        for button in self._buttons.winfo_children():
            button.destroy()
        if notice is None:
            self._buttons.configure(width=1)
            return
        choices = notice.choices or ((DISMISS, "Close"),)
        if notice.pictures:
            self._make_pictures(notice)
            return
        if len(choices) > MOST_BUTTONS or sum(len(label) for _id, label in choices) > MOST_LETTERS:
            self._make_list(choices)
            return
        for choice, label in choices:
            ttk.Button(
                self._buttons, text=label,
                command=lambda choice=choice: self._context.answer(choice),  # type: ignore[misc]
            ).pack(side="left", padx=(self._context.theme.px(6), 0))

    def _make_pictures(self, notice: Notice) -> None:
        """A button with a picture for each choice."""
        for (choice, label), picture in zip(notice.choices, notice.pictures, strict=True):
            button = ttk.Button(
                self._buttons, text=label, compound="top",
                command=lambda choice=choice: self._context.answer(choice),  # type: ignore[misc]
            )
            if picture is not None:
                head = f"P5 {picture.width} {picture.height} 255 ".encode()
                image = tk.PhotoImage(master=self, data=head + picture.pixels, format="ppm")
                button.configure(image=image)
                button.image = image  # type: ignore[attr-defined]
            button.pack(side="left", padx=(self._context.theme.px(6), 0))

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
        beside = sum(child.winfo_reqwidth() for child in self._buttons.winfo_children())
        px = self._context.theme.px
        room = self._over.winfo_width() - px(72)
        below = room < MOST_BESIDE * beside and self._font.measure(self._whole) > room - beside
        self._buttons.grid(row=int(below), column=1 if below else 2, sticky="e",
                           pady=(px(4), px(2)) if below else 0)
        room = max(room if below else room - beside, px(120))
        # Lines break at words, so that each is a little shorter than the room.
        text = shortened(self._whole, int((MOST_LINES - 0.5) * room), self._font.measure)
        self.text.configure(text=text, wraplength=room)
