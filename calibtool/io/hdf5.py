"""Images in HDF5 and NeXus files of any layout."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from calibtool.errors import DatasetChoiceError
from calibtool.io.hdf5_search import Contents, Stack, first_missing, search
from calibtool.io.raw_frame import RawFrame, UnreadableError, check_frame, listed_choice
from calibtool.model.circle import BoolArray
from calibtool.quiet import quiet_libraries


def read_hdf5(file: Path, dataset: str, frame: int) -> RawFrame:
    """Read one frame.

    Parameters
    ----------
    file : Path
        An HDF5 file.
    dataset : str
        Name of a dataset or of a group that holds one; empty to look for the image.
    frame : int
        Number of the frame, from 0; the leading axes of a stack are counted as one.

    Raises
    ------
    DatasetChoiceError
        Where the file holds several images and none is the default.
    UnreadableError
        With the reason.
    """
    with quiet_libraries():
        with suppress(ImportError):
            import hdf5plugin  # noqa: F401  (registers the compression filters)
        with _open(file) as opened:
            try:
                return _read(opened, file, dataset, frame)
            except (OSError, RuntimeError, KeyError, ValueError) as error:
                # What h5py raises where the file's own tables are broken.
                raise UnreadableError("it is a damaged HDF5 file") from error


def _read(opened: Any, file: Path, dataset: str, frame: int) -> RawFrame:
    contents = search(opened, dataset)
    stack = _choose(contents, file, dataset)
    if stack.missing_file and frame >= stack.n_frames:
        raise UnreadableError(_missing(f"frame {frame} is", stack.missing_file))
    check_frame(frame, stack.n_frames)
    return RawFrame(
        data=_read_frame(stack, frame),
        header={**contents.scalars, "dataset": stack.name},
        n_frames=stack.n_frames,
        mask=_pixel_mask(contents, stack),
    )


def _open(file: Path) -> Any:
    import h5py

    try:
        # No locking: an image being written at the instrument may be looked at.
        return h5py.File(file, "r", locking=False)
    except OSError as error:
        text = str(error)
        if "truncated" in text:
            reason = "the HDF5 file is truncated"
        elif "already open for write" in text or "unable to lock" in text:
            reason = "another program is writing it; wait until it has finished"
        else:
            reason = "it is a damaged HDF5 file"
        raise UnreadableError(reason) from error


def _choose(contents: Contents, file: Path, dataset: str) -> Stack:
    stacks = contents.stacks
    if contents.default is not None:
        return contents.default
    if len(stacks) == 1:
        return stacks[0]
    if stacks:
        shapes = {stack.name: (stack.n_frames, *stack.image_shape) for stack in stacks}
        raise DatasetChoiceError(*listed_choice(str(file), shapes))
    if contents.missing:
        raise UnreadableError(_missing("its pixels are", first_missing(contents)))
    where = f"no image dataset at {dataset}" if dataset else "no image in this HDF5 file"
    raise UnreadableError(f"there is {where}")


def _missing(what: str, file: str) -> str:
    return f"{what} in {file}, which is missing; keep the data files beside the master file"


def _read_frame(stack: Stack, frame: int) -> Any:
    for part, n_frames in zip(stack.parts, stack.frames_of_parts, strict=True):
        if frame < n_frames:
            return _read_part(part, stack, frame)
        frame -= n_frames
    raise UnreadableError(f"it has no frame {frame}")


def _read_part(part: Any, stack: Stack, frame: int) -> Any:
    leading = part.shape[: part.ndim - stack.image_axes]
    index = tuple(int(i) for i in np.unravel_index(frame, leading)) if leading else ()
    lost = _lost_source(part, index)
    if lost:
        raise UnreadableError(_missing(f"frame {frame} is", lost))
    try:
        return part[(*index, Ellipsis)]
    except OSError as error:
        text = str(error).lower()
        if "filter" in text or "plugin" in text:
            reason = "its compression filter is not installed (pip install hdf5plugin)"
        else:
            reason = "its pixels cannot be read (truncated or damaged)"
        raise UnreadableError(reason) from error


def _lost_source(part: Any, index: tuple[int, ...]) -> str:
    """File that a virtual dataset wants for a frame and that is not there; else empty.

    HDF5 itself would fill the frame with zeros without a word.
    """
    if not part.is_virtual:
        return ""
    folder = Path(part.file.filename).parent
    for source in part.virtual_sources():
        first, last = source.vspace.get_select_bounds()
        wanted = all(a <= i <= b for a, i, b in zip(first, index, last, strict=False))
        name = source.file_name
        if wanted and name != "." and "%" not in name and not (folder / name).exists():
            return str(name)
    return ""


def _pixel_mask(contents: Contents, stack: Stack) -> BoolArray | None:
    if contents.pixel_mask is None:
        return None
    with suppress(OSError):
        mask = np.asarray(contents.pixel_mask[()])
        if mask.shape == stack.parts[0].shape[-2:]:
            return np.asarray(mask != 0)
    return None
