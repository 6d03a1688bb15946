"""The magnifier: lens, its magnification, and the radial profile under it."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from calibtool.scene import LensProfile, Scene
from calibtool.view.context import Context
from calibtool.view.lens import START, CursorCallback, Lens
from calibtool.view.palette import Palette
from calibtool.view.profile_strip import ProfileStrip

SMALLEST, LARGEST, SHARE = 160, 480, 0.38
"""Side of the lens: px at 96 dpi, and its part of the image's place until the user drags it."""
MOST = 0.72
"""Part of the height of the image's place that all of it takes at most."""
GRIP = 13
CURSORS = {
    "ne": "top_right_corner", "nw": "top_left_corner", "se": "bottom_right_corner",
    "sw": "bottom_left_corner",
}


class Magnifier(tk.Frame):
    """Lens with a heading, a control for the magnification and a profile; floats over the image.

    Parameters
    ----------
    parent : tkinter.Misc
    context : Context
        Its actions are told of clicks in the lens, and asked for profiles.
    on_cursor : callable, optional
        Called with the image position (x, y) under the pointer in the lens, or (None, None).
    on_size : callable, optional
        Called when the user has changed the size.
    """

    def __init__(
        self, parent: tk.Misc, context: Context, *, on_cursor: CursorCallback | None = None,
        on_size: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(parent, borderwidth=0)
        self._theme, self._on_size = context.theme, on_size
        px = context.theme.px
        self.side: float | None = None
        self._frozen: bool | None = None
        self._corner = ""
        self._drag: tuple[int, int, int] | None = None
        self._border = px(2)
        head = ttk.Frame(self)
        self.lens = Lens(
            self,
            context.actions,
            on_profile=self._show_profile,
            on_magnification=self._show_magnification,
            on_cursor=on_cursor,
        )
        self.bind("<Map>", lambda _event: self.lens.wake(True))
        self.bind("<Unmap>", lambda _event: self.lens.wake(False))
        self._strip = ProfileStrip(self)
        self._factor = ttk.Label(head, text="", width=4, anchor="center", font="CalibtoolSmall")
        self._show_magnification(START)
        style = "Small.Toolbutton"
        wider = ttk.Button(head, text="−", style=style, takefocus=False, command=self.zoom_out)
        closer = ttk.Button(head, text="+", style=style, takefocus=False, command=self.zoom_in)
        self.buttons = wider, closer
        # As narrow as can be: what it says must not change the width of the magnifier.
        self._state = ttk.Label(head, text="Magnifier", width=1, font="CalibtoolSmall")
        self._state.pack(side="left", fill="x", expand=True, padx=(px(3), 0))
        for widget, pad in ((closer, 0), (self._factor, 0), (wider, 0)):
            widget.pack(side="right", padx=(0, pad))
        # The profile first: where there is little room, the lens is the one to give way.
        head.pack(side="top", fill="x", padx=self._border, pady=(self._border, 0))
        self._strip.pack(side="bottom", fill="x", padx=self._border, pady=(px(1), self._border))
        self.lens.pack(fill="both", expand=True, padx=self._border)
        self._head = head
        self._grip = tk.Canvas(self, width=px(GRIP), height=px(GRIP), highlightthickness=0,
                               borderwidth=0)
        self._grip.bind("<ButtonPress-1>", self._press)
        self._grip.bind("<B1-Motion>", self._pull)
        context.theme.follow(self._colours)

    def show(self, scene: Scene) -> None:
        """Show a scene."""
        frozen = scene.lens is not None
        if frozen != self._frozen:
            self._frozen = frozen
            self._state.configure(text="Click here" if frozen else "Magnifier")
            self._colours(self._theme.palette)
        self.lens.show(scene)
        if scene.picture is None:
            self._strip.show(None)

    def follow(self, x: float | None, y: float | None = None) -> None:
        """Follow the pointer on the image; None when it has left."""
        self.lens.follow(x, y)

    def zoom_in(self) -> None:
        """Magnify more."""
        self.lens.magnify(1)

    def zoom_out(self) -> None:
        """Magnify less."""
        self.lens.magnify(-1)

    def size_within(self, width: int, height: int) -> tuple[int, int]:
        """Width and height in px, in an image's place of this size in px."""
        scale = self._theme.scale
        wanted = self.side if self.side is not None else SHARE * min(width, height) / scale
        side = round(min(max(wanted, SMALLEST), LARGEST) * scale)
        beside = self._head.winfo_reqheight() + self._strip.winfo_reqheight() + 3 * self._border
        side = max(min(side, round(MOST * height) - beside, width // 2), 1)
        return side + 2 * self._border, side + beside

    def turn_to(self, corner: str) -> None:
        """Have the grip where the corner of the image that it stands in is not."""
        if corner == self._corner:
            return
        self._corner = corner
        across, down = float("w" in corner), float("n" in corner)
        inner = ("s" if down else "n") + ("e" if across else "w")
        edge = self._border
        self._grip.place(
            relx=across, rely=down, anchor=inner,  # type: ignore[arg-type]
            x=-edge if across else edge, y=-edge if down else edge,
        )
        self._grip.configure(cursor=CURSORS[inner])
        room = self._theme.px(GRIP)
        self._head.configure(padding=(room * (inner == "nw"), 0, room * (inner == "ne"), 0))
        self._draw_grip()

    def _press(self, event: "tk.Event[tk.Misc]") -> None:
        self._drag = event.x_root, event.y_root, self.lens.winfo_width()

    def _pull(self, event: "tk.Event[tk.Misc]") -> None:
        """Let the corner follow the pointer, as far as the lens stays square."""
        if self._drag is None:
            return
        x, y, side = self._drag
        wider = (event.x_root - x) * (1 if "w" in self._corner else -1)
        higher = (event.y_root - y) * (-1 if "s" in self._corner else 1)
        wanted = (side + max(wider, higher, key=abs)) / self._theme.scale
        self.side = min(max(wanted, SMALLEST), LARGEST)
        self._on_size()

    def _colours(self, palette: Palette) -> None:
        self.configure(background=palette.accent if self._frozen else palette.line)
        self._grip.configure(background=palette.background)
        self._strip.paint(palette)
        self._draw_grip()

    def _draw_grip(self) -> None:
        """Two lines across the corner."""
        self._grip.delete("all")
        size, colour = self._theme.px(GRIP), self._theme.palette.muted
        for part in (0.35, 0.7):
            a = round(size * part)
            ends = {
                "sw": (size - a, 0, size, a), "ne": (0, size - a, a, size),
                "se": (0, a, a, 0), "nw": (size - a, size, size, size - a),
            }.get(self._corner, (0, 0, 0, 0))
            self._grip.create_line(*ends, fill=colour, width=self._theme.px(1))

    def _show_magnification(self, factor: int) -> None:
        self._factor.configure(text=f"{factor}×")

    def _show_profile(self, profile: LensProfile | None) -> None:
        self._strip.show(profile)
