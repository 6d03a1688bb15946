"""Circle through points: error against the geometric Cramér-Rao bound, and time.

Ring of radius 200 px, Gaussian errors of 0.5 px along the radius: the bound is linear theory,
and at 0.5 px the radius is determined to 1.5 % even by five points on 90°, so that it holds.
A noisy case (2 px) is shown beside without a limit. Outliers are points moved along the
radius by 10 to 100 px (20 to 200 σ) in or out; bound and peers' bound are those of the good
points. With five points nothing can be set aside, so five have no case with outliers. Outliers
of 5 to 10 px (10 to 20 σ), which hide among few points, are shown beside without a limit.

The ratio is √(mean error² / mean error² of the linear estimator that knows truth and good
points, on the same draws). That estimator has the bound as its variance exactly, and on the
same draws most of the Monte Carlo scatter falls out; errors are in units of the bound of each
draw and parameter, averaged over x, y and R.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibtool.model.circle import Circle, FloatArray
from calibtool.model.points.circle_fit import fit_circle
from calibtool.model.points.geometric import jacobian, unit_covariance
from calibtool.model.points.quick_circle import quick_circle
from calibtool.model.simulate import RingShape, expected_counts
from tests.bench.figures import Figure

RADIUS = 200.0
TRIALS = 60
Fit = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Draw:
    points: FloatArray
    bound: FloatArray
    linear: FloatArray


def draw(
    rng: np.random.Generator,
    n: int,
    arc_deg: float,
    bad: int,
    sigma_px: float,
    off: tuple[float, float] = (10.0, 100.0),
) -> Draw:
    spread = (np.arange(n) + rng.random(n)) / n
    azimuth = rng.uniform(0.0, 2.0 * np.pi) + np.radians(arc_deg) * spread
    noise = rng.normal(0.0, sigma_px, n)
    good = np.ones(n, dtype=bool)
    good[rng.choice(n, bad, replace=False)] = False
    offset = noise + np.where(good, 0.0, rng.uniform(*off, n) * rng.choice([-1, 1], n))
    points = (RADIUS + offset)[:, None] * np.column_stack([np.cos(azimuth), np.sin(azimuth)])
    covariance = unit_covariance(points[good], Circle(0.0, 0.0, RADIUS)) * sigma_px**2
    linear = np.linalg.lstsq(jacobian(azimuth[good]), noise[good], rcond=None)[0]
    return Draw(points, np.sqrt(np.diag(covariance)), linear)


def ratio(fit: Fit, draws: list[Draw]) -> float:
    truth = np.array([0.0, 0.0, RADIUS])
    errors = np.array([(fit(d.points) - truth) / d.bound for d in draws])
    linear = np.array([d.linear / d.bound for d in draws])
    return float(np.sqrt(np.mean(errors**2) / np.mean(linear**2)))


def ours(points: FloatArray) -> FloatArray:
    fit = fit_circle(points)
    return np.array([fit.center_x_px, fit.center_y_px, fit.radius_px])


def ransac_circle(points: FloatArray) -> FloatArray:
    """ransac with CircleModel, given the true noise: inliers within 3 σ."""
    from skimage.measure import CircleModel, ransac

    model, _ = ransac(points, CircleModel, 3, residual_threshold=1.5, max_trials=200, rng=0)
    if not model:
        return np.array([0.0, 0.0, 0.0])
    return np.array([*model.center, model.radius])


def ellipse(points: FloatArray) -> FloatArray:
    """Centre and mean semi-axis of a direct ellipse fit."""
    from skimage.measure import EllipseModel

    model = EllipseModel.from_estimate(points)
    if not model:
        return np.array([0.0, 0.0, 0.0])
    return np.array([*model.center, float(np.mean(model.axis_lengths))])


def accuracy() -> list[Figure]:
    figures = []
    for n in (5, 8, 12, 30):
        for arc in (360.0, 180.0, 90.0):
            for share in (0.0, 0.1, 0.3):
                bad = round(share * n)
                if share and (n == 5 or bad == 0):
                    continue
                rng = np.random.default_rng([n, int(arc), int(100 * share)])
                draws = [draw(rng, n, arc, bad, 0.5) for _ in range(TRIALS)]
                name = f"RMSE/bound, {n} points on {arc:.0f}°, {bad} of them bad"
                limit = 1.3 if bad else 1.05
                value = ratio(ours, draws)
                peer = ratio(ransac_circle, draws)
                figures.append(
                    Figure(name, value, limit=limit, peer=peer, peer_name="skimage ransac+Circle")
                )
                if not bad and n > 5:
                    figures.append(
                        Figure(
                            f"{name}: quick_circle",
                            ratio(quickly, draws),
                            peer=ratio(ellipse, draws),
                            peer_name="skimage EllipseModel",
                        )
                    )
    for n, bad in ((8, 1), (12, 1), (12, 3), (30, 9)):
        for arc in (360.0, 90.0):
            rng = np.random.default_rng([n, int(arc), bad])
            draws = [draw(rng, n, arc, bad, 0.5, off=(5.0, 10.0)) for _ in range(TRIALS)]
            name = f"RMSE/bound, {n} points on {arc:.0f}°, {bad} of them 10-20 σ off"
            peer = ratio(ransac_circle, draws)
            figures.append(
                Figure(name, ratio(ours, draws), peer=peer, peer_name="skimage ransac+Circle")
            )
    rng = np.random.default_rng(2)
    draws = [draw(rng, 12, 90.0, 0, 2.0) for _ in range(TRIALS)]
    figures.append(Figure("RMSE/bound, 12 points on 90°, noisy (2 px)", ratio(ours, draws)))
    return figures


def quickly(points: FloatArray) -> FloatArray:
    circle = quick_circle(points)
    assert circle is not None
    return np.array([circle.center_x_px, circle.center_y_px, circle.radius_px])


def pulls() -> list[Figure]:
    figures = []
    for n in (8, 12, 30):
        rng = np.random.default_rng(n)
        found = []
        for _ in range(6 * TRIALS):
            d = draw(rng, n, 180.0, 0, 0.5)
            fit = fit_circle(d.points, starts=1, generations=5)
            sigma = np.sqrt(np.diag(fit.covariance))
            error = [fit.center_x_px, fit.center_y_px, fit.radius_px - RADIUS]
            found.append(error / sigma)
        within = float(np.mean(np.abs(found) < 1.96))
        figures.append(Figure(f"standard deviation of pulls, {n} points", float(np.std(found))))
        figures.append(Figure(f"share within 1.96 σ, {n} points (0.95 is right)", within))
    return figures


def evolve_on_image(image: FloatArray, start: Circle) -> Circle:
    """Differential evolution of the mean intensity around a circle, as MuscleX sets it up."""
    from scipy.optimize import differential_evolution

    azimuth = np.linspace(0.0, 2.0 * np.pi, 720, endpoint=False)
    cosine, sine = np.cos(azimuth), np.sin(azimuth)
    steps = np.arange(-2, 3)[:, None]

    def objective(trial: FloatArray) -> float:
        x = np.rint(trial[0] + (trial[2] + steps) * cosine).astype(int)
        y = np.rint(trial[1] + (trial[2] + steps) * sine).astype(int)
        inside = (x >= 0) & (x < image.shape[1]) & (y >= 0) & (y < image.shape[0])
        return -float(image[y[inside], x[inside]].mean()) if inside.any() else 0.0

    x, y, radius = start.center_x_px, start.center_y_px, start.radius_px
    bounds = [(x - 100, x + 100), (y - 100, y + 100), (0.9 * radius, 1.1 * radius)]
    result = differential_evolution(
        objective, bounds, popsize=100, maxiter=250, tol=1e-4, polish=True, seed=1
    )
    return Circle(*result.x)


def typical(call: Callable[[], object], times: int) -> float:
    """Median time of a call in s."""
    taken = []
    for _ in range(times):
        clock = time.perf_counter()
        call()
        taken.append(time.perf_counter() - clock)
    return float(np.median(taken))


def timing() -> list[Figure]:
    truth = Circle(1030.3, 1011.7, 612.4)
    image = np.random.default_rng(0).poisson(
        expected_counts((2048, 2048), [RingShape(truth, 4.0, 50.0)], background=10.0)
    )
    rng = np.random.default_rng(1)
    azimuth = 2.0 * np.pi * (np.arange(12) + rng.random(12)) / 12
    radius = truth.radius_px + rng.normal(0.0, 1.0, 12)
    points = np.column_stack(
        [
            truth.center_x_px + radius * np.cos(azimuth),
            truth.center_y_px + radius * np.sin(azimuth),
        ]
    )
    quick = typical(lambda: quick_circle(points), 101)
    counts, start = image.astype(np.float64), Circle(1020.0, 1020.0, 620.0)
    # Both in turns, so that a machine that is slow for a while is slow for both.
    rounds = [
        (
            typical(lambda: fit_circle(points), 31),
            typical(lambda: evolve_on_image(counts, start), 1),
        )
        for _ in range(5)
    ]
    mine, peer = np.median(rounds, axis=0).tolist()
    return [
        Figure("pipeline on 12 points", 1e3 * mine, "ms", peer=1e3 * peer, peer_name="image DE"),
        Figure("speed of the pipeline over it", peer / mine, "times", limit=100, at_least=True),
        Figure("quick_circle on 12 points", 1e3 * quick, "ms", limit=1.0),
    ]


def run() -> list[Figure]:
    with warnings.catch_warnings():
        # The peers divide by zero on bad samples and say so.
        warnings.simplefilter("ignore")
        return timing() + pulls() + accuracy()
