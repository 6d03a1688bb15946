"""Aiming without a mouse: keys move the pointer over the image and press where it is."""

import tkinter as tk

from calibtool.scene import Scene
from calibtool.view.actions import Actions
from calibtool.view.image_canvas import ImageCanvas

STEP = 10
"""Screen pixels (at 96 dpi) of one key press; a tenth with Shift, ten times with Ctrl."""


class Aim:
    """The pointer of the mouse, moved by keys; everything that follows the mouse follows it."""

    def __init__(self, image: ImageCanvas, actions: Actions, scale: float) -> None:
        self._image, self._actions, self._scale = image, actions, scale
        self._aimed: tuple[int, int] | None = None
        self._pointers: set[tuple[int, int]] = set()

    def move(self, dx: float, dy: float) -> None:
        """Move by steps, within the image's canvas; from outside it comes to the middle."""
        inside, x, y = self._position()
        if inside:
            step = STEP * self._scale
            x += _whole(dx * step)
            y += _whole(dy * step)
        self._point_to(x, y)

    def go_to(self, x: float, y: float) -> None:
        """Move to an image position, brought into view where it is not."""
        at_x, at_y = self._image.viewport.to_canvas(x, y)
        if not self._over(at_x, at_y):
            self._image.center_on(x, y)
            at_x, at_y = self._image.viewport.to_canvas(x, y)
        self._point_to(round(at_x), round(at_y))

    def _point_to(self, x: int, y: int) -> None:
        x = min(max(x, 0), self._image.winfo_width() - 1)
        y = min(max(y, 0), self._image.winfo_height() - 1)
        # Some screens move the pointer late, some not at all; then what was aimed at counts.
        self._aimed = x, y
        self._pointers = {self._pointer(), (x, y)}
        self._image.aim_at(x, y)
        self._image.event_generate("<Motion>", x=x, y=y, warp=True)

    def press(self, scene: Scene) -> None:
        """Do what a click would: in the frozen magnifier at its cross, else at the pointer.

        A pointer that is elsewhere comes to the middle of the image first, to be seen.
        """
        if scene.lens is not None:
            self._actions.click_lens(*scene.lens)
            return
        inside, x, y = self._position()
        if inside:
            self._image.click(x, y)
        else:
            self._point_to(x, y)

    def _position(self) -> tuple[bool, int, int]:
        """Whether the pointer is over the canvas, and where; the middle when it is not."""
        width, height = self._image.winfo_width(), self._image.winfo_height()
        x, y = self._pointer()
        if self._aimed is not None and (x, y) in self._pointers:
            x, y = self._aimed
        if self._over(x, y):
            return True, x, y
        return False, width // 2, height // 2

    def _over(self, x: float, y: float) -> bool:
        return 0 <= x < self._image.winfo_width() and 0 <= y < self._image.winfo_height()

    def _pointer(self) -> tuple[int, int]:
        image: tk.Misc = self._image
        return (
            image.winfo_pointerx() - image.winfo_rootx(),
            image.winfo_pointery() - image.winfo_rooty(),
        )


def _whole(length: float) -> int:
    """Length in whole px, one at least in its direction."""
    return round(length) or (0 if length == 0 else 1 if length > 0 else -1)
