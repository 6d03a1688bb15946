"""Which corner of the image the magnifier takes."""

from dataclasses import dataclass
from typing import Literal

Corner = Literal["nw", "ne", "sw", "se"]
NEAR = 24.0
"""Px around the magnifier that count as covered: the pointer is on its way there."""
ORDER: tuple[Corner, ...] = ("sw", "se", "ne", "nw")


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
