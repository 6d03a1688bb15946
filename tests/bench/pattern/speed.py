"""Time from the image alone, beside one Gaussian filter of the same image; rings; refusals."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from calibtool import RingNotFoundError, calibrate
from tests.bench.figures import Figure
from tests.bench.pattern.extent import QUICK
from tests.patterns.geometry import Geometry
from tests.patterns.pattern import Background
from tests.patterns.ringless import ringless_scene
from tests.patterns.scenes import calibrant_pattern

SIZES = {"1 Mpx": ((1043, 981), 0.5), "4 Mpx": ((2048, 2048), 1.0), "18 Mpx": ((4362, 4148), 2.5)}
RING_NUMBERS = (1, 2, 4, 8, 16, 30)


def seconds(job: Callable[[], Any], times: int = 3) -> float:
    """The shortest of some runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        with suppress(RingNotFoundError):
            job()
        taken.append(time.perf_counter() - start)
    return min(taken)


def picture(shape: tuple[int, int], most: int = 40) -> tuple[Any, dict[str, Any], Geometry]:
    """CeO2 on a detector tilted by 1.5°, and what is known of it."""
    h, w = shape
    place = Geometry(0.51 * w, 0.48 * h, 0.8 * h * 0.1, 0.1, 1.5, 30.0)
    pattern = calibrant_pattern(
        "CeO2", shape, place, 0.04, 40.0, most=most, background=Background(5.0)
    )
    image = np.random.default_rng(5).poisson(pattern.expected()).astype(np.int32)
    return image, {"calibrant": "CeO2", "wavelength_nm": 0.04, "pixel_size_mm": 0.1}, place


def run() -> list[Figure]:
    from scipy.ndimage import gaussian_filter

    figures = []
    for name, (shape, goal) in SIZES.items():
        if QUICK and name == "18 Mpx":
            continue
        image, known, place = picture(shape)
        filtered = seconds(lambda image=image: gaussian_filter(image.astype(np.float64), 2.0))
        alone = seconds(lambda image=image: calibrate(image))
        told = seconds(lambda image=image, known=known: calibrate(image, **known))
        near = (place.beam_x_px + 2, place.beam_y_px - 2, 0.8 * shape[0] * np.tan(0.1282))
        started = seconds(
            lambda image=image, known=known, near=near: calibrate(image, near=near, **known)
        )
        figures += [
            Figure(f"time, {name}, image alone", alone, "s", goal),
            Figure(
                f"time, {name}, image alone",
                alone / filtered,
                "× filter",
                None,
                peer=filtered,
                peer_name="s",
            ),
            Figure(f"time, {name}, calibrant, λ, pixel size given", told, "s", goal),
            Figure(f"time, {name}, with a start", started, "s", goal / 2),
        ]
    shape = SIZES["1 Mpx"][0]
    for most in RING_NUMBERS:
        image, known, _ = picture(shape, most)
        took = seconds(lambda image=image, known=known: calibrate(image, **known), 2)
        figures.append(Figure(f"time, 1 Mpx, {most} lines", took, "s"))
    for seed, kind in ((0, "flat"), (2, "halo"), (5, "lit disc"), (9, "spots")):
        image = np.tile(ringless_scene(seed).image, (2, 2))[:1043, :981]
        took = seconds(lambda image=image: calibrate(image), 2)
        figures.append(Figure(f"time, 1 Mpx, refusal, {kind}", took, "s", 0.5))
    return figures
