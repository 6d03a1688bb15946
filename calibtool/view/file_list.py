"""Tk's own file dialog, which X11 has: its list follows the theme, hidden files stay out.

Windows and macOS bring their own dialogs; there this does nothing.
"""

import tkinter as tk
from contextlib import suppress

from calibtool.view.palette import Palette

# The list has a white ground, writes in black and has the same size in pixels whatever the theme.
# A mixin repairs that where the list draws what is chosen, which it does last; ``next`` is what
# the list does by itself.
_MIXIN = """
oo::class create ::calibtool::FileList {
    method DrawSelection args {
        next {*}$args
        my variable canvas fill
        $canvas configure -background $::calibtool::fileListGround \
            -width $::calibtool::fileListWidth -height $::calibtool::fileListHeight
        set fill $::calibtool::fileListText
        foreach item [$canvas find all] {
            if {[$canvas type $item] eq "text" && "selectionText" ni [$canvas gettags $item]} {
                $canvas itemconfigure $item -fill $fill
            }
        }
    }
}
auto_load ::tk::IconList
oo::define ::tk::IconList mixin -append ::calibtool::FileList
"""
WIDTH, HEIGHT = 460, 190
"""Size of the list in px at 96 dpi."""
_HIDE = """
catch {tk_getOpenFile -no-such-option}
set ::tk::dialog::file::showHiddenBtn 1
set ::tk::dialog::file::showHiddenVar 0
"""


def prepare_file_dialogs(root: tk.Misc, scale: float) -> None:
    """Leave hidden files out of the list, with a button to show them; make the list follow.

    ``scale``: pixels of this screen for one at 96 dpi.
    """
    root.tk.eval("namespace eval ::calibtool {}")
    for name, length in (("fileListWidth", WIDTH), ("fileListHeight", HEIGHT)):
        root.tk.call("set", f"::calibtool::{name}", round(length * scale))
    if root.tk.call("tk", "windowingsystem") != "x11":
        return
    # What the dialog is made of is Tk's own affair; without it, it looks as Tk wants it.
    for script in (_HIDE, _MIXIN):
        with suppress(tk.TclError):
            root.tk.eval(script)


def colour_file_dialogs(root: tk.Misc, palette: Palette) -> None:
    """Give the list of the file dialog the colours of a palette."""
    root.tk.eval("namespace eval ::calibtool {}")
    root.tk.call("set", "::calibtool::fileListGround", palette.surface)
    root.tk.call("set", "::calibtool::fileListText", palette.text)
