"""Which values of an image stand for "no measurement": dummies, and clipped plateaus."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLED_ROWS = 256
FEW = 3
"""Detectors write at most this many different negative dummies (Dectris: −1 and −2)."""

RARE_SHARE = 0.01
CLUSTERED_SHARE = 0.5
FAR_BELOW = 20.0
FAR_FROM_ZERO = 8.0
LEAST_PLATEAU = 8
MANY_COUNTS, LARGE_PLATEAU, LARGEST_SHARE = 1000.0, 60, 0.2


def negative_dummies(data: NDArray[Any]) -> tuple[float, ...] | None:
    """Negative values that are dummies and not measured.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities, signed integers or floats.

    Returns
    -------
    tuple of float or None
        The dummies; None when every negative value is one. Where a background has been
        subtracted noise goes below zero: such values are kept, and a value is a dummy only
        if it is whole and comes in patches (gaps), or lies far below the others.
    """
    rows = data[:: max(1, len(data) // SAMPLED_ROWS)]
    values, counts = np.unique(rows[rows < 0], return_counts=True)
    whole = values == np.rint(values)
    share = counts.sum() / rows.size
    few = bool(len(values) <= FEW and whole.all())
    if few and (share <= RARE_SHARE or _clustered(rows, rows < 0)):
        return None
    measured = values[~whole] if not whole.all() else values
    lowest = -FAR_BELOW * max(float(np.median(-measured)) if len(measured) else 0.0, 1.0)
    often = np.argsort(-counts, kind="stable")
    frequent = [float(v) for v in values[often] if v == np.rint(v)][: 2 * FEW]
    lowest_whole = [float(v) for v in values[whole][:FEW]]
    dummies = {v for v in frequent if _is_gap(rows, v)}
    dummies |= {v for v in lowest_whole if v < lowest}
    return tuple(sorted(dummies))


def zero_is_dummy(data: NDArray[Any]) -> bool:
    """Whether zero fills gaps instead of being measured.

    It does where zeros come in patches and nothing else is near zero: all other pixels have
    many counts or a pedestal, or a background has been subtracted and none is exactly zero.

    Parameters
    ----------
    data : ndarray, shape (H, W)
        Intensities.
    """
    rows = data[:: max(1, len(data) // SAMPLED_ROWS)]
    zero = rows == 0
    count = np.count_nonzero(zero)
    if not 0 < count < 0.6 * rows.size or not _clustered(rows, zero):
        return False
    others = rows[~zero & np.isfinite(rows)]
    if data.dtype.kind == "f" and (others < 0).mean() > RARE_SHARE:
        return bool((others != np.rint(others)).mean() > 0.9)
    dark = float(np.percentile(others, 5))
    between = np.count_nonzero(others < 0.2 * dark)
    return bool(dark > FAR_FROM_ZERO and between < 0.05 * count)


def _is_gap(rows: NDArray[Any], value: float) -> bool:
    """A value that comes in patches, but not all over the image (a constant was subtracted)."""
    there = rows == value
    return bool(there.mean() < 0.5) and _clustered(rows, there)


def _clustered(rows: NDArray[Any], there: NDArray[np.bool_]) -> bool:
    """Whether pixels mostly have one of their kind as right neighbour, beyond chance."""
    left = there[:, :-1]
    if not left.any() or rows.shape[1] < 2:
        return False
    alike = float((left & there[:, 1:]).sum() / left.sum())
    return alike > CLUSTERED_SHARE + 0.5 * min(float(there.mean()), 0.9)


def saturated_from(data: NDArray[Any]) -> float | None:
    """Intensity from which pixels are clipped, or None where nothing is.

    The largest value of an integer type always is; any other largest value is where it
    makes a plateau: several equal pixels side by side, far above the ordinary ones.
    """
    finite = data[np.isfinite(data)] if data.dtype.kind == "f" else data
    if finite.size == 0:
        return None
    top = finite.max()
    if data.dtype.kind in "iu" and top == np.iinfo(data.dtype).max:
        # often a mark of gaps, below which the counter is clipped
        below = np.max(data, where=data < top, initial=np.iinfo(data.dtype).min)
        return float(below if _is_plateau(data, below) else top)
    return float(top) if _is_plateau(data, top) else None


def _is_plateau(data: NDArray[Any], top: Any) -> bool:
    rows, columns = np.nonzero(data == top)
    if len(rows) < LEAST_PLATEAU:
        return False
    right = np.minimum(columns + 1, data.shape[1] - 1)
    if not (data[rows, right] == top).mean() > CLUSTERED_SHARE:
        return False
    # so many counts scatter too much for neighbours to be equal by chance
    clipped = data.dtype.kind in "iu" and float(top) >= MANY_COUNTS
    if clipped and LARGE_PLATEAU <= len(rows) < LARGEST_SHARE * data.size:
        return True
    ordinary = data[:: max(1, len(data) // SAMPLED_ROWS)]
    return bool(float(top) > 10.0 * max(float(np.nanpercentile(ordinary, 90)), 1.0))
