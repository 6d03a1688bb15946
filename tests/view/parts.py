"""What a single panel needs to stand in a window of its own."""

import tkinter as tk

from calibtool.view.context import Context
from calibtool.view.icon_images import Icons
from calibtool.view.theme import Theme
from tests.view.recorder import Recorder


def context(root: tk.Tk, actions: Recorder) -> Context:
    theme = Theme(root)
    return Context(root, theme, Icons(root, theme), actions, lambda _name: None, actions.answer)
