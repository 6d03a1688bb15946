"""The fit of the whole pattern to all pixels near its rings, from a start good to a width."""

import math
from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.geometry import N_GEOMETRY, Geometry, geometry_of
from calibtool.model.pattern.noise import Noise, measured_noise
from calibtool.model.pattern.prediction import Lines
from calibtool.model.pattern.sectors import (
    REACH,
    Group,
    Sectors,
    groups,
    look_at,
    width_modes,
    windows,
)
from calibtool.model.pattern.solve import Evidence, Step, solve
from calibtool.model.pattern.unwrap import Unwrapped, unwrap
from calibtool.model.rings.annulus import Measured

PASSES, INNER = 3, 6
"""Times that cells are laid out anew at most, and steps on them."""

COARSE_BIN, BIN = 0.4, 0.18
"""Cells in widths on the way, and in the end: they cost BIN²/12, a four-hundredth, of the
information, so that another lay-out moves an answer by a twentieth of its σ."""

LAID = 0.5
"""Widths by which rings may have moved since their cells were laid out along them."""

FINEST_PX = 0.2
COARSEST = 0.7
"""Cells in widths with which a fit may begin."""

SKEWED = 3.5
"""σ beyond which rings are skewed; it costs the distance some of its precision."""

FORM = 0.3
"""Share of what a skewness shifts that is uncertain, as the form of the tails is not known."""

SETTLED, ROUGHLY = 0.02, 0.05
"""A step that moves nothing by more than so many σ is the last; on the way, one that moves no ring
by more than so many widths, and no width by more than such a share."""

NEAR_WIDTHS = 0.1
"""Widths by which rings may have moved for what cells weighed to serve again."""

LIT_WIDTHS = 3.0
"""Widths from a ring within which there is its light."""

LEAST_SPARE = 0.1
"""Share of the cells that must be left when those that the sectors' free numbers take are not
counted, to say how they scatter."""

SECTOR_PX = 10.0
SECTOR_COUNTS = (12, 24, 36, 72, 120)
WIDEST_STEP = 0.3
ALIKE = 1.7
"""Rings of one instrument differ in width by no more: beyond, light around the beam is fitted."""

RISEN, MOST_HALVED = 1.002, 2
"""A step that leaves χ² so many times as large went too far, and half of it is tried, so many
times; then none leads farther down."""

FARTHEST = 2.0
"""Widths a ring moves in one step at most: beyond, its place was not seen."""


@dataclass(frozen=True, eq=False)
class State:
    """Where a fit stands: geometry, the rings' own parameters, widths (K,) and skewness.

    Widths are σ of L·2θ in px.
    ``skew`` is None while it has not shown, and then the rings are taken for symmetric.
    """

    geometry: Geometry
    extra: FloatArray
    width: FloatArray
    skew: float | None = 0.0

    @property
    def parameters(self) -> FloatArray:
        """Geometry and own parameters of the rings, shape (P,)."""
        return np.concatenate([self.geometry.parameters, self.extra])


@dataclass(frozen=True)
class Avoided:
    """A ring of something else."""

    radius_px: float
    width_px: float


@dataclass(frozen=True, eq=False)
class Fitted:
    """What came out: the state, the last step with the covariance, and the sectors."""

    state: State
    radius: FloatArray
    step: Step
    evidence: tuple[Evidence, ...]
    cells: Unwrapped
    noise: Noise
    chi2: float


def fit_pattern(
    measured: Measured,
    start: State,
    lines: Lines,
    *,
    free: BoolArray,
    prior: FloatArray,
    noise: Noise,
    n_radial: int,
    first: Unwrapped | None = None,
    avoid: tuple[Avoided, ...] = (),
    rough: int = 0,
) -> Fitted:
    """Fit geometry, ring parameters and widths to all pixels near the rings.

    ``first`` are cells to begin on, laid out around a geometry near the start; the light of the
    rings to ``avoid`` is left out. ``rough`` is how many steps to stay with the first
    cells, however coarse.
    """
    state = replace(start, width=_alike(start.width))
    for turn in range(1 if rough else PASSES):
        radius = lines.radius(state.geometry.curvature, state.extra)[0]
        across = state.width * state.geometry.stretch(radius)
        span = _span(radius, across)
        parts = groups(radius, across, span)
        state = replace(state, width=_smoothed(state.width, radius, parts))
        usual = float(np.median(state.width))
        if turn == 0 and first is not None and (rough or first.step < COARSEST * usual):
            cells = first
        else:
            cells = _cells(measured, state, radius, span, (BIN if turn else COARSE_BIN) * usual)
        job = _Job(_clear_of(cells, avoid), parts, lines, free, prior, noise, n_radial)
        # While rings are not where they should be, they look skewed.
        begun = state if turn else replace(state, skew=None)
        fitted = _settled(job, begun, rough or INNER, fine=turn > 0)
        noise = _scatter(fitted, noise) if measured.variance is None else noise
        moved = _moved(state, fitted)
        state = fitted.state
        if turn == 0:
            state = replace(state, skew=start.skew)
        elif moved < LAID:
            break
    return fitted


def _alike(width: FloatArray) -> FloatArray:
    """The widths, none far from what is usual."""
    usual = float(np.median(width))
    return np.asarray(np.clip(width, usual / ALIKE, ALIKE * usual))


def _smoothed(width: FloatArray, radius: FloatArray, parts: list[Group]) -> FloatArray:
    """The widths of each group as they may be: smooth over the radius."""
    result = width.copy()
    for part in parts:
        rings = list(part.rings)
        modes = width_modes(radius[rings], width[rings])
        smooth = np.linalg.lstsq(modes, np.log(width[rings]), rcond=None)[0]
        result[rings] = np.exp(modes @ smooth)
    return result


def _cells(
    measured: Measured, state: State, radius: FloatArray, span: tuple[float, float], step: float
) -> Unwrapped:
    step = max(step, FINEST_PX)
    wanted = 2.0 * np.pi * float(np.min(radius)) / SECTOR_PX
    n = max((n for n in SECTOR_COUNTS if n <= wanted), default=SECTOR_COUNTS[0])
    return unwrap(measured, state.geometry, step=step, n_sectors=n, span=span)


def _clear_of(cells: Unwrapped, avoid: tuple[Avoided, ...]) -> Unwrapped:
    count = cells.count
    for ring in avoid:
        lit = np.abs(cells.radius - ring.radius_px) < LIT_WIDTHS * ring.width_px
        count = np.where(lit, 0.0, count)
    return replace(cells, count=count)


def _span(radius: FloatArray, width: FloatArray) -> tuple[float, float]:
    low = float(np.min(radius - REACH * width))
    return max(low, 0.0), float(np.max(radius + REACH * width))


@dataclass(frozen=True, eq=False)
class _Job:
    """What a fit works with: the cells, what the rings depend on, and what is known of it."""

    cells: Unwrapped
    parts: list[Group]
    lines: Lines
    free: BoolArray
    prior: FloatArray
    noise: Noise
    n_radial: int


def _settled(job: _Job, state: State, steps: int, *, fine: bool) -> Fitted:
    """Steps on the same cells until they rest: all that is measured, or the rings roughly."""
    cells, lines, noise = job.cells, job.lines, job.noise
    radius = lines.radius(state.geometry.curvature, state.extra)[0]
    laid = windows(cells, job.parts, radius, state.width)
    before: list[Sectors | None] = [None] * len(laid)
    last: Fitted | None = None
    halved = 0
    for _ in range(steps):
        radius, by_curvature, by_extra = lines.radius(state.geometry.curvature, state.extra)
        position, by = _positions(cells, state, radius, by_curvature, by_extra)
        seen = [
            look_at(part, position, state.width, noise, state.skew or 0.0, weighed)
            for part, weighed in zip(laid, before, strict=True)
        ]
        chi2 = sum(sectors.chi2 for sectors in seen) / max(sum(s.n_cells for s in seen), 1)
        if last is not None and chi2 > RISEN * last.chi2:
            if halved == MOST_HALVED:
                break
            state, halved = _midway(last.state, state), halved + 1
            continue
        halved = 0
        evidence = [
            Evidence(sectors, np.moveaxis(by[:, sectors.rings], 0, 1)) for sectors in seen
        ]
        width = state.width.copy()
        for sectors in seen:
            bounded = np.clip(sectors.width_step, -WIDEST_STEP, WIDEST_STEP)
            width[sectors.rings] *= np.exp(bounded)
        width = _alike(width)
        skew, sigma_skew, common = _skewed(state.skew, evidence, len(radius))
        off = np.zeros(len(job.free))
        off[3:5] = state.parameters[3:5]
        step = solve(
            evidence, job.free, job.prior, off, _strides(state), len(radius), job.n_radial, common
        )
        change, far = _bounded(step, state, evidence)
        parameters = state.parameters + change
        last = Fitted(state, radius, step, tuple(evidence), cells, noise, chi2)
        state = State(geometry_of(parameters), parameters[N_GEOMETRY:], width, skew)
        if fine:
            turned = 0.0 if skew is None else abs(skew - (last.state.skew or 0.0)) / sigma_skew
            rests = max(_shift(step), turned) < SETTLED
        else:
            wider = float(np.max(np.abs(np.log(width / last.state.width))))
            rests = max(far, wider) < ROUGHLY
        if rests:
            break
        before = list(seen) if far < NEAR_WIDTHS else [None] * len(laid)
    assert last is not None
    shown = state.skew is not None and abs(state.skew) > SKEWED * sigma_skew
    return replace(last, state=state if shown else replace(state, skew=None))


def _midway(one: State, other: State) -> State:
    """Half of the way between two states."""
    skew = None if other.skew is None else 0.5 * ((one.skew or 0.0) + other.skew)
    parameters = 0.5 * (one.parameters + other.parameters)
    width = np.sqrt(one.width * other.width)
    return State(geometry_of(parameters), parameters[N_GEOMETRY:], width, skew)


def _scatter(fitted: Fitted, before: Noise) -> Noise:
    """The noise that the cells around the rings show."""
    seen = [group.sectors for group in fitted.evidence]
    pixels = np.concatenate([one.pixels.ravel() for one in seen])
    residual = np.concatenate([one.residual.ravel() for one in seen])
    level = np.concatenate([one.level.ravel() for one in seen])
    used = pixels > 0.0
    spare = sum(one.n_cells for one in seen) / max(int(np.count_nonzero(used)), 1)
    if spare <= LEAST_SPARE:
        return before
    return measured_noise(residual[used] ** 2 * pixels[used] / spare, level[used], before)


def _skewed(
    skew: float | None, evidence: list[Evidence], n_rings: int
) -> tuple[float | None, float, FloatArray]:
    """The next skewness, its σ, and how far that leaves all rings off together (K,), in px.

    Positions and skewness are found together, each ring's place being free.
    """
    nothing = np.zeros(n_rings)
    if skew is None:
        return None, 0.0, nothing
    score = information = 0.0
    lever = nothing.copy()
    for group in evidence:
        sectors = group.sectors
        within = np.maximum(np.einsum("gsmm->gm", sectors.information), 1e-300)
        own = sectors.skew_cross / within
        lever[sectors.rings] = own
        score += float(np.sum(sectors.skew_score) - np.sum(own * sectors.score.sum(axis=1)))
        information += float(np.sum(sectors.skew_information) - np.sum(own * sectors.skew_cross))
    if not information > 0.0:
        return None, 0.0, nothing
    sigma = 1.0 / math.sqrt(information)
    following = float(np.clip(skew + np.clip(score / information, -0.3, 0.3), -1.0, 1.0))
    shown = abs(following) > SKEWED * sigma
    return following, sigma, lever * math.hypot(sigma, FORM * following) if shown else nothing


def _strides(state: State) -> FloatArray:
    """How far a step may go: 20 px, a third of the distance, 3°, a twentieth of a radius."""
    k = state.geometry.curvature
    geometry = [20.0, 20.0, max(0.3 * k, 1e-6), 0.05, 0.05]
    return np.concatenate([geometry, 0.05 * np.abs(state.extra) + 1e-9])


def _bounded(step: Step, state: State, evidence: list[Evidence]) -> tuple[FloatArray, float]:
    """The change, and by how many widths it moves rings.

    It is shortened where that is too far, or leaves what a detector can be.
    """
    far = 0.0
    for group in evidence:
        moved = np.abs(group.by @ step.change) / state.width[group.sectors.rings][:, None, :]
        seen = np.einsum("gsmm->gsm", group.sectors.information) > 0.0
        far = max(far, float(np.max(moved[seen], initial=0.0)))
    change = step.change * min(1.0, FARTHEST / max(far, 1e-9))
    k = state.geometry.curvature
    if k > 0:
        change[2] = np.clip(change[2], -0.5 * k, k)
    change[3:5] = np.clip(change[3:5], -0.1, 0.1)
    return change, far


def _shift(step: Step) -> float:
    """Largest change in σ."""
    sigma = np.sqrt(np.maximum(np.diag(step.covariance), 0.0))
    there = sigma > 0
    return float(np.max(np.abs(step.change[there]) / sigma[there], initial=0.0))


def _moved(before: State, fitted: Fitted) -> float:
    """Widths by which rings moved, or three times what share of their widths these changed by."""
    after = fitted.state
    change = after.parameters - before.parameters
    far = [
        float(np.max(np.abs(group.by @ change) / after.width[group.sectors.rings][:, None, :]))
        for group in fitted.evidence
    ]
    return max(*far, 3.0 * float(np.max(np.abs(np.log(after.width / before.width)))))


def _positions(
    cells: Unwrapped,
    state: State,
    radius: FloatArray,
    by_curvature: FloatArray,
    by_extra: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Where rings lie in the cells (S, m), and the derivatives by all parameters (S, m, P)."""
    azimuth = cells.azimuth[:, None]
    r = state.geometry.distance_along(azimuth, radius)
    x = state.geometry.beam_x_px + r * np.cos(azimuth)
    y = state.geometry.beam_y_px + r * np.sin(azimuth)
    position = cells.geometry.ring_radius(x, y)
    by = -state.geometry.slopes(azimuth, radius)
    by[2] += by_curvature
    own = np.broadcast_to(by_extra, (*position.shape, by_extra.shape[1]))
    total = np.concatenate([np.moveaxis(by, 0, 2), own], axis=2)
    gone = ~np.isfinite(position)
    return np.where(gone, -1e9, position), np.where(gone[:, :, None], 0.0, total)
