"""What every panel of the window needs: the look, the actions, and the commands."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from calibtool.view.actions import Actions
from calibtool.view.icon_images import Icons
from calibtool.view.theme import Theme


@dataclass(frozen=True)
class Context:
    """Shared by the panels.

    ``run`` runs a command by name, as menu and keys do; ``answer`` presses a button of a notice.
    """

    root: tk.Tk
    theme: Theme
    icons: Icons
    actions: Actions
    run: Callable[[str], None]
    answer: Callable[[str], None]
