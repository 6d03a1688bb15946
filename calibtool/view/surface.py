"""The bitmap of a canvas: drawn when idle, into one photo that is used again and again."""

import tkinter as tk
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image, ImageTk


def pixel_unit(widget: tk.Misc) -> float:
    """Screen pixels per pixel of a 96 dpi screen, at least 1."""
    return max(1.0, widget.winfo_fpixels("1i") / 96)


class Surface:
    """Holds the photo behind a canvas, the one redraw and the one preparation pending."""

    def __init__(self, canvas: tk.Canvas, draw: Callable[[], None]) -> None:
        self._canvas = canvas
        self._draw = draw
        self._pending = ""
        self._preparing = ""
        self._photo: ImageTk.PhotoImage | None = None
        self._item = canvas.create_image(0, 0, anchor="nw")
        canvas.bind("<Destroy>", self._on_destroy, add="+")

    def request(self) -> None:
        """Draw once the pending events are done."""
        if not self._pending:
            self._pending = self._canvas.after_idle(self._run)

    def request_after(self, first: Callable[[], None]) -> None:
        """Do something, then draw, each in a turn of its own of the event loop.

        Working out the first frame of a large image and sending it to the screen each take half
        of what would be felt as a pause.
        """
        if self._pending:
            self._canvas.after_cancel(self._pending)

        def begin() -> None:
            try:
                first()
            finally:
                # Only now: what has been waiting meanwhile comes before it.
                self._pending = self._canvas.after(0, self._run)

        self._pending = self._canvas.after(0, begin)

    def prepare(self, steps: Iterator[None], done: Callable[[], None]) -> None:
        """Take the steps of a preparation between events; a new one replaces the old."""
        self._cancel_preparing()
        self._preparing = self._canvas.after(0, self._step, steps, done)

    def paste(self, picture: "Image.Image") -> None:
        """Show a picture, from the place of the one before."""
        from PIL import ImageTk

        photo = self._photo
        if photo is None or (photo.width(), photo.height()) != picture.size:
            self._photo = ImageTk.PhotoImage("RGB", picture.size, master=self._canvas)
            self._photo.paste(picture)
            self._canvas.itemconfigure(self._item, image=str(self._photo))
        else:
            photo.paste(picture)

    def place(self, left: int, top: int) -> None:
        """Put the first pixel of the picture at a canvas coordinate."""
        self._canvas.coords(self._item, left, top)

    def clear(self) -> None:
        """Show no picture."""
        self._canvas.itemconfigure(self._item, image="")
        self._photo = None

    def _run(self) -> None:
        self._pending = ""
        self._draw()

    def _step(self, steps: Iterator[None], done: Callable[[], None]) -> None:
        self._preparing = ""
        if next(steps, steps) is steps:
            done()
        else:
            self._preparing = self._canvas.after(1, self._step, steps, done)

    def _cancel_preparing(self) -> None:
        if self._preparing:
            self._canvas.after_cancel(self._preparing)
            self._preparing = ""

    def _on_destroy(self, _event: "tk.Event[tk.Misc]") -> None:
        self._cancel_preparing()
        if self._pending:
            self._canvas.after_cancel(self._pending)
            self._pending = ""
