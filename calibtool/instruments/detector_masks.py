"""Gaps and dead pixels that a detector always has."""

from typing import Any

import numpy as np

from calibtool.instruments.cache import cached, has_pyfai
from calibtool.instruments.detectors import choose_detector
from calibtool.model.circle import BoolArray
from calibtool.quiet import quiet_libraries


def detector_mask(name: str | None, shape: tuple[int, int]) -> BoolArray | None:
    """Pixels to be ignored on every image of a detector.

    Parameters
    ----------
    name : str or None
        The detector; None is the generic one.
    shape : (int, int)
        Rows and columns of the image.

    Returns
    -------
    ndarray of bool, shape ``shape``, or None
        True = ignore; None where the detector is unknown, does not fit or has no gaps.
    """
    match = choose_detector(name, shape) if name else None
    if match is None or match.name is None or not has_pyfai():
        return None
    label = match.name
    gaps: dict[str, list[int]] | None = cached(
        f"mask-{label}-{shape[0]}x{shape[1]}", lambda: _gaps_from_pyfai(label, shape)
    )
    if gaps is None:
        return None
    mask = np.zeros(shape, dtype=bool)
    mask[gaps["rows"], :] = True
    mask[:, gaps["columns"]] = True
    flat = mask.reshape(-1)
    for start, stop in zip(gaps["starts"], gaps["stops"], strict=True):
        flat[start:stop] = True
    mask.setflags(write=False)
    return mask


def _gaps_from_pyfai(name: str, shape: tuple[int, int]) -> dict[str, list[int]] | None:
    """Whole rows and columns, and runs of further pixels row by row; None without a mask."""
    with quiet_libraries():
        from pyFAI.detectors import detector_factory

        raw: Any = detector_factory(name).calc_mask()
    if raw is None or raw.shape != shape or not raw.any():
        return None
    mask = np.asarray(raw, dtype=bool)
    rows, columns = np.all(mask, axis=1), np.all(mask, axis=0)
    rest = mask & ~np.logical_or.outer(rows, columns)
    steps = np.diff(rest.reshape(-1).astype(np.int8), prepend=0, append=0)
    return {
        "rows": np.flatnonzero(rows).tolist(),
        "columns": np.flatnonzero(columns).tolist(),
        "starts": np.flatnonzero(steps > 0).tolist(),
        "stops": np.flatnonzero(steps < 0).tolist(),
    }
