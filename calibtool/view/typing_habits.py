"""What users expect of every field to type in, where Tk has other habits."""

import tkinter as tk

WHEEL = ("<MouseWheel>", "<Shift-MouseWheel>", "<Button-4>", "<Button-5>")


def teach(root: tk.Tk) -> None:
    """Set the habits for all windows of the program, its file dialogs included."""
    if root.tk.call("tk", "windowingsystem") == "x11":
        # Tk has Emacs's beginning of the line there; elsewhere it has this already.
        for key in ("<Control-Key-a>", "<Control-Lock-Key-A>"):
            root.event_delete("<<LineStart>>", key)
            root.event_add("<<SelectAll>>", key)
    for widget_class in ("TCombobox", "TSpinbox"):
        for event in WHEEL:
            # The wheel scrolls; it never changes a value that came under it by chance.
            root.unbind_class(widget_class, event)
