"""The fit of a whole ring: how near it comes to the Cramér-Rao bound, its pulls, time and memory.

The bound is that of the true model (Gaussian ring averaged over the pixel, flat background,
Poisson counts) from all pixels of the image, with x, y, R and the nuisance parameters width,
amplitude and background free. The fit knows neither that the ring is even nor that the
background is flat: it starts up to 0.7 widths (at least 2 px) off in x, y and R.
"""

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import Circle, FloatArray
from calibtool.model.rings.ring_refinement import refine_ring
from calibtool.model.simulate import RingShape, expected_counts
from tests.bench.figures import Figure

WIDTHS_PX = (1.5, 5.0, 15.0)
COUNTS = ((0.1, 0.1), (1.0, 0.3), (10.0, 3.0), (1000.0, 100.0))
"""Height of the ring and background, in counts a pixel."""

SHAPE, RADIUS_PX = (700, 700), 230.0
TRIALS, SEED = 40, 20260
SIZES = {"1 Mpx": (1043, 981), "4 Mpx": (2048, 2048), "18 Mpx": (4362, 4148)}
TIMED_WIDTHS_PX = (3.0, 15.0)


def cramer_rao(
    shape: tuple[int, int], ring: Circle, width: float, amplitude: float, background: float
) -> FloatArray:
    """σ of x, y, R (3,) in px of an ideal estimator; width, amplitude and background free."""
    y, x = np.indices(shape)
    dx, dy = x - ring.center_x_px, y - ring.center_y_px
    radius = np.hypot(dx, dy)
    near = np.abs(radius - ring.radius_px) < 9.0 * width + 9.0
    dx, dy, radius = dx[near], dy[near], radius[near]
    variance = width**2 + 1.0 / 12.0
    t = radius - ring.radius_px
    shape_ = np.exp(-0.5 * t**2 / variance)
    height = amplitude * width / np.sqrt(variance)
    slope = height * shape_ * t / variance
    widen = slope * t * width / variance
    design = np.stack([slope * dx / radius, slope * dy / radius, slope, widen, shape_])
    design = np.concatenate([design, np.ones((1, len(t)))])
    information = (design / (height * shape_ + background)) @ design.T
    return np.sqrt(np.diag(np.linalg.inv(information))[:3])


def trials(width: float, amplitude: float, background: float) -> tuple[FloatArray, FloatArray]:
    """Errors over bound, and errors over claimed σ, each (TRIALS, 3)."""
    rng = np.random.default_rng([SEED, int(10 * width), int(10 * amplitude)])
    ratios, pulls = [], []
    for _ in range(4):
        truth = Circle(*(350.0 + rng.uniform(-4, 4, 2)), RADIUS_PX + rng.uniform(-4, 4))
        expected = expected_counts(SHAPE, [RingShape(truth, width, amplitude)], background)
        bound = cramer_rao(SHAPE, truth, width, amplitude, background)
        true = np.array([truth.center_x_px, truth.center_y_px, truth.radius_px])
        for _ in range(TRIALS // 4):
            start = Circle(*(true + rng.uniform(-1, 1, 3) * max(0.7 * width, 2.0)))
            try:
                fit = refine_ring(rng.poisson(expected), start)
            except RingNotFoundError:
                continue
            error = np.array([fit.center_x_px, fit.center_y_px, fit.radius_px]) - true
            sigma = (fit.sigma_center_x_px, fit.sigma_center_y_px, fit.sigma_radius_px)
            ratios.append(error / bound)
            pulls.append(error / np.array(sigma))
    return np.array(ratios), np.array(pulls)


def seconds(job: Callable[[], object], repeats: int = 3) -> float:
    """Shortest of a few runs, in s of the processor."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        job()
        best = min(best, time.process_time() - start)
    return float(best)


def peak_bytes(job: Callable[[], object]) -> int:
    """Largest memory taken beyond what there was."""
    tracemalloc.start()
    job()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def timed(name: str, shape: tuple[int, int], width: float) -> list[Figure]:
    from scipy.ndimage import gaussian_filter

    rows, columns = shape
    truth = Circle(0.5 * columns + 0.3, 0.5 * rows - 0.4, 0.3 * min(shape))
    expected = expected_counts(shape, [RingShape(truth, width, 20.0)], 5.0)
    image: NDArray[Any] = np.random.default_rng(SEED).poisson(expected).astype(np.int32)
    del expected
    start = Circle(truth.center_x_px + 2.0, truth.center_y_px - 2.0, truth.radius_px + 1.5)
    refine_ring(image, start)
    own = seconds(lambda: refine_ring(image, start))
    filtered = seconds(lambda: gaussian_filter(image.astype(np.float64), 5.0), 2)
    memory = peak_bytes(lambda: refine_ring(image, start)) / image.nbytes
    what = f"{name}, width {width:g} px"
    return [
        Figure(f"time, {what}", own / filtered, "× filter", 2.0, peer=filtered, peer_name="s"),
        Figure(f"peak memory beside the image, {what}", memory, "× image", 4.0),
    ]


def run() -> list[Figure]:
    figures, all_ratios, all_pulls = [], [], []
    for width in WIDTHS_PX:
        for amplitude, background in COUNTS:
            ratios, pulls = trials(width, amplitude, background)
            all_ratios.append(ratios)
            all_pulls.append(pulls)
            name = f"width {width:g} px, {amplitude:g} counts on {background:g}"
            rms = float(np.sqrt(np.mean(ratios**2)))
            figures.append(Figure(f"RMSE / bound, {name}", rms, "", peer=1.0, peer_name="bound"))
    rms = float(np.sqrt(np.mean(np.concatenate(all_ratios) ** 2)))
    spread = float(np.sqrt(np.mean(np.concatenate(all_pulls) ** 2)))
    missed = len(all_ratios) * TRIALS - sum(len(ratios) for ratios in all_ratios)
    figures += [
        Figure("rings not found (weakest: 12 σ)", missed, "", TRIALS // 20),
        Figure("RMSE / Cramér-Rao bound, all widths and counts", rms, "", 1.1, False, 1.0, "bound"),
        Figure("pulls (error / claimed σ), rms, at most", spread, "", 1.1),
        Figure("pulls (error / claimed σ), rms, at least", spread, "", 0.9, at_least=True),
    ]
    for name, shape in SIZES.items():
        for width in TIMED_WIDTHS_PX:
            figures += timed(name, shape, width)
    return figures
