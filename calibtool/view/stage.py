"""The image and what floats over it: mask tools, notices, a welcome, the magnifier in a corner."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from calibtool.scene import Scene
from calibtool.view.context import Context
from calibtool.view.guide_bar import GuideBar
from calibtool.view.image_canvas import ImageCanvas
from calibtool.view.lens import CursorCallback
from calibtool.view.magnifier import Magnifier
from calibtool.view.mask_bar import MaskBar
from calibtool.view.palette import Palette
from calibtool.view.welcome import Welcome

Corner = Literal["nw", "ne", "sw", "se"]
NEAR = 24.0
"""Px around the magnifier that count as covered: the pointer is on its way there."""
ORDER: tuple[Corner, ...] = ("sw", "se", "ne", "nw")
MARGIN = 8
"""Px at 96 dpi between the magnifier and the edges of the image's place."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the screen, in px."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float, around: float = 0.0) -> bool:
        """Whether a position is in it, or no more than ``around`` px beside it."""
        return (
            self.left - around <= x <= self.right + around
            and self.top - around <= y <= self.bottom + around
        )


def box_in(ground: Box, size: tuple[int, int], margin: float, corner: str) -> Box:
    """Rectangle of this size in a corner of the ground."""
    left = ground.right - margin - size[0] if "e" in corner else ground.left + margin
    top = ground.bottom - margin - size[1] if "s" in corner else ground.top + margin
    return Box(left, top, left + size[0], top + size[1])


def best_corner(
    ground: Box, size: tuple[int, int], margin: float,
    free: tuple[tuple[float, float], ...], now: Corner,
) -> Corner:
    """The corner that covers the fewest of the places to be kept free, the first ones first.

    Where several do, the present one, else the first of: bottom left, bottom right, top right,
    top left.
    """

    def covered(corner: Corner) -> tuple[bool, ...]:
        box = box_in(ground, size, margin, corner)
        return tuple(box.holds(x, y, NEAR) for x, y in free)

    return min((now, *ORDER), key=covered)


class Stage(tk.Frame):
    """All room beside the column; nothing in it takes room from the image."""

    def __init__(
        self, parent: tk.Misc, context: Context, open_path: Callable[[str], None], *,
        on_image: CursorCallback, on_lens: CursorCallback,
    ) -> None:
        super().__init__(parent, borderwidth=0, highlightthickness=context.theme.px(1))
        self._theme, self._on_image = context.theme, on_image
        self._scene = Scene()
        self._asked = False
        self._pointer: tuple[int, int] | None = None
        self._corner: Corner = "sw"
        self.image = ImageCanvas(self, context.actions, on_cursor=self._cursor)
        self.image.pack(fill="both", expand=True)
        self.mask_bar = MaskBar(self, context)
        self.welcome = Welcome(self, context, open_path)
        self.lens = Magnifier(self, context, on_cursor=on_lens, on_size=self._place)
        self.guide = GuideBar(self, context, self.image)
        self.image.bind("<FocusIn>", lambda _event: self._focus("accent"), add="+")
        self.image.bind("<FocusOut>", lambda _event: self._focus("image_background"), add="+")
        self.bind("<Configure>", lambda _event: self._place(), add="+")
        self.lens.bind("<Enter>", self._entered, add="+")
        context.theme.follow(self._colours)

    def show(self, scene: Scene) -> None:
        """Follow the scene."""
        self._scene = scene
        if scene.masking is None:
            self.mask_bar.pack_forget()
        elif not self.mask_bar.winfo_manager():
            self.mask_bar.pack(fill="x", before=self.image)
        for part in (self.guide, self.mask_bar, self.welcome, self.image, self.lens):
            part.show(scene)
        self._place()

    def toggle_lens(self) -> None:
        """Ask for the magnifier, or send it away again."""
        self._asked = not self._asked
        self._place()

    def hide_marks(self, hidden: bool) -> None:
        """Show the bare image, or the marks on it again."""
        self.image.hide_marks(hidden)
        self.lens.lens.hide_marks(hidden)

    def _cursor(self, x: float | None, y: float | None) -> None:
        self._on_image(x, y)
        if x is not None and y is not None:
            self.lens.follow(x, y)
            at_x, at_y = self.image.viewport.to_canvas(x, y)
            self._pointer = round(at_x), round(at_y)
            self._flee()

    def _entered(self, _event: "tk.Event[tk.Misc]") -> None:
        self._pointer = (
            self.winfo_pointerx() - self.winfo_rootx(), self.winfo_pointery() - self.winfo_rooty()
        )
        self._flee()

    def _flee(self) -> None:
        """Make way for the pointer, which is about to set a point where the magnifier is."""
        if self._pointer is not None:
            self.guide.make_way(self._pointer[1])
        if self._scene.picking and self._scene.lens is None:
            self._place()

    def _place(self) -> None:
        """Put the magnifier where neither the pointer nor the beam needs the place."""
        if self._scene.picture is None or not (self._asked or self._scene.picking):
            self.lens.place_forget()
            return
        margin = self._theme.px(MARGIN)
        width, height = self.lens.size_within(self.winfo_width(), self.winfo_height())
        if self._scene.lens is None or not self.lens.winfo_manager():
            self._corner = best_corner(
                Box(0, 0, self.winfo_width(), self.winfo_height()), (width, height), margin,
                self._kept_free(), self._corner,
            )
        self.lens.turn_to(self._corner)
        right, bottom = "e" in self._corner, "s" in self._corner
        self.lens.place(
            relx=float(right), rely=float(bottom), x=-margin if right else margin,
            y=-margin if bottom else margin, anchor=self._corner, width=width, height=height,
        )

    def _kept_free(self) -> tuple[tuple[float, float], ...]:
        """Positions on the canvas that the magnifier must not cover, the chief one first."""
        places = []
        if self._pointer is not None and self._scene.picking:
            places.append((float(self._pointer[0]), float(self._pointer[1])))
        view = self.image.viewport
        places += [view.to_canvas(cross.x, cross.y) for cross in self._scene.crosses[:1]]
        return tuple(places)

    def _focus(self, name: str) -> None:
        colour = getattr(self._theme.palette, name)
        self.configure(highlightbackground=colour)

    def _colours(self, palette: Palette) -> None:
        self.configure(background=palette.image_background, highlightcolor=palette.accent,
                       highlightbackground=palette.image_background)
