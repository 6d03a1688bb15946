"""The window: a shell that is painted at once, and the panels that follow."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from calibtool.scene import Scene
from calibtool.view.actions import Actions
from calibtool.view.commands import COMMANDS
from calibtool.view.key_bindings import KeyBindings
from calibtool.view.menus import MenuBar
from calibtool.view.runner import Runner
from calibtool.view.theme import Theme

if TYPE_CHECKING:
    from calibtool.view.workspace import Workspace

LOCAL = tuple(
    command.name for command in COMMANDS if command.local and command.name != "quit"
)
SIZE = (1280, 800)
SMALLEST = (900, 600)


class Window:
    """Shows scenes and hands what the user does to the actions.

    Built without actions, it is only a shell that is quick to paint; ``set_actions`` builds
    the rest. A scene shown before that is kept until then.
    """

    def __init__(self, root: tk.Tk, actions: Actions | None = None) -> None:
        self._root = root
        self.theme = Theme(root)
        self._scene = Scene()
        self.workspace: Workspace | None = None
        self.runner = Runner(root, {
            "quit": self.quit,
            **{name: self._local(name) for name in LOCAL},
        }, self._commit)
        self.menus = MenuBar(root, self.theme, self.runner.run, self.runner.open_path)
        self._shell = ttk.Frame(root)
        self._shell.pack(fill="both", expand=True)
        self._place()
        root.title(self._scene.title)
        root.protocol("WM_DELETE_WINDOW", self.quit)
        self.keys = KeyBindings(root, self.runner)
        self.menus.show(self._scene)
        if actions is not None:
            self.set_actions(actions)

    @property
    def scene(self) -> Scene:
        """The scene that is shown."""
        return self._scene

    def set_actions(self, actions: Actions) -> None:
        """Give the window somebody to talk to, and build the panels."""
        self.runner.actions = actions
        self.build_rest(actions)
        self.show(self._scene)

    def build_rest(self, actions: Actions) -> None:
        """Build what the first paint did not need."""
        if self.workspace is not None:
            return
        from calibtool.view.context import Context
        from calibtool.view.workspace import Workspace

        self.theme.add_shapes()
        context = Context(self._root, self.theme, actions, self.runner.run)
        self.workspace = Workspace(self._shell, context, self.runner.open_path)
        self.workspace.pack(fill="both", expand=True)

    def show(self, scene: Scene) -> None:
        """Show a scene; only what differs from the last one is touched."""
        before, self._scene = self._scene, scene
        self.runner.scene = scene
        if scene.title != before.title:
            self._root.title(scene.title)
        if scene.display.dark != self.theme.dark:
            self.theme.use(dark=scene.display.dark)
        self.menus.show(scene)
        if self.workspace is not None:
            self.workspace.show(scene)

    def quit(self) -> None:
        """Tell that the user wants to leave, and close the window."""
        if self.runner.actions is not None:
            self._commit()
            self.runner.actions.command("quit")
        if self._root.children:
            self._root.destroy()

    def _place(self) -> None:
        px = self.theme.px
        width = min(px(SIZE[0]), self._root.winfo_screenwidth())
        # The menu bar and the frame of the window manager come on top.
        height = min(px(SIZE[1]), self._root.winfo_screenheight()) - px(70)
        self._root.geometry(f"{width}x{height}")
        self._root.minsize(min(px(SMALLEST[0]), width), min(px(SMALLEST[1]), height))

    def _commit(self) -> None:
        if self.workspace is not None:
            self.workspace.commit()

    def _local(self, name: str) -> Callable[[], None]:
        def run() -> None:
            if self.workspace is not None:
                self.workspace.local(name, self._scene)

        return run
