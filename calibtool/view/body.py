"""Everything in the window after its first paint, put together."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import fields

from calibtool.scene import Scene
from calibtool.view.actions import Actions
from calibtool.view.commands import COMMANDS
from calibtool.view.context import Context
from calibtool.view.field_row import TAKEN
from calibtool.view.file_list import colour_file_dialogs, prepare_file_dialogs
from calibtool.view.icon_images import Icons
from calibtool.view.key_bindings import HeldKey, KeyBindings, teach
from calibtool.view.menus import MenuBar
from calibtool.view.runner import Runner
from calibtool.view.theme import Theme
from calibtool.view.workspace import Workspace

_BESIDE_BUSY = tuple(field.name for field in fields(Scene) if field.name != "busy")
BARE_KEY = "h"
"""While it is held, the image is shown without marks."""
LOCAL = tuple(
    command.name for command in COMMANDS
    if command.local and command.name not in ("quit", "paste")
)


class Body:
    """Theme, commands, menus, keys and workspace of one window."""

    def __init__(
        self, root: tk.Tk, bar: tk.Menu, actions: Actions, leave: Callable[[], None], *, dark: bool
    ) -> None:
        self._root, self._actions = root, actions
        self.scene = Scene()
        self.theme = Theme(root, dark=dark)
        teach(root)
        prepare_file_dialogs(root, self.theme.scale)
        self.theme.follow(lambda palette: colour_file_dialogs(root, palette))
        local = {"quit": leave, "paste": self._paste}
        local |= {name: self._local(name) for name in LOCAL}
        self.runner = Runner(root, actions, local, self._commit)
        self.menus = MenuBar(bar, self.theme, self.runner.run, self.runner.open_path)
        icons = Icons(root, self.theme)
        context = Context(root, self.theme, icons, actions, self.runner.run, self.runner.answer)
        self.workspace = Workspace(root, context, self.runner.open_path)
        self.workspace.pack(fill="both", expand=True)
        self.keys = KeyBindings(root, self.runner, actions, self.workspace.aim.move)
        root.bind(TAKEN, lambda _event: self.workspace.image.focus_set())
        self.bare = HeldKey(root, BARE_KEY, self.workspace.stage.hide_marks)

    def show(self, scene: Scene) -> None:
        """Show a scene; only what differs from the last one is touched."""
        before, self.scene = self.scene, scene
        self.runner.scene = scene
        if _only_progress(before, scene):
            self.workspace.status.show(scene)
            return
        if self._root.title() != scene.title:
            self._root.title(scene.title)
        if scene.display.dark != self.theme.dark:
            self.theme.use(dark=scene.display.dark)
        self.menus.show(scene)
        self.workspace.show(scene)
        if _begins_to_aim(before, scene):
            # Arrows, A and Enter are for the image now, wherever the command came from.
            self.workspace.image.focus_set()

    def leave(self) -> bool:
        """Take what is still being typed, and tell that the user leaves; False: not yet."""
        self._commit()
        if not self._actions.ready("quit"):
            return False
        self._actions.command("quit")
        return True

    def _paste(self) -> None:
        self.runner.paste()

    def _commit(self) -> None:
        self.workspace.commit()

    def _local(self, name: str) -> Callable[[], None]:
        return lambda: self.workspace.local(name, self.scene)


def _begins_to_aim(before: Scene, scene: Scene) -> bool:
    """Whether the selection of points or a step of it has just begun."""
    begun = scene.picking and not before.picking
    return begun or (scene.lens is not None and before.lens is None)


def _only_progress(before: Scene, scene: Scene) -> bool:
    """Whether a job has merely got further; this comes many times a second."""
    if before.busy is None or scene.busy is None:
        return False
    return all(getattr(before, name) is getattr(scene, name) for name in _BESIDE_BUSY)
