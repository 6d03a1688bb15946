"""The window: a shell that is painted at once, and the panels that follow."""

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from calibtool.view.shell import Shell, clamped
from calibtool.view.window_system import window_system

if TYPE_CHECKING:
    from calibtool.picture import Picture
    from calibtool.scene import Scene
    from calibtool.view.actions import Actions
    from calibtool.view.body import Body
    from calibtool.view.first_look import FirstLook

# The real image is drawn when Tk is idle; it stands by then, or it could not be opened.
UNCOVER_MS = 80
UNCOVER_AT_LAST_MS = 5000


class Window:
    """Shows scenes and hands what the user does to the actions.

    Built without actions, it is only a shell that is quick to paint; ``set_actions`` builds
    the rest. A scene shown before that is kept until then. ``dark`` is the look until a
    scene says otherwise.
    """

    def __init__(
        self, root: tk.Tk, actions: "Actions | None" = None, *, dark: bool = False
    ) -> None:
        self._root = root
        self._dark = dark
        self._waiting: Scene | None = None
        self._shell = Shell(root, dark=dark)
        self.body: Body | None = None
        self._first_look: FirstLook | None = None
        self._kept: Mapping[str, Any] = {}
        self._geometry = ""
        root.protocol("WM_DELETE_WINDOW", self.quit)
        for event in ("<Configure>", "<Map>"):
            root.bind(event, self._note_place, add="+")
        self.mac = MacEvents(root, self.quit)
        if actions is not None:
            self.set_actions(actions)

    def preview(self, picture: "Picture") -> None:
        """Show the image before anything else is built; a scene with an image replaces it."""
        from calibtool.view.first_look import FirstLook

        self._root.update_idletasks()
        self._first_look = FirstLook(self._shell.ground, picture, dark=self._dark)
        self._root.update()

    def set_actions(self, actions: "Actions") -> None:
        """Give the window somebody to talk to, and build what the first paint did not need."""
        from calibtool.picture import Display
        from calibtool.scene import Scene
        from calibtool.view.body import Body

        if self.body is not None:
            raise RuntimeError("the window has its actions already")
        self._shell.clear()
        self.body = Body(self._root, self._shell.bar, actions, self.quit, dark=self._dark)
        self.body.workspace.take_layout(self._kept)
        if self._first_look is not None:
            self._first_look.lift()
            self._root.after(UNCOVER_AT_LAST_MS, self._uncover)
        self.body.show(self._waiting or Scene(display=Display(dark=self._dark)))

    def show(self, scene: "Scene") -> None:
        """Show a scene; only what differs from the last one is touched."""
        if self.body is None:
            self._waiting = scene
            self._root.title(scene.title)
        else:
            if scene.closing:
                self._close()
                return
            self.body.show(scene)
            if self._first_look is not None and scene.picture is not None:
                self._root.after(UNCOVER_MS, self._uncover)

    @property
    def place(self) -> dict[str, str | float | None]:
        """Where the window is and what the user made of its lengths, to be remembered."""
        lengths = self.body.workspace.layout if self.body is not None else {}
        return {"geometry": self._geometry, **lengths}

    def take_place(self, kept: object) -> None:
        """Be where and as it was, as far as that is on the screen there is now."""
        if not isinstance(kept, Mapping):
            return
        self._kept = kept
        screen = self._root.winfo_screenwidth(), self._root.winfo_screenheight()
        geometry = clamped(kept.get("geometry"), screen)
        if geometry:
            self._root.geometry(geometry)

    def _note_place(self, event: "tk.Event[tk.Misc]") -> None:
        # As the window manager has it: with the menu and the frame, as it will be asked for.
        if event.widget is self._root and self._root.state() == "normal":
            self._geometry = self._root.geometry()

    def quit(self) -> None:
        """Tell that the user wants to leave, and close the window unless there is a question."""
        if self.body is None or self.body.leave():
            self._close()

    def _close(self) -> None:
        if self._root.children:
            self._root.destroy()

    def _uncover(self) -> None:
        if self._first_look is not None:
            self._first_look.remove()
            self._first_look = None


class MacEvents:
    """Takes the events of Command-Q, of the Dock and of files dropped on the program.

    Without the first Tk ends the process on the spot, with nothing kept. Files may come before
    the program can open them; the last one waits until ``deliver`` is called.
    """

    def __init__(self, root: tk.Tk, leave: Callable[[], None]) -> None:
        self._open: Callable[[str], None] | None = None
        self._waiting = ""
        if window_system(root).is_mac:
            root.createcommand("::tk::mac::Quit", leave)
            root.createcommand("::tk::mac::OpenDocument", self._opened)

    def deliver(self, open_path: Callable[[str], None]) -> None:
        """Open what waits, and from now on what comes."""
        self._open = open_path
        if self._waiting:
            open_path(self._waiting)

    def _opened(self, *paths: str) -> None:
        if paths and self._open is not None:
            self._open(paths[0])
        elif paths:
            self._waiting = paths[0]
