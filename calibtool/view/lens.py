"""The magnified image: exact to a fraction of a pixel, with its own contrast."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from calibtool.picture import Display, Picture
from calibtool.scene import LensProfile, Scene
from calibtool.view.actions import Actions
from calibtool.view.cross_hairs import CrossHairs
from calibtool.view.overlays import Overlays, looks_differ
from calibtool.view.palette import DARK, LIGHT
from calibtool.view.pointer import Gestures, Pointer
from calibtool.view.surface import Surface, pixel_unit
from calibtool.view.viewport import Viewport

if TYPE_CHECKING:
    from calibtool.view.renderer import Renderer

MAGNIFICATIONS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
START = 8
SIZE = 260
# The profile is asked for once the pointer has rested this long; it takes as long as a click, and
# twice that while the worker's thread has half of Python, so it waits for most fits to end.
PROFILE_MS, BUSY_PROFILE_MS = 25, 200
OUTSIDE = "outside the image"
MASKED = "no signal here: masked"
ProfileCallback = Callable[[LensProfile | None], None]
CursorCallback = Callable[[float | None, float | None], None]


class Lens(tk.Canvas, Gestures):
    """Canvas with a magnified part of the image.

    The part is around the pointer on the image, or around ``Scene.lens`` while that is set;
    then a click here is reported as an image position.

    Parameters
    ----------
    parent : tkinter.Misc
    actions : Actions
        Told of clicks, asked for profiles.
    on_profile : callable
        Called with the radial profile through the position in the cross hairs, or None.
    on_magnification : callable
        Called when the wheel changed the magnification.
    on_cursor : callable, optional
        Called with the image position (x, y) under the pointer, or (None, None).
    """

    def __init__(
        self,
        parent: tk.Misc,
        actions: Actions,
        *,
        on_profile: ProfileCallback,
        on_magnification: Callable[[int], None],
        on_cursor: CursorCallback | None = None,
    ) -> None:
        unit = pixel_unit(parent)
        size = round(SIZE * unit)
        super().__init__(parent, width=size, height=size, highlightthickness=0, borderwidth=0)
        self._actions = actions
        self._on_profile = on_profile
        self._on_magnification = on_magnification
        self._on_cursor = on_cursor
        self._scene = Scene()
        self._renderer: Renderer | None = None
        self._magnification = START
        self._followed: tuple[float, float] = (0.0, 0.0)
        self._pointed: tuple[float, float] | None = None
        self._waiting = ""
        self._turned = 0.0
        self._bare = False
        self._awake = False
        self._looks: tuple[bool, bool] | None = None
        self._pasted: tuple[Renderer | None, Viewport, Display] | None = None
        self._surface = Surface(self, self._draw)
        self._overlays = Overlays(self, unit)
        self._hairs = CrossHairs(self, unit)
        self._pointer = Pointer(self, self, unit)
        self.bind("<Configure>", lambda _event: self._surface.request())
        self.bind("<Destroy>", lambda _event: self._stop_waiting(), add="+")

    @property
    def viewport(self) -> Viewport:
        """Where image pixels are on the canvas now."""
        centre = self._scene.lens or self._followed
        width, height = self.winfo_width(), self.winfo_height()
        return Viewport.around(width, height, *centre, float(self._magnification))

    def show(self, scene: Scene) -> None:
        """Show a scene."""
        before, self._scene = self._scene, scene
        if scene.picture is not before.picture:
            self._open(before.picture, scene.picture)
        if scene.lens != before.lens:
            self._pointed = None
            self._followed = scene.lens or before.lens or self._followed
        if self._waiting and scene.busy is not None and before.busy is None:
            self._stop_waiting()
            self._ask_profile()
        if _profiles_differ(before, scene):
            self._ask_profile()
        looks = scene.display.dark, scene.lens is not None
        if looks != self._looks:
            self._looks = looks
            palette = DARK if scene.display.dark else LIGHT
            cursor = "tcross" if scene.lens is not None else ""
            self.configure(cursor=cursor, background=palette.image_background)
        if looks_differ(before, scene) or scene.lens != before.lens:
            self._surface.request()

    def _open(self, before: Picture | None, picture: Picture | None) -> None:
        self._renderer = None
        self._show_profile(0, 0, None)
        if picture is not None:
            from calibtool.view.renderer import Renderer

            self._renderer = Renderer(picture)
            shape = picture.data.shape
            if before is None or before.data.shape != shape:
                self._followed = (shape[1] - 1) / 2, (shape[0] - 1) / 2

    def follow(self, x: float | None, y: float | None) -> None:
        """Follow the pointer on the image; (None, None) when it has left."""
        if x is None or y is None or self._scene.lens is not None:
            return
        self._followed = x, y
        self._surface.request()
        self._ask_profile()

    def hide_marks(self, hidden: bool) -> None:
        """Show the bare image, or the marks on it again."""
        self._bare = hidden
        self._surface.request()

    def wake(self, awake: bool) -> None:
        """Draw and ask for profiles, or leave that while nobody can see it."""
        self._awake = awake
        if awake:
            self._surface.request()
            self._ask_profile()

    def magnify(self, steps: int) -> None:
        """Change the magnification by some steps of the series; > 0 is closer."""
        place = MAGNIFICATIONS.index(self._magnification) + steps
        self._magnification = MAGNIFICATIONS[min(max(place, 0), len(MAGNIFICATIONS) - 1)]
        self._on_magnification(self._magnification)
        self._surface.request()

    def hover(self, x: float, y: float) -> None:
        """Move the cross hairs with the pointer while the position is frozen."""
        if self._scene.picture is None:
            return
        if self._on_cursor is not None:
            self._on_cursor(*self.viewport.to_image(x, y))
        if self._scene.lens is not None:
            self._pointed = x, y
            self._draw_hairs(self.viewport)
            self._ask_profile()

    def leave(self) -> None:
        """Put the cross hairs back to the middle."""
        self._pointed = None
        self._surface.request()
        if self._on_cursor is not None:
            self._on_cursor(None, None)

    def click(self, x: float, y: float) -> None:
        """Report the image position under the pointer."""
        if self._scene.picture is not None and self._scene.lens is not None:
            self._actions.click_lens(*self.viewport.to_image(x, y))

    def wheel(self, steps: float, x: float, y: float) -> None:
        """Change the magnification, a step for each whole notch of the wheel."""
        self._turned += steps
        notches = int(self._turned)
        self._turned -= notches
        if notches:
            self.magnify(notches)

    def _draw(self) -> None:
        if not self._awake:
            return
        scene, view = self._scene, self.viewport
        frame = self._renderer, view, scene.display
        if self._renderer is None:
            self._surface.clear()
        elif view.width > 1 and frame != self._pasted:
            self._surface.paste(self._renderer.local_frame(view, scene.display))
        self._pasted = frame
        if self._bare:
            self._overlays.draw(view, (), (), ())
        else:
            # The numbers of the rings would stand on the very ring that is to be seen.
            rings = [replace(ring, label="") for ring in scene.rings]
            self._overlays.draw(view, rings, scene.crosses, scene.points, scene.selected)
        self._draw_hairs(view)

    def _draw_hairs(self, view: Viewport) -> None:
        if self._renderer is None:
            self._hairs.clear()
            return
        x, y = self._pointed or ((view.width - 1) / 2, (view.height - 1) / 2)
        self._hairs.draw(view, x, y, self._scene.lens is not None, self._note(*view.to_image(x, y)))

    def _note(self, x: float, y: float) -> str:
        """What there is to say of a position where nothing can be seen."""
        picture = self._scene.picture
        if picture is None:
            return ""
        row, column = round(y), round(x)
        if not (0 <= row < picture.mask.shape[0] and 0 <= column < picture.mask.shape[1]):
            return OUTSIDE
        return MASKED if picture.mask[row, column] else ""

    def _ask_profile(self) -> None:
        if self._awake and not self._waiting:
            rest = PROFILE_MS if self._scene.busy is None else BUSY_PROFILE_MS
            self._waiting = self.after(rest, self._take_profile)

    def _take_profile(self) -> None:
        self._waiting = ""
        if self._scene.picture is None:
            return
        view = self.viewport
        x, y = view.centre if self._pointed is None else view.to_image(*self._pointed)
        self._show_profile(x, y, self._actions.profile(x, y))
        self._draw_hairs(view)

    def _show_profile(self, x: float, y: float, profile: LensProfile | None) -> None:
        self._hairs.mark_peak(x, y, profile)
        self._on_profile(profile)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
            self._waiting = ""


def _profiles_differ(before: Scene, now: Scene) -> bool:
    """Whether the profile through the same place may be another one now."""
    return before.picture is not now.picture or (before.lens, before.rings, before.fields) != (
        now.lens, now.rings, now.fields
    )
