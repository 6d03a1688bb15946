"""The image with everything that is marked on it, and what the mouse does there."""

import math
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from calibtool.picture import Display, Picture
from calibtool.scene import PointMark, Scene
from calibtool.view.actions import Actions
from calibtool.view.backing import Backing, drawn
from calibtool.view.cross_hairs import Reticle
from calibtool.view.mask_pen import MaskPen
from calibtool.view.navigation import Navigation
from calibtool.view.overlays import Overlays, looks_differ
from calibtool.view.palette import DARK, LIGHT
from calibtool.view.pointer import Gestures, Pointer
from calibtool.view.surface import Surface, pixel_unit
from calibtool.view.viewport import Viewport

if TYPE_CHECKING:
    from PIL import Image

    from calibtool.view.renderer import Renderer

WHEEL_FACTOR = 1.25
KEY_FACTOR = 2.0
# Screen pixels (at 96 dpi) around a marker in which the mouse takes hold of it.
REACH = 9
DOUBLE_TAG = "CalibtoolDouble"
CursorCallback = Callable[[float | None, float | None], None]


class ImageCanvas(tk.Canvas, Gestures):
    """Canvas that shows the picture and the marks of a scene.

    Parameters
    ----------
    parent : tkinter.Misc
    actions : Actions
        Told of clicks and of points that are selected or moved.
    on_cursor : callable, optional
        Called with the image position (x, y) under the pointer, or (None, None) when the
        pointer has left.
    """

    def __init__(
        self, parent: tk.Misc, actions: Actions, *, on_cursor: CursorCallback | None = None
    ) -> None:
        super().__init__(parent, highlightthickness=0, borderwidth=0, takefocus=True)
        unit = pixel_unit(self)
        self._actions = actions
        self._on_cursor = on_cursor
        self._reach = REACH * unit
        self._scene = Scene()
        self._navigation = Navigation(Viewport(1, 1))
        self._renderer: Renderer | None = None
        self._moved: PointMark | None = None
        self._grip = (0.0, 0.0)
        self._at: tuple[float, float] | None = None
        self._aimed: tuple[float, float] | None = None
        self._stale = True
        self._backing: Backing | None = None
        self._ahead: tuple[Backing, Image.Image] | None = None
        self._dark: bool | None = None
        self._bare = False
        self._surface = Surface(self, self._draw)
        self._overlays = Overlays(self, unit)
        self._reticle = Reticle(self, unit)
        self._pen = MaskPen(actions.draw_mask)
        self._pointer = Pointer(self, self, unit)
        self.bind("<Configure>", self._on_configure)
        # Beside the bindings of the pointer: a second click is a click as well.
        self.bindtags((DOUBLE_TAG, *self.bindtags()))
        self.bind_class(DOUBLE_TAG, "<Double-ButtonPress-1>", _on_double)

    @property
    def viewport(self) -> Viewport:
        """Where image pixels are on the canvas now."""
        return self._navigation.view

    def show(self, scene: Scene) -> None:
        """Show a scene; the pixels are drawn anew only where picture or display changed."""
        before, self._scene = self._scene, scene
        if _tool(scene) != _tool(before):
            self._pen.forget()
            self._surface.request()
        if scene.picture is not before.picture:
            self._open(scene.picture)
        if scene.picture is not before.picture or scene.display != before.display:
            self._stale = True
        if scene.display.dark != self._dark:
            self._dark = scene.display.dark
            self.configure(background=(DARK if self._dark else LIGHT).image_background)
        self._point_out(None if self._at is None else self._point_at(*self._at))
        if looks_differ(before, scene) or _aims_differ(before, scene):
            self._surface.request()

    def zoom_fit(self) -> None:
        """Show the whole image."""
        self._look(self._navigation.whole())

    def zoom_in(self) -> None:
        """Zoom in at the middle."""
        self._look(self._navigation.zoomed(KEY_FACTOR))

    def zoom_out(self) -> None:
        """Zoom out at the middle."""
        self._look(self._navigation.zoomed(1 / KEY_FACTOR))

    def zoom_one(self) -> None:
        """Show one image pixel on one screen pixel."""
        self._look(self._navigation.zoomed(1 / self.viewport.scale))

    def hide_marks(self, hidden: bool) -> None:
        """Show the bare image, or the marks on it again."""
        self._bare = hidden
        self._surface.request()

    def double_click(self, x: float, y: float) -> None:
        """Show the whole image, unless clicks set something."""
        if not (self._scene.picking or self._scene.measuring or self._point_at(x, y)):
            self.zoom_fit()

    def center_on(self, x: float, y: float) -> None:
        """Bring the image position (x, y) to the middle."""
        self._look(self._navigation.centred(x, y))

    def aim_at(self, x: float, y: float) -> None:
        """Mark a canvas coordinate as what the keys aim at, until the mouse goes elsewhere."""
        self._aimed = x, y
        self._surface.request()

    def hover(self, x: float, y: float) -> None:
        """Tell where the pointer is."""
        self._at = x, y
        if self._aimed is not None and math.dist(self._aimed, (x, y)) > 1.0:
            self._aimed = None
            self._surface.request()
        if self._scene.picture is None:
            return
        self._point_out(self._point_at(x, y))
        if self._scene.masking is not None:
            self._pen.hover(self.viewport.to_image(x, y))
            self._surface.request()
        if self._on_cursor is not None:
            self._on_cursor(*self.viewport.to_image(x, y))

    def leave(self) -> None:
        """Tell that the pointer has left."""
        self._at = None
        if self._on_cursor is not None:
            self._on_cursor(None, None)

    def click(self, x: float, y: float) -> None:
        """Select the marker that was hit, or report the position."""
        if self._scene.picture is None:
            return
        masking = self._scene.masking
        if masking is not None:
            reach = self._reach / self.viewport.scale
            self._pen.click(masking, self.viewport.to_image(x, y), reach)
            self._surface.request()
            return
        point = self._point_at(x, y)
        if point is None:
            self._actions.click_image(*self.viewport.to_image(x, y))
        else:
            self._actions.select_point(point.number)

    def secondary(self, x: float, y: float) -> None:
        """Remove the marker that was hit, or give up the polygon that is being drawn."""
        self._pen.forget()
        self._surface.request()
        point = self._point_at(x, y)
        if point is not None:
            self._actions.select_point(point.number)
            self._actions.command("remove")

    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Move the marker that the drag began on, here only; or draw on the mask."""
        if self._scene.masking is not None:
            start, to = self.viewport.to_image(x, y), self.viewport.to_image(to_x, to_y)
            self._pen.drag(self._scene.masking, start, to)
            self._surface.request()
            return
        point = self._moved or self._point_at(x, y)
        if point is None:
            return
        if self._moved is None:
            at_x, at_y = self.viewport.to_canvas(point.x, point.y)
            self._grip = at_x - x, at_y - y
        # The marker keeps its distance from the pointer, so that taking hold of it is no move.
        new_x, new_y = self.viewport.to_image(to_x + self._grip[0], to_y + self._grip[1])
        self._moved = replace(point, x=new_x, y=new_y, refined=False)
        self._surface.request()

    def drop(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Report where the marker was dragged to, if it is still there; or a shape of the mask."""
        if self._scene.masking is not None:
            start, to = self.viewport.to_image(x, y), self.viewport.to_image(to_x, to_y)
            self._pen.drop(self._scene.masking, start, to)
            self._surface.request()
            return
        self.drag(x, y, to_x, to_y)
        moved, self._moved = self._moved, None
        if moved is not None and any(p.number == moved.number for p in self._scene.points):
            self._actions.move_point(moved.number, moved.x, moved.y)
        self._surface.request()

    def pan(self, dx: float, dy: float) -> None:
        """Shift the image under the pointer."""
        self._look(self._navigation.panned(dx, dy))

    def wheel(self, steps: float, x: float, y: float) -> None:
        """Zoom at the pointer."""
        self._look(self._navigation.zoomed(WHEEL_FACTOR**steps, (x, y)))

    def _look(self, navigation: Navigation) -> None:
        if self._scene.picture is None:
            return
        self._navigation = navigation
        self._redraw()
        if self._at is not None:
            self.hover(*self._at)

    def _point_out(self, point: PointMark | None) -> None:
        """Let the pointer say what a click would do."""
        aiming = self._scene.picking or self._scene.measuring or self._scene.masking is not None
        cursor = "hand2" if point is not None else ("tcross" if aiming else "")
        if str(self.cget("cursor")) != cursor:
            self.configure(cursor=cursor)

    def _point_at(self, x: float, y: float) -> PointMark | None:
        """Nearest marker within reach of a canvas coordinate; none for measuring and masks."""
        if self._scene.measuring or self._scene.masking is not None:
            return None

        def distance(point: PointMark) -> float:
            at_x, at_y = self.viewport.to_canvas(point.x, point.y)
            return math.hypot(at_x - x, at_y - y)

        nearest = min(self._scene.points, key=distance, default=None)
        return nearest if nearest is not None and distance(nearest) <= self._reach else None

    def _open(self, picture: Picture | None) -> None:
        if picture is None:
            self._renderer = self._backing = self._ahead = None
            self._surface.clear()
            return
        from calibtool.view.renderer import Renderer

        known = self._renderer
        if known is not None and known.picture.data is picture.data:
            self._renderer = known.remasked(picture)
        else:
            self._renderer = Renderer(picture)
        self._surface.request_after(self._work_ahead)
        self._surface.prepare(self._renderer.build(), self._redraw)
        self._look(self._navigation.on(picture.data.shape))

    def _redraw(self) -> None:
        self._stale = True
        self._surface.request()

    def _on_configure(self, event: "tk.Event[tk.Misc]") -> None:
        self._navigation = self._navigation.resized(event.width, event.height)
        self._look(self._navigation)

    def _draw(self) -> None:
        scene = self._scene
        if self._stale and self._renderer is not None:
            self._draw_pixels(self._renderer, scene.display)
            self._stale = False
        if self._bare:
            self._overlays.draw(self.viewport, (), (), ())
            self._reticle.draw(None)
            return
        points = scene.points
        if self._moved is not None:
            moved = self._moved
            points = tuple(moved if p.number == moved.number else p for p in points)
        outlines = [] if scene.masking is None else self._pen.outlines(scene.masking)
        self._overlays.draw(
            self.viewport, scene.rings, scene.crosses, points, scene.selected, outlines
        )
        self._reticle.draw(self._aim())

    def _aim(self) -> tuple[float, float] | None:
        """Where the next point would come from: the frozen magnifier, else what keys aim at."""
        if self._scene.lens is not None:
            return self.viewport.to_canvas(*self._scene.lens)
        return self._aimed if self._scene.picking or self._scene.measuring else None

    def _work_ahead(self) -> None:
        """Work out the first frame of an image, for the drawing that follows."""
        renderer, display = self._renderer, self._scene.display
        if renderer is not None:
            backing = drawn(self.viewport, self._content(renderer, display), None)
            self._ahead = backing, renderer.frame(backing.view, display)

    def _content(self, renderer: "Renderer", display: Display) -> tuple[object, ...]:
        """What a frame is drawn of.

        A level of means and what stands for it until it is made have the same factor.
        """
        return renderer.picture, renderer.pyramid.level_for(self.viewport.scale), display

    def _draw_pixels(self, renderer: "Renderer", display: Display) -> None:
        """Show the view: move the photo where it holds it, else draw it."""
        view, content = self.viewport, self._content(renderer, display)
        backing = drawn(view, content, self._backing)
        if backing is not self._backing:
            ahead, self._ahead = self._ahead, None
            ready = ahead[1] if ahead is not None and ahead[0] == backing else None
            self._surface.paste(ready or renderer.frame(backing.view, display))
            self._backing = backing
        self._surface.place(*(backing.offset(view, content) or (0, 0)))


def _aims_differ(before: Scene, now: Scene) -> bool:
    """Whether the mark of what is aimed at has to be drawn anew."""
    return (before.lens, before.picking, before.measuring) != (
        now.lens, now.picking, now.measuring
    )


def _tool(scene: Scene) -> str:
    """Tool of the mask, empty where none is drawn."""
    return "" if scene.masking is None else scene.masking.tool


def _on_double(event: "tk.Event[tk.Misc]") -> None:
    if isinstance(event.widget, ImageCanvas):
        event.widget.double_click(event.x, event.y)
