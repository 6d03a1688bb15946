"""What an image was made of, in words: frames, dark, flat, mask."""

import os

from calibtool.model.exposure import Exposure
from calibtool.model.image import Image
from calibtool.model.pixels.reasons import masked_counts
from calibtool.scene import ResultRow


def exposure_rows(exposure: Exposure) -> list[ResultRow]:
    """A line for each thing that was done to the image; none for a plain frame."""
    rows = []
    if exposure.several:
        rows.append(_detail("Image", f"{exposure.combine} of {_frames(exposure)}"))
    for name, path in (("Dark", exposure.dark), ("Flat", exposure.flat)):
        if path:
            rows.append(_detail(name, _name(path)))
    files = [_name(step.path) for step in exposure.mask if step.kind == "file"]
    drawn = sum(step.kind != "file" for step in exposure.mask)
    parts = [*files, *([f"{drawn} step{'s' if drawn > 1 else ''} by hand"] if drawn else [])]
    if parts:
        rows.append(_detail("Mask", ", ".join(parts)))
    return rows


def masked_rows(image: Image) -> list[ResultRow]:
    """How many pixels each source masks, where any does."""
    counts = masked_counts(image)
    if not counts:
        return []
    parts = [f"{name} {count}" for name, count in counts.items()]
    return [_detail("Masked pixels", "; ".join(parts))]


def _detail(name: str, text: str) -> ResultRow:
    return ResultRow(name, text, key=name.lower(), detail=True)


def _frames(exposure: Exposure) -> str:
    first, end = exposure.frames or (0, None)
    files = f" of {1 + len(exposure.files)} files" if exposure.files else ""
    if first == 0 and end is None:
        return f"all frames{files}"
    return f"frames {first}:{'' if end is None else end}{files}"


def _name(path: str) -> str:
    return os.path.basename(path.rstrip("/\\")) or path
