"""The same image written another way: turned, mirrored, cut, another type; and back again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Variant:
    """``change`` an image (or mask); its position (x, y) is then ``matrix`` @ (x, y) + ``shift``.

    ``exact`` where only the type differs, and so no number may.
    """

    name: str
    change: Callable[[Array], Array]
    matrix: tuple[tuple[float, float], tuple[float, float]] = ((1, 0), (0, 1))
    shift: tuple[float, float] = (0, 0)
    exact: bool = False
    for_mask: bool = True

    def position(self, x: float, y: float) -> Array:
        return np.asarray(self.matrix) @ np.array([x, y]) + np.asarray(self.shift)


def variants(image: Array, noise_seed: int = 0) -> list[Variant]:
    """All variants of an image (H, W)."""
    h, w = image.shape
    rng = np.random.default_rng(noise_seed)
    sprinkle = rng.normal(0, 1e-12, image.shape)
    swapped = image.dtype.newbyteorder("S")

    def noisy(a: Array) -> Array:
        return a if a.dtype == bool else a.astype(np.float64) + sprinkle

    def typed(kind: Any) -> Callable[[Array], Array]:
        return lambda a: a if a.dtype == bool else a.astype(kind)

    return [
        Variant("float32", typed(np.float32), exact=True),
        Variant("float64", typed(np.float64), exact=True),
        Variant("byte-swapped", typed(swapped), exact=True),
        Variant("columns first", np.asfortranarray, exact=True),
        Variant("noise of 1e-12", noisy),
        Variant("transposed", lambda a: a.T, ((0, 1), (1, 0))),
        Variant("left to right", lambda a: a[:, ::-1], ((-1, 0), (0, 1)), (w - 1, 0)),
        Variant("upside down", lambda a: a[::-1], ((1, 0), (0, -1)), (0, h - 1)),
        Variant("turned 90°", np.rot90, ((0, 1), (-1, 0)), (0, w - 1)),
        Variant("turned 180°", lambda a: np.rot90(a, 2), ((-1, 0), (0, -1)), (w - 1, h - 1)),
        Variant("cut 1 px left", lambda a: a[:, 1:], shift=(-1, 0)),
        Variant("cut 1 px below", lambda a: a[:-1]),
        Variant("cut 3 px above", lambda a: a[3:], shift=(0, -3)),
        Variant("cut 2 px around", lambda a: a[2:-2, 2:-2], shift=(-2, -2)),
    ]


def differences(variant: Variant, first: Any, second: Any) -> list[str]:
    """What the answer to a variant says otherwise (either may be None: refused)."""
    if first is None or second is None:
        return [] if first is second else ["found" if first is None else "not found"]
    found = [
        f"{name} {getattr(first, name)} → {getattr(second, name)}"
        for name in ("calibrant", "certain")
        if getattr(first, name) != getattr(second, name)
    ]
    rings, again = ({ring.index for ring in fit.rings} for fit in (first, second))
    if rings != again:
        found.append(f"rings {sorted(rings ^ again, key=str)}")
    for name, a, b, sigma in _numbers(variant, first, second):
        if (a is None) != (b is None):
            found.append(f"{name} {a} → {b}")
        elif a is not None and abs(b - a) > _allowed(variant, a, sigma):
            found.append(f"{name} {b - a:+.2g} ({abs(b - a) / max(sigma, 1e-99):.2g} σ)")
    return found


def _allowed(variant: Variant, value: float, sigma: float) -> float:
    return 1e-6 * max(1.0, abs(value)) if variant.exact else 0.2 * sigma


def _numbers(variant: Variant, first: Any, second: Any) -> list[tuple[str, Any, Any, float]]:
    matrix = np.asarray(variant.matrix)
    place = variant.position(first.beam_x_px, first.beam_y_px)
    sigma = np.abs(matrix) @ [first.sigma_beam_x_px, first.sigma_beam_y_px]
    numbers = [
        ("beam x", place[0], second.beam_x_px, sigma[0]),
        ("beam y", place[1], second.beam_y_px, sigma[1]),
        ("scale", first.scale_nm_px, second.scale_nm_px, first.sigma_scale_nm_px),
        ("distance", first.distance_px, second.distance_px, first.sigma_distance_px),
        ("tilt", first.tilt_deg, second.tilt_deg, first.sigma_tilt_deg),
    ]
    if first.tilt_deg is not None and second.tilt_deg is not None:
        turned = matrix @ np.asarray(first.beam_direction)[:2]
        leaning = np.radians(first.sigma_tilt_deg)
        numbers += [
            (f"direction {axis}", turned[k], second.beam_direction[k], leaning)
            for k, axis in enumerate("xy")
        ]
    return numbers
