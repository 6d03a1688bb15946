"""The image, and how its intensities become colours: all that a first look needs of a scene."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Picture:
    """The image: ``data`` and ``mask`` of shape (H, W), mask True = ignored.

    A new image is a new ``Picture``; the view may keep what it derives from one under its id.
    """

    data: "NDArray[Any]"
    mask: "NDArray[Any]"
    name: str = ""
    masked_text: str = ""


@dataclass(frozen=True)
class Display:
    """How intensities become colours; never changes a number.

    ``corner``: positions are shown as counted from the corner of the first pixel, 0.5 more than
    from its centre. Everything in a scene is counted from the centre all the same.
    """

    colormap: str = "viridis"
    stretch: Literal["asinh", "log", "sqrt", "linear"] = "asinh"
    low_percent: float = 1.0
    high_percent: float = 99.8
    show_mask: bool = True
    dark: bool = False
    corner: bool = False
