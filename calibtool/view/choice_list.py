"""The list of a combobox as wide as its longest choice, where the box itself is narrower."""

import tkinter.font as tkfont
from tkinter import ttk

# What the list's frame and scroll bar take, px at 96 dpi.
BESIDE = 24


def widen_list(box: ttk.Combobox, scale: float) -> None:
    """Fit the list that is about to open; call it as the box's ``postcommand``.

    It grows to the right as far as the window goes, then to the left. ``scale``: pixels of this
    screen for one at 96 dpi.
    """
    font = tkfont.nametofont("TkDefaultFont", box)
    choices = box.tk.splitlist(box.cget("values"))
    longest = max((font.measure(str(choice)) for choice in choices), default=0)
    more = max(longest + round(BESIDE * scale) - box.winfo_width(), 0)
    top = box.winfo_toplevel()
    room = top.winfo_rootx() + top.winfo_width() - box.winfo_rootx() - box.winfo_width()
    # ttk reads the offsets from the style, so each box has one of its own.
    style = f"w{box.winfo_id()}.TCombobox"
    ttk.Style(box).configure(style, postoffset=(min(room - more, 0), 0, more, 0))
    box.configure(style=style)
