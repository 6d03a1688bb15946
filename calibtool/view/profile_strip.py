"""Small graph of the radial profile through the position in the magnifier."""

import math
import tkinter as tk
from itertools import groupby

from calibtool.scene import LensProfile
from calibtool.view.items import Items
from calibtool.view.palette import LIGHT, Palette
from calibtool.view.surface import pixel_unit

HEIGHT, ROOMY = 56, 200


class ProfileStrip(tk.Canvas):
    """Intensity against distance along the ring's normal, with the peak or edge found."""

    def __init__(self, parent: tk.Misc) -> None:
        self._unit = pixel_unit(parent)
        super().__init__(
            parent, height=round(HEIGHT * self._unit), width=1, highlightthickness=0, borderwidth=0
        )
        self._items = Items(self, "profile")
        self._font = ("TkDefaultFont", -round(11 * self._unit))
        self._profile: LensProfile | None = None
        self._palette = LIGHT
        self.bind("<Configure>", lambda _event: self._draw())

    def show(self, profile: LensProfile | None) -> None:
        """Show a profile, or an empty graph."""
        if profile is not self._profile:
            self._profile = profile
            self._draw()

    def paint(self, palette: Palette) -> None:
        """Take the colours of the light or the dark window."""
        self._palette = palette
        self.configure(background=self._palette.surface)
        self._draw()

    def _draw(self) -> None:
        profile = self._profile
        if profile is not None and sum(map(math.isfinite, profile.intensity)) > 1:
            self._curve(profile)
        else:
            self._text("none", self._middle(), "no profile here", "n", self._palette.muted)
        self._items.finish()

    def _curve(self, profile: LensProfile) -> None:
        (curve, found), axis = self._palette.curves[:2], self._palette.muted
        first, last = profile.offset_px[0], profile.offset_px[-1]
        known = [value for value in profile.intensity if math.isfinite(value)]
        low, high = min(known), max(known)
        width, unit = self.winfo_width(), self._unit
        top, bottom = 18 * unit, self.winfo_height() - 5 * unit
        rise = (bottom - top) / (high - low if high > low else 1.0)

        def at(offset: float) -> float:
            return (offset - first) / (last - first) * (width - 1)

        self._items.line("here", (at(0), top, at(0), bottom), fill=axis, width=unit)
        for number, part in enumerate(_parts(profile)):
            line: list[float] = []
            for offset, intensity in part:
                line += (at(offset), bottom - (intensity - low) * rise)
            if len(part) == 1:
                # A pixel between two gaps is there too.
                line += (line[0] + 1, line[1])
            self._items.line(("curve", number), line, fill=curve, width=1.6 * unit)
        # The unit is that of the peak between them, where the strip is narrow.
        end = " px" if width >= ROOMY * unit else ""
        self._text("first", 3 * unit, f"{first:+.0f}{end}", "nw", axis)
        self._text("last", width - 3 * unit, f"{last:+.0f}{end}", "ne", axis)
        if profile.peak_px is not None:
            peak = at(profile.peak_px)
            dash = (round(3 * unit), round(3 * unit))
            self._items.line(
                "peak", (peak, top, peak, bottom), fill=found, width=1.4 * unit, dash=dash
            )
            self._text("found", self._middle(), f"peak {profile.peak_px:+.2f} px", "n", found)
        else:
            self._text("found", self._middle(), "no peak", "n", axis)

    def _middle(self) -> float:
        return self.winfo_width() / 2

    def _text(self, key: str, x: float, text: str, anchor: str, color: str) -> None:
        y, text = 3 * self._unit, text.replace("-", "−")
        self._items.text(key, x, y, text=text, anchor=anchor, fill=color, font=self._font)


def _parts(profile: LensProfile) -> list[list[tuple[float, float]]]:
    """Offsets and intensities between the gaps, where nothing was measured."""
    steps = zip(profile.offset_px, profile.intensity, strict=True)
    return [list(part) for known, part in groupby(steps, lambda s: math.isfinite(s[1])) if known]
