"""Global search of the circle by differential evolution from several starts.

The search is scipy's (R. Storn and K. Price, J. Global Optimization 11 (1997) 341), over the
offsets of the circle at three places of the arc and with a loss that ignores far points: in
centre and radius, with the plain sum of squares, it stalls on short arcs and follows outliers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from calibtool.errors import JobCancelledError
from calibtool.model.circle import Circle, FloatArray, azimuths, radial_residuals
from calibtool.model.points.history import Recorder
from calibtool.model.points.robust import SCALE_FLOOR_PX, biweight_loss
from calibtool.model.points.three_points import (
    as_circle,
    displaced,
    reference_azimuths,
    residuals_of_circles,
)
from calibtool.model.results import Cancelled, Progress


@dataclass(frozen=True)
class SearchSettings:
    """How thoroughly to search.

    ``population`` is the number of trial circles per parameter (there are three),
    ``generations`` the most generations of one start, ``starts`` the number of initial
    circles, and a start ends early when the population's losses differ by less than
    ``tolerance`` (relative, as in scipy).
    """

    population: int = 5
    generations: int = 40
    starts: int = 3
    tolerance: float = 0.1
    seed: int = 0


@dataclass(frozen=True)
class Problem:
    """What the search sees: points (N, 2) in px, weights 1/σ (N,), and the loss's scale."""

    points: FloatArray
    weights: FloatArray
    scale: float

    def loss(self, circles: FloatArray) -> FloatArray:
        """Robust loss (S,) of circles (3, S)."""
        return biweight_loss(residuals_of_circles(self.points, circles) * self.weights, self.scale)

    def loss_of(self, circle: Circle) -> float:
        """Robust loss of one circle."""
        residuals = radial_residuals(self.points, circle) * self.weights
        return float(biweight_loss(residuals, self.scale))


def multi_start(
    problem: Problem,
    starts: list[Circle],
    settings: SearchSettings,
    recorder: Recorder,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[int, list[Circle]]:
    """Evolve from each start and say which came out best.

    Parameters
    ----------
    problem : Problem
        Points and loss.
    starts : list of Circle
        Initial guesses.
    settings : SearchSettings
        Thoroughness and seed.
    recorder : Recorder
        Gets the guess (stage ``initial``) and each generation (stage ``evolution``): the best
        trial circle of the generation, its loss, and the best loss of the start so far.
    progress, cancelled : callable, optional
        Told of and asked at each generation.

    Returns
    -------
    (int, list of Circle)
        Index of the winning start, and the best circle of each.

    Raises
    ------
    JobCancelledError
        ``cancelled`` said so.
    """
    ends: list[Circle] = []
    losses: list[float] = []
    seeds = np.random.SeedSequence(settings.seed).spawn(len(starts))
    for index, start in enumerate(starts):
        recorder.add(index, "initial", start, problem.loss_of(start), len(problem.points))

        def report(generation: int, index: int = index) -> None:
            _check(cancelled)
            if progress is not None:
                done = (index + generation / settings.generations) / len(starts)
                progress(0.9 * done, f"searching, start {index + 1} of {len(starts)}")

        report(0)
        run = _Run(problem, start, index, recorder, report)
        loss, circle = run.evolve(settings, np.random.default_rng(seeds[index]))
        ends.append(circle)
        losses.append(loss)
    return int(np.argmin(losses)), ends


def _check(cancelled: Cancelled | None) -> None:
    if cancelled is not None and cancelled():
        raise JobCancelledError("The fit was cancelled; the last result stays.")


class _Run:
    """One start: the coordinates of the search and the bookkeeping of its generations."""

    def __init__(
        self,
        problem: Problem,
        start: Circle,
        index: int,
        recorder: Recorder,
        report: Callable[[int], None],
    ) -> None:
        self._problem, self._start, self._index = problem, start, index
        self._recorder, self._report = recorder, report
        self._places = reference_azimuths(azimuths(problem.points, start))
        self._generation = 0
        self._trial: tuple[Circle, float] = start, math.inf
        sigma_px = problem.scale / float(np.median(problem.weights))
        typical = float(np.median(np.abs(radial_residuals(problem.points, start))))
        # Wide enough to reach the ring from a start that outliers pulled away from it.
        self._reach_px = max(4.0 * sigma_px, 2.0 * typical)

    def evolve(self, settings: SearchSettings, rng: np.random.Generator) -> tuple[float, Circle]:
        """Run scipy's differential evolution; return the best loss and its circle."""
        from scipy.optimize import Bounds, differential_evolution

        result = differential_evolution(
            # scipy's types do not know a vectorised one: (3, S) in, (S,) out.
            cast(Callable[[FloatArray], float], self._losses),
            Bounds(-np.ones(3), np.ones(3)),
            maxiter=settings.generations,
            popsize=settings.population,
            tol=settings.tolerance,
            atol=SCALE_FLOOR_PX**2,
            seed=rng,
            x0=np.zeros(3),
            polish=False,
            updating="deferred",
            vectorized=True,
        )
        return float(result.fun), as_circle(self._circles(np.asarray(result.x)))

    def _circles(self, unit: FloatArray) -> FloatArray:
        return displaced(self._start, self._places, unit * self._reach_px)

    def _losses(self, unit: FloatArray, /) -> FloatArray:
        circles = self._circles(unit)
        losses = self._problem.loss(circles)
        best = int(np.argmin(losses))
        trial = as_circle(circles[:, best]), float(losses[best])
        # The first call is the population to begin with; it counts to the first generation.
        if self._generation <= 1 and self._trial[1] < trial[1]:
            trial = self._trial
        self._trial = trial
        if self._generation > 0:
            self._recorder.add(self._index, "evolution", *trial, len(self._problem.points))
        self._report(self._generation)
        self._generation += 1
        return losses
