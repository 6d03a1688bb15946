"""How the pixels of an image come about: frames, corrections and masks, as plain values."""

from dataclasses import dataclass
from typing import Literal

Combine = Literal["mean", "sum", "median"]
COMBINATIONS: tuple[Combine, ...] = ("mean", "sum", "median")

StepKind = Literal["file", "rectangle", "polygon", "circle", "wedge", "brush", "invert", "grow"]
STEP_KINDS: tuple[StepKind, ...] = (
    "file", "rectangle", "polygon", "circle", "wedge", "brush", "invert", "grow",
)  # fmt: skip


@dataclass(frozen=True)
class MaskStep:
    """One step of making a mask; positions in index pixels (x, y), an integer is a centre.

    What ``numbers`` are depends on ``kind``: rectangle x0, y0, x1, y1; polygon x0, y0, x1, y1,
    …; circle x, y, radius; wedge x, y of its corner and two directions in degrees (0 along +x,
    90 along +y), from the first on to the second; brush radius, x0, y0, x1, y1, …; grow how
    many pixels; invert none. ``erase`` takes the pixels off the mask again. A ``file`` has a
    ``path``, and ``keeps`` where its non-zero pixels are those to keep.
    """

    kind: StepKind
    numbers: tuple[float, ...] = ()
    erase: bool = False
    path: str = ""
    keeps: bool = False


@dataclass(frozen=True)
class Exposure:
    """What is done to the frames of a file before anything is measured in them.

    ``frames`` (first, end) are combined as one exposure, the end not among them (None: as far
    as they go); ``frames`` None stands for the one frame that is looked at. ``files`` are more
    files of the same exposure. ``mask`` are the steps of the mask, in their order; ``dark`` and
    ``flat`` name a file, or a folder of files, whose mean is taken; empty for none.
    """

    frames: tuple[int, int | None] | None = None
    combine: Combine = "mean"
    files: tuple[str, ...] = ()
    mask: tuple[MaskStep, ...] = ()
    dark: str = ""
    flat: str = ""

    @property
    def several(self) -> bool:
        """Whether several frames are combined."""
        return self.frames is not None or bool(self.files)

    @property
    def plain(self) -> bool:
        """Whether the image is as the file has it."""
        return self == PLAIN


PLAIN = Exposure()
