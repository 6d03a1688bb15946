"""Look through an HDF5 file for images and for the numbers beside them."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from calibtool.io.raw_frame import UnreadableError

_NOT_THE_IMAGE = re.compile(
    r"mask|flat_?field|dark|error|variance|sigma|weight|trimbit|efficien|timestamp|"
    r"preview|thumbnail|lookup|lut\b|transform",
    re.IGNORECASE,
)
# Eiger's parts of one series: data_000001, data_000002, …
_NUMBERED = re.compile(r"^(data_?)\d+$")
_SMALLEST = 16
_MOST_OBJECTS = 5000
_LONGEST_TEXT = 200


@dataclass(frozen=True, eq=False)
class Stack:
    """Frames of one shape under one name, perhaps in several datasets one after the other.

    ``image_axes`` is 2, or 3 where the last axis is the colour. ``missing_file`` is the file
    of the next part where a link leads to one that is not there; the frames end before it.
    """

    name: str
    parts: tuple[Any, ...]
    image_axes: int = 2
    missing_file: str = ""

    @property
    def frames_of_parts(self) -> tuple[int, ...]:
        """Number of frames in each part."""
        return tuple(math.prod(part.shape[: part.ndim - self.image_axes]) for part in self.parts)

    @property
    def image_shape(self) -> tuple[int, int]:
        """Rows and columns."""
        shape = self.parts[0].shape
        return shape[len(shape) - self.image_axes], shape[len(shape) - self.image_axes + 1]

    @property
    def n_frames(self) -> int:
        """Number of frames of all parts."""
        return sum(self.frames_of_parts)


@dataclass(eq=False)
class Contents:
    """What a file holds: images, scalars as text, and links to files that are not there."""

    stacks: list[Stack] = field(default_factory=list)
    default: Stack | None = None
    scalars: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    pixel_mask: Any = None


def search(file: Any, dataset: str) -> Contents:
    """Find the images of an open HDF5 file.

    Parameters
    ----------
    file : h5py.File
        The file.
    dataset : str
        A dataset or group to look at alone; empty for the whole file.

    Raises
    ------
    UnreadableError
        Where ``dataset`` is not in the file.
    """
    contents = Contents()
    found: dict[str, Any] = {}
    for name, item in _walk(file, contents.missing):
        _note(name, item, contents, found)
    if dataset:
        contents.missing.clear()
        target = _get(file, "", dataset, contents.missing)
        if target is None:
            _raise_not_there(dataset, contents, found)
        found = _images_at(target, "/" + dataset.strip("/"), contents)
    contents.stacks = _stacks(found, contents.missing)
    contents.default = _default(file if not dataset else None, contents.stacks)
    return contents


def _raise_not_there(dataset: str, contents: Contents, found: dict[str, Any]) -> None:
    if contents.missing:
        raise UnreadableError(f"{dataset} is in {first_missing(contents)}, which is missing")
    there = ", ".join(list(found)[:4]) or "none"
    raise UnreadableError(f"it has no dataset {dataset} (images in it: {there})")


def _images_at(target: Any, name: str, contents: Contents) -> dict[str, Any]:
    import h5py

    if isinstance(target, h5py.Dataset):
        if not _is_picture(target, smallest=1):
            raise UnreadableError(f"the dataset {name} is not an image")
        return {name: target}
    found: dict[str, Any] = {}
    for path, item in _walk(target, contents.missing):
        _note(f"{name}{path}", item, Contents(), found)
    signal = _signal(target)
    if signal is not None and f"{name}/{signal}" in found:
        return {f"{name}/{signal}": found[f"{name}/{signal}"]}
    return found


def _walk(group: Any, missing: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Every object below a group once, by name, links followed."""
    import h5py

    waiting = [("", group)]
    seen: set[Any] = {_identity(group)}
    while waiting and len(seen) < _MOST_OBJECTS:
        prefix, parent = waiting.pop(0)
        for key in parent:
            item = _get(parent, prefix, key, missing)
            if item is None or _identity(item) in seen:
                continue
            seen.add(_identity(item))
            yield f"{prefix}/{key}", item
            if isinstance(item, h5py.Group):
                waiting.append((f"{prefix}/{key}", item))


def _identity(item: Any) -> Any:
    import h5py

    info = h5py.h5o.get_info(item.id)
    return info.fileno, info.addr


def first_missing(contents: Contents) -> str:
    """The first file that a link leads to and that is not there; empty where all are."""
    return next(iter(contents.missing.values()), "")


def _get(parent: Any, prefix: str, key: str, missing: dict[str, str]) -> Any:
    """The object, or None where a link leads nowhere; the file it wanted joins ``missing``."""
    import h5py

    try:
        return parent[key]
    except (KeyError, OSError, ValueError, RuntimeError):
        try:
            link = parent.get(key, getlink=True)
        except (KeyError, OSError, ValueError):
            return None
        if isinstance(link, h5py.ExternalLink):
            missing[f"{prefix}/{key}"] = str(link.filename)
        return None


def _note(name: str, item: Any, contents: Contents, found: dict[str, Any]) -> None:
    import h5py

    if not isinstance(item, h5py.Dataset) or item.shape is None:
        return
    if item.size == 1:
        text = _text(item)
        if text:
            contents.scalars[name] = text
    elif name.endswith("/pixel_mask") and item.ndim == 2:
        contents.pixel_mask = item
    elif _is_picture(item) and not _NOT_THE_IMAGE.search(name.rsplit("/", 1)[-1]):
        found[name] = item


def _is_picture(item: Any, smallest: int = _SMALLEST) -> bool:
    if item.shape is None or item.ndim < 2 or item.dtype.kind not in "biuf":
        return False
    return bool(min(item.shape[-_image_axes(item) :][:2]) >= smallest)


def _image_axes(item: Any) -> int:
    """2, or 3 where the last axis is a colour or of length one."""
    shape = item.shape
    kind = item.attrs.get("interpretation", b"")
    kind = kind.decode(errors="replace") if isinstance(kind, bytes) else str(kind)
    colour = kind.startswith(("rgb", "RGB")) or (shape[-1] in (3, 4) and item.dtype.kind == "u")
    return 3 if len(shape) >= 3 and (colour or shape[-1] == 1) else 2


def _text(item: Any) -> str:
    """A scalar as text, its unit behind it; empty where it cannot be said."""
    try:
        value = np.asarray(item[()]).reshape(-1)[0]
        units = item.attrs.get("units", "")
    except (OSError, TypeError, ValueError):
        return ""
    words = [v.decode(errors="replace") if isinstance(v, bytes) else str(v) for v in (value, units)]
    return " ".join(words).strip()[:_LONGEST_TEXT]


def _stacks(found: dict[str, Any], missing: dict[str, str]) -> list[Stack]:
    """Join numbered datasets of one group and one frame shape (data_000001, …), in order."""
    series: dict[Any, list[str]] = {}
    for name, item in found.items():
        axes = _image_axes(item)
        key = (_series_name(name), item.shape[-axes:], axes)
        series.setdefault(key, []).append(name)
    stacks = []
    for (series_name, _, axes), names in series.items():
        lost = {
            _number(name): file
            for name, file in missing.items()
            if _series_name(name) == series_name
        }
        end = min(lost, default=None)
        there = sorted(names, key=_number)
        if end is not None:
            there = [name for name in there if _number(name) < end]
        if there:
            parts = tuple(found[name] for name in there)
            stacks.append(Stack(there[0], parts, axes, "" if end is None else lost[end]))
    return stacks


def _series_name(name: str) -> str:
    """Name without the number of the part; the whole name of what is not numbered."""
    match = _NUMBERED.match(name.rpartition("/")[2])
    return name if match is None else f"{name.rpartition('/')[0]}/{match.group(1)}#"


def _number(name: str) -> int:
    digits = re.findall(r"\d+$", name)
    return int(digits[0]) if digits else 0


def _default(file: Any, stacks: list[Stack]) -> Stack | None:
    """The stack the file itself marks as the one to show (NeXus ``default`` and ``signal``)."""
    if file is None:
        return None
    group = file
    for _ in range(4):
        name = _attribute(group, "default")
        if name is None or name not in group:
            break
        group = group[name]
    signal = _signal(group)
    if signal is None or signal not in group:
        return None
    wanted = _identity(group[signal])
    return next((stack for stack in stacks if _identity(stack.parts[0]) == wanted), None)


def _signal(group: Any) -> str | None:
    return _attribute(group, "signal")


def _attribute(item: Any, name: str) -> str | None:
    value = item.attrs.get(name)
    if isinstance(value, np.ndarray):
        value = value.reshape(-1)[0] if value.size else None
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    return value if isinstance(value, str) else None
