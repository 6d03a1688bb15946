"""The circle through marked points: guesses, global search, rejection, least squares, checks."""

import numpy as np
from numpy.typing import ArrayLike

from calibtool.errors import FitError, InputError
from calibtool.model.circle import BoolArray, Circle, FloatArray, radial_residuals
from calibtool.model.inputs import as_whole, is_above_zero
from calibtool.model.points.algebraic import hyper_fit
from calibtool.model.points.evidence import weigh
from calibtool.model.points.evolution import Problem, SearchSettings, multi_start
from calibtool.model.points.geometric import geometric_fit
from calibtool.model.points.history import Recorder
from calibtool.model.points.marked import MarkedPoints, marked_points
from calibtool.model.points.outliers import Rule, settle
from calibtool.model.points.robust import SCALE_FLOOR_PX, Consensus, best_triples
from calibtool.model.points.three_points import as_circle, residuals_of_circles
from calibtool.model.points.uncertainty import Uncertainty, uncertainty
from calibtool.model.points.validation import check_curved, warnings_of
from calibtool.model.results import Cancelled, CircleFit, Progress, read_only

DEFAULTS = SearchSettings()

MANY_POINTS = 40
"""From here on the scatter of the points is known well enough to judge each by itself."""

TRIPLES_TRIED = 12
DIFFERENT_AMONG = 60
"""Best triples among which to look for starts that differ."""

MOST = 100_000
"""Population, generations and starts beyond this would fill the memory and never end."""


def fit_circle(
    points: ArrayLike,
    *,
    seed: int = DEFAULTS.seed,
    threshold: float = 3.0,
    population: int = DEFAULTS.population,
    generations: int = DEFAULTS.generations,
    starts: int = DEFAULTS.starts,
    tolerance: float = DEFAULTS.tolerance,
    sigma_px: ArrayLike | None = None,
    image_shape: tuple[int, int] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> CircleFit:
    """Fit a circle to points, robust to bad ones.

    Initial guesses (hyper fit of all points, circles through triples of them) each start a
    differential evolution of a robust loss; points beyond ``threshold`` σ of the best are set
    aside; geometric least squares of the others gives the answer, at the Cramér-Rao bound.

    Parameters
    ----------
    points : array_like, shape (N, 2)
        Positions (x, y) in index pixels, at least five different ones. The same position
        given twice counts once.
    seed : int
        The same seed gives the same numbers.
    threshold : float
        Points further off than this many σ (1.4826·MAD first, then the scatter of the kept
        points) are set aside, as long as five remain; ``inf`` keeps all.
    population, generations, starts, tolerance
        Thoroughness of the search, see ``SearchSettings``.
    sigma_px : float or array_like, shape (N,), optional
        Known σ of the points along the radius, in px. Where not given it is taken from the
        scatter of the points.
    image_shape : (int, int), optional
        Rows and columns of the image, to judge whether the centre is plausible.
    progress : callable, optional
        Called with the fraction done and a short text.
    cancelled : callable, optional
        Asked at each generation; True stops the fit.

    Returns
    -------
    CircleFit
        ``history`` holds each guess (stage ``initial``), the best trial of each generation
        (``evolution``) and the last fit, where it begins and each step (``least_squares``,
        under the winning start). Its objective is the same robust loss everywhere, in px²
        (in σ² where ``sigma_px`` is given). The σ are such that ±1.96 σ holds the truth 95
        times in 100, also with few points (see ``uncertainty``).

    Raises
    ------
    InputError
        Not an (N, 2) array of finite numbers, or a setting that makes no sense.
    TooFewPointsError
        Fewer than five different points.
    FitError
        The points are all the same or lie on a line.
    JobCancelledError
        ``cancelled`` said so.
    """
    settings = _settings(population, generations, starts, tolerance, seed)
    if not is_above_zero(threshold):
        raise InputError(f"threshold {threshold} cannot be used: give a number above 0, such as 3.")
    marked = marked_points(points, sigma_px)
    # Far from the origin of the image the squares would eat digits.
    shift = marked.xy.mean(axis=0)
    xy, weights = marked.xy - shift, marked.weights
    rule = Rule(threshold, 1.0 if marked.sigma_known else SCALE_FLOOR_PX, marked.sigma_known)

    everyone = hyper_fit(xy)
    consensus = best_triples(xy, np.random.default_rng(seed), weights, rule.floor)
    if consensus is None:
        raise FitError("The points lie on a straight line: place them around the ring.")
    problem = Problem(xy, weights, consensus.scale)
    recorder = Recorder(shift)
    guesses = _guesses(problem, everyone, consensus, settings.starts)
    winner, ends = multi_start(problem, guesses, settings, recorder, progress, cancelled)

    def refit(circle: Circle, inliers: BoolArray) -> Circle:
        n = int(np.count_nonzero(inliers))

        def note(step: Circle) -> None:
            recorder.add(winner, "least_squares", step, problem.loss_of(step), n)

        note(circle)
        return geometric_fit(xy[inliers], circle, weights[inliers], note)

    # A short search may end behind a triple.
    seeds = [ends[winner], *ends, *_circles(consensus, TRIPLES_TRIED)]
    if len(xy) > MANY_POINTS:
        circle, inliers = settle(xy, weights, min(seeds, key=problem.loss_of), rule, refit)
    else:
        circle, inliers = weigh(xy, weights, seeds, rule, refit)
    sigma = uncertainty(xy[inliers], weights[inliers], circle, marked.sigma_known)
    check_curved(xy[inliers], circle, sigma.covariance)
    if progress is not None:
        progress(1.0, "circle fitted")
    found = Circle(
        circle.center_x_px + float(shift[0]), circle.center_y_px + float(shift[1]), circle.radius_px
    )
    return _result(marked, found, inliers, sigma, recorder, image_shape)


def _settings(
    population: int, generations: int, starts: int, tolerance: float, seed: int
) -> SearchSettings:
    as_whole(population, "population", 2, MOST)
    as_whole(generations, "generations", 1, MOST)
    as_whole(starts, "starts", 1, MOST)
    as_whole(seed, "seed", 0)
    if tolerance != 0.0 and not is_above_zero(tolerance, finite=True):
        raise InputError(f"tolerance {tolerance} cannot be used: give a small number such as 0.01.")
    return SearchSettings(int(population), int(generations), int(starts), tolerance, int(seed))


def _circles(consensus: Consensus, count: int) -> list[Circle]:
    return [as_circle(parameters) for parameters in consensus.circles.T[:count]]


def _guesses(problem: Problem, everyone: Circle, consensus: Consensus, count: int) -> list[Circle]:
    """The fit of all points and the best triples, as different from each other as there are."""
    circles = consensus.circles[:, : max(DIFFERENT_AMONG, count)]
    residuals = residuals_of_circles(problem.points, circles) * problem.weights
    chosen = radial_residuals(problem.points, everyone) * problem.weights
    # How far each triple is, where it is furthest, from the most similar guess so far.
    apart = np.full(len(residuals), np.inf)
    guesses = [everyone]
    while len(guesses) < min(count, 1 + len(residuals)):
        apart = np.minimum(apart, np.max(np.abs(residuals - chosen), axis=1))
        index = int(np.argmax(apart > problem.scale))
        if apart[index] <= problem.scale:
            index = int(np.argmax(apart > 0.0))
        chosen = residuals[index]
        guesses.append(as_circle(circles[:, index]))
    return guesses


def _result(
    marked: MarkedPoints,
    circle: Circle,
    inliers: BoolArray,
    sigma: Uncertainty,
    recorder: Recorder,
    image_shape: tuple[int, int] | None,
) -> CircleFit:
    residuals = radial_residuals(marked.given, circle)
    kept: FloatArray = radial_residuals(marked.xy[inliers], circle)
    sigmas = np.sqrt(np.diag(sigma.covariance))
    all_inliers = inliers[marked.index]
    all_inliers.setflags(write=False)
    return CircleFit(
        center_x_px=circle.center_x_px,
        center_y_px=circle.center_y_px,
        radius_px=circle.radius_px,
        sigma_center_x_px=float(sigmas[0]),
        sigma_center_y_px=float(sigmas[1]),
        sigma_radius_px=float(sigmas[2]),
        rms_residual_px=float(np.sqrt(np.mean(kept**2))),
        residuals_px=read_only(residuals),
        inliers=all_inliers,
        covariance=read_only(sigma.covariance),
        history=tuple(recorder.rows),
        warnings=warnings_of(marked, circle, inliers, sigma, image_shape),
    )
