"""Canvas items that are moved, not drawn anew.

A drawing pass puts each item by a key; what was put before under the same key is moved and
recoloured, what was not put again is deleted at the end of the pass.
"""

import tkinter as tk
from collections.abc import Hashable, Sequence
from typing import Any

Coords = Sequence[float]


class Items:
    """Items of one canvas, the first put the lowest of them, all below those of a later object.

    ``tag`` is that of what is put next.
    """

    def __init__(self, canvas: tk.Canvas, tag: str) -> None:
        self._canvas = canvas
        self.tag = tag
        self._known: dict[Hashable, int] = {}
        self._coords: dict[Hashable, tuple[float, ...]] = {}
        self._options: dict[Hashable, dict[str, Any]] = {}
        self._put: set[Hashable] = set()
        self._base = self._below = canvas.create_line(0, 0, 0, 0, state="hidden")

    def line(self, key: Hashable, coords: Coords, **options: Any) -> None:
        """Put a polyline; coordinates are x, y, x, y and so on."""
        self._item(key, "line", coords, options)

    def oval(self, key: Hashable, x: float, y: float, radius: float, **options: Any) -> None:
        """Put a small circle."""
        box = (x - radius, y - radius, x + radius, y + radius)
        self._item(key, "oval", box, options)

    def polygon(self, key: Hashable, coords: Coords, **options: Any) -> None:
        """Put a closed polygon."""
        self._item(key, "polygon", coords, options)

    def text(self, key: Hashable, x: float, y: float, **options: Any) -> None:
        """Put a text."""
        self._item(key, "text", (x, y), options)

    def finish(self) -> None:
        """End the pass: delete what was not put."""
        for key in self._known.keys() - self._put:
            self._canvas.delete(self._known.pop(key))
            del self._options[key], self._coords[key]
        self._put.clear()
        self._below = self._base

    def _item(self, key: Hashable, kind: str, coords: Coords, options: dict[str, Any]) -> None:
        key, coords = (kind, key), tuple(coords)
        self._put.add(key)
        item = self._known.get(key)
        if item is None:
            create = getattr(self._canvas, f"create_{kind}")
            item = self._known[key] = create(*coords, tags=(self.tag,), **options)
            self._canvas.tag_raise(item, self._below)
        else:
            if coords != self._coords[key]:
                self._canvas.coords(item, *coords)
            if options != self._options[key]:
                self._canvas.itemconfigure(item, **options)
        self._options[key], self._coords[key] = options, coords
        self._below = item
